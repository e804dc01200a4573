"""Discretisation errors of a run's main numbers by the dual-weighted residual."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from zinterphase.observe.better import BetterPoints
from zinterphase.observe.currents import Currents
from zinterphase.observe.goals import (
    CHARGE,
    CURRENT,
    CV,
    CV_METAL,
    POTENTIAL,
    SMOOTHED_MAXIMUM,
    SMOOTHED_MAXIMUM_METAL,
    TOTAL,
    Goal,
    goals,
    undefined,
)
from zinterphase.observe.kinetic import KineticGoals
from zinterphase.observe.localise import Localisation
from zinterphase.observe.projection import NO_GRAPH
from zinterphase.observe.recovered import RecoveredCurrent
from zinterphase.observe.shape import ShapeError, shape_errors
from zinterphase.observe.surface import SurfaceMap, Weight
from zinterphase.solve.adjoint import Linearisation, enriched
from zinterphase.solve.discretisation import RegionSpaces
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import Array, System

GOALS = (TOTAL, POTENTIAL, CV, SMOOTHED_MAXIMUM, CV_METAL, SMOOTHED_MAXIMUM_METAL, CHARGE)
"""Names of the goals; either the current or the potential is imposed, and the charge is that of a
resolved double layer."""
LARGEST_STEP = 3.0
"""Bound of a component's first step in the richer space [RT/F]."""
LINEAR = 0.1
"""Part of an estimate that one Newton step may leave; above it the richer problem is solved."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """A number of a run and its estimated error, exact minus computed.

    Attributes
    ----------
    value : The number as reported, in ``unit``.
    error : Estimate of what is missing to the solution on the same polygonal domain.
    algebraic : Size of the part that the solver left in the state.
    nodal : Parts of the error at the owned nodes of the richer spaces and of the solution's,
        by block.
    spaces : Those spaces.
    surface : What is left, on the owned cells at the electrode: averages over facets, and
        what is not linear.
    cells : Parts of the error on the owned cells of the domain; over all ranks their sum is
        the error.
    """

    value: float
    unit: str
    error: float
    algebraic: float
    nodal: tuple[list[Array], list[Array]]
    spaces: tuple[list[RegionSpaces], list[RegionSpaces]]
    surface: Array
    cells: Array


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates by goal, why others have none, and what the shape of the facets adds.

    ``points`` are the richer solution's where the electrode's current is its rate law.
    """

    goals: Mapping[str, Estimate]
    reasons: Mapping[str, str] = field(default_factory=dict)
    shape: Mapping[str, ShapeError] = field(default_factory=dict)
    points: BetterPoints | None = None

    def error(self, goal: str) -> float:
        """Estimated error of a goal, exact minus computed: discretisation and slopes of facets."""
        shape = self.shape.get(goal)
        return self.goals[goal].error + (0.0 if shape is None else shape.error)


def estimate_errors(
    problem: Problem,
    currents: Currents,
    surface: SurfaceMap,
    metal: SurfaceMap,
    anode: SurfaceMap | None,
) -> Estimates:
    """Errors of a solved problem's total current (its potential where the current is imposed), CV
    and smoothed maximum of the current per projected and per metal area, and of the charge of the
    electrode's surface where double layers are resolved; collective.

    ``currents``, ``surface``, ``metal`` (the same facet by facet, as it is reported) and ``anode``
    (the current per projected area, None where the surface is no graph) are what was observed of
    the solution.

    The residual of the solution, weighted with adjoint solutions one polynomial order higher on the
    same mesh: Becker & Rannacher (2001), Acta Numerica 10, 1. One Jacobian of the richer problem is
    factorised for all goals; where one Newton step there leaves more than `LINEAR` of an estimate,
    the richer problem is solved and linearised halfway. Raises :class:`SolveError` where that
    fails.
    """
    if anode is None:
        return Estimates({}, dict.fromkeys(GOALS, NO_GRAPH))
    richer = enriched(problem)
    local = Localisation(problem, richer)
    try:
        if problem.equipotential:
            return _recovered(problem, richer, local)
        return _kinetic(problem, richer, local, currents, surface, metal, anode)
    finally:
        local.close()
        richer.close()


