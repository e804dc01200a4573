"""Spectra of a run in time side by side: a row each, of the numbers they come to."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zinterphase.case.protocol import Visit
from zinterphase.march.sample import Sample
from zinterphase.observe.quantity import Quantity
from zinterphase.output.files import write_rows
from zinterphase.output.runfolder import RunFolder
from zinterphase.parallel import on_root
from zinterphase.solve.instant import standing
from zinterphase.solve.problem import Problem

SPECTRA, LAST = "spectra.csv", "last_spectrum."
_PREFIX = "impedance."

type Measure = Callable[[Problem, Visit, str], dict[str, Quantity]]
"""Measures a spectrum about the problem's present state, writes it to the file of a name, and gives
its numbers by their keys ("impedance..."), on all ranks."""


class Spectra:
    """Has them measured and keeps their numbers; everything collective.

    Without a ``measure`` steps that ask for a spectrum pass by.
    """

    def __init__(
        self,
        problem: Problem,
        folder: RunFolder,
        measure: Measure | None,
    ) -> None:
        """Begin without any."""
        self._problem, self._folder, self._measure = problem, folder, measure
        self.memory: list[dict[str, Any]] = []
        """Of every spectrum as plain data: where it stands and its numbers."""

    def follow(self, problem: Problem) -> None:
        """Measure at the states of another problem of the same case from now on."""
        self._problem = problem

    def recall(self, memory: Iterable[Mapping[str, Any]]) -> None:
        """Go on behind those of ``memory``."""
        self.memory = [dict(each) for each in memory]

    def take(self, visit: Visit, sample: Sample) -> None:
        """Measure one at the present state."""
        if self._measure is None:
            return
        name = f"impedance_cycle{visit.cycle}_step{visit.number}.csv"
        with standing(self._problem):
            found = self._measure(self._problem, visit, name)
        place = {"cycle": visit.cycle, "step": visit.number, "time": sample.time,
                 "voltage": sample.voltage, "current": sample.current, "file": name}  # fmt: skip
        numbers = {key.removeprefix(_PREFIX): q.as_dict() for key, q in found.items()}
        self.memory.append({"place": place, "numbers": numbers})
        on_root(self._problem.domain.comm, self._write)

    @property
    def last(self) -> dict[str, Quantity]:
        """Numbers of the last spectrum by their keys; none before there is one."""
        if not self.memory:
            return {}
        numbers = self.memory[-1]["numbers"]
        return {LAST + key: Quantity.from_dict(entry) for key, entry in numbers.items()}

    def _write(self) -> None:
        """A column for every number that any of them has; empty where it is not defined."""
        names = dict.fromkeys(key for each in self.memory for key in each["numbers"])
        rows = [
            {**each["place"], **{key: each["numbers"].get(key, {}).get("value") for key in names}}
            for each in self.memory
        ]
        write_rows(self._folder.claim(SPECTRA), rows)
