"""What a sweep goes over: keys of a case, each with the values it takes one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from zinterphase.case.load import require_single_keys, split_override
from zinterphase.errors import CaseError
from zinterphase.units import UnitError, to_si, unit_of

type Combination = Literal["grid", "zip"]

CONTROLS = ("control.current_density", "control.potential")
"""Keys along which a sweep goes on from point to point on one mesh."""
MOST = 10_000
"""Members of a sweep at most."""


@dataclass(frozen=True)
class Axis:
    """A key and its values, texts as after `--set`."""

    key: str
    values: tuple[str, ...]

    @property
    def unit(self) -> str | None:
        """Unit of the first value, "" for plain numbers; None where a value is no number in it."""
        return None if self._read is None else self._read[0]

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values in `unit`; their places in the list where they are no numbers."""
        return tuple(map(float, range(len(self.values)))) if self._read is None else self._read[1]

    @property
    def _read(self) -> tuple[str, tuple[float, ...]] | None:
        texts = [text.strip("\"'") for text in self.values]
        try:
            unit = unit_of(texts[0])
            return unit, tuple(to_si(text, unit) for text in texts)
        except UnitError:
            return None


@dataclass(frozen=True)
class Axes:
    """All that is swept; ``fixed`` are overrides that every member has."""

    swept: tuple[Axis, ...]
    fixed: tuple[str, ...]
    combination: Combination

    @property
    def control(self) -> Axis | None:
        """The axis along which one solution is the start of the next; None if there is none."""
        if self.combination == "zip" and len(self.swept) > 1:
            return None
        return next((axis for axis in self.swept if axis.key in CONTROLS), None)

    @property
    def others(self) -> tuple[Axis, ...]:
        """The axes beside `control`."""
        return tuple(axis for axis in self.swept if axis is not self.control)

    def members(self) -> Iterator[dict[str, str]]:
        """Values by key of `others`, the last key the fastest; one without any where there is
        nothing but the control."""
        lists = [axis.values for axis in self.others]
        rows = zip(*lists, strict=True) if self.combination == "zip" and lists else product(*lists)
        for row in rows:
            yield {axis.key: value for axis, value in zip(self.others, row, strict=True)}


def axes_of(settings: Sequence[str], ranges: Sequence[str], combination: Combination) -> Axes:
    """The axes that `--set key=v1,v2` and `--range key=a:b:n` ask for.

    A setting of one value holds for every member. Commas within quotes, brackets and braces part
    nothing.

    Raises
    ------
    CaseError
        For a text that is no setting or range, a key that comes twice, both controls, lists of
        unequal length with `zip`, too many members, or nothing to sweep.
    """
    require_single_keys([*settings, *ranges], "each key once, with its values between commas")
    lists = [Axis(*_listed(text)) for text in settings]
    found = [axis for axis in lists if len(axis.values) > 1] + [_range(text) for text in ranges]
    fixed = tuple(f"{axis.key}={axis.values[0]}" for axis in lists if len(axis.values) == 1)
    if not found:
        allowed = 'a key with several values, such as --set "layers.titania.porosity=0.3,0.5"'
        raise CaseError("--set", None, allowed)
    controls = [axis.key for axis in found if axis.key in CONTROLS]
    if len(controls) > 1:
        raise CaseError("--set", ", ".join(controls), "one of them")
    lengths = [len(axis.values) for axis in found]
    if combination == "zip" and len(set(lengths)) > 1:
        told = ", ".join(f"{axis.key}: {len(axis.values)}" for axis in found)
        raise CaseError("--zip", told, "as many values of each key")
    count = lengths[0] if combination == "zip" else int(np.prod([float(n) for n in lengths]))
    if count > MOST:
        raise CaseError("--set", f"{count} members", f"at most {MOST}")
    return Axes(tuple(found), fixed, combination)


def parted(text: str) -> list[str]:
    """The parts of a text between the commas that stand in no quotes and brackets."""
    parts, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        else:
            depth += (letter in "[{") - (letter in "]}")
        if letter == "," and not quote and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _listed(text: str) -> tuple[str, tuple[str, ...]]:
    key, value = split_override(text)
    values = tuple(parted(value))
    if not all(values):
        raise CaseError("--set", text, "a value before and behind every comma")
    return key, values


def _range(text: str) -> Axis:
    """``key=a:b:n``: n values from a to b at equal distances."""
    allowed = 'key=from:to:count, such as "layers.titania.thickness=1 um:5 um:5"'
    key, value = split_override(text)
    parts = [part.strip() for part in value.split(":")]
    if len(parts) != 3 or not parts[2].isdecimal() or not 2 <= int(parts[2]) <= MOST:
        raise CaseError("--range", text, f"{allowed}, with a count from 2 to {MOST}")
    try:
        unit = unit_of(parts[1])
        first, last = (to_si(part, unit) for part in parts[:2])
    except UnitError:
        raise CaseError("--range", text, allowed) from None
    numbers = np.linspace(first, last, int(parts[2]))
    return Axis(key, tuple(f"{float(f'{x:.12g}')!r} {unit}".strip() for x in numbers))
