"""Currents through the terminals and what reactions make of each ion, computed once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zinterphase.cell.electrodes import ElectrodeParts
from zinterphase.cell.step import metal_current
from zinterphase.fem_types import Form
from zinterphase.scales import FARADAY
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID, Array

type Turns = Mapping[tuple[str, str], float]
"""Of chemical steps by layer and name [mol/s]."""


@dataclass(frozen=True, eq=False)
class Currents:
    """Integrated rate laws [A] by layer and reaction, and what the far side sees of them.

    ``working_turns`` and ``counter_turns`` are those of chemical steps [mol/s].

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
    working_turns: Turns = field(default_factory=dict)
    counter_turns: Turns = field(default_factory=dict)


def currents_of(problem: Problem) -> Currents:
    """At the present state; collective."""
    counter = through = None
    counter_turns: Turns = {}
    if problem.counter is None:
        through = problem.recovered(LIQUID, problem.reservoir_dofs)
        far_side = float(problem.level.ionic_current(through[None, :])[0])
    else:
        counter = reaction_currents(problem, problem.counter)
        counter_turns = step_turns(problem, problem.counter)
        far_side = -sum(counter.values())
    if problem.equipotential:
        recovered = float(problem.recovered(LIQUID, problem.electrode_dofs)[0])
        return Currents({}, counter, recovered, far_side, through)
    working = reaction_currents(problem, problem.working)
    total, turns = sum(working.values()), step_turns(problem, problem.working)
    return Currents(working, counter, total, far_side, through, turns, counter_turns)


def reaction_currents(problem: Problem, electrode: Electrode) -> dict[tuple[str, str], float]:
    """Currents of an electrode by layer and reaction [A], at the present state; collective."""
    return {key: problem.value(form) for key, form in problem.once(_rates, electrode).items()}


def step_turns(problem: Problem, electrode: Electrode) -> Turns:
    """Turns of its chemical steps, at the present state; collective."""
    return {key: problem.value(form) for key, form in problem.once(_turnovers, electrode).items()}


def _rates(problem: Problem, electrode: Electrode) -> dict[tuple[str, str], Form]:
    forms = electrode.currents(problem.level, problem.measures)
    return {key: problem.compiled(form) for key, form in forms.items()}


def _turnovers(problem: Problem, electrode: Electrode) -> dict[tuple[str, str], Form]:
    forms = electrode.turns(problem.level, problem.measures)
    return {key: problem.compiled(form) for key, form in forms.items()}


def production(
    parts: ElectrodeParts, currents: Mapping[tuple[str, str], float], turns: Turns
) -> dict[str, float]:
    """F times what the reactions of an electrode make of each ion, in precipitates too [A];
    ``turns`` are those of its chemical steps [mol/s]."""
    made: dict[str, float] = {}
    reactions = parts.reactions
    for key, current in currents.items():
        for ion, number in reactions[key].account().items():
            made[ion] = made.get(ion, 0.0) + number * current
    for key, rate in turns.items():
        for ion, number in parts.steps[key].ions.items():
            made[ion] = made.get(ion, 0.0) + FARADAY * number * rate
    return made


def metal_taken(parts: ElectrodeParts, turns: Turns) -> float:
    """Charge per time with which the metal's own reaction would dissolve what chemical steps take
    of the metal [A]."""
    turned = ((parts.steps[key], rate) for key, rate in turns.items())
    return float(metal_current(turned, parts.surface.main))
