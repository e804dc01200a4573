"""`pnp` over a flat reacting metal: from the neutral limit to beyond the limiting current.

Two-ion salts, Frumkin-corrected Butler-Volmer kinetics behind a compact layer, strips one cell
wide. The known solutions are those of :mod:`zinterphase.verification.closed.planar`: collocation of
the full one-dimensional problem, and the neutral liquid in closed form with a Gouy-Chapman-Stern
wall. Every case starts cold: no option of the solver is set and the load comes on at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import scipy
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.parallel import on_root
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.scales import FARADAY, VACUUM_PERMITTIVITY
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import (
    VT,
    WATER,
    Metal,
    binary,
    case_of,
    current,
    potential,
    si,
)
from zinterphase.verification.closed.planar import (
    Array,
    Wall,
    full_flux,
    neutral_cell_potential,
    neutral_flux,
)
from zinterphase.verification.compared import nodal_profile, nodal_values
from zinterphase.verification.known import (
    Check,
    KnownProblem,
    absolute,
    at_least,
    at_most,
    last_order,
    relative,
)

GAP = 50e-6
DIFFUSIVITY = 0.7e-9
CONCENTRATION = {8.6e-6: 1000.0, 8.6e-5: 10.0}
WALLS = {
    "A": Wall(8.6e-6, 2e-5, 0.037, 5.0, -2.5),
    "B": Wall(8.6e-5, 2e-5, 0.4, 5.0, -4.0),
    "C": Wall(8.6e-5, 2e-5, 0.4, 5.0, -12.0),
    "D": Wall(8.6e-6, 2e-5, 0.037, 5.0, -25.0),
    "E": Wall(8.6e-6, 2e-5, 0.037, -10.0, 3.0),
    "F": Wall(8.6e-5, 1e-7, 0.4, 5.0, -8.0),
}
"""1 M and 10 mM over 50 um, lambda_D/L = 3e-6 and 3e-5, V from +3 to -25 RT/F; F without Stern
drop."""
KNOWN = {"A": -0.6599455588, "B": -1.9531871707, "C": -2.01003091, "F": -2.00419686}
"""Flux of a separately written finite-element code, extrapolated in the mesh size."""
TOLERANCES = {"A": 6e-4, "B": 6e-5, "C": 4e-6, "D": 1e-6, "E": 3e-3, "F": 1.1e-5}
"""At a first cell of 0.1 Debye lengths, growth 1.07; measured, with a margin of 2."""


def flux_unit(concentration: float, gap: float) -> float:
    """A/m2 of a dimensionless flux of one."""
    return 2 * FARADAY * DIFFUSIVITY * concentration / gap


def cell(
    wall: Wall,
    first_cell: float = 0.1,
    growth: float = 1.07,
    far_cells: int = 50,
    *,
    concentration: float | None = None,
    gap: float = GAP,
    **more: Any,
) -> Case:
    """The dimensional cell of a wall; ``first_cell`` in Debye lengths.

    The permittivity follows from ``wall.eps`` and the concentration, which is that of
    ``CONCENTRATION`` unless given.
    """
    concentration = concentration or CONCENTRATION[wall.eps]
    permittivity = wall.eps**2 * gap**2 * FARADAY * concentration / (VACUUM_PERMITTIVITY * VT)
    stern = VACUUM_PERMITTIVITY * permittivity / (wall.stern * gap)
    exchange = wall.damkoehler * flux_unit(concentration, gap)
    metal = Metal(exchange, pzc=wall.pzc * VT, stern=stern)
    debye = wall.eps * gap / np.sqrt(8)
    return case_of(
        "pnp",
        gap,
        binary(2, concentration, (DIFFUSIVITY, 1.5 * DIFFUSIVITY)),
        metal,
        electrolyte={"permittivity": permittivity},
        mesh={
            "first_cell": si(first_cell * debye, "m"),
            "growth": growth,
            "far_size": si(gap / far_cells, "m"),
        },
        **{"control": potential(wall.potential * VT), **more},
    )


def flux_of(result: Result, wall: Wall) -> float:
    """Mean current density in units of 2 F D+ c0/L."""
    return result.mean_current_density / flux_unit(CONCENTRATION[wall.eps], GAP)


def reference_flux(wall: Wall, problem: Problem, flux: float, gap: float = GAP) -> float:
    """Collocation of the full problem; the finite-element solution only starts it. Collective."""
    y, mu = nodal_profile(problem, component=0)
    _, phi = nodal_profile(problem, component=2)

    def guess(points: Array) -> Array:
        return np.stack([np.interp(points, y / gap, u) for u in (mu, phi)])

    return on_root(problem.domain.comm, lambda: full_flux(wall, guess, flux))


def smallest_concentration(problem: Problem) -> float:
    """Of both ions at the nodes, over the bulk's."""
    _, u = nodal_values(problem)
    return float(np.exp(u[:, :2] - np.outer(u[:, 2], [2, -2])).min())


