"""Values over a flat surface without the saw-tooth that columns of triangles give them.

The diagonals of neighbouring columns mirror each other. A field that depends on the height alone is
therefore not the same across a column, but has the same mean over each. A value at a point is the
derivative of the integral of these means, which a spline passes through: right to third order, and
exact where all means are equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

Array = npt.NDArray[np.float64]
_SIDE = 3
"""Columns to each side of the one around a point."""
_GAUSS, _WEIGHTS = np.polynomial.legendre.leggauss(4)
_LEVEL = 1e-12
"""Differences of height, relative to the width, of a flat surface."""


@dataclass(frozen=True, eq=False)
class Window:
    """The columns around a lateral position.

    Attributes
    ----------
    x : The position [m].
    edges : Ends of the columns, those beyond a side mirrored outwards, shape (n + 1,).
    places : Where fields are sampled, inside the cell, shape (m,).
    """

    x: float
    edges: Array
    places: Array

    def values(self, samples: Array) -> Array:
        """Values (k,) at the position of fields sampled at ``places``, shape (k, m)."""
        means = samples.reshape(len(samples), -1, len(_WEIGHTS)) @ (0.5 * _WEIGHTS)
        steps = means * np.diff(self.edges)
        integral = np.column_stack([np.zeros(len(steps)), np.cumsum(steps, axis=1)])
        found, known = np.full(len(samples), np.nan), np.isfinite(integral).all(axis=1)
        if known.any():
            found[known] = CubicSpline(self.edges, integral[known], axis=1)(self.x, 1)
        return found


def columns_of(facets: Array) -> Array | None:
    """Ends of the columns over a flat surface in two dimensions, ascending; None over another one.

    ``facets`` are the nodes of all its facets, (facet, node, coordinate) [m].
    """
    if facets.shape[2] != 2:
        return None
    ends = np.unique(facets[:, :2, 0])
    flat = np.ptp(facets[:, :, 1]) <= _LEVEL * np.ptp(ends)
    return ends if flat and len(ends) == len(facets) + 1 else None


def window(ends: Array, x: float) -> Window:
    """The columns around ``x``; sides are mirror planes."""
    count, widths = len(ends) - 1, np.diff(ends)
    here = int(np.clip(np.searchsorted(ends, x, side="right") - 1, 0, count - 1))
    number = np.arange(here - _SIDE, here + _SIDE + 1)
    turn = number % (2 * count)
    mirrored = turn >= count
    column = np.where(mirrored, 2 * count - 1 - turn, turn)
    edges = np.concatenate([[0.0], np.cumsum(widths[column])])
    edges += ends[here] - edges[_SIDE]
    share = 0.5 * (1.0 + np.where(mirrored[:, None], -_GAUSS, _GAUSS))
    places = ends[column][:, None] + widths[column][:, None] * share
    return Window(x, edges, places.ravel())
