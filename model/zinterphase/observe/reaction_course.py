"""What reacts at the electrodes of a state in time, as rates by their names."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from zinterphase.fem_types import Form
from zinterphase.forms import compiled_form, value
from zinterphase.observe.currents import metal_taken
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
        """Compile them."""
        self._comm, self._electrodes = problem.domain.comm, problem.electrodes
        level, measures = problem.level, problem.measures
        maps = measures.entity_maps
        self._currents = {
            e.name: {k: compiled_form(f, maps) for k, f in e.currents(level, measures).items()}
            for e in problem.electrodes
        }
        self._turn_forms = {
            e.name: {k: compiled_form(f, maps) for k, f in e.turns(level, measures).items()}
            for e in problem.electrodes
        }
        isolation = {e.name: e.isolation(level, measures) for e in problem.electrodes}
        self._isolation = {
            name: None if form is None else compiled_form(form, maps)
            for name, form in isolation.items()
        }
        self.reactions: dict[str, dict[tuple[str, str], float]] = {}
        self.turns: dict[str, dict[tuple[str, str], float]] = {}

    def follow(self) -> None:
        """Take over the present state."""
        self.reactions = {e.name: self._integrated(e, self._currents) for e in self._electrodes}
        self.turns = {e.name: self._integrated(e, self._turn_forms) for e in self._electrodes}

    def rates(self) -> dict[str, Array]:
        """By name: hydrogen [mol/s], currents of reactions, what chemical steps take of metals and
        what of these loses contact [A]."""
        return {
            HYDROGEN: self._hydrogen(),
            **self._by_reaction(),
            **self._taken(),
            **self._isolated(),
        }

    def _integrated(
        self, electrode: Electrode, forms: Mapping[str, dict[tuple[str, str], Form]]
    ) -> dict[tuple[str, str], float]:
        comm = self._comm
        return {key: value(comm, form) for key, form in forms[electrode.name].items()}

    def _hydrogen(self) -> Array:
        """Hydrogen evolved at all electrodes [mol/s]."""
        made = (
            gas_production(e.parts, self.reactions[e.name], self.turns[e.name])
            for e in self._electrodes
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
            for e in self._electrodes
        }

    def _isolated(self) -> dict[str, Array]:
        """Metal of each electrode that loses contact, by :func:`isolated_rate` [A]."""
        comm = self._comm
        return {
            isolated_rate(name): np.array([0.0 if form is None else value(comm, form)])
            for name, form in self._isolation.items()
        }


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
