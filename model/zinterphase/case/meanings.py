"""What the keys of a case mean, in words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from zinterphase.case.table import Table


@dataclass(frozen=True)
class Meaning:
    """A key in words; ``default`` is what stands in its place where the model does not say it,
    ``also`` the JSON schema of what may be written besides the model's own type."""

    text: str
    default: str | None = None
    also: Mapping[str, Any] = field(default_factory=dict)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    text = files(__package__).joinpath("meanings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def meanings(table: type[Table]) -> dict[str, Meaning]:
    """Of every key that a table may have in a file, those of the tables it extends included.

    Raises
    ------
    KeyError
        When a key has none.
    """
    known: dict[str, Any] = {}
    for kind in reversed(table.__mro__):
        known |= _tables().get(kind.__name__, {})
    return {key: _meaning(known[key]) for key in table.keys()}  # noqa: SIM118


def _meaning(entry: Any) -> Meaning:
    if isinstance(entry, str):
        return Meaning(entry)
    return Meaning(entry["meaning"], entry.get("default"), entry.get("also", {}))
