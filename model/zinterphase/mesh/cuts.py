"""Lines of nodes whose edges are parts of another line's: what lies on one, on the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zinterphase.mesh.lines import lengths

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


def ways(line: Array) -> Array:
    """Ways along a line (n, 2) to its nodes, of the whole way (n,)."""
    found = np.append(0.0, np.cumsum(lengths(line)))
    return np.asarray(found / found[-1])


def interpolated(line: Array, cut: Array, values: Array) -> Array:
    """Values (n, d) at a line's nodes, linear between them, at those of the same line ``cut``."""
    here, there = ways(line), ways(cut)
    return np.column_stack([np.interp(there, here, each) for each in values.T])


def parents(line: Array, cut: Array) -> Ints:
    """The edge of a line that each edge of the same line ``cut`` is a part of."""
    there = ways(cut)
    middles = (there[1:] + there[:-1]) / 2
    return np.asarray(np.searchsorted(ways(line), middles) - 1)


def kept(line: Array, cut: Array) -> Ints:
    """The node of the same line ``cut`` that each node of a line is."""
    there = ways(cut)
    return np.asarray(np.searchsorted((there[1:] + there[:-1]) / 2, ways(line)))


def lateral_order(line: Array) -> Ints:
    """Numbers of a line's edges by their middles, from side to side."""
    middles = (line[1:] + line[:-1]) / 2
    return np.asarray(np.lexsort(middles.T[::-1]))
