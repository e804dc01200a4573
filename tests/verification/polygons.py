"""Goals of a case on the same domain with every triangle split: what estimates are of."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.subdivision import subdivided_mesh
from zinterphase.mesh import Domain
from zinterphase.observe.currents import currents_of
from zinterphase.observe.errors import Estimates, estimate_errors
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.goals import CURRENT, TOTAL, goals
from zinterphase.observe.kinetic import KineticGoals
from zinterphase.observe.projection import is_graph, projected_map
from zinterphase.observe.recovered import RecoveredCurrent
from zinterphase.observe.recovery import recovered_surface
from zinterphase.observe.surface import SurfaceMap
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID


def estimates_of(problem: Problem) -> Estimates:
    """Estimates of a solved problem from what is observed of it."""
    surface = surface_map(problem)
    metal = recovered_surface(problem, surface).map
    anode = projected_map(problem, surface) if is_graph(problem, surface) else None
    return estimate_errors(problem, currents_of(problem), surface, metal, anode)


def solved(case: Case, raw: RawMesh) -> Problem:
    problem = Problem(case, Domain.create(MPI.COMM_SELF, raw, case.geometry.coordinates))
    problem.solve()
    return problem


def better_goals(problem: Problem, raw: RawMesh, splits: int) -> dict[str, float]:
    """Goals from quadratic functions on triangles split ``splits`` times.

    Without a rate law the goals are of the current around the nodes of the given problem, the
    splitting being exact in the averages of the flux.
    """
    case = problem.case
    for _ in range(splits):
        raw = subdivided_mesh(raw, 1)
    mesh = case.mesh.model_copy(update={"order": case.mesh.order + 1})
    best = solved(case.model_copy(update={"mesh": mesh}), raw)
    offered = goals(case.geometry.extents, case.metrics.smoothing_radius)
    volts = best.potential.value * best.bulk.thermal_voltage
    if not problem.equipotential:
        return {**KineticGoals(best, best, offered).values(), "potential": volts}
    chart = _around_nodes(problem, best)
    return {**{goal.name: goal.value(chart[goal.weight]) for goal in offered}, "potential": volts}


def _around_nodes(problem: Problem, best: Problem) -> dict[str, SurfaceMap]:
    """Flux of ``best`` weighted with the hat functions of the electrode's nodes of ``problem``, per
    projected and per metal area."""
    given = RecoveredCurrent(problem).chart.surface.sorted()
    nodes = given.position[:, 0]
    dofs = best.electrode_dofs
    place = best.liquid.scalar.tabulate_dof_coordinates()[dofs, 0]
    flux = best.system.raw_residual()[LIQUID][dofs]
    hats = [np.interp(place, nodes, unit) for unit in np.eye(len(nodes))]
    total = np.array([flux @ hat for hat in hats])
    areas = {"projected": given.projected_area, "area": given.area}
    number = np.arange(len(nodes))
    return {
        name: SurfaceMap(
            given.position, given.area, areas["projected"], number, {CURRENT: total / area}
        )
        for name, area in areas.items()
    }


def effectivities(
    problem: Problem, raw: RawMesh, estimates: Estimates, splits: int = 1
) -> dict[str, float]:
    """Estimated over true error by goal, where the estimate is ten times the algebraic error."""
    truth = better_goals(problem, raw, splits)
    return {
        name: estimate.error / (truth[name] - estimate.value)
        for name, estimate in estimates.goals.items()
        if abs(estimate.error) > 10 * estimate.algebraic
    }


__all__ = ["TOTAL", "better_goals", "effectivities", "solved"]
