"""What reductions work on: the course of a run, column by column, and facts about its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
REACTION = "reaction."
"""Prefix of the columns of reactions beside the metal's own."""
TAKEN = "taken"
"""Column of what chemical steps take of the metal, as a current of its own reaction [A/m2]."""
CHARGE = "charge."
"""Prefix of the columns of what they have passed."""


@dataclass(frozen=True, eq=False)
class Course:
    """Rows of a run, SI units, NaN where a cell is empty, signs as in the case.

    ``columns`` in time: ``visit`` (steps of the protocol in their turn, from 0), ``cycle``, the
    fields of a :class:`zinterphase.march.sample.Sample`, ``own``, the current of the metal's own
    reaction [A/m2], ``taken``, what chemical steps take of the metal as such a current,
    ``reaction.NAME`` those of others, ``charge.NAME`` [C/m2] what they have passed since t = 0. The
    first row of a visit is the instant after its switch. Steady ones have a row for each point, by
    growing magnitude of the current; those on waves one for each wavelength, see
    :func:`zinterphase.experiments.waves.wave_columns`. ``facts`` go by name:

    ``rest_voltage`` [V] at open circuit before the first step, ``exchange_current_density`` [A/m2]
    of the metal's own reaction, ``limiting_current`` [A/m2] (infinite or NaN where there is none
    or it is not known: then it is left out), ``electrons`` of that reaction, ``thermal_voltage``
    RT/F [V], ``surface_energy`` [J/m2] of a case on waves.
    """

    columns: Mapping[str, Array]
    facts: Mapping[str, float]

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    @property
    def others(self) -> tuple[str, ...]:
        """Names of the reactions beside the metal's own."""
        return tuple(n.removeprefix(REACTION) for n in self.columns if n.startswith(REACTION))

    @property
    def side_current(self) -> Array:
        """Current of all reactions but the metal's own [A/m2]."""
        return self._sum(REACTION)

    @property
    def corrosion(self) -> Array:
        """What other reactions and chemical steps take of the metal at open circuit [A/m2]."""
        return np.abs(self.side_current) + self.columns.get(TAKEN, np.zeros(len(self)))

    @property
    def side_charge(self) -> Array:
        """Charge they have passed since t = 0 [C/m2]."""
        return self._sum(CHARGE)

    def about(self, rest_voltage: float) -> Course:
        """The same with another potential at rest [V]."""
        return Course(self.columns, {**self.facts, "rest_voltage": rest_voltage})

    def rows(self, chosen: npt.NDArray[np.bool_]) -> Course:
        """The same with some of the rows."""
        return Course({name: values[chosen] for name, values in self.columns.items()}, self.facts)

    def visits(self) -> Iterator[Course]:
        """The steps of the protocol in their turn."""
        number = self["visit"]
        for k in dict.fromkeys(number.tolist()):
            yield self.rows(number == k)

    def visit(self, number: int) -> Course:
        """One of them, counted from 0, or back from the last by negative numbers."""
        return list(self.visits())[number]

    # -- of a course that is one step ----------------------------------------------------------

    @property
    def passed(self) -> float:
        """Charge [C/m2], negative while plating."""
        return float(self["charge"][-1] - self["charge"][0])

    @property
    def elapsed(self) -> Array:
        """Time since its beginning [s]."""
        return np.asarray(self["time"] - self["time"][0])

    @property
    def capacity(self) -> Array:
        """Magnitude of the charge since its beginning [C/m2]."""
        return np.asarray(np.abs(self["charge"] - self["charge"][0]))

    def at_half(self, name: str = "voltage") -> float:
        """A column at half of the charge."""
        capacity = self.capacity
        return float(np.interp(capacity[-1] / 2, capacity, self[name]))

    def _sum(self, prefix: str) -> Array:
        found = [values for name, values in self.columns.items() if name.startswith(prefix)]
        return np.asarray(np.sum(found, axis=0)) if found else np.zeros(len(self))


def joined(courses: Sequence[Course]) -> Course:
    """Rows of several one below the other."""
    names = courses[0].columns
    columns = {name: np.concatenate([c[name] for c in courses]) for name in names}
    return Course(columns, courses[0].facts)
