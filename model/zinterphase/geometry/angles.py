"""Angles of simplices."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import combinations, permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from zinterphase.geometry.raw import Floats, Ints, by_parts


def angles(points: Floats, cells: Ints) -> tuple[Floats, Floats]:
    """Smallest and largest angle [degrees] of each cell, two arrays of shape (m,).

    The angles within its faces, and for the largest one those between its faces as well: linear
    interpolation of a gradient is bounded where none comes near 180 degrees, however small the
    smallest one (Babuska & Aziz 1976; Krizek 1992). NaN in intervals, which have none.
    """
    if cells.shape[1] == 2:
        none = np.full(len(cells), np.nan)
        return none, none
    found = by_parts(partial(_extremes, points), cells)
    return found[:, 0], found[:, 1]


def _extremes(points: Floats, cells: npt.NDArray[np.integer[Any]]) -> Floats:
    """Both, shape (m, 2). The cosine falls as the angle grows: few are turned into angles."""
    corner = points[cells]
    vertices = range(cells.shape[1])
    edges = {(a, b): corner[:, b] - corner[:, a] for a, b in permutations(vertices, 2)}
    within = [
        _cosine(edges[a, b], edges[a, c])
        for a in vertices
        for b, c in combinations([k for k in vertices if k != a], 2)
    ]
    dihedral = _dihedral(edges) if cells.shape[1] == 4 else []
    cosines = [np.max(within, axis=0), np.min([*within, *dihedral], axis=0)]
    clipped = np.clip(np.stack(cosines, axis=1), -1.0, 1.0)
    return np.asarray(np.degrees(np.arccos(clipped)))


def _dihedral(edges: Mapping[tuple[int, int], Floats]) -> list[Floats]:
    """Cosines of the angles between the two faces at each edge of tetrahedra."""
    found = []
    for a, b in combinations(range(4), 2):
        c, d = (np.cross(edges[a, b], edges[a, k]) for k in range(4) if k not in (a, b))
        found.append(_cosine(c, d))
    return found


def _cosine(first: Floats, second: Floats) -> Floats:
    product = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return np.asarray(np.einsum("ij,ij->i", first, second) / product)
