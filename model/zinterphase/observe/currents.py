"""Currents through the terminals and what reactions make of each ion, computed once."""

from collections.abc import Mapping
from dataclasses import dataclass

from zinterphase.cell.electrodes import ElectrodeParts
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID, Array


@dataclass(frozen=True, eq=False)
class Currents:
    """Integrated rate laws [A] by layer and reaction, and what the far side sees of them.

    ``working`` is empty at level `primary`, where the total is recovered at the electrode's nodes.
    ``counter`` is None at a reservoir. ``far_side`` is the working electrode's current as the
    counter electrode or the reservoir sees it, ``reservoir`` what is recovered there of each
    component of the liquid; None between electrodes.
    """

    working: Mapping[tuple[str, str], float]
    counter: Mapping[tuple[str, str], float] | None
    total: float
    far_side: float
    reservoir: Array | None


def currents_of(problem: Problem) -> Currents:
    """At the present state; collective."""
    counter = through = None
    if problem.counter is None:
        through = problem.recovered(LIQUID, problem.reservoir_dofs)
        far_side = float(problem.level.ionic_current(through[None, :])[0])
    else:
        counter = _integrated(problem, problem.counter)
        far_side = -sum(counter.values())
    if problem.equipotential:
        recovered = float(problem.recovered(LIQUID, problem.electrode_dofs)[0])
        return Currents({}, counter, recovered, far_side, through)
    working = _integrated(problem, problem.working)
    return Currents(working, counter, sum(working.values()), far_side, through)


def _integrated(problem: Problem, electrode: Electrode) -> dict[tuple[str, str], float]:
    forms = electrode.currents(problem.level, problem.measures)
    return {key: problem.integrate(form) for key, form in forms.items()}


def production(
    parts: ElectrodeParts, currents: Mapping[tuple[str, str], float]
) -> dict[str, float]:
    """F times what the reactions of an electrode make of each ion [A]."""
    made: dict[str, float] = {}
    reactions = parts.reactions
    for key, current in currents.items():
        for ion in reactions[key].ions:
            made[ion] = made.get(ion, 0.0) + reactions[key].production(ion) * current
    return made
