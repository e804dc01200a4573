"""Turns what pydantic reports into one line for the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from zinterphase.case.quantities import LONGEST_NAME, is_name
from zinterphase.case.table import name_of
from zinterphase.errors import CaseError

# A key that is consumed while reading is left over where something else is missing.
_RANK = {"unknown_key": 0, "missing": 2, "extra_forbidden": 3}
_ALLOWED = {
    "missing": "a value, it has no default",
    "union_tag_not_found": 'one with a shape, e.g. shape = "flat"',
    "string_pattern_mismatch": "letters, digits and _, starting with a letter",
    "string_too_long": f"a name of at most {LONGEST_NAME} characters",
    "string_type": "text between quotes",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
    "mapping_type": "a table",
    "tuple_type": "a list",
    "extra_forbidden": "known keys only",
}


def case_error(error: ValidationError, data: Mapping[str, Any]) -> CaseError:
    """Return the most telling of the errors: unknown keys, then bad values, then missing ones.

    Parameters
    ----------
    error : what validation raised.
    data : the tables as the user wrote them; they give layers their names.
    """
    first = min(error.errors(), key=_order)
    context = first.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, CaseError):
        return cause
    path = first["loc"]
    if "key" in context:
        path = (*path, context["key"])
    path = _written(path, data)
    found = _at(data, path)
    return CaseError(dotted(path, data), found, _allowed(first["type"], context, first["msg"]))


def _order(entry: ErrorDetails) -> tuple[bool, bool, int, int]:
    """What is wrong with layers and electrolyte comes before what follows from it elsewhere."""
    kind, path = entry["type"], entry["loc"]
    follows = path[:1] not in (("electrolyte",), ("layers",))
    return kind != "unknown_key", follows, _RANK.get(kind, 1), len(path)


def _written(path: tuple[int | str, ...], data: Mapping[str, Any]) -> tuple[int | str, ...]:
    """The path as far as the user wrote it: what is read out of a text has that text's place."""
    for length in range(1, len(path)):
        if isinstance(_at(data, path[:length]), str):
            return path[:length]
    return path


def dotted(path: tuple[int | str, ...], data: Mapping[str, Any]) -> str:
    """Return a path such as ("layers", 1, "porosity") as layers.titania.porosity."""
    names: list[str] = []
    node: Any = data
    for position, part in enumerate(path):
        last = position == len(path) - 1
        if isinstance(part, int):
            node = node[part] if isinstance(node, list) and part < len(node) else None
            names.append(_name(node, part))
        elif _is_tag(part, node, last):
            continue
        else:
            names.append(part)
            node = node.get(part) if isinstance(node, Mapping) else None
    return ".".join(names) or "case"


def _is_tag(part: str, node: Any, last: bool) -> bool:
    """Whether a path entry names the chosen shape of a union rather than a key."""
    if not isinstance(node, Mapping):
        return False
    return part not in node and (not last or part == node.get("shape"))


def _name(entry: Any, position: int) -> str:
    name = name_of(entry)
    return str(name) if is_name(name) else str(position + 1)


def _at(data: Mapping[str, Any], path: tuple[int | str, ...]) -> Any:
    node: Any = data
    for position, part in enumerate(path):
        if isinstance(part, int):
            node = node[part] if isinstance(node, list | tuple) and part < len(node) else None
        elif not _is_tag(part, node, position == len(path) - 1):
            node = node.get(part) if isinstance(node, Mapping) else None
    return node


def _allowed(kind: str, context: Mapping[str, Any], message: str) -> str:
    if "allowed" in context:
        return str(context["allowed"])
    if kind == "literal_error":
        return str(context["expected"])
    if kind == "union_tag_invalid":
        return f"shape = {context['expected_tags']}"
    return _ALLOWED.get(kind, message)
