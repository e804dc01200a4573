"""Writes a case as TOML: resolved values in SI, each with its unit and source."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic.fields import FieldInfo

from zinterphase.case.quantities import is_dimensionless, si_unit
from zinterphase.case.step import Step
from zinterphase.case.table import Table
from zinterphase.formats import CASE
from zinterphase.units import with_unit

if TYPE_CHECKING:
    from zinterphase.case.provenance import Provenance

_BARE = re.compile(r"[A-Za-z0-9_-]+")
Sources = Mapping[str, "Provenance"]


def to_toml(case: Table, sources: Sources) -> str:
    """Return the text of a case; ``sources`` by dotted field, layers by name."""
    stamp = (f"{key} = {toml_value(value, None)}" for key, value in CASE.stamp().items())
    return "\n".join([*stamp, *_table_lines(case, "", "", sources)]).strip() + "\n"


def _table_lines(table: Table, header: str, path: str, sources: Sources) -> Iterator[str]:
    """Yield a table: its own entries first, as TOML wants, then its sub-tables."""
    nested: list[tuple[str, Any]] = []
    for name, field in type(table).model_fields.items():
        value = getattr(table, name)
        if _is_table(value):
            nested.append((name, value))
        elif value is not None and (value != () or name in table.told_empty):
            unit = None if isinstance(value, str) else si_unit(field)
            comment = _comment(field, unit, sources.get(f"{path}{name}"))
            yield f"{field.alias or name} = {toml_value(value, unit)}{comment}"
    for name, value in nested:
        yield from _nested_lines(name, value, header, path, sources)


def _nested_lines(name: str, value: Any, header: str, path: str, sources: Sources) -> Iterator[str]:
    full = f"{header}{name}"
    if isinstance(value, Table):
        yield from ["", f"[{full}]"]
        yield from _table_lines(value, f"{full}.", f"{path}{name}.", sources)
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            inner = f"{full}.{_key(key)}"
            yield from ["", f"[{inner}]"]
            yield from _table_lines(entry, f"{inner}.", f"{path}{name}.{key}.", sources)
    else:
        for entry in value:
            yield from ["", f"[[{full}]]"]
            yield from _table_lines(entry, f"{full}.", f"{path}{name}.{_called(entry)}.", sources)


def _called(entry: Table) -> str:
    return str(getattr(entry, "name", None) or getattr(entry, "label", ""))


def _is_table(value: Any) -> bool:
    """Whether a value needs a header of its own."""
    if isinstance(value, Mapping):
        return bool(value) and all(isinstance(v, Table) for v in value.values())
    if isinstance(value, tuple):
        return bool(value) and all(isinstance(v, Table) and not isinstance(v, Step) for v in value)
    return isinstance(value, Table)


def _inline(table: Table) -> str:
    """A table on one line; a step as its sentence, where it has one."""
    if isinstance(table, Step) and table.sentence is not None:
        sentence = toml_text(table.sentence)
        record = table.record
        return (
            sentence if record is None else f"{{sentence = {sentence}, record = {_inline(record)}}}"
        )
    entries = (
        f"{field.alias or name} = {toml_value(value, si_unit(field))}"
        for name, field in type(table).model_fields.items()
        if (value := getattr(table, name)) is not None and value != ()
    )
    return f"{{{', '.join(entries)}}}"


def toml_value(value: Any, unit: str | None) -> str:
    """A value as TOML has it; numbers with their SI ``unit`` where there is one."""
    if isinstance(value, Table):
        return _inline(value)
    if isinstance(value, tuple):
        return f"[{', '.join(toml_value(entry, unit) for entry in value)}]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{toml_text(key)} = {toml_value(v, unit)}" for key, v in value.items())
        return f"{{{inner}}}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value) if unit is None else toml_text(with_unit(value, unit))
    return str(value) if isinstance(value, int) else toml_text(str(value))


def _key(name: str) -> str:
    """Bare where TOML takes it so."""
    return name if _BARE.fullmatch(name) else toml_text(name)


def toml_text(text: str) -> str:
    """A string of TOML, quoted."""
    # JSON strings are TOML basic strings except for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(field: FieldInfo, unit: str | None, source: Provenance | None) -> str:
    unit = unit or ("dimensionless" if is_dimensionless(field) else "")
    parts = [unit] if unit else []
    if source is not None and source.confidence:
        parts.append(f"{source.source} [{source.basis}, confidence {source.confidence}]")
    elif source is not None:
        parts.append(source.source)
    return f"  # {'; '.join(' '.join(part.split()) for part in parts)}" if parts else ""
