"""A key of a case in words: meaning, type, unit, default, bounds, and what the library has."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAliasType, Union, get_args, get_origin

from zinterphase.case.json_schema import default_of, marks_of
from zinterphase.case.key_paths import Key
from zinterphase.case.provenance import Provenance
from zinterphase.case.quantities import Dimensional, Number, RelativeError
from zinterphase.case.schema import Case
from zinterphase.materials.library import library

_PLAIN = ((bool, "true or false"), (str, "text between quotes"))
_OTHERS = "a table, a list or a text"


@dataclass(frozen=True)
class LibraryValue:
    """What a case has for a key, the plausible ``range`` and where it comes from; SI units."""

    case: str
    field: str
    value: float | str
    unit: str
    range: tuple[float, float] | None
    source: str
    confidence: str


def kind_in_words(key: Key) -> str:
    """What may be written, with unit, an example and bounds."""
    if key.field is None:
        return str(key.meaning.also.get("type", "a table"))
    for mark in [*key.field.metadata, *marks_of(key.field.annotation)]:
        match mark:
            case Dimensional():
                bounds = f"{mark.bounds} {mark.unit}".strip()
                return f'{mark.name} with its unit, such as "{mark.example}"; {bounds}'
            case Number():
                return f"a {'whole' if mark.integer else 'plain'} number, {mark.bounds}"
            case RelativeError():
                return 'a relative error, such as "1 %" or 0.01'
    words = list(_words(key.field.annotation))
    if words:
        return "one of " + ", ".join(map(str, words))
    return next((text for kind, text in _PLAIN if kind is key.field.annotation), _OTHERS)


def default_in_words(key: Key) -> str:
    """What stands in place of a key that is left out."""
    default = default_of(key.field, key.meaning)
    return "none: it has to be given" if default is None else default


def values_in(key: Key, cases: Iterable[Case]) -> Iterator[LibraryValue]:
    """What cases have for a key that the library knows, each field, value and source once."""
    seen = set()
    for case in cases:
        for entry in case.provenance:
            if key.matches(tuple(entry.field.split("."))):
                found = _with_range(case.title, entry)
                told = (found.field, found.value, found.source)
                if told not in seen:
                    seen.add(told)
                    yield found


def _with_range(title: str, entry: Provenance) -> LibraryValue:
    """With the range of the library's entry that the source names first."""
    known = library().get(entry.source.partition(":")[0])
    bounds = None if known is None else known.si_range
    return LibraryValue(
        title, entry.field, entry.value, entry.unit, bounds, entry.source, entry.confidence
    )


def _words(annotation: Any) -> Iterator[Any]:
    """The values that a key takes where it takes few."""
    if isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        yield from inner
    elif origin is Annotated:
        yield from _words(inner[0])
    elif origin in (Union, types.UnionType, tuple):
        for kind in inner:
            yield from _words(kind)
