"""Reads a case file and applies overrides to it, before anything is interpreted."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from zinterphase.case.quantities import LONGEST_TITLE
from zinterphase.case.table import name_of
from zinterphase.case.toml import DEEPEST, parsed, read_toml
from zinterphase.errors import CaseError
from zinterphase.formats import CASE, KEY, WRITER
from zinterphase.printable import is_one_plain_line

SEVERAL = "zinterphase sweep takes several values"
_EXCLUSIVE_CONTROLS = {"current_density": "potential", "potential": "current_density"}


def read_tables(path: Path, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """Return the tables of a case file with overrides; the title is the file's name by default.

    Raises
    ------
    CaseError
        When the file cannot be read, is not TOML, or an override does not fit it.
    """
    tables = overridden(read_toml(path), overrides)
    name = "".join(c for c in path.stem if c.isprintable())
    tables.setdefault("title", name[:LONGEST_TITLE])
    return tables


def overridden(data: Mapping[str, Any], overrides: Sequence[str]) -> dict[str, Any]:
    """Return the tables with every ``a.b.c=value`` applied; layers are addressed by name.

    Values are TOML where they parse as such (numbers, true, lists), else plain text, so units need
    no quotes. Setting one of control.current_density and control.potential drops the other.
    """
    tables = copy.deepcopy(dict(data))
    for override in overrides:
        key, text = split_override(override)
        _set(tables, key.split("."), _parsed(text))
    _require_plain(tables, "")
    return tables


def split_override(text: str) -> tuple[str, str]:
    """Key and value of ``a.b.c=value``. Raises :class:`CaseError` where it is none."""
    key, equals, value = (part.strip() for part in text.partition("="))
    parts = key.split(".")
    if not equals or not all(parts):
        raise CaseError("override", text, '"table.key=value"')
    if len(parts) > DEEPEST:
        raise CaseError("override", text, f"a key of at most {DEEPEST} parts")
    return key, value


def require_single_keys(overrides: Sequence[str], allowed: str) -> None:
    """Raise :class:`CaseError` where a key is set twice: one of the values would be lost."""
    seen: dict[str, str] = {}
    for override in overrides:
        key, value = split_override(override)
        if key in seen:
            raise CaseError(key, f"{seen[key]} and {value}", allowed)
        seen[key] = value


@contextmanager
def pointing_to_sweep(overrides: Sequence[str]) -> Iterator[None]:
    """Let the refusal of a list of values after `--set` say which command takes one."""
    try:
        yield
    except CaseError as error:
        lists = {key for key, value in map(split_override, overrides) if "," in value}
        if error.field not in lists:
            raise
        raise CaseError(error.field, error.value, f"{error.allowed}; {SEVERAL}") from None


def _require_plain(node: Any, path: str) -> None:
    """Keys and texts are shown on terminals and written to tables."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if not is_one_plain_line(key):
                raise CaseError(f"{path}{key}", None, "keys without control characters")
            _require_plain(value, f"{path}{key}.")
    elif isinstance(node, list):
        for number, value in enumerate(node, 1):
            _require_plain(value, f"{path}{number}.")
    elif isinstance(node, str) and not is_one_plain_line(node):
        raise CaseError(path.rstrip("."), node, "one line without control characters")


def of_this_format(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables without the format they carry, where this version reads it.

    Raises
    ------
    CaseError
        When it is another one; the line names the version that wrote it.
    """
    objection = CASE.objection(data)
    if objection is not None:
        raise CaseError(KEY, data[KEY], f"{CASE.number} ({objection})")
    return {key: value for key, value in data.items() if key not in (KEY, WRITER)}


def changed(data: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables with values as TOML has them in place of those at dotted keys.

    A value of None takes the key away, where it is there. Layers are addressed by name.
    """
    tables = copy.deepcopy(dict(data))
    for key, value in values.items():
        if value is None:
            _remove(tables, key.split("."))
        else:
            _set(tables, key.split("."), copy.deepcopy(value))
    return tables


def _remove(tables: dict[str, Any], parts: list[str]) -> None:
    node: Any = tables
    for depth, part in enumerate(parts[:-1]):
        if isinstance(node, list):
            node = _named(node, part, ".".join(parts[: depth + 1]))
        else:
            node = node.get(part)
        if not isinstance(node, dict | list):
            return
    if isinstance(node, list):
        position = node.index(_named(node, parts[-1], ".".join(parts)))
        del node[position]
    else:
        node.pop(parts[-1], None)


def _set(tables: dict[str, Any], parts: list[str], value: Any) -> None:
    node: Any = tables
    for depth, part in enumerate(parts[:-1]):
        if isinstance(node, list):
            node = _named(node, part, ".".join(parts[: depth + 1]))
        elif isinstance(node, dict):
            node = node.setdefault(part, {})
    if not isinstance(node, dict):
        raise CaseError(".".join(parts), value, "overrides of keys inside tables")
    node[parts[-1]] = value
    if parts[0] == "control" and len(parts) == 2:
        node.pop(_EXCLUSIVE_CONTROLS.get(parts[1], ""), None)


def _named(entries: list[Any], name: str, field: str) -> Any:
    by_name = {name_of(e): e for e in entries if name_of(e) is not None}
    if name not in by_name:
        raise CaseError(field, name, ", ".join(str(known) for known in by_name))
    return by_name[name]


def _parsed(text: str) -> Any:
    try:
        tables = parsed(f"value = {text}")
    except ValueError:
        return text
    return tables["value"] if len(tables) == 1 else text
