"""Particles from a list."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.geometry.tables import read_numbers

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
    data = read_numbers(path, header, wanted, field, LARGEST_FILE)
    if len(data) > MOST:
        raise CaseError(field, str(path), wanted)
    if np.any(data[:, -1] <= 0.0):
        raise CaseError(field, str(path), f"{wanted}, radii above 0")
    return tuple(tuple(float(x) for x in row) for row in data)