def cold_start(name: str, comm: MPI.Intracomm) -> Iterator[Check]:
    """Flux against collocation, from rest to the full load in one step."""
    wall = WALLS[name]
    result = solve(cell(wall), comm)
    steps = len(result.attempts)
    yield absolute("steps of the load", steps, 1, 0.0)
    iterations = len(result.attempts[-1].report.iterations)
    yield at_most("Newton iterations", iterations, 35)
    yield at_least("smallest c/c0", smallest_concentration(result.problem), 0.0)
    reference = reference_flux(wall, result.problem, flux_of(result, wall))
    if name in KNOWN:
        yield relative("collocation against a second code", reference, KNOWN[name], 2e-8)
    yield relative("flux [2 F D c/L]", flux_of(result, wall), reference, TOLERANCES[name])


def convergence(name: str, comm: MPI.Intracomm) -> Iterator[Check]:
    """All cells halved together, P1."""
    wall, fluxes = WALLS[name], []
    for halved, growth in enumerate([1.21, 1.1, 1.1**0.5, 1.1**0.25]):
        result = solve(cell(wall, 0.4 / 2**halved, growth, 50 * 2**halved), comm)
        fluxes.append(flux_of(result, wall))
    reference = reference_flux(wall, result.problem, fluxes[-1])
    errors = np.abs(np.array(fluxes) / reference - 1)
    yield last_order("the flux", 0.5 ** np.arange(4), errors, 2.0, 0.2)


def neutral_limit(name: str, tolerance: float, comm: MPI.Intracomm) -> Iterator[Check]:
    """What separates the two references is space charge outside the double layer."""
    wall = WALLS[name]
    result = solve(cell(wall), comm)
    reference = reference_flux(wall, result.problem, flux_of(result, wall))
    yield relative("neutral flux against collocation", neutral_flux(wall), reference, tolerance)
    found = flux_of(result, wall)
    yield relative("flux [2 F D c/L]", found, neutral_flux(wall), TOLERANCES[name])


def film(eps: float, potential_of_metal: float, comm: MPI.Intracomm) -> Iterator[Check]:
    """Thin film of water: eps 0.1 to 1e-3 below, near and above the limiting current."""
    wall = Wall(eps, eps / 10, 0.5, 2.0, potential_of_metal)
    concentration, gap = 10.0, 1.521e-9 * np.sqrt(8) / eps
    result = solve(cell(wall, 0.05, 1.07, 200, concentration=concentration, gap=gap), comm)
    flux = result.mean_current_density / flux_unit(concentration, gap)
    reference = reference_flux(wall, result.problem, flux, gap)
    yield relative(f"flux, {flux / -2:.3g} of the limit [2 F D c/L]", flux, reference, 2e-4)
    yield at_least("smallest c/c0", smallest_concentration(result.problem), 0.0)


def selective_wall(comm: MPI.Intracomm) -> Iterator[Check]:
    """10 mM, 5 um, -120 RT/F: extended space charge, flux a fifth above the limiting one.

    The metal passes the cation only. The program ramps the load by itself; no option is set.
    """
    concentration, gap = 10.0, 5e-6
    unit = flux_unit(concentration, gap)
    metal = Metal(1.0, pzc=5 * VT, stern=0.2)
    ions = binary(2, concentration, (DIFFUSIVITY, 1.5 * DIFFUSIVITY))
    sizes = {"first_cell": "0.1 nm", "growth": 1.1, "far_size": si(gap / 200, "m")}
    case = case_of("pnp", gap, ions, metal, control=potential(-120 * VT), mesh=sizes)
    result = solve(case, comm)
    permittivity = VACUUM_PERMITTIVITY * WATER
    eps = np.sqrt(permittivity * VT / (FARADAY * concentration)) / gap
    wall = Wall(float(eps), permittivity / 0.2 / gap, 1.0 / unit, 5.0, -120.0)
    flux = result.mean_current_density / unit
    reference = reference_flux(wall, result.problem, flux, gap)
    yield relative("flux [2 F D c/L]", flux, reference, 1e-4)
    yield at_least("flux over the limit", flux / -2.0, 1.15)
    yield at_least("smallest c/c0", smallest_concentration(result.problem), 0.0)
    points, u = nodal_values(result.problem)
    relative_c = np.exp(u[:, :2] - np.outer(u[:, 2], [2, -2]))
    charged = points[relative_c[:, 0] > 100 * relative_c[:, 1], 1].max()
    debye = np.sqrt(permittivity * VT / (8 * FARADAY * concentration))
    yield at_least("reach of the space charge [Debye lengths]", float(charged / debye), 50.0)


