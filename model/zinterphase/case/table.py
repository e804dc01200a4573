"""Base of every table of a case: frozen, unknown keys refused by name."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class Table(BaseModel):
    """One table of the case file; values are SI."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Keys that may be written but are consumed while reading.
    consumed_keys: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            known = [*cls.model_fields, *cls.consumed_keys]
            for key in data:
                if key not in known:
                    raise PydanticCustomError(
                        "unknown_key",
                        "unknown key",
                        {"key": str(key), "allowed": _suggestion(str(key), known)},
                    )
        return data


def _suggestion(key: str, known: list[str]) -> str:
    close = get_close_matches(key, known, n=1)
    listed = f"keys {', '.join(known)}"
    # In front, as a long list is cut.
    return f"(did you mean {close[0]}?) {listed}" if close else listed
