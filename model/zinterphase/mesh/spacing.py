"""Nodes of a surface over a line: how evenly they lie along it, and the same surface on others."""

from __future__ import annotations

from math import ceil

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array
from scipy.sparse.linalg import splu

Array = npt.NDArray[np.float64]
ROUNDING = 1e-9
"""Of the number of intervals."""
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(3)
"""Exact for products of two linear functions and a radius."""


def distances(lateral: Array, height: Array) -> Array:
    """From node to node along the surface, shape (n - 1,) [m]."""
    return np.hypot(np.diff(lateral), np.diff(height))


def unevenness(distance: Array, first: Array) -> float:
    """Largest over smallest stretch of the distances since they were ``first``."""
    stretch = distance / first
    return float(stretch.max() / stretch.min())


def evened(lateral: Array, height: Array, first: Array) -> Array:
    """Lateral positions on the surface at which all distances have stretched alike."""
    run = np.concatenate([[0.0], np.cumsum(distances(lateral, height))])
    wanted = np.concatenate([[0.0], np.cumsum(first)])
    found = np.interp(wanted * (run[-1] / wanted[-1]), run, lateral)
    found[0], found[-1] = lateral[0], lateral[-1]
    return np.asarray(found)


def stretch(distance: Array, first: Array) -> float:
    """How much the distance that has stretched most has done so since they were ``first``."""
    return float((distance / first).max())


def refined(lateral: Array, height: Array, first: Array) -> tuple[Array, float]:
    """Lateral positions on the surface at which no distance is larger than the ``first`` one
    there, and what part of that they all are."""
    distance = distances(lateral, height)
    count = np.concatenate([[0.0], np.cumsum(distance / first)])
    cells = ceil(count[-1] * (1.0 - ROUNDING))
    found = np.interp(np.linspace(0.0, count[-1], cells + 1), count, lateral)
    found[0], found[-1] = lateral[0], lateral[-1]
    return np.asarray(found), float(count[-1] / cells)


def footprints(now: Array, first: Array, *, radial: bool) -> csr_array:
    """Share of each interval between nodes ``now`` that lies over each of those between ``first``
    ones, shape (first, now): what intervals hold is handed on to the places where they were."""
    edges = np.union1d(now, first)
    middles = (edges[:-1] + edges[1:]) / 2
    rows, columns = (_interval(nodes, middles) for nodes in (first, now))
    sizes, whole = (np.diff(x**2 if radial else x) for x in (edges, now))
    shape = len(first) - 1, len(now) - 1
    return csr_array((sizes / whole[columns], (rows, columns)), shape=shape)


def interpolated(lateral: Array, values: Array, there: Array) -> Array:
    """Nodal values of a piecewise linear function on other nodes: it is met there."""
    return np.interp(there, lateral, values)


def projected(lateral: Array, values: Array, there: Array, *, radial: bool) -> Array:
    """Nodal values of a piecewise linear function (n,) on other nodes ``there`` (m,) of the same
    stretch, in the least-squares sense over the plane: its integral stays to rounding.

    Integrals are exact, over the pieces between all nodes of both.
    """
    edges = np.union1d(lateral, there)
    half = np.diff(edges)[:, None] / 2
    points = (edges[:-1, None] + half * (1.0 + _POINTS)).ravel()
    weights = (half * _WEIGHTS).ravel() * (points if radial else 1.0)
    left = _interval(there, points)
    share = (points - there[left]) / (there[left + 1] - there[left])
    rows = np.arange(len(points))
    shapes = csc_array(
        (
            np.concatenate([1.0 - share, share]),
            (np.tile(rows, 2), np.concatenate([left, left + 1])),
        ),
        shape=(len(points), len(there)),
    )
    weighted = shapes.T * weights
    load = weighted @ np.interp(points, lateral, values)
    return np.asarray(splu(csc_array(weighted @ shapes)).solve(load))


def _interval(nodes: Array, points: Array) -> npt.NDArray[np.intp]:
    """That each point lies in; the last or the first for rounding at the ends."""
    return np.clip(np.searchsorted(nodes, points, side="right") - 1, 0, len(nodes) - 2)
