"""The JSON schema of a case file, from the models: what an editor completes and checks.

It holds what a schema can hold: keys, types, numbers with their bounds, texts that begin like a
quantity. What keys mean to each other is left to `zinterphase check`.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from enum import Enum
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAliasType, Union, get_args, get_origin

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from zinterphase.case.bounds import Bounds
from zinterphase.case.cycling import Snapshots
from zinterphase.case.film import Regulation, SurfaceDiffusion
from zinterphase.case.meanings import Meaning, meanings
from zinterphase.case.quantities import (
    NAME,
    Coordinates,
    Dimensional,
    Number,
    RelativeError,
    si_unit,
)
from zinterphase.case.schema import Case
from zinterphase.case.table import Table
from zinterphase.units import with_unit

type Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
"""A number at the beginning of a text."""
WITH_UNIT = NUMBER + r"\s*[A-Za-zµμΩ°%1(]"
_PLAIN: Mapping[Any, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Path: {"type": "string"},
    Any: {},
}


def case_schema() -> Schema:
    """The schema of a whole case file."""
    writer = _Writer()
    for kind in (Regulation, SurfaceDiffusion):
        writer.reference(kind)
    main = writer.table(Case)
    return {"$schema": DIALECT, "title": "Zinterphase case", **main, "$defs": writer.definitions}


def field_of(table: type[Table], key: str) -> FieldInfo | None:
    """The field of a key as a file has it; None for one that is consumed while reading."""
    fields = table.model_fields
    return next((f for name, f in fields.items() if (f.alias or name) == key), None)


def default_of(field: FieldInfo | None, meaning: Meaning) -> str | None:
    """What stands in place of a key that is left out, in words; None where it is required."""
    if meaning.default is not None:
        return meaning.default
    if field is None or field.is_required():
        return None
    value = field.get_default(call_default_factory=True)
    return _shown(value, si_unit(field))


def marks_of(annotation: Any) -> list[Any]:
    """Everything that annotates a type and the types within it."""
    if isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    found = list(getattr(annotation, "__metadata__", ()))
    for inner in get_args(annotation):
        found += marks_of(inner)
    return found


def _shown(value: Any, unit: str | None) -> str:
    if value is None or isinstance(value, Table) or (not value and not _is_number(value)):
        return "false" if value is False else "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(_shown(part, unit) for part in value)
    if isinstance(value, float):
        return with_unit(value, unit).strip() if unit else f"{value:g}"
    return str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class _Writer:
    """Collects the tables that others refer to."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def reference(self, table: type[Table]) -> Schema:
        name = table.__name__
        if name not in self.definitions:
            self.definitions[name] = {}  # tables may hold themselves
            self.definitions[name] = self.table(table)
        return {"$ref": f"#/$defs/{name}"}

    def table(self, table: type[Table]) -> Schema:
        """Its keys, and which of them the library cannot fill in."""
        properties: dict[str, Schema] = {}
        required = []
        for key, meaning in meanings(table).items():
            field = field_of(table, key)
            own = {} if field is None else self.field(field)
            default = default_of(field, meaning)
            if default is None:
                required.append(key)
            properties[key] = {
                "description": _described(meaning, field, default),
                **(
                    _either([own, dict(meaning.also)])
                    if field and meaning.also
                    else own or meaning.also
                ),
            }
        found: Schema = {
            "type": "object", "properties": properties, "additionalProperties": False
        }  # fmt: skip
        return {**found, "required": required} if required else found

    def field(self, field: FieldInfo) -> Schema:
        marked = self.marked(field.metadata)
        return self.of(field.annotation) if marked is None else marked

    def of(self, annotation: Any) -> Schema:
        """Of a type; anything goes where it is none of those that cases are made of."""
        if isinstance(annotation, TypeAliasType):
            return self.of(annotation.__value__)
        origin, inner = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            marked = self.marked(annotation.__metadata__)
            return self.of(inner[0]) if marked is None else marked
        if origin in (Union, types.UnionType):
            return _either([self.of(kind) for kind in inner if kind is not type(None)])
        if origin is Literal:
            return {"enum": list(inner)}
        if origin is tuple:
            return self.sequence(inner)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if isinstance(annotation, type) and issubclass(annotation, Table):
            return self.reference(annotation)
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            return {"enum": [member.value for member in annotation]}
        return dict(_PLAIN.get(annotation, {}))

    def sequence(self, inner: Sequence[Any]) -> Schema:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return {"type": "array", "items": self.of(inner[0])}
        count = len(inner)
        return {
            "type": "array", "minItems": count, "maxItems": count,
            "prefixItems": [self.of(kind) for kind in inner],
        }  # fmt: skip

    def marked(self, marks: Sequence[Any]) -> Schema | None:
        """By what says how a text or number is read; None where nothing does."""
        for mark in marks:
            match mark:
                case Dimensional():
                    return {"type": "string", "pattern": WITH_UNIT if mark.unit else NUMBER}
                case Number():
                    return {
                        "type": "integer" if mark.integer else "number",
                        **_bounded(mark.bounds),
                    }
                case RelativeError():
                    return _either([{"type": "number"}, {"type": "string", "pattern": NUMBER}])
                case Snapshots():
                    times = {"type": "array", "minItems": 1, "items": _text()}
                    return _either([{"enum": ["steps", "cycles"]}, times])
                case Coordinates():
                    return _either([_text(), {"type": "array", "minItems": 1, "items": _text()}])
                case WithJsonSchema(json_schema=schema):
                    return dict(schema or {})
                case _ if getattr(mark, "pattern", None) == NAME:
                    return {"type": "string", "pattern": NAME, "maxLength": mark.max_length}
        return None


def _text() -> Schema:
    return {"type": "string", "pattern": WITH_UNIT}


def _either(schemas: Sequence[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}


def _bounded(bounds: Bounds) -> Schema:
    low = "exclusiveMinimum" if bounds.low_open else "minimum"
    high = "exclusiveMaximum" if bounds.high_open else "maximum"
    found = {low: bounds.low, high: bounds.high}
    return {key: value for key, value in found.items() if isfinite(value)}


def _described(meaning: Meaning, field: FieldInfo | None, default: str | None) -> str:
    """Meaning, SI unit and bounds, default, in a line."""
    marks = [] if field is None else [*field.metadata, *marks_of(field.annotation)]
    parts = [meaning.text]
    for mark in (mark for mark in marks if isinstance(mark, Dimensional)):
        parts.append(f'{mark.name}, such as "{mark.example}", {mark.bounds} {mark.unit}'.strip())
        break
    parts.append("required" if default is None else f"default: {default}")
    parts = [part[0].upper() + part[1:] for part in parts]
    return ". ".join(parts) + "."
