"""The diffuse layer at a plane wall without current, at level `pnp`.

The metal sits at its equilibrium potential with the bulk, so that no current passes, and its
potential of zero charge is moved instead: the distance to it is the wall's potential. A compact
layer of very large capacitance makes that the liquid's potential at the wall; one of 0.2 F/m2 is
the Stern layer of a real electrode.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.scales import VACUUM_PERMITTIVITY
from zinterphase.verification.cells import VT, WATER, Metal, binary, case_of, potential, si
from zinterphase.verification.closed.diffuse import DiffuseLayer
from zinterphase.verification.compared import nodal_profile
from zinterphase.verification.known import Check, KnownProblem, absolute, order_of, relative, worst

BULKS = [(z, c) for z in (1, 2) for c in (1, 100, 2000)]
VOLTAGES = (0.025, 0.05, 0.1, 0.25)
CHARGES = (0.01, 0.05, 0.2)
STERN = 0.2
RIGID = 1e7
"""Capacitance of the compact layer over sigma/V: phi_OHP = V to 1e-7."""


def layer_of(z: int, c: float, diameter: float | None = None) -> DiffuseLayer:
    """The layer in water at 298.15 K; ``diameter`` in nm."""
    return DiffuseLayer(z, c, WATER, VT, None if diameter is None else diameter * 1e-9)


def cell(
    z: int,
    c: float,
    wall: float,
    stern: float,
    *,
    diameter: float | None = None,
    inner: float | None = None,
    fine: float = 0.5,
) -> Case:
    """25 Debye lengths of liquid over a metal ``wall`` volts from its potential of zero charge.

    ``inner`` is the potential in the liquid that the first cell is graded for (default ``wall``),
    ``fine`` scales all cells, ``diameter`` [nm] is that of the ions.
    """
    length, half = layer_of(z, c).debye_length, z / 2
    reduced = z * (wall if inner is None else inner) / VT
    thinning = 1 + 2 * np.sinh(reduced / 2)
    first = 0.1 * length / thinning
    if diameter is not None:
        first = 0.05 * length / min(thinning, 200.0)
    steric = {} if diameter is None else {"steric_diameter": si(diameter, "nm")}
    mesh = {
        "first_cell": si(fine * first, "m"),
        "growth": 1 + 0.2 * fine,
        "far_size": si(0.5 * fine * length, "m"),
    }
    metal = Metal(1.0, half, half, pzc=-wall, stern=stern)
    ions, zero = binary(z, c), potential(0.0)
    return case_of("pnp", 25 * length, ions, metal, control=zero, mesh=mesh, electrolyte=steric)


def charge(result: Result) -> float:
    """Charge density of the metal [C/m2]."""
    return -result.surface.mean("normal_field") * WATER * VACUUM_PERMITTIVITY


def wall_potential(result: Result) -> float:
    """phi at the outer Helmholtz plane [V], the mean over the surface."""
    kinetics = result.case.kinetics["metal"]
    return -kinetics.pzc - charge(result) / kinetics.stern_capacitance


def co_ion(quantity: str, result: Result, exact: float, tolerance: float) -> Check:
    """Worst point of the reactant's concentration at the wall, which repels it."""
    found = result.surface.values["concentration"]
    return worst(quantity, found, exact, tolerance, scale=exact)


def gouy_chapman(z: int, c: int, comm: MPI.Intracomm) -> Iterator[Check]:
    """Charge, co-ion at the wall and profile for imposed wall potentials."""
    layer = layer_of(z, c)
    for wall in VOLTAGES:
        at = f"{1e3 * wall:.0f} mV"
        expected = layer.surface_charge(wall)
        result = solve(cell(z, c, wall, RIGID * expected / wall), comm)
        yield relative(f"charge at {at} [C/m2]", charge(result), expected, 4e-4)
        rest = result.mean_current_density
        yield absolute(f"current density at {at} [A/m2]", rest, 0.0, 1e-8)
        yield co_ion(f"co-ion at the wall, {at} [mol/m3]", result, layer.co_ion(wall), 1e-5)
        height, phi = nodal_profile(result.problem, component=2)
        exact = layer.potential(height, wall)
        yield worst(f"worst of phi(y) at {at} [V]", VT * phi, exact, 2e-3, scale=wall)


def gouy_chapman_stern(z: int, c: int, comm: MPI.Intracomm) -> Iterator[Check]:
    """Charge and drop over the diffuse layer behind a compact layer."""
    layer = layer_of(z, c)
    for wall in VOLTAGES:
        at = f"{1e3 * wall:.0f} mV"
        drop = layer.drop_behind(STERN, wall)
        result = solve(cell(z, c, wall, STERN, inner=drop), comm)
        expected = layer.surface_charge(drop)
        yield relative(f"charge at {at} [C/m2]", charge(result), expected, 3e-4)
        yield relative(f"diffuse drop at {at} [V]", wall_potential(result), drop, 2e-3)


