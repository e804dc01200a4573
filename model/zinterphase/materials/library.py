"""The parameter library: every physical value with its unit, range and source.

``library.toml`` is the only place where numbers live; this module gives typed access and SI values.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from zinterphase.formats import KEY, LIBRARY, WRITER
from zinterphase.units import UnitError, base_factor

# What follows the unit proper: the scale, the state, the thing counted.
_QUALIFIER = re.compile(r"\s+(?:vs|at|of|real|ZnSO4)\b.*|\s+\(.*|\((?:charge|I2)\)")
_SPECIAL = {
    "-": "",
    "x bare": "",
    "ratio": "",
    "cycles": "",
    "x in TiO(2-x)": "",
    "ratio i_corr(coated)/i_corr(bare)": "",
    "- for 50 um foil and 2 mg/cm2": "",
    "sites/nm2": "1/nm2",
    "V/dec": "V",
    "m per mAh/cm2": "m/(mAh/cm2)",
}


@dataclass(frozen=True)
class Parameter:
    """One entry of the library, as written there.

    ``si`` and ``si_range`` convert to coherent SI units; potentials keep the scale named in
    ``unit`` (``V vs SHE``).
    """

    key: str
    value: float | str
    unit: str
    range: tuple[float, float] | None
    source: str
    confidence: str
    basis: str
    note: str

    @property
    def si(self) -> float:
        """Value in SI. Raises UnitError when value or unit is not a physical quantity."""
        if isinstance(self.value, str):
            raise UnitError(f"{self.key} = {self.value!r} is text, not a number")
        return self._converted(self.value)

    @property
    def si_range(self) -> tuple[float, float] | None:
        """Plausible range in SI; None when the value is exact or no range is known."""
        if self.range is None:
            return None
        return self._converted(self.range[0]), self._converted(self.range[1])

    def _converted(self, number: float) -> float:
        try:
            return float(Decimal(repr(number)) * base_factor(_pure_unit(self.unit)))
        except UnitError as error:
            raise UnitError(f"{self.key}: unit {self.unit!r} has no SI equivalent") from error


@dataclass(frozen=True)
class Sourced:
    """A default value in ``unit`` (SI; "" when dimensionless) and where it comes from."""

    value: float | str
    unit: str
    source: str
    confidence: str
    basis: str


@cache
def library() -> Mapping[str, Parameter]:
    """Return every entry of the library by its dotted key."""
    text = files(__package__).joinpath("library.toml").read_text(encoding="utf-8")
    return MappingProxyType(entries_of(text, "library.toml"))


def entries_of(text: str, name: str) -> dict[str, Parameter]:
    """Return the entries of a library's text by their dotted keys; ``name`` is that of the file.

    Raises
    ------
    FormatError
        When it is of another format; the line names the version that wrote it.
    """
    tables = tomllib.loads(text)
    LIBRARY.require(tables, name)
    return {
        f"{group}.{key}": _parameter(f"{group}.{key}", entry)
        for group, entries in tables.items()
        if group not in (KEY, WRITER)
        for key, entry in entries.items()
    }


def parameter(key: str) -> Parameter:
    """Return one entry, e.g. ``parameter("tio2.porosity")``.

    Raises
    ------
    KeyError
        When the library has no such entry.
    """
    try:
        return library()[key]
    except KeyError:
        raise KeyError(f"the material library has no entry {key!r}") from None


def sourced(key: str, unit: str) -> Sourced:
    """Return a library entry as a default, its SI value labelled ``unit``."""
    entry = parameter(key)
    return Sourced(entry.si, unit, f"{key}: {entry.source}", entry.confidence, entry.basis)


def _parameter(key: str, entry: Mapping[str, Any]) -> Parameter:
    value = entry["value"]
    bounds = entry.get("range")
    return Parameter(
        key=key,
        value=value if isinstance(value, str) else float(value),
        unit=entry["unit"],
        range=None if bounds is None else (float(bounds[0]), float(bounds[1])),
        source=entry["source"],
        confidence=entry["confidence"],
        basis=entry["basis"],
        note=entry.get("note", ""),
    )


def _pure_unit(unit: str) -> str:
    """Return the unit without scale, state or counted thing; "" for pure numbers."""
    if unit in _SPECIAL:
        return _SPECIAL[unit]
    pure = _QUALIFIER.sub("", unit)
    return _SPECIAL.get(pure, pure)
