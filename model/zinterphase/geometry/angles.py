"""Angles of simplices."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from zinterphase.geometry.raw import Floats, Ints


def angles(points: Floats, cells: Ints) -> tuple[Floats, Floats]:
    """Smallest and largest angle [degrees] of each cell, two arrays of shape (m,).

    The angles within its faces, and for the largest one those between its faces as well: linear
    interpolation of a gradient is bounded where none comes near 180 degrees, however small the
    smallest one (Babuska & Aziz 1976; Krizek 1992). NaN in intervals, which have none.
    """
    if cells.shape[1] == 2:
        none = np.full(len(cells), np.nan)
        return none, none
    corner = points[cells]
    within = [
        _between(corner[:, b] - corner[:, a], corner[:, c] - corner[:, a])
        for a in range(cells.shape[1])
        for b, c in combinations([k for k in range(cells.shape[1]) if k != a], 2)
    ]
    dihedral = _dihedral(corner) if cells.shape[1] == 4 else []
    return np.min(within, axis=0), np.max([*within, *dihedral], axis=0)


def _dihedral(corner: Floats) -> list[Floats]:
    """Angles between the two faces at each edge of tetrahedra."""
    found = []
    for a, b in combinations(range(4), 2):
        edge = corner[:, b] - corner[:, a]
        c, d = (np.cross(edge, corner[:, k] - corner[:, a]) for k in range(4) if k not in (a, b))
        found.append(_between(c, d))
    return found


def _between(first: Floats, second: Floats) -> Floats:
    product = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    cosine = np.einsum("ij,ij->i", first, second) / product
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
