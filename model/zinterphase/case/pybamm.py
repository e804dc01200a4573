"""Experiment strings of PyBaMM ("Discharge at 1 mA/cm2 for 1 hour") as steps of a protocol.

Of its grammar: charge, discharge, rest and hold; at a current density, a current where the area
is known, or a voltage; for a time; until a voltage or a current. Its discharge strips the zinc of a
full cell. A cell that is none has to say what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from zinterphase.case.bounds import CURRENT_DENSITY, within
from zinterphase.case.condition import Condition
from zinterphase.case.cycling import DURATION
from zinterphase.case.quantities import Dimensional
from zinterphase.case.raw import RawTable
from zinterphase.case.words import Part, PlacedError, split_at
from zinterphase.errors import CaseError
from zinterphase.units import read_si, with_unit

Verb = Literal["plate", "strip"]
_OPPOSITE: Mapping[str, Verb] = MappingProxyType({"plate": "strip", "strip": "plate"})
_DENSITY = Dimensional("A/m^2", "a current density", "1 mA/cm2", CURRENT_DENSITY)
_VOLTAGE = Dimensional("V", "a voltage", "0.5 V", within(10.0))
_OR_UNTIL = re.compile(r"(?<!\S)or(?=\s+until(?!\S))")


def from_pybamm(
    strings: Sequence[str],
    discharge: Verb | None,
    area: float | None = None,
    field: str = "strings",
) -> list[str]:
    """Return the sentences that say what the strings say.

    Parameters
    ----------
    strings : of PyBaMM's experiments.
    discharge : what a discharge does to the working electrode; None where nobody has said.
    area : of the electrode [m2], which turns amperes into current densities; None: not known.
    field : name of the strings, for errors.

    Raises
    ------
    CaseError
        Says which part of a string has no counterpart.
    """
    translation = _Translation(discharge, area)
    sentences = []
    for number, string in enumerate(strings, 1):
        try:
            sentences.append(translation.sentence(string))
        except PlacedError as error:
            raise CaseError(f"{field}.{number}", string, str(error)) from None
    return sentences


def translate(block: RawTable, area: float | None, where: str) -> None:
    """Put steps in place of the strings of a raw block, and of the blocks in it.

    Raises
    ------
    CaseError
        As :func:`from_pybamm`, and for strings beside steps.
    """
    strings, discharge = block.pop("pybamm", None), block.pop("discharge", None)
    if discharge is not None and (strings is None or discharge not in _OPPOSITE):
        allowed = "only with pybamm" if strings is None else '"strip" or "plate"'
        raise CaseError(f"{where}.discharge", discharge, allowed)
    if strings is not None:
        if not isinstance(strings, list) or not all(isinstance(text, str) for text in strings):
            raise CaseError(f"{where}.pybamm", strings, "a list of experiment strings")
        if "steps" in block:
            raise CaseError(f"{where}.pybamm", strings, "either pybamm or steps")
        block["steps"] = from_pybamm(strings, discharge, area, f"{where}.pybamm")
    steps = block.get("steps")
    for number, inner in enumerate(steps if isinstance(steps, list) else [], 1):
        if isinstance(inner, dict):
            translate(inner, area, f"{where}.steps.{number}")


class _Translation:
    """Goes from string to string, as a hold goes on in the direction before it."""

    def __init__(self, discharge: Verb | None, area: float | None) -> None:
        self._discharge = discharge
        self._area = area
        self._direction: Verb | None = None

    def sentence(self, string: str) -> str:
        """One step."""
        # Units keep their case, words lose it.
        lowered = re.sub(r"^\s*\w+", lambda verb: verb[0].lower(), string)
        head, until = split_at(Part.of(_OR_UNTIL.sub("  ", lowered)), "until")
        head, duration = split_at(head, "for")
        verb, at = split_at(head, "at")
        words = self._driven(verb, at)
        if duration is not None:
            words += f" for {with_unit(duration.quantity(DURATION), 's')}"
        if until is not None:
            words += f" until {self._end(until)}"
        return words

    def _driven(self, verb: Part, at: Part | None) -> str:
        if verb.text == "rest" and at is None:
            return "rest"
        if verb.text == "hold" and at is not None:
            return f"hold at {with_unit(at.quantity(_VOLTAGE), 'V')}"
        if verb.text not in ("charge", "discharge") or at is None:
            raise PlacedError(verb, "charge at, discharge at, hold at or rest")
        if self._discharge is None:
            raise PlacedError(verb, 'discharge = "strip" or "plate" beside it: no full cell')
        strips = self._discharge
        self._direction = strips if verb.text == "discharge" else _OPPOSITE[strips]
        return f"{self._direction} at {with_unit(self._density(at), 'A/m^2')}"

    def _density(self, part: Part) -> float:
        amperes = read_si(part.text, "A")
        if amperes is None:
            return part.quantity(_DENSITY)
        if self._area is None:
            raise PlacedError(part, "a current density, or terminal.area for amperes")
        return amperes / self._area

    def _end(self, part: Part) -> Condition:
        """A voltage is met in the direction of the current, a current where it has faded to it."""
        if self._direction is None:
            raise PlacedError(part, "a time alone before the first charge or discharge")
        rises = self._direction == "strip"
        if read_si(part.text, "V") is not None:
            name, value, grows = "voltage", part.quantity(_VOLTAGE), rises
        else:
            name, value, grows = "current", self._density(part), not rises
            value = value if rises else -value
        comparison = ">=" if grows else "<="
        return Condition.model_validate(
            {"quantity": name, "comparison": comparison, "value": value}
        )
