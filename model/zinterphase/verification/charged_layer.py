"""Layers with fixed charge: Donnan equilibrium and selective transport under current."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from mpi4py import MPI

from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.scales import FARADAY
from zinterphase.verification.cells import (
    VT,
    WATER,
    Metal,
    binary,
    case_of,
    current,
    film,
    potential,
    si,
)
from zinterphase.verification.closed import salt_layer as salt
from zinterphase.verification.closed.diffuse import DiffuseLayer
from zinterphase.verification.closed.membrane import ChargedLayer, Plating
from zinterphase.verification.compared import nodal_profile
from zinterphase.verification.concentrated_cell import COAT, cell
from zinterphase.verification.known import Check, KnownProblem, absolute, relative, worst

BULK = 100.0
SALT = binary(2, BULK)


def donnan(comm: MPI.Intracomm) -> Iterator[Check]:
    """At rest: potential and ions inside, potential of the face and decay outside, `pnp`."""
    outside = DiffuseLayer(2, BULK, WATER, VT)
    debye = outside.debye_length
    thickness, gap = 40 * debye, 25 * debye
    for charge in (-400.0, -50.0, 150.0):
        layer = ChargedLayer(2, BULK, charge)
        # Of free porosity, so that the face has its closed form; the metal carries no charge.
        coat = film("coat", thickness, porosity=1.0, fixed_charge=si(charge, "mol/m^3"))
        inside = VT / 2 * layer.donnan_potential
        case = case_of(
            "pnp",
            gap,
            SALT,
            Metal(1.0, pzc=-inside),
            films=[coat],
            control=potential(0.0),
            mesh={"first_cell": si(0.05 * debye, "m"), "far_size": si(debye / 4, "m")},
        )
        result = solve(case, comm)
        height, phi = nodal_profile(result.problem, component=2)
        u, at = 2 * phi, f"X = {charge:g} mol/m3"
        middle = np.argmin(np.abs(height - thickness / 2))
        exact = layer.donnan_potential
        yield relative(f"Donnan potential, {at} [RT/zF]", u[middle], exact, 1e-5)
        anion = BULK * np.exp(u[middle])
        known = BULK * np.exp(exact)
        yield relative(f"anion inside, {at} [mol/m3]", anion, known, 1e-5)
        face = np.argmin(np.abs(height - thickness))
        yield relative(f"face potential, {at} [RT/zF]", u[face], layer.face_potential, 2e-3)
        beyond = height > thickness
        decay = outside.potential(height[beyond] - thickness, VT / 2 * layer.face_potential)
        scale = abs(VT / 2 * layer.face_potential)
        found = VT * phi[beyond]
        yield worst(f"worst of phi(y) outside, {at} [V]", found, decay, 3e-3, scale=scale)


def under_current(comm: MPI.Intracomm) -> Iterator[Check]:
    """The cation's electrochemical potential at the metal, below and above the neutral limit."""
    diffusivity, gap, thickness, transport = 0.7e-9, 2e-6, 2e-6, 0.2
    resistance = gap + thickness / transport
    limit = 2 * diffusivity * BULK / resistance
    for charge, share in ((-100.0, 0.5), (-100.0, 1.3), (0.0, 0.8), (40.0, 0.5)):
        layer = ChargedLayer(2, BULK, charge)
        known = Plating(layer, thickness, transport, gap, diffusivity)
        flux = share * limit
        coat = film("coat", thickness, transport=transport, fixed_charge=si(charge, "mol/m^3"))
        case = case_of(
            "pnp",
            gap,
            SALT,
            Metal(30.0, stern=0.1),
            films=[coat],
            control=current(-2 * FARADAY * flux),
            mesh={"far_size": si(gap / 60, "m"), "growth": 1.15},
        )
        result = solve(case, comm)
        _, mu = nodal_profile(result.problem, component=0)
        at = f"X = {charge:g} mol/m3, {share:g} of the neutral limit"
        exact = known.reactant_potential(flux)
        # What is left is the extra conduction of the double layers, Debye length over thickness.
        yield relative(f"mu at the metal, {at} [RT]", mu[0], exact, 3e-3)
        anion = _anion_at_the_face(result, thickness)
        outer = known.outer_concentration(flux)
        yield absolute(f"salt outside, {at} [mol/m3]", anion, outer, 1e-3, scale=BULK)


def _anion_at_the_face(result: Result, thickness: float) -> float:
    """The anion's concentration 20 Debye lengths above the layer, carried to its face.

    There the liquid is neutral and its concentration linear.
    """
    height, phi = nodal_profile(result.problem, component=2)
    debye = result.problem.bulk.debye_length
    neutral = (height > thickness + 20 * debye) & (height < thickness + 400 * debye)
    line = np.polyfit(height[neutral] - thickness, BULK * np.exp(2 * phi[neutral]), 1)
    return float(line[1])


def concentrated(comm: MPI.Intracomm) -> Iterator[Check]:
    """Donnan equilibrium at both faces of a film at level `concentrated`, 50 mA/cm2."""
    density, gap, thickness = -500.0, 50e-6, 1e-6
    for charge in (-2000.0, 0.0, 1500.0):
        coat = {
            "name": "titania",
            "material": "TiO2",
            "thickness": si(thickness, "m"),
            "fixed_charge": si(charge, "mol/m^3"),
        }
        result = solve(cell(gap, density, films=[coat]), comm)
        layers = [(gap, 1.0, 0.0), (thickness, COAT, charge)]
        c, phi, _ = salt.integrate(salt.BULK, density, layers)
        exact = phi + salt.overpotential(density, c)
        yield relative(f"potential, X = {charge:g} mol/m3 [V]", result.potential, exact, 1e-5)


PROBLEMS = (
    KnownProblem(
        "charged-layer.donnan",
        "potential and ions inside, face potential and decay outside, X of either sign",
        "Donnan (1911); Ohshima & Ohki (1985), closed form",
        donnan,
        fast=False,
    ),
    KnownProblem(
        "charged-layer.under-current",
        "electrochemical potential of Zn2+ at the metal, up to 1.3 times the neutral limit",
        "Teorell-Meyer-Sievers, closed form up to one root",
        under_current,
        fast=False,
    ),
    KnownProblem(
        "charged-layer.concentrated",
        "potential of a coated electrode at 50 mA/cm2, X of either sign",
        "virtual salt integrated along a line (SciPy)",
        concentrated,
        fast=False,
    ),
)
