"""What reacts at the electrodes of a state in time, as rates by their names."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from zinterphase.fem_types import Form
from zinterphase.observe.currents import Turns, metal_taken, reaction_currents, step_turns
from zinterphase.observe.reactions import gas_production
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]
HYDROGEN = "hydrogen"


def reaction_rate(electrode: str, reaction: str) -> str:
    """Name among a point's rates of the current of a reaction of an electrode."""
    return f"reaction {electrode} {reaction}"


def taken_rate(electrode: str) -> str:
    """Name among a point's rates of what chemical steps take of an electrode's metal, as a current
    of the metal's own reaction."""
    return f"taken {electrode}"


def isolated_rate(electrode: str) -> str:
    """Key of the metal of an electrode that loses contact."""
    return f"isolated {electrode}"


class ReactionCourse:
    """Integrals of all rate laws at the problem's present state; everything collective.

    Attributes
    ----------
    reactions, turns : Of each electrode, by layer and name: currents [A], turns of chemical steps
        [mol/s].
    """

    def __init__(self, problem: Problem) -> None:
        """None looked at yet."""
        self._problem = problem
        self.reactions: dict[str, Mapping[tuple[str, str], float]] = {}
        self.turns: dict[str, Turns] = {}

    def follow(self) -> None:
        """Take over the present state."""
        problem = self._problem
        self.reactions = {e.name: reaction_currents(problem, e) for e in problem.electrodes}
        self.turns = {e.name: step_turns(problem, e) for e in problem.electrodes}

    def rates(self) -> dict[str, Array]:
        """By name: hydrogen [mol/s], currents of reactions, what chemical steps take of metals and
        what of these loses contact [A]."""
        return {
            HYDROGEN: self._hydrogen(),
            **self._by_reaction(),
            **self._taken(),
            **self._isolated(),
        }

    def _hydrogen(self) -> Array:
        """Hydrogen evolved at all electrodes [mol/s]."""
        made = (
            gas_production(e.parts, self.reactions[e.name], self.turns[e.name])
            for e in self._problem.electrodes
        )
        return np.array([sum((gases.get("H2", 0.0) for gases in made), 0.0)])

    def _by_reaction(self) -> dict[str, Array]:
        """Current of each reaction on all walls of its electrode, by :func:`reaction_rate` [A]."""
        found: dict[str, Array] = {}
        for electrode, currents in self.reactions.items():
            for (_, reaction), current in currents.items():
                name = reaction_rate(electrode, reaction)
                found[name] = found.get(name, np.zeros(1)) + current
        return found

    def _taken(self) -> dict[str, Array]:
        """What chemical steps take of each electrode's metal, by :func:`taken_rate` [A]."""
        return {
            taken_rate(e.name): np.array([metal_taken(e.parts, self.turns[e.name])])
            for e in self._problem.electrodes
        }

    def _isolated(self) -> dict[str, Array]:
        """Metal of each electrode that loses contact, by :func:`isolated_rate` [A]."""
        found = {}
        for electrode in self._problem.electrodes:
            form = self._problem.once(_isolation, electrode)
            lost = 0.0 if form is None else self._problem.value(form)
            found[isolated_rate(electrode.name)] = np.array([lost])
        return found


def _isolation(problem: Problem, electrode: Electrode) -> Form | None:
    form = electrode.isolation(problem.level, problem.measures)
    return None if form is None else problem.compiled(form)


def of_metal(electrode: Electrode, values: Mapping[str, Array]) -> float:
    """Current or charge of the reactions that plate the metal."""
    return of(electrode, values, electrode.parts.metal_reactions)


def beside(electrode: Electrode, values: Mapping[str, Array]) -> float:
    """Current or charge of all other reactions of an electrode."""
    return of(electrode, values, electrode.parts.other_reactions)


def of(electrode: Electrode, values: Mapping[str, Array], names: Iterable[str]) -> float:
    """Sum of a point's rates or sums over some reactions, as far as they run."""
    found = (values.get(reaction_rate(electrode.name, name)) for name in names)
    return sum((float(value[0]) for value in found if value is not None), 0.0)
