"""Files that appear complete or not at all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from zinterphase.errors import FileError
from zinterphase.formats import RESULTS


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Path of a temporary file in the same folder that takes the place of `path` on success.

    On an exception the temporary file goes and an earlier `path` stays as it was. The suffix is
    kept, for writers that choose a format by it.
    """
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def finite(value: float) -> float | None:
    """None in place of a number that JSON has no word for."""
    return float(value) if isfinite(value) else None


def write_json(path: Path, data: Mapping[str, object]) -> None:
    """Write JSON, two spaces deep, after its format and the version that writes it; NumPy numbers
    and arrays become plain ones.

    Raises
    ------
    ValueError
        A number is not finite; such a number is null, with its reason beside it.
    """
    text = json.dumps(
        {**RESULTS.stamp(), **data}, indent=2, ensure_ascii=False, allow_nan=False, default=_plain
    )
    with replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Read what :func:`write_json` wrote.

    Raises
    ------
    FileError
        The file cannot be read, is no JSON table, or has another format; the line names
        the version that wrote it.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from error
    except ValueError:
        raise FileError(f"{path}: not JSON") from None
    if not isinstance(data, dict):
        raise FileError(f"{path}: not a table of results")
    RESULTS.require(data, str(path))
    return data


def write_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as CSV under the names of the first one; None is an empty cell.

    Raises
    ------
    ValueError
        There is no row, or a row has other names than the first.
    """
    if not rows:
        raise ValueError(f"{path.name}: no rows")
    columns = list(rows[0])
    for number, row in enumerate(rows):
        if set(row) != set(columns):
            raise ValueError(f"{path.name}: row {number} has other columns than row 0")
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def is_whole(file: Path) -> bool:
    """Whether a file of VTK ends; its writers notice no full disk."""
    end = b"</VTKFile>"
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - 2 * len(end)))
        return stream.read().rstrip().endswith(end)


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not written to JSON")
