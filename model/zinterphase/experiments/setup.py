"""A case made ready for an experiment: its own tables with the protocol in place of its control."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zinterphase.case import Case, Draft
from zinterphase.case.load import changed, overridden
from zinterphase.experiments.experiment import Experiment, InTime
from zinterphase.experiments.parameters import Values
from zinterphase.units import with_unit

PLACEHOLDER = "-1 A/m^2"
"""Current density of a steady case until it gets those of the experiment."""


@dataclass(frozen=True)
class Setup:
    """An experiment with its ``values`` on a case file; ``overrides`` have the last word."""

    experiment: Experiment
    values: Values
    draft: Draft
    overrides: tuple[str, ...] = ()

    @classmethod
    def load(
        cls, experiment: Experiment, values: Values, path: Path, overrides: Sequence[str]
    ) -> "Setup":
        """Read a case file. Raises :class:`CaseError`."""
        found = cls(experiment, values, Draft.load(path), tuple(overrides))
        found.case()
        return found

    def case(self, rest_voltage: float = 0.0) -> Case:
        """The case with the experiment's protocol about a voltage at open circuit [V], or a steady
        one. Raises :class:`CaseError`."""
        tables = changed(self.draft.tables, self._driving(rest_voltage))
        return Case.from_dict(overridden(tables, self.overrides), self.draft.folder)

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
        is_given = isinstance(own, dict) and "max_step" in own
        if measure.longest_step is not None and not is_given:
            found["time.max_step"] = with_unit(measure.longest_step(self.values), "s")
        return found
