"""Access to the tables of a case before they are validated: what cannot be read is left alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from zinterphase.materials.library import Sourced
from zinterphase.units import with_unit

RawTable = dict[str, Any]


def entry(table: Any, key: str) -> Any:
    """Return an entry; None where the table, or the entry, is none."""
    return table.get(key) if isinstance(table, dict) else None


def number(value: Any) -> float | None:
    """Return a plain finite number; None where the value is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) <= sys.float_info.max else None


def fill(table: RawTable, defaults: Mapping[str, Sourced]) -> None:
    """Set what the table leaves out, as the case file would have it."""
    for field, default in defaults.items():
        if field not in table:
            value = default.value
            dimensional = default.unit and isinstance(value, float)
            table[field] = with_unit(float(value), default.unit) if dimensional else value
