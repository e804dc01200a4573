"""Particles from a list."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from zinterphase.errors import CaseError

LARGEST_FILE = 10_000_000
"""Characters of a file at most."""
MOST = 20_000
"""Particles of a list at most."""


def listed(path: Path, dimension: int, field: str) -> tuple[tuple[float, ...], ...]:
    """Read rows (x, [y,] z, radius) [m] of a CSV file with that header.

    Raises
    ------
    CaseError
        The file cannot be read, has another header, something not a number or no positive radius.
    """
    header = ["x", "z", "radius"] if dimension == 2 else ["x", "y", "z", "radius"]
    wanted = f"a CSV file with the header {','.join(header)} and 1 to {MOST} particles in metres"
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = [row for row in csv.reader(stream.read(LARGEST_FILE).splitlines()) if row]
        named = bool(rows) and [name.strip() for name in rows[0]] == header
        data = np.array([[float(item) for item in row] for row in rows[1:]], dtype=np.float64)
    except (OSError, ValueError, csv.Error) as error:
        raise CaseError(field, str(path), f"{wanted} ({error})") from error
    if not named or data.ndim != 2 or data.shape[1] != len(header) or len(data) > MOST:
        raise CaseError(field, str(path), wanted)
    if not np.all(np.isfinite(data)) or np.any(data[:, -1] <= 0.0):
        raise CaseError(field, str(path), f"{wanted}, radii above 0")
    return tuple(tuple(float(x) for x in row) for row in data)