def _kinetic(
    problem: Problem,
    richer: Problem,
    local: Localisation,
    currents: Currents,
    surface: SurfaceMap,
    metal: SurfaceMap,
    anode: SurfaceMap,
) -> Estimates:
    """The electrode's current is its rate law."""
    charts: dict[Weight, SurfaceMap] = {"projected": anode.facet_means(CURRENT), "area": metal}
    asked, reasons = _asked(problem, charts)
    goals_of = KineticGoals(problem, richer, asked)
    reported, system = goals_of.reported(charts, currents.total), richer.system
    start, linear = system.unknowns(), Linearisation(richer)
    residual = linear.residual
    end = start + np.clip(np.concatenate(linear.step), -LARGEST_STEP, LARGEST_STEP)
    system.set_unknowns(0.5 * (start + end))
    adjoints = linear.adjoint(goals_of.slopes())
    system.set_unknowns(end)
    left = [_product(system, a, system.residual(), system.constraint_residual()) for a in adjoints]
    better, points = goals_of.values(), BetterPoints.of(richer)
    gained = [better[name] - reported[name] for name in goals_of.units]
    if any(abs(a) > LINEAR * abs(b) for a, b in zip(left, gained, strict=True)):
        richer.solve_here()
        better, points = goals_of.values(), BetterPoints.of(richer)
        left = [0.0 for _ in left]
        # Halfway the change of a quadratic functional is its slope times the step.
        system.set_unknowns(0.5 * (start + system.unknowns()))
        adjoints = Linearisation(richer).adjoint(goals_of.slopes())
    shares, found = goals_of.unevenness(), {}
    for name, adjoint, rest in zip(goals_of.units, adjoints, left, strict=True):
        parts = local.split(-adjoint[0], residual)
        cells = local.on_cells(*parts)
        error = better[name] - rest - reported[name]
        spread = error - problem.system.sum(float(cells.sum()))
        found[name] = Estimate(
            reported[name],
            goals_of.units[name],
            error,
            local.algebraic(adjoint[0]),
            parts,
            local.spaces,
            spread * shares,
            cells + spread * shares,
        )
    # Where pores react the surface is not all of the current.
    shape = {} if problem.working.pores else shape_errors(problem, surface, asked)
    return Estimates(found, reasons, shape, points)


def _product(
    system: System, adjoint: tuple[Array, Array], residual: list[Array], constraints: Array
) -> float:
    return system.dot(adjoint[0], np.concatenate(residual)) + float(adjoint[1] @ constraints)


def _recovered(problem: Problem, richer: Problem, local: Localisation) -> Estimates:
    """The electrode is equipotential: its current is recovered from the residual.

    The electrode potential of an imposed current is found from a current at unit potential.
    """
    linear, current = Linearisation(richer), RecoveredCurrent(problem)
    charts: dict[Weight, SurfaceMap] = {
        "projected": current.chart.surface,
        "area": current.chart.metal,
    }
    asked, reasons = _asked(problem, charts)
    found = {}
    for goal in asked:
        adjoint = linear.lifted_adjoint(current.boundary(goal, richer))
        fine, coarse = local.split(adjoint, linear.raw_residual)
        cells = local.on_cells(fine, coarse)
        error = problem.system.sum(float(cells.sum()))
        found[goal.name] = Estimate(
            goal.value(current.chart.of(goal)),
            goal.unit,
            error,
            local.algebraic(adjoint),
            (fine, coarse),
            local.spaces,
            np.zeros_like(cells),
            cells,
        )
    if problem.case.control.current_density is not None:
        found[POTENTIAL] = _scaled(problem, found.pop(TOTAL))
    return Estimates(found, reasons)


def _scaled(problem: Problem, total: Estimate) -> Estimate:
    """Error of the potential that was scaled to the current wanted, from that of the current."""
    value = problem.potential.value * problem.bulk.thermal_voltage
    factor = -value / total.value
    fine, coarse = ([factor * part for part in parts] for parts in total.nodal)
    sizes = factor * total.error, abs(factor) * total.algebraic
    nodal, cells = (fine, coarse), factor * total.cells
    return Estimate(value, "V", *sizes, nodal, total.spaces, total.surface, cells)


def _asked(
    problem: Problem, reported: Mapping[Weight, SurfaceMap]
) -> tuple[tuple[Goal, ...], dict[str, str]]:
    """Goals that have a slope, and why others have not."""
    radius = problem.case.metrics.radius
    offered = goals(problem.case.geometry.extents, radius)
    reasons = {}
    for goal in offered:
        reason = undefined(goal, reported[goal.weight], radius)
        if problem.working.pores and goal.name != TOTAL:
            reason = "reacting pores are summed over columns of cells"
        if reason is not None:
            reasons[goal.name] = reason
    return tuple(goal for goal in offered if goal.name not in reasons), reasons