def grahame(z: int, c: int, comm: MPI.Intracomm) -> Iterator[Check]:
    """Wall potential of an imposed charge, and Grahame's relation of the two computed values."""
    layer = layer_of(z, c)
    for sigma in CHARGES:
        at = f"{sigma:g} C/m2"
        expected = layer.drop_of_charge(sigma)
        result = solve(cell(z, c, expected + sigma / STERN, STERN, inner=expected), comm)
        found = wall_potential(result)
        yield relative(f"wall potential at {at} [V]", found, expected, 2e-3)
        related = layer.surface_charge(found)
        yield relative(f"charge of that potential, {at} [C/m2]", charge(result), related, 1e-3)


def steric(z: int, c: int, comm: MPI.Intracomm) -> Iterator[Check]:
    """Charge and co-ion with ions of one size."""
    for diameter in (0.4, 0.6, 0.7 if c == 2000 else 0.8):
        layer = layer_of(z, c, diameter)
        for wall in (0.05, 0.25):
            at = f"a = {diameter:g} nm, {1e3 * wall:.0f} mV"
            expected = layer.surface_charge(wall)
            case = cell(z, c, wall, RIGID * expected / wall, diameter=diameter)
            result = solve(case, comm)
            yield relative(f"charge, {at} [C/m2]", charge(result), expected, 4e-4)
            yield co_ion(f"co-ion at the wall, {at} [mol/m3]", result, layer.co_ion(wall), 1e-4)


def capacitance(comm: MPI.Intracomm) -> Iterator[Check]:
    """Centred difference of 0.1 mV at 100 mV, 1:1, 0.1 M; free and behind a Stern layer."""
    wall, step = 0.1, 5e-5
    for diameter in (None, 0.6):
        layer = layer_of(1, 100, diameter)
        name = "points" if diameter is None else f"a = {diameter:g} nm"
        rigid = RIGID * layer.surface_charge(wall) / wall
        drop = layer.drop_behind(STERN, wall)
        diffuse = layer.capacitance(drop)
        series = diffuse * STERN / (diffuse + STERN)
        for where, stern, inner, exact in (
            ("diffuse layer", rigid, wall, layer.capacitance(wall)),
            ("with Stern layer", STERN, drop, series),
        ):
            sides = [
                charge(solve(cell(1, 100, wall + s, stern, diameter=diameter, inner=inner), comm))
                for s in (-step, step)
            ]
            found = (sides[1] - sides[0]) / (2 * step)
            yield relative(f"capacitance, {name}, {where} [F/m2]", found, exact, 1e-3)


def convergence(comm: MPI.Intracomm) -> Iterator[Check]:
    """Charge on halved cells, P1: 2:2, 0.1 M, 100 mV."""
    wall, sizes = 0.1, (0.5, 0.25, 0.125)
    for diameter in (None, 0.6):
        exact = layer_of(2, 100, diameter).surface_charge(wall)
        stern = RIGID * exact / wall
        cases = (cell(2, 100, wall, stern, diameter=diameter, fine=fine) for fine in sizes)
        errors = [abs(charge(solve(case, comm)) / exact - 1) for case in cases]
        name = "points" if diameter is None else f"a = {diameter:g} nm"
        yield order_of(f"the charge, {name}", sizes, errors, 2.0, 0.2)


def _of_every_bulk() -> Iterator[KnownProblem]:
    families = (
        (
            "gouy-chapman",
            gouy_chapman,
            "charge, co-ion and profile at 25 to 250 mV",
            "Gouy (1910), Chapman (1913), closed form",
        ),
        (
            "stern",
            gouy_chapman_stern,
            "charge and diffuse drop behind 0.2 F/m2, 25 to 250 mV",
            "Stern (1924) with Grahame's equation, closed form up to one root",
        ),
        (
            "grahame",
            grahame,
            "wall potential for 0.01 to 0.2 C/m2",
            "Grahame (1947), closed form",
        ),
        (
            "steric",
            steric,
            "charge and co-ion for ions of 0.4 to 0.8 nm, 50 and 250 mV",
            "Kilic, Bazant & Ajdari (2007), closed form",
        ),
    )
    for name, checks, what, source in families:
        for z, c in BULKS:
            label = f"diffuse-layer.{name}-{z}:{z}-{c / 1000:g}M"
            yield KnownProblem(label, what, source, partial(checks, z, c))


PROBLEMS = (
    *_of_every_bulk(),
    KnownProblem(
        "diffuse-layer.capacitance",
        "d sigma/dV at 100 mV, 1:1, 0.1 M, with and without steric term and Stern layer",
        "Gouy-Chapman and Kilic, Bazant & Ajdari (2007), closed form",
        capacitance,
    ),
    KnownProblem(
        "diffuse-layer.convergence",
        "order of the charge on three meshes, 2:2, 0.1 M, 100 mV",
        "P1: order 2 of the consistent charge",
        convergence,
    ),
)
