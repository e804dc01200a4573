"""Conditions that end a step of a protocol, or stop a block: "voltage >= 0.5 V"."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from zinterphase.case.bounds import within
from zinterphase.case.cycling import CHARGE, DURATION, EFFICIENCY, LEVEL
from zinterphase.case.quantities import Dimensional, not_allowed
from zinterphase.case.words import Part, PlacedError, parts_between, split_at
from zinterphase.units import with_unit

Quantity = Literal[
    "time",
    "charge",
    "voltage",
    "current",
    "thickness",
    "thickness_total",
    "capacity",
    "CE",
    "hysteresis",
    "concentration",
    "gap",
]
Comparison = Literal[">=", "<=", ">", "<"]

_VOLTAGE = Dimensional("V", "a voltage", "0.5 V", within(10.0))
_CURRENT = Dimensional("A/m^2", "a current density", "-0.1 mA/cm^2", within(1e6))
_THICKNESS = Dimensional("m", "a length", "1 um", within(1.0))
_KINDS: Mapping[str, Dimensional] = MappingProxyType(
    {
        "time": DURATION,
        "charge": CHARGE,
        "voltage": _VOLTAGE,
        "current": _CURRENT,
        "thickness": _THICKNESS,
        "thickness_total": _THICKNESS,
        "capacity": CHARGE,
        "CE": EFFICIENCY,
        "hysteresis": _VOLTAGE,
        "concentration": LEVEL,
        "gap": _THICKNESS,
    }
)
_COMPARE: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
)
_CONDITION = re.compile(r"(\w+)\s*(>=|<=|>|<)\s*(\S.*)")
_CYCLES = re.compile(r"(\d{1,5}) cycles?")
MOST_CONDITIONS = 20
"""Conditions joined by "or" at most."""


class Condition(BaseModel):
    """One comparison; ``value`` in SI: s, C/m2, V, A/m2, m, mol/m3, 1.

    ``voltage`` is that of the terminal, working minus counter electrode or reference, ``current``
    the density, negative while plating: both with their sign. ``charge`` is the magnitude passed in
    the step, ``time`` counts from its beginning. ``thickness`` is the mean zinc above the cycle's
    beginning, ``thickness_total`` above t = 0, ``concentration`` the smallest at an electrode,
    ``gap`` the smallest distance between electrodes that move.
    ``cycles``: so many cycles one after the other have to meet it; None where one is enough.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    quantity: Quantity
    comparison: Comparison
    value: float
    cycles: int | None = None

    def met_by(self, found: float) -> bool:
        """Whether a value of the quantity, SI, fulfils the comparison."""
        return _COMPARE[self.comparison](found, self.value)

    @property
    def rising(self) -> bool:
        """Whether growing values fulfil it."""
        return self.comparison[0] == ">"

    def __str__(self) -> str:
        value = with_unit(self.value, _KINDS[self.quantity].unit).strip()
        cycles = "" if self.cycles is None else f" for {self.cycles} cycles"
        return f"{self.quantity} {self.comparison} {value}{cycles}"


def read_conditions(part: Part) -> tuple[Condition, ...]:
    """Conditions joined by "or".

    Raises
    ------
    PlacedError
        Says which word is not one of the grammar, and what could stand there.
    """
    found = [_condition(each) for each in parts_between(part, "or")]
    if len(found) > MOST_CONDITIONS:
        raise PlacedError(part, f"at most {MOST_CONDITIONS} conditions")
    return tuple(found)


def _condition(part: Part) -> Condition:
    match = _CONDITION.fullmatch(part.text)
    if match is None:
        raise PlacedError(part, 'a condition, such as "voltage >= 0.5 V"')
    name, comparison = match[1], match[2]
    if name not in _KINDS:
        raise PlacedError(part.within(match.span(1)), f"one of {', '.join(_KINDS)}")
    value, times = split_at(part.within(match.span(3)), "for")
    cycles = None if times is None else _cycles(times)
    number = value.quantity(_KINDS[name])
    return Condition.model_validate(
        {"quantity": name, "comparison": comparison, "value": number, "cycles": cycles}
    )


def _cycles(part: Part) -> int:
    match = _CYCLES.fullmatch(part.text)
    if match is None or not 1 <= int(match[1]) <= 10_000:
        raise PlacedError(part, 'a number of cycles, such as "3 cycles"')
    return int(match[1])


def _read(value: object) -> object:
    """Conditions of a table: one text, or a list of texts, any of which is enough."""
    texts = list(value) if isinstance(value, list | tuple) else [value]
    found: list[Any] = []
    for text in texts:
        if isinstance(text, Condition):
            found.append(text)
            continue
        if not isinstance(text, str) or not text.strip():
            raise not_allowed('conditions between quotes, such as "voltage >= 0.5 V"')
        try:
            found += read_conditions(Part.of(text))
        except PlacedError as error:
            raise not_allowed(str(error)) from None
    if len(found) > MOST_CONDITIONS:
        raise not_allowed(f"at most {MOST_CONDITIONS} conditions")
    return tuple(found)


Conditions = Annotated[
    tuple[Condition, ...],
    BeforeValidator(_read),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}}),
]
