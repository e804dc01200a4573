"""Every key that a case file may have, by its dotted path; names that a user chooses are NAME."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, TypeAliasType, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from zinterphase.case.film import Regulation, SurfaceDiffusion
from zinterphase.case.json_schema import field_of
from zinterphase.case.meanings import Meaning, meanings
from zinterphase.case.schema import Case
from zinterphase.case.table import Table
from zinterphase.errors import CaseError

NAME = "NAME"
"""Stands in a path for a layer, a reaction, a species, a block."""
_READ_APART: Mapping[str, type[Table]] = {
    "regulation": Regulation, "surface_diffusion": SurfaceDiffusion,
}  # fmt: skip
"""Tables of a layer that are consumed while reading."""


@dataclass(frozen=True)
class Key:
    """A key of a ``table``; ``field`` is None for one that is consumed while reading."""

    path: tuple[str, ...]
    table: type[Table]
    field: FieldInfo | None
    meaning: Meaning

    @property
    def dotted(self) -> str:
        """The path as `--set` has it."""
        return ".".join(self.path)

    def matches(self, parts: tuple[str, ...]) -> bool:
        """Whether a path means this key: names may be others, or left out."""
        if len(parts) == len(self.path):
            return all(own in (NAME, part) for own, part in zip(self.path, parts, strict=True))
        return parts == tuple(part for part in self.path if part != NAME)


@cache
def all_keys() -> tuple[Key, ...]:
    """Every key, a table before what is in it."""
    return tuple(_walk(Case, (), ()))


def keys_called(text: str) -> list[Key]:
    """The keys that a path, or the end of one, stands for.

    Raises
    ------
    CaseError
        When there is none; the line has those that are written alike.
    """
    parts = tuple(text.split("."))
    found = [key for key in all_keys() if key.matches(parts)]
    ends = [k for k in all_keys() if tuple(p for p in k.path if p != NAME)[-len(parts) :] == parts]
    if found or ends:
        return found or ends
    paths = {key.dotted: key for key in all_keys()}
    last = {key.path[-1]: key.dotted for key in all_keys()}
    close = get_close_matches(text, paths, n=3) or [
        last[name] for name in get_close_matches(parts[-1], last, n=3)
    ]
    raise CaseError("KEY", text, f"a key of a case: {', '.join(close) or 'level, layers.NAME'}")


def _walk(
    table: type[Table], path: tuple[str, ...], above: tuple[type[Table], ...]
) -> Iterator[Key]:
    if table in above:  # blocks of a protocol hold blocks
        return
    for key, meaning in meanings(table).items():
        field = field_of(table, key)
        own = Key((*path, key), table, field, meaning)
        yield own
        inner = _READ_APART.get(key) if field is None else None
        tables = [(inner, False)] if inner else _tables(None if field is None else field.annotation)
        for kind, named in tables:
            below = (*own.path, NAME) if named else own.path
            yield from _walk(kind, below, (*above, table))


def _tables(annotation: Any, named: bool = False) -> list[tuple[type[Table], bool]]:
    """The tables in a type, and whether they stand under names of their own."""
    if isinstance(annotation, TypeAliasType):
        return _tables(annotation.__value__, named)
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return [(annotation, named)]
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _tables(inner[0], named)
    if origin is tuple or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return [found for kind in inner for found in _tables(kind, True)]
    if origin in (Union, types.UnionType):
        return [found for kind in inner for found in _tables(kind, named)]
    return []
