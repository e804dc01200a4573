"""Columns of prisms over a lateral mesh, split into simplices."""

from __future__ import annotations

import numpy as np

from zinterphase.geometry.raw import Floats, Ints


def split_order(surface: Floats, lateral: Floats) -> Ints:
    """Rank of each lateral vertex in the splitting of prisms, shape (n,), a permutation.

    Any total order makes neighbouring prisms agree on the diagonal of their common face. Ranking
    by falling height makes it the short diagonal of the sheared face: then the Laplacian's wrong
    signs, which shear brings in any case, couple vertices along a boundary layer, where the
    solution hardly varies, and never across it. Equal heights (flat) alternate along the first
    lateral axis instead.

    Parameters
    ----------
    surface : Height of the surface at each vertex, shape (n,).
    lateral : Lateral positions, shape (n, d - 1).
    """
    index = np.arange(surface.size)
    place = np.argsort(np.argsort(lateral[:, 0])) if lateral.shape[1] == 1 else index
    order = np.lexsort((place, place % 2, -surface))
    rank = np.empty_like(order)
    rank[order] = index
    return rank


def extrude(simplices: Ints, rank: Ints, intervals: int) -> tuple[Ints, Ints]:
    """Split the prisms between consecutive levels over a lateral mesh.

    Vertex j of level k has the number ``k * rank.size + j``.

    Parameters
    ----------
    simplices : Lateral points (p, 1), segments (p, 2) or triangles (p, 3).
    rank : Splitting rank of each lateral vertex, see ``split_order``.
    intervals : Number of intervals in each column.

    Returns
    -------
    Cells, shape (intervals * p * d, d + 1), interval by interval, and their interval.
    """
    dimension = simplices.shape[1]
    by_rank = np.take_along_axis(simplices, np.argsort(rank[simplices], axis=1), axis=1)
    # The staircase: first vertices below, last ones above, one vertex on both levels.
    steps = [
        np.concatenate([by_rank[:, : k + 1], by_rank[:, k:] + rank.size], axis=1)
        for k in range(dimension)
    ]
    prisms = np.stack(steps, axis=1).reshape(-1, dimension + 1)
    shift = rank.size * np.arange(intervals, dtype=np.int64)
    cells = (prisms[None, :, :] + shift[:, None, None]).reshape(-1, dimension + 1)
    return cells, np.repeat(np.arange(intervals, dtype=np.int64), len(prisms))