def closed_cell(comm: MPI.Intracomm) -> Iterator[Check]:
    """Two Frumkin-corrected electrodes in series, lambda_D/L = 3e-6."""
    wall = WALLS["A"]
    unit = flux_unit(CONCENTRATION[wall.eps], GAP)
    for flux in (-0.5, -2.0, -3.6, 3.6):
        result = solve(cell(wall, control=current(flux * unit), counter=True), comm)
        expected = VT * neutral_cell_potential(wall, flux)
        yield relative(f"voltage at {flux:g} [V]", result.potential, expected, 2e-4)
        inventory = next(b for b in result.balances if b.name == "amount of A")
        yield absolute(f"change of the anions at {flux:g}", inventory.mismatch, 0.0, 1e-12)


def closed_limit(comm: MPI.Intracomm) -> Iterator[Check]:
    """8 F D+ c0/L: the salt that leaves one electrode piles up at the other."""
    wall, imposed = WALLS["A"], -14.0
    case = cell(wall, control=potential(imposed * VT), counter=True)
    flux = flux_of(solve(case, comm), wall)

    def excess(r: float) -> float:
        return neutral_cell_potential(wall, r) - imposed

    expected = float(scipy.optimize.brentq(excess, -4 + 1e-9, -3))
    yield relative("flux at -14 RT/F [2 F D c/L]", flux, expected, 5e-4)
    yield at_least("flux over the limit of -4", flux / -4.0, 3.95 / 4)


_COLLOCATION = "collocation of the full problem (SciPy, solve_bvp)"
PROBLEMS = (
    *(
        KnownProblem(
            f"thin-film.cold-start-{name}",
            f"flux at V = {wall.potential:g} RT/F, lambda_D/L = {wall.eps / 8**0.5:.0e}",
            _COLLOCATION,
            partial(cold_start, name),
        )
        for name, wall in WALLS.items()
    ),
    *(
        KnownProblem(
            f"thin-film.eps-{eps:g}-V{metal:g}",
            f"flux at eps = {eps:g}, V = {metal:g} RT/F, Stern layer and Frumkin kinetics",
            _COLLOCATION,
            partial(film, eps, metal),
        )
        for eps in (0.1, 0.01, 0.001)
        for metal in (-0.5, -4.0, -40.0)
    ),
    *(
        KnownProblem(
            f"thin-film.neutral-{name}",
            "flux in the limit of a neutral liquid behind a Gouy-Chapman-Stern wall",
            "closed form up to one root",
            partial(neutral_limit, name, tolerance),
        )
        for name, tolerance in (("A", 2e-6), ("E", 1e-8))
    ),
    *(
        KnownProblem(
            f"thin-film.convergence-{name}",
            "order of the flux on four meshes",
            f"P1: order 2; {_COLLOCATION}",
            partial(convergence, name),
        )
        for name in ("A", "B", "E")
    ),
    KnownProblem(
        "thin-film.selective-wall",
        "flux at -120 RT/F, a fifth above the limiting one, and its space charge",
        _COLLOCATION,
        selective_wall,
    ),
    KnownProblem(
        "thin-film.closed-cell",
        "voltage of two electrodes up to 90 % of the limiting current",
        "neutral limit, closed form up to one root",
        closed_cell,
    ),
    KnownProblem(
        "thin-film.closed-limit",
        "flux of two electrodes at 99 % of the limiting current",
        "neutral limit, closed form up to one root",
        closed_limit,
    ),
)
