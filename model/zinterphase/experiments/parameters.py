"""Numbers of an experiment that a user may set, and how they are told from keys of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from zinterphase.case import Case
from zinterphase.case.load import overridden
from zinterphase.errors import CaseError
from zinterphase.units import UnitError, conversion_factor, to_si

MOST = 1000
"""Largest count, and most entries of a list."""


@dataclass(frozen=True)
class Parameter:
    """A magnitude above 0 in ``unit``, its ``default`` as text.

    ``several`` takes a list of them between commas; one with a ``least`` is a whole number.
    """

    name: str
    default: str
    unit: str
    meaning: str
    several: bool = False
    least: int | None = None

    def read(self, text: str) -> tuple[float, ...]:
        """Values in ``unit``. Raises :class:`CaseError`."""
        parts = text.split(",") if self.several else [text]
        if not 1 <= len(parts) <= MOST:
            raise CaseError(self.name, text, f"1 to {MOST} values between commas")
        return tuple(self._one(part.strip()) for part in parts)

    def told(self, values: Sequence[float]) -> str:
        """Values for people, in the unit of the default."""
        unit = self.default.split(",")[0].strip().partition(" ")[2]
        factor = float(conversion_factor(unit or "1", self.unit) or 1)
        shown = ", ".join(f"{value / factor:.5g}" for value in values)
        return f"{shown} {unit}".strip()

    def _one(self, text: str) -> float:
        try:
            value = to_si(text, self.unit)
        except UnitError:
            value = float("nan")
        if self.least is not None:
            if not (self.least <= value <= MOST and value == int(value)):
                raise CaseError(self.name, text, f"a whole number from {self.least} to {MOST}")
        elif not (isfinite(value) and value > 0.0):
            example = self.default.split(",")[0]
            raise CaseError(self.name, text, f'a magnitude above 0 with its unit, as "{example}"')
        return value


PLATING_CURRENT = Parameter(
    "current", "1 mA/cm^2", "A/m^2", "current density of plating and stripping"
)
CUTOFF = Parameter("cutoff", "0.5 V", "V", "end of stripping, above the voltage at open circuit")


@dataclass(frozen=True)
class Values:
    """What the parameters of an experiment are set to, SI units."""

    of: Mapping[str, tuple[float, ...]]

    def __getitem__(self, name: str) -> float:
        return self.of[name][0]

    def count(self, name: str) -> int:
        """A whole number."""
        return int(self[name])

    def each(self, name: str) -> tuple[float, ...]:
        """The entries of a list."""
        return self.of[name]


def values_of(parameters: Sequence[Parameter], given: Mapping[str, str]) -> Values:
    """Defaults, and in their place what is ``given``; entries of other experiments are left out."""
    return Values({p.name: p.read(given.get(p.name, p.default)) for p in parameters})


def sorted_overrides(
    texts: Sequence[str], parameters: Sequence[Parameter]
) -> tuple[dict[str, str], list[str]]:
    """The ``key=value`` texts that set parameters, and those that are overrides of the case.

    Raises
    ------
    CaseError
        For a key without a dot that is neither.
    """
    known = {p.name for p in parameters}
    own: dict[str, str] = {}
    others: list[str] = []
    for text in texts:
        key, equals, value = text.partition("=")
        name = key.strip()
        if equals and name in known:
            own[name] = value.strip().strip("\"'")
        elif equals and name and "." not in name and name not in Case.model_fields:
            allowed = f"a key of the case, or {', '.join(sorted(known))}"
            raise CaseError("--set", name, allowed)
        else:
            others.append(text)
    overridden({}, others)  # a malformed one is told before anything is read
    return own, others
