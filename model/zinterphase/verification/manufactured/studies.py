"""Orders of convergence in L2 and H1: P1 2 and 1, P2 3 and 2, for every combination."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import product

import numpy as np
import ufl
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.geometry.raw import RawMesh
from zinterphase.solve.discretisation import charge_rate
from zinterphase.solve.model import Model
from zinterphase.verification.cells import VT, Metal, binary, case_of, potential
from zinterphase.verification.grids import grid
from zinterphase.verification.known import Check, KnownProblem, order_of
from zinterphase.verification.manufactured.combinations import (
    ALPHAS,
    DIFFUSIVITIES,
    LEVELS,
    METAL_POTENTIAL,
    PZC,
    STERN,
    Physics,
    case_of_combination,
    exact_of_combination,
    mesh_of_combination,
)
from zinterphase.verification.manufactured.exact_problem import Errors, Exact, ExactOf, manufactured
from zinterphase.verification.manufactured.laws import ElectrodeLaw, IonLaw, exact_data

CELLS = {(2, 1): (8, 16, 32), (2, 2): (4, 8, 16), (3, 1): (4, 8, 12)}
"""Cells along an edge by dimension and order."""
TOLERANCES = {2: (0.15, 0.1), 3: (0.25, 0.15)}
"""Of the orders in L2 and H1, by dimension: the meshes in 3D are coarser."""


def orders(
    names: Sequence[str],
    sizes: Sequence[float],
    found: Sequence[Errors],
    order: int,
    tolerances: tuple[float, float],
) -> Iterator[Check]:
    """Of every component in both norms."""
    for k, name in enumerate(names):
        l2, h1 = [e.l2[k] for e in found], [e.h1[k] for e in found]
        yield order_of(f"{name} in L2", sizes, l2, order + 1, tolerances[0])
        yield order_of(f"{name} in H1", sizes, h1, order, tolerances[1])


def study(
    case: Case,
    meshes: Sequence[RawMesh],
    exact_of: ExactOf,
    tolerances: tuple[float, float],
    comm: MPI.Intracomm,
) -> Iterator[Check]:
    """Solve on meshes whose sizes go with 1/n, n the root of the number of facets at the counter.

    The meshes are halved together; collective.
    """
    found, sizes = [], []
    for raw in meshes:
        exact = manufactured(case, raw, exact_of, comm)
        problem = exact.problem
        problem.solve_here()
        found.append(exact.errors())
        sizes.append(problem.domain.cell_count ** (-1 / problem.domain.dimension))
        names = [*problem.level.component_names, *(["solid"] if problem.solid else [])]
        problem.close()
    yield from orders(names, sizes, found, case.mesh.order, tolerances)


def smooth(chosen: Physics, comm: MPI.Intracomm) -> Iterator[Check]:
    """A combination on three meshes."""
    meshes = [mesh_of_combination(chosen, n) for n in CELLS[chosen.dimension, chosen.order]]
    exact_of = partial(exact_of_combination, chosen=chosen)
    case = case_of_combination(chosen)
    yield from study(case, meshes, exact_of, TOLERANCES[chosen.dimension], comm)


def thin_layer(order: int, comm: MPI.Intracomm) -> Iterator[Check]:
    """`pnp`, lambda_D/L = 4.8e-4: fields with exp(-y/lambda_D), meshes graded into the layer."""
    length, debye = 1e-6, 4.807e-10
    metal = Metal(2e3, *ALPHAS, pzc=PZC * VT, stern=STERN)
    case = case_of(
        "pnp",
        length,
        binary(2, 100.0, DIFFUSIVITIES),
        metal,
        width=length,
        control=potential(METAL_POTENTIAL * VT),
        mesh={"order": order},
    )

    def exact_of(problem: Model) -> Exact:
        x = ufl.SpatialCoordinate(problem.domain.mesh)
        wave, y = ufl.cos(np.pi * x[0] / length), x[1] / length
        layer = ufl.exp(-x[1] / debye)
        cation = -0.5 * (1 - y) * (1 + 0.2 * wave) + 0.1 * layer
        anion = 0.1 * wave * ufl.cos(2 * y)
        phi = -(1 + 0.3 * wave) * layer - 0.2 * (1 - y**2) * (1 + 0.3 * wave)
        kinetics = ElectrodeLaw(2e3, *ALPHAS, STERN, PZC)
        rate = charge_rate(problem.case, problem.bulk)
        law = IonLaw((2, -2), DIFFUSIVITIES, (100.0, 100.0), kinetics, rate, False)
        return exact_data(problem, law, [cation, anion, phi])

    meshes = [_graded(length, debye, n) for n in ((4, 8, 16) if order == 1 else (2, 4, 8))]
    yield from study(case, meshes, exact_of, (0.25, 0.2), comm)


def _graded(length: float, debye: float, n: int) -> RawMesh:
    """Levels equidistant in ln(1 + y/debye), columns equidistant."""
    s = np.linspace(0.0, np.log1p(length / debye), 16 * n + 1)
    levels = debye * np.expm1(s)
    levels[-1] = length
    return grid(np.linspace(0.0, length, 2 * n + 1), [("liquid", levels)], all_around=True)


def combinations() -> list[Physics]:
    """Every one but P2 in three dimensions, for its time; at `primary` the metal is
    equipotential."""
    choices = product(LEVELS, (False, True), (False, True), (2, 3), (1, 2))
    return [c for c in (Physics(*choice) for choice in choices) if _exists(c)]


def _exists(chosen: Physics) -> bool:
    spatial_p2 = chosen.dimension == 3 and chosen.order == 2
    return not (spatial_p2 or (chosen.level == "primary" and chosen.solid))


FAST = {
    Physics("pnp", True, True, 2, 2),
    Physics("pnp", False, False, 3, 1),
    Physics("concentrated", False, True, 3, 1),
    Physics("concentrated", True, False, 2, 2),
    Physics("electroneutral", True, True, 2, 1),
    Physics("electroneutral", False, True, 2, 2),
    Physics("electroneutral", True, False, 3, 1),
    Physics("secondary", True, True, 3, 1),
    Physics("secondary", False, False, 2, 2),
    Physics("primary", False, True, 3, 1),
    Physics("primary", False, False, 2, 2),
}
"""Every pair of choices that exists occurs in one of them."""

_SOURCE = "manufactured: the level's laws written out a second time"
PROBLEMS = (
    *(
        KnownProblem(
            f"manufactured.{chosen.name}",
            f"orders at `{chosen.level}`, {chosen.dimension}D, P{chosen.order}"
            + (", resolved metal" if chosen.solid else "")
            + (", film" if chosen.film else ""),
            _SOURCE,
            partial(smooth, chosen),
            fast=chosen in FAST,
        )
        for chosen in combinations()
    ),
    *(
        KnownProblem(
            f"manufactured.thin-layer-P{order}",
            f"orders with a double layer of lambda_D/L = 5e-4, P{order}",
            _SOURCE,
            partial(thin_layer, order),
        )
        for order in (1, 2)
    ),
)
