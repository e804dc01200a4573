"""Does the mesh resolve the transport that the current depends on, and the double layer?"""

from collections.abc import Iterator

from zinterphase.cell.finding import Finding
from zinterphase.errors import SolveError
from zinterphase.fem_types import Form
from zinterphase.observe import keys
from zinterphase.observe.conservation import current_scale
from zinterphase.observe.currents import Currents
from zinterphase.observe.errors import Estimates
from zinterphase.observe.goals import CHARGE
from zinterphase.observe.voltage import NO_CURRENT
from zinterphase.solve.problem import Problem

LARGEST_DEFECT = 0.01
"""Difference of the dissipation by two quadratures over the power, above which there is no
solution: where a layer is depleted within a cell it is of the order of one."""
EXTRA_DEGREE = 4
LARGEST_CHARGE_ERROR = 0.05
"""Estimated relative error of the electrode's charge above which its mesh is warned of."""


def require_resolved_transport(problem: Problem, currents: Currents) -> None:
    """Raise :class:`SolveError` where transport is an artefact of the quadrature; collective.

    In a cell across which a concentration falls by much more than e, a rule of low degree misses
    its average, and the equations have a root whose current is far below the true one. That root
    conserves charge and mass; only a richer rule tells.
    """
    if not problem.level.concentrations(problem.unknowns.liquid, problem.media.liquid):
        return
    current = currents.total
    power = abs(current * problem.potential.value)
    if abs(current) < NO_CURRENT * current_scale(problem, currents) or power == 0.0:
        return
    usual = 2 * problem.case.mesh.order
    fine, coarse = (
        problem.value(problem.once(_dissipation, degree))
        for degree in (usual + EXTRA_DEGREE, usual)
    )
    change = fine - coarse
    if abs(change) > LARGEST_DEFECT * power:
        raise SolveError(
            "a concentration falls within less than a cell: the power spent on transport is "
            f"uncertain by {abs(change) / power:.2g} of the whole, allowed {LARGEST_DEFECT:g}; "
            "take a lower potential, a smaller mesh.first_cell, or mesh.order = 1"
        )


def charge_findings(estimates: Estimates) -> Iterator[Finding]:
    """What the error of the electrode's charge says of its double layer."""
    if CHARGE not in estimates.goals:
        return
    size = abs(estimates.goals[CHARGE].value)
    error = abs(estimates.error(CHARGE))
    if error > LARGEST_CHARGE_ERROR * size > 0.0:
        text = (
            f"its estimated error is {error / size:.2g} of it: the mesh does not resolve the "
            "double layer; take a smaller mesh.first_cell"
        )
        yield Finding("warning", keys.CHARGE_DENSITY, text)


def _dissipation(problem: Problem, degree: int) -> Form:
    """Power [A RT/F] spent in the cells where concentrations are not averaged exactly."""
    liquid, media, measures = problem.unknowns.liquid, problem.media.liquid, problem.measures
    density, layers = problem.level.dissipation(liquid, media), problem.stack.liquid
    form = measures.over_layers(density, layers, degree)
    if problem.level.averaging is not None:
        form = form - measures.beside_electrodes(density, layers, degree)
    return problem.compiled(form)
