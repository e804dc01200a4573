"""One number of a result: its unit, what kind of number it is, and what is known of its error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

Value = float | bool | Sequence[str] | None


class Kind(StrEnum):
    """What a number is: one that a finer mesh would change, or why none would."""

    DISCRETISED = "discretised"
    IMPOSED = "imposed"
    CLOSED_FORM = "closed_form"
    DEFINITION = "definition"
    GIVEN = "given"
    ESTIMATE = "estimate"
    COUNT = "count"
    MEASURED = "measured"
    SWITCH = "switch"
    LIST = "list"


REASONS: Mapping[Kind, str] = {
    Kind.DISCRETISED: "one mesh: no discretisation error known",
    Kind.IMPOSED: "imposed",
    Kind.CLOSED_FORM: "closed form of the input",
    Kind.DEFINITION: "exact by its definition",
    Kind.GIVEN: "given by the case",
    Kind.ESTIMATE: "an estimate of an error",
    Kind.COUNT: "a count",
    Kind.MEASURED: "measured while running",
    Kind.SWITCH: "a switch",
    Kind.LIST: "a list",
}
"""Why a number of a kind has no error, for a reader."""


@dataclass(frozen=True)
class Quantity:
    """A value in ``unit`` ("1" for a pure number), with its error in the same unit or without.

    ``reason`` says why there is no value or no error; by default what follows from the kind. A
    value that is not defined is None and needs a reason.

    Raises
    ------
    ValueError
        When the unit is empty, a number is not finite, or a missing value has no reason.
    """

    value: Value
    unit: str
    kind: Kind
    error: float | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        """Refuse what nobody could read."""
        if not self.unit:
            raise ValueError('a quantity needs a unit, "1" for a pure number')
        for number in (self.value, self.error):
            if isinstance(number, float | np.floating) and not math.isfinite(number):
                raise ValueError(f"{number} is not finite; an undefined value is None")
        if self.value is None and not self.reason:
            raise ValueError("a value that is not defined needs a reason")

    @property
    def note(self) -> str | None:
        """Why there is no error, for a reader; None where there is one and nothing else to say."""
        return self.reason or (REASONS[self.kind] if self.error is None else None)

    def as_dict(self) -> dict[str, object]:
        """Ready for JSON; the inverse of :meth:`from_dict`."""
        return {
            "value": self.value,
            "unit": self.unit,
            "kind": self.kind.value,
            "error": self.error,
            "reason": self.note,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Quantity:
        """Raises KeyError for a missing entry, ValueError for an unknown kind."""
        kind = Kind(data["kind"])
        reason = None if data["reason"] == REASONS[kind] else data["reason"]
        return cls(data["value"], data["unit"], kind, data["error"], reason)
