"""A current density over time from a CSV file."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from zinterphase.case.bounds import CURRENT_DENSITY
from zinterphase.errors import CaseError

LARGEST_FILE = 10_000_000
"""Characters of a file at most."""
MOST_ROWS = 200_000
_HEADER = ["time", "current_density"]
_WANTED = "a CSV file with the header time,current_density, numbers in s and A/m^2"


@dataclass(frozen=True)
class CurrentTable:
    """Piecewise linear; ``times`` [s] grow from 0, ``currents`` in A/m2, negative while plating."""

    times: tuple[float, ...]
    currents: tuple[float, ...]


def read_currents(path: Path) -> CurrentTable:
    """Read a table.

    Raises
    ------
    CaseError
        The file cannot be read, is too large, has another header, something not a number, or times
        that do not grow from 0.
    """
    rows = _rows(path)
    if not rows or [name.strip() for name in rows[0]] != _HEADER:
        raise _refusal(path, _WANTED)
    try:
        points = [(float(time), float(current)) for time, current in rows[1:]]
    except ValueError:
        raise _refusal(path, f"{_WANTED}, two in each row") from None
    if not 2 <= len(points) <= MOST_ROWS:
        raise _refusal(path, f"{_WANTED}, 2 to {MOST_ROWS} rows")
    times, currents = zip(*points, strict=True)
    if not all(math.isfinite(t) for t in times) or not all(map(CURRENT_DENSITY.holds, currents)):
        raise _refusal(path, f"{_WANTED}, current densities of {CURRENT_DENSITY} A/m^2")
    if times[0] != 0.0 or any(later <= earlier for earlier, later in pairwise(times)):
        raise _refusal(path, f"{_WANTED}, times that grow from 0")
    return CurrentTable(times, currents)


def _rows(path: Path) -> list[list[str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            text = stream.read(LARGEST_FILE + 1)
        if len(text) > LARGEST_FILE:
            raise _refusal(path, f"{_WANTED}, of at most {LARGEST_FILE:.0e} bytes")
        return [row for row in csv.reader(text.splitlines()) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refusal(path, f"{_WANTED} ({error.__class__.__name__})") from None


def _refusal(path: Path, allowed: str) -> CaseError:
    return CaseError("file", str(path), allowed)
