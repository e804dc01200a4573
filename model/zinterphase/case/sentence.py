"""Steps of a protocol as sentences: "plate at 1 mA/cm^2 until charge >= 1 mAh/cm^2"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from zinterphase.case.bounds import CURRENT_DENSITY, within
from zinterphase.case.condition import Condition, read_conditions
from zinterphase.case.cycling import DURATION, FREQUENCY
from zinterphase.case.quantities import Dimensional
from zinterphase.case.words import Part, PlacedError, split_at
from zinterphase.units import read_si, with_unit

VERBS = ("plate", "strip", "charge", "discharge", "rest", "hold", "impedance")
_DENSITY = Dimensional("A/m^2", "a current density", "1 mA/cm^2", CURRENT_DENSITY)
_VOLTAGE = Dimensional("V", "a voltage", "-0.1 V", within(10.0))
_SIGNS: Mapping[str, float] = MappingProxyType(
    {"plate": -1.0, "strip": 1.0, "charge": -1.0, "discharge": 1.0}
)
_OF_FULL_CELL = ("charge", "discharge")
_FLIPPED: Mapping[str, str] = MappingProxyType({">=": "<=", "<=": ">=", ">": "<", "<": ">"})
_C_RATE = re.compile(r"[\d.]*\s*C(\s*/\s*[\d.]+)?")
_FULL_CELL = "(a C-rate refers to the capacity of a full cell: its table active)"


def read_sentence(text: str) -> dict[str, Any]:
    """The table of a step that says the same as a sentence.

    ``verb ["at" quantity] ["for" time] ["until" condition {"or" condition}]``; the verb is the
    sign. Charging a full cell plates its working metal, at a current density or at a voltage;
    voltages of such sentences are those of the counter electrode against the metal, currents
    are positive in the direction of the verb. Or ``"impedance" ["from" frequency "to" frequency]``.

    Raises
    ------
    PlacedError
        Says which word is not one of the grammar, and what could stand there.
    """
    whole = Part.of(text)
    if whole.text.partition(" ")[0] == "impedance":
        return _spectrum(whole)
    head, until = split_at(whole, "until")
    head, duration = split_at(head, "for")
    verb, at = split_at(head, "at")
    if verb.text not in VERBS:
        raise PlacedError(verb, f"a verb, one of {', '.join(VERBS)}, then at, for, until")
    table = _driven(verb, at)
    if duration is not None:
        table["for"] = with_unit(duration.quantity(DURATION), "s")
    if until is not None:
        found = (_of_terminal(verb.text, condition) for condition in read_conditions(until))
        table["until"] = [str(condition) for condition in found]
    return table


def _spectrum(whole: Part) -> dict[str, Any]:
    """A measurement, which takes no time."""
    head, span = split_at(whole, "from")
    if head.text != "impedance":
        end = head.within((len("impedance"), len(head.text)))
        raise PlacedError(end, 'nothing but "from" a frequency "to" a frequency: it takes no time')
    if span is None:
        return {"mode": "impedance"}
    low, high = split_at(span, "to")
    if high is None:
        end = Part("", low.column + len(low.text))
        raise PlacedError(end, '"to" a frequency, such as "from 1 mHz to 1 MHz"')
    ends = [with_unit(part.quantity(FREQUENCY), "Hz") for part in (low, high)]
    return {"mode": "impedance", "lowest": ends[0], "highest": ends[1]}


def _driven(verb: Part, at: Part | None) -> dict[str, Any]:
    """What the step imposes."""
    if verb.text == "rest":
        if at is not None:
            raise PlacedError(at, "rest without a quantity: no current flows")
        return {"mode": "rest"}
    if at is None:
        wanted = '"at" a voltage' if verb.text == "hold" else '"at" a current density'
        raise PlacedError(Part("", verb.column + len(verb.text)), wanted)
    if verb.text == "hold":
        return {"mode": "voltage", "voltage": with_unit(at.quantity(_VOLTAGE), "V")}
    if _C_RATE.fullmatch(at.text):
        raise PlacedError(at, f'a current density, such as "1 mA/cm^2" {_FULL_CELL}')
    if verb.text in _OF_FULL_CELL and read_si(at.text, "V") is not None:
        return {"mode": "voltage", "voltage": with_unit(-at.quantity(_VOLTAGE), "V")}
    magnitude = at.quantity(_DENSITY)
    if magnitude <= 0.0:
        raise PlacedError(at, f"a current density above 0: {verb.text} is its sign")
    current = _SIGNS[verb.text] * magnitude
    return {"mode": "current", "current_density": with_unit(current, "A/m^2")}


def _of_terminal(verb: str, condition: Condition) -> Condition:
    """A condition of a sentence on the voltage, working minus counter, and the current, negative
    while plating."""
    flipped = {"charge": ("voltage", "current"), "discharge": ("voltage",)}.get(verb, ())
    if condition.quantity not in flipped:
        return condition
    comparison = _FLIPPED[condition.comparison]
    return condition.model_copy(update={"comparison": comparison, "value": -condition.value})
