"""Discretisation errors of a run's main numbers by the dual-weighted residual."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from zinterphase.observe.charts import Chart
from zinterphase.observe.currents import working_current
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.goals import CURRENT, Goal, goals, undefined
from zinterphase.observe.localise import Localisation
from zinterphase.observe.projection import projected_map
from zinterphase.observe.recovered import RecoveredCurrent
from zinterphase.observe.slopes import CurrentPoints, CurrentSlopes
from zinterphase.observe.surface import SurfaceMap
from zinterphase.solve.adjoint import Linearisation, enriched
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import Array

POTENTIAL = "potential"
TOTAL = "total_current"
LARGEST_STEP = 1.0
"""Goals are linearised at most this far [RT/F] from the solution."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """A number of a run and its estimated error, exact minus computed.

    Attributes:
        value: The number as reported, in ``unit``.
        error: Estimate of what is missing to the solution on the same polygonal domain.
        algebraic: Size of the part that the solver left in the state.
        nodal: Parts of the error at the nodes of the richer spaces and of the solution's, by
            block; what they leave to ``cells`` is on the electrode.
        cells: Parts of the error on the owned cells of the domain; over all ranks their sum is
            the error.
    """

    value: float
    unit: str
    error: float
    algebraic: float
    nodal: tuple[list[Array], list[Array]]
    cells: Array


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates by goal, and why others have none."""

    goals: Mapping[str, Estimate]
    reasons: Mapping[str, str] = field(default_factory=dict)


def estimate_errors(problem: Problem) -> Estimates:
    """Errors of a solved problem's total current (its potential where the current is imposed), CV
    and smoothed maximum of the current per projected area; collective.

    The residual of the solution, weighted with adjoint solutions one polynomial order higher on the
    same mesh: Becker & Rannacher (2001), Acta Numerica 10, 1. One Jacobian of the richer problem is
    factorised for all goals. Raises :class:`SolveError` where that fails.
    """
    richer = enriched(problem)
    local = Localisation(problem, richer)
    try:
        if problem.equipotential:
            return _recovered(problem, richer, local)
        return _kinetic(problem, richer, local)
    finally:
        local.close()
        richer.close()


def _kinetic(problem: Problem, richer: Problem, local: Localisation) -> Estimates:
    """The electrode's current is its rate law."""
    comm, imposed = problem.domain.comm, problem.case.control.current_density is not None
    linear, slopes = Linearisation(richer), CurrentSlopes(richer)
    at_state = slopes.points()
    halfway = _halfway(richer, linear, slopes)
    reported = projected_map(problem, surface_map(problem)).facet_means(CURRENT)
    chart, middle = _chart(richer, at_state[0]), _chart(richer, halfway[0])
    asked, reasons = _asked(problem, reported)
    parts: dict[str, tuple[float, float, tuple[Array, Array]]] = {}
    for goal in asked:
        by_density = [middle.slope(goal) * halfway[0].weight]
        value, better = goal.value(reported), goal.value(chart.surface)
        if goal.name == TOTAL:
            by_density += [volume.weight for volume in halfway[1:]]
            value = working_current(problem)
            better = comm.allreduce(sum(float(p.weight @ p.density) for p in at_state))
        gradient = slopes.by_unknowns(halfway, by_density)
        parts[goal.name] = (value, better - value, gradient)
    if imposed:
        del parts[TOTAL]
        gradient = _potential_slope(richer)
        parts[POTENTIAL] = (problem.potential.value * problem.bulk.thermal_voltage, 0.0, gradient)
    adjoints = linear.adjoint([gradient for _, _, gradient in parts.values()])
    units = {goal.name: goal.unit for goal in asked} | {POTENTIAL: "V"}
    shares = _spread(problem, at_state[0], chart)
    found = {}
    for (name, (value, reduction, _)), (fields, scalars) in zip(
        parts.items(), adjoints, strict=True
    ):
        fine, coarse = local.split(-fields, linear.residual)
        rest = reduction - float(scalars @ linear.constraints)
        cells = local.on_cells(fine, coarse) + rest * shares
        error = problem.system.sum(float(cells.sum()))
        algebraic = local.algebraic(fields)
        found[name] = Estimate(value, units[name], error, algebraic, (fine, coarse), cells)
    return Estimates(found, reasons)


