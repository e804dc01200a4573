"""Meshes refined where a goal's error comes from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import require_valid
from zinterphase.errors import CaseError, SolveError
from zinterphase.geometry.bisection import Indicators, Layout
from zinterphase.geometry.build import build
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.geometry.specification import Recipe
from zinterphase.mesh import Domain
from zinterphase.observe.errors import Estimate
from zinterphase.result import Result
from zinterphase.routes import everywhere
from zinterphase.run import Meshed, mesh_case, solve_on
from zinterphase.solve.discretisation import RegionSpaces
from zinterphase.solve.problem import Problem
from zinterphase.solve.transfer import transfer

FRACTION = 0.5
"""Part of the error in the intervals that are bisected at once."""


@dataclass(frozen=True, eq=False)
class AdaptiveStep:
    """One mesh of a family with its result, whose ``errors`` hold the estimates.

    ``unknowns`` counts all fields, ``estimate`` is that of the goal on the polygon, ``error`` that
    with the slopes of the polygon's facets.
    """

    recipe: Recipe
    meshed: Meshed
    result: Result
    unknowns: int
    estimate: Estimate
    error: float


def require_adaptable(case: Case) -> None:
    """Raise :class:`CaseError` where no recipe of columns makes the mesh, in two dimensions."""
    if case.geometry.dimension != 2:
        raise CaseError("geometry.dimension", case.geometry.dimension, "2 for adaptive meshes")
    if case.mesh.file is not None:
        allowed = "no file: adaptive meshes are made from the recipe"
        raise CaseError("mesh.file", str(case.mesh.file), allowed)
    if case.mesh.divisions:
        allowed = "0: adaptive meshes are made whole by rank 0"
        raise CaseError("mesh.divisions", case.mesh.divisions, allowed)
    if case.packed_layers:
        allowed = "none for adaptive meshes: they have columns of cells"
        raise CaseError(f"layers.{case.packed_layers[0].name}.packing", "given", allowed)


def adaptive_family(
    case: Case,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    *,
    goal: str = "cv",
    checkpoint: Callable[[], None] = lambda: None,
) -> Iterator[AdaptiveStep]:
    """Solve, estimate, mark, refine, without end; collective.

    Lateral intervals, intervals between levels and blocks of the core are bisected where the
    estimate of ``goal`` (`observe.errors.GOALS`) comes from, at least cost for half of it. The
    recipe remains: graded layers, named groups and the exact surface. Each mesh is solved from the
    solution before; ``checkpoint`` is called once a Newton iteration and may raise on all ranks.
    The caller stops; a step's solver is freed when the next is asked for.

    Raises :class:`CaseError` in three dimensions, for a mesh from a file, and for a goal that has
    no estimate in this case, besides what solving raises.
    """
    require_adaptable(case)
    regime, recipe = require_valid(case), recipe_from_case(case)
    former: Problem | None = None
    while True:
        meshed = mesh_case(case, comm, partial(_built, recipe))
        problem = Problem(case, meshed.domain)
        problem.checkpoint = checkpoint
        start = None
        if former is not None:
            start = transfer(former, problem)
            former.close()
        result = solve_on(problem, regime, meshed.quality, {}, errors=True, start=start)
        assert result.errors is not None
        if goal not in result.errors.goals:
            reason = result.errors.reasons.get(goal, f"one of {', '.join(result.errors.goals)}")
            if former is not None:
                raise SolveError(f"{goal} has no estimate on this mesh: {reason}")
            raise CaseError("goal", goal, f"a goal with an estimate ({reason})")
        estimate = result.errors.goals[goal]
        error, size = result.errors.error(goal), problem.system.global_size
        yield AdaptiveStep(recipe, meshed, result, size, estimate, error)
        layout = Layout(recipe)
        indicators = _sorted(layout, problem, estimate)
        if goal in result.errors.shape:
            shape = result.errors.shape[goal]
            indicators += layout.along_surface(shape.lateral[:, 0], np.abs(shape.parts))
        recipe = layout.refined(indicators, FRACTION)
        former = problem


def _built(recipe: Recipe, _: Case) -> RawMesh:
    """The mesh of a refined recipe, which no other run will ask for: it is not stored."""
    return build(recipe)


def _sorted(layout: Layout, problem: Problem, estimate: Estimate) -> Indicators:
    """Sizes of the estimate's parts by interval, sorted by every rank for all, as what is shared
    out depends on the sums; collective."""
    comm, (fine, coarse) = problem.domain.comm, estimate.nodal
    found = []
    for spaces, parts in ((estimate.spaces[0], fine), (estimate.spaces[1], coarse)):
        for space, values in zip(spaces, parts, strict=True):
            places = everywhere(comm, _places(space, len(values)))
            found.append(layout.sort(places, np.abs(everywhere(comm, values))))
    middles = everywhere(comm, _middles(problem.domain, len(estimate.surface)))
    found.append(layout.along_surface(middles, np.abs(everywhere(comm, estimate.surface))))
    total = found[0]
    for more in found[1:]:
        total += more
    return total


def _places(spaces: RegionSpaces, count: int) -> np.ndarray:
    return spaces.scalar.tabulate_dof_coordinates()[:count, :2]


def _middles(domain: Domain, count: int) -> np.ndarray:
    """Lateral positions of the first owned cells' middles."""
    mesh = domain.mesh
    return np.asarray(mesh.geometry.x[mesh.geometry.dofmaps[0][:count]].mean(axis=1)[:, 0])
