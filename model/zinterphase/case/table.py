"""Base of every table of a case: frozen, unknown keys refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class Table(BaseModel):
    """One table of the case file; values are SI."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Keys that may be written but are consumed while reading.
    consumed_keys: ClassVar[tuple[str, ...]] = ()
    # Lists that mean something else where they are left out than where they are empty.
    told_empty: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def keys(cls) -> list[str]:
        """Names that the table may have in a file."""
        named = [field.alias or name for name, field in cls.model_fields.items()]
        return [*named, *cls.consumed_keys]

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            known = cls.keys()
            for key in data:
                if key not in known:
                    raise PydanticCustomError(
                        "unknown_key",
                        "unknown key",
                        {"key": str(key), "allowed": _suggestion(str(key), known)},
                    )
        return data


def refused(key: str, allowed: str) -> PydanticCustomError:
    """Return the error of a table whose rule one of its keys breaks."""
    return PydanticCustomError("not_allowed", "refused", {"key": key, "allowed": allowed})


def name_of(entry: Any) -> Any:
    """What an entry of a list is called by: a layer's name, a block's label; None without."""
    return entry.get("name", entry.get("label")) if isinstance(entry, Mapping) else None


def _suggestion(key: str, known: list[str]) -> str:
    close = get_close_matches(key, known, n=1)
    listed = f"keys {', '.join(known)}"
    # In front, as a long list is cut.
    return f"(did you mean {close[0]}?) {listed}" if close else listed
