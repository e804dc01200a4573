"""TOML within bounds: nothing that is not a small regular file is read, nothing deep is built."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from zinterphase.errors import CaseError

LARGEST_FILE = 1_000_000
"""Bytes of a case file at most."""
DEEPEST = 8
"""Tables and lists within each other at most; a protocol takes all of them."""
_PART = r"(?:(?<![\w-])[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
_LONG_KEY = re.compile(rf"(?:{_PART}\s*+\.\s*+){{{DEEPEST},}}")


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Raises
    ------
    CaseError
        When the file is missing, unreadable, no regular file, too large, or not TOML.
    """
    try:
        content = _read(path)
    except OSError as error:
        reason = error.strerror or "readable"
        raise CaseError("case file", str(path), f"an existing file ({reason})") from None
    try:
        return parsed(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise CaseError("case file", str(path), "UTF-8 text") from None
    except ValueError as error:
        raise CaseError("case file", str(path), f"valid TOML: {error}") from None


def parsed(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text; raises ValueError where it is none or too deep."""
    # The parser's time grows with the square of a key's parts, its stack with every bracket.
    if _LONG_KEY.search(text):
        raise ValueError(f"a key has more than {DEEPEST} parts")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise ValueError(f"nested more than {DEEPEST} deep") from None
    except ValueError:  # from the conversion of whole numbers
        raise ValueError("a number has too many digits") from None
    if _depth(tables) > DEEPEST:
        raise ValueError(f"nested more than {DEEPEST} deep")
    return tables


def _depth(node: Any) -> int:
    """How many tables and lists lie within each other."""
    depth, level = 0, [node]
    while level := [entry for entry in level if isinstance(entry, dict | list)]:
        depth += 1
        level = [x for e in level for x in (e.values() if isinstance(e, dict) else e)]
    return depth


def _read(path: Path) -> bytes:
    # Opened without waiting: a pipe that nobody writes to would block for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise CaseError("case file", str(path), "a regular file")
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise CaseError("case file", str(path), f"a file of at most {LARGEST_FILE:.0e} bytes")
    return content
