"""A case made ready for an experiment: its own tables with the protocol in place of its control."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zinterphase.case import Case, Draft
from zinterphase.case.load import changed, overridden, pointing_to_sweep
from zinterphase.experiments.completed import completed
from zinterphase.experiments.experiment import Experiment, InTime, OnWaves
from zinterphase.experiments.parameters import Values
from zinterphase.experiments.waves import Wave, wave_tables
from zinterphase.units import with_unit

PLACEHOLDER = "-1 A/m^2"
"""Current density of a steady case until it gets those of the experiment."""
AFFORDABLE = 1e-3
"""`time.rtol` of a case to which something was added and which says nothing of it: acid, base and
fresh substrates cost several times as much a step, and more steps."""


@dataclass(frozen=True)
class Setup:
    """An experiment with its ``values`` on a case file; ``overrides`` have the last word.

    ``added`` tells what the case had nothing of.
    """

    experiment: Experiment
    values: Values
    draft: Draft
    overrides: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @classmethod
    def load(
        cls,
        experiment: Experiment,
        values: Values,
        path: Path,
        overrides: Sequence[str],
        *,
        as_it_is: bool = False,
    ) -> "Setup":
        """Read a case file, with what the experiment needs of the library unless it is taken
        ``as_it_is``. Raises :class:`CaseError`."""
        draft, needs = Draft.load(path), () if as_it_is else experiment.needs
        draft, added = completed(draft, needs) if needs else (draft, ())
        found = cls(experiment, values, draft, tuple(overrides), added)
        found.case()
        return found

    def case(self, rest_voltage: float = 0.0) -> Case:
        """The case with the experiment's protocol about a voltage at open circuit [V], or a steady
        one, or the first of those on waves. Raises :class:`CaseError`."""
        if isinstance(self.experiment.measure, OnWaves):
            return next(self._on_waves())[0]
        tables = changed(self.draft.tables, self._driving(rest_voltage))
        with pointing_to_sweep(self.overrides):
            return Case.from_dict(overridden(tables, self.overrides), self.draft.folder)

    def as_read(self) -> Case:
        """The case with its overrides and its own protocol or control. Raises `CaseError`."""
        return Case.from_dict(self._tables(), self.draft.folder)

    def on_waves(self) -> tuple[list[Case], list[Wave]]:
        """All cases of an experiment on waves, and their surfaces. Raises `CaseError`."""
        cases, waves = zip(*self._on_waves(), strict=True)
        return list(cases), list(waves)

    def _on_waves(self) -> Iterator[tuple[Case, Wave]]:
        measure, case = self.experiment.measure, self.as_read()
        assert isinstance(measure, OnWaves)
        current, waves = measure.waves(self.values, case)
        for wave in waves:
            tables = changed(self._tables(), wave_tables(case, wave, current))
            yield Case.from_dict(tables, self.draft.folder), wave

    def _tables(self) -> dict[str, Any]:
        return overridden(self.draft.tables, self.overrides)

    def _driving(self, rest_voltage: float) -> dict[str, Any]:
        measure = self.experiment.measure
        if not isinstance(measure, InTime):
            return {
                "protocol": None,
                "control.potential": None,
                "control.current_density": PLACEHOLDER,
            }
        found: dict[str, Any] = {
            "control": None,
            "protocol": measure.blocks(self.values, rest_voltage),
        }
        own = self.draft.tables.get("time")
        given = own if isinstance(own, dict) else {}
        if measure.longest_step is not None and "max_step" not in given:
            found["time.max_step"] = with_unit(measure.longest_step(self.values), "s")
        if self.added and "rtol" not in given:
            found["time.rtol"] = AFFORDABLE
        return found
