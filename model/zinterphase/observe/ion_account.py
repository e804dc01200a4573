"""The account of every ion in time: what comes, and what is held."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from zinterphase.fem_types import Form
from zinterphase.forms import compiled_form, value
from zinterphase.observe.balance import Balance
from zinterphase.observe.currents import Turns, production
from zinterphase.scales import FARADAY
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID

Array = npt.NDArray[np.float64]
MADE, TURNED = "made", "turned over"
"""Before the name of an ion, among the rates of a point."""
SLIGHT = 1e-2
"""Part of what there is of an ion that its account is judged against at least."""


class IonAccount:
    """Of each conserved ion with what is in those that form from it at a finite rate, which no such
    rate enters; of these by themselves, too. Compiled once, everything collective."""

    def __init__(self, problem: Problem) -> None:
        """The problem is at its initial state."""
        self._problem, self._comm = problem, problem.domain.comm
        maps = problem.measures.entity_maps
        self._amounts = self._amount_forms()
        self._formed = {
            name: (compiled_form(net, maps), compiled_form(both, maps))
            for name, (net, both) in problem.homogeneous.made().items()
        }
        self.initial = self.amounts()
        """What was held then, or on the first of the meshes."""

    def amounts(self) -> dict[str, float]:
        """F times what liquid and solids hold [A s]."""
        own = {ion: FARADAY * value(self._comm, form) for ion, form in self._amounts.items()}
        return self._problem.bulk.totals(own)

    def rates(
        self,
        currents: Mapping[str, Mapping[tuple[str, str], float]],
        turns: Mapping[str, Turns],
    ) -> dict[str, Array]:
        """F times what reactions, by electrode [A], chemical steps [mol/s] and a reservoir give
        [A]; and what forms and what decays of each complex at a finite rate, together."""
        problem = self._problem
        made = dict.fromkeys(problem.level.conserved.values(), 0.0)
        for electrode in problem.electrodes:
            name = electrode.name
            for ion, rate in production(electrode.parts, currents[name], turns[name]).items():
                if ion in made:
                    made[ion] += rate
        if problem.counter is None and made:
            rows = problem.recovered(LIQUID, problem.reservoir_dofs)
            for component, ion in problem.level.conserved.items():
                made[ion] += float(rows[component])
        made = problem.bulk.totals(made)
        turned = {}
        for name, (net, both) in self._formed.items():
            made[name] += value(self._comm, net)
            turned[f"{TURNED} {name}"] = np.array([value(self._comm, both)])
        return {f"{MADE} {ion}": np.array([rate]) for ion, rate in made.items()} | turned

    def balances(
        self, sums: Mapping[str, Array], charged: Callable[[str], float], scale: float
    ) -> Iterator[Balance]:
        """What has come since t = 0, by integrals of the rates, against what is held more [C];
        ``charged`` is F times what double layers have given of an ion."""
        for ion, held in self.amounts().items():
            come = float(sums[f"{MADE} {ion}"][0]) + charged(ion)
            turned = float(sums[f"{TURNED} {ion}"][0]) if ion in self._formed else 0.0
            size = max(scale, SLIGHT * self.initial[ion], turned)
            yield Balance(f"ion {ion}", come, held - self.initial[ion], size, "C")

    def _amount_forms(self) -> dict[str, Form]:
        problem, media = self._problem, self._problem.media.liquid
        found = problem.level.amounts(problem.unknowns.liquid, media)
        layers, maps = problem.stack.liquid, problem.measures.entity_maps
        forms = {}
        for ion in problem.level.conserved.values():
            held = problem.measures.over_layers(found[ion] * media.porosity, layers)
            beside = problem.held_beside(ion)
            forms[ion] = compiled_form(held if beside is None else held + beside, maps)
        return forms