def _recovered(problem: Problem, richer: Problem, local: Localisation) -> Estimates:
    """The electrode is equipotential: its current is recovered from the residual.

    The electrode potential of an imposed current is found from a current at unit potential.
    """
    linear, current = Linearisation(richer), RecoveredCurrent(problem)
    asked, reasons = _asked(problem, current.chart.surface)
    found = {}
    for goal in asked:
        adjoint = linear.lifted_adjoint(current.boundary(goal, richer))
        fine, coarse = local.split(adjoint, linear.raw_residual)
        cells = local.on_cells(fine, coarse)
        error = problem.system.sum(float(cells.sum()))
        value, algebraic = goal.value(current.chart.surface), local.algebraic(adjoint)
        found[goal.name] = Estimate(value, goal.unit, error, algebraic, (fine, coarse), cells)
    if problem.case.control.current_density is not None:
        found[POTENTIAL] = _scaled(problem, found.pop(TOTAL))
    return Estimates(found, reasons)


def _scaled(problem: Problem, total: Estimate) -> Estimate:
    """Error of the potential that was scaled to the current wanted, from that of the current."""
    value = problem.potential.value * problem.bulk.thermal_voltage
    factor = -value / total.value
    fine, coarse = ([factor * part for part in parts] for parts in total.nodal)
    sizes = factor * total.error, abs(factor) * total.algebraic
    return Estimate(value, "V", *sizes, (fine, coarse), factor * total.cells)


def _halfway(richer: Problem, linear: Linearisation, slopes: CurrentSlopes) -> list[CurrentPoints]:
    """The current and its slopes halfway to the richer solution, where the change of a quadratic
    goal is its slope times the step."""
    system, step = richer.system, np.concatenate(linear.step)
    state = system.state()
    size = max(system.max_abs(values) for values in linear.step)
    system.set_state(state + 0.5 * step * min(1.0, LARGEST_STEP / max(size, LARGEST_STEP)))
    points = slopes.points()
    system.set_state(state)
    return points


def _potential_slope(richer: Problem) -> tuple[Array, Array]:
    scalars = [
        richer.bulk.thermal_voltage if c.scalar is richer.potential else 0.0
        for c in richer.system.constraints
    ]
    return np.zeros(richer.system.local_size), np.array(scalars)


def _asked(problem: Problem, reported: SurfaceMap) -> tuple[tuple[Goal, ...], dict[str, str]]:
    """Goals that have a slope, and why others have not."""
    radius = problem.case.metrics.smoothing_radius
    offered = goals(problem.case.geometry.extents, radius)
    reasons = {}
    for goal in offered:
        reason = undefined(goal, reported, radius)
        if problem.volumes and goal.name != TOTAL:
            reason = "reacting pores are summed over columns of cells"
        if reason is not None:
            reasons[goal.name] = reason
    return tuple(goal for goal in offered if goal.name not in reasons), reasons


def _chart(problem: Problem, points: CurrentPoints) -> Chart:
    current = points.density * points.weight
    return Chart.gather(problem.domain.comm, points.position, current, points.projected)


def _spread(problem: Problem, points: CurrentPoints, chart: Chart) -> Array:
    """Shares of the owned cells, with sum 1, in what averages over facets leave out: as the current
    varies within their facets, by area where it does not."""
    values = chart.surface.values[CURRENT][chart.mine]
    cells, area = points.cells[chart.seen], points.projected[chart.seen]
    size = problem.domain.mesh.topology.index_map(problem.domain.dimension).size_local
    total = np.bincount(cells, area, minlength=size)
    mean = np.bincount(cells, area * values, minlength=size) / np.where(total > 0, total, 1.0)
    uneven = np.bincount(cells, area * (values - mean[cells]) ** 2, minlength=size)
    scale = chart.surface.mean(CURRENT, "projected") ** 2
    shares = uneven / scale + 1e-12 * total
    return np.asarray(shares / problem.system.sum(float(shares.sum())))
