"""Which rank owns which cell, and which ranks see it as a ghost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from dolfinx.graph import adjacencylist
from dolfinx.mesh import GhostMode, create_cell_partitioner

from zinterphase.geometry.raw import Floats, Ints, RawMesh, Tags
from zinterphase.geometry.topology import facet_table

Partitioner = Callable[..., Any]
ROUNDING = 1e-9
"""Of lateral places, over the extent of a part."""


def shared_facet_partitioner() -> Partitioner:
    """The graph partitioner with ghosts across facets.

    Without them an interface integral on a partition boundary is silently wrong.
    """
    # A single-dispatch function: its types are those of another signature.
    create: Callable[..., Partitioner] = create_cell_partitioner
    return create(GhostMode.shared_facet, 2)


def chosen_partition(raw: RawMesh, ranks: int) -> Tags | None:
    """Rank of each cell where the field split needs columns whole: in three dimensions; None where
    the graph partitioner chooses."""
    if raw.dimension < 3 or ranks == 1:
        return None
    middles = np.zeros((len(raw.cells), 2))
    for corner in raw.cells.T:
        middles += raw.points[corner, :2]
    return lateral_parts(middles / raw.cells.shape[1], ranks)


def lateral_parts(places: Floats, ranks: int) -> Tags:
    """Rank of each cell by recursive bisection in the lateral plane: what lies above each other
    stays together, as columns of thin cells couple strongly along the stack.

    Parameters
    ----------
    places : Lateral coordinates of the cells [m], shape (m, k), k = 1 or 2.
    ranks : Number of parts, which differ by the cells that lie on a cut.

    Bisection: Berger and Bokhari (1987), IEEE Trans. Comput. C-36, 570.
    """
    owner = np.zeros(len(places), dtype=np.int32)
    pending = [(np.arange(len(places)), 0, ranks)]
    while pending:
        cells, first, count = pending.pop()
        owner[cells] = first
        if count == 1 or len(cells) < count:
            continue
        part = places[cells]
        extents = np.ptp(part, axis=0)
        along = part[:, np.argmax(extents)]
        few = count // 2
        place = len(cells) * few // count
        # Cells of one column differ by rounding.
        left = along < np.partition(along, place)[place] - ROUNDING * extents.max()
        pending += [(cells[left], first, few), (cells[~left], first + few, count - few)]
    return owner


def forced_partitioner(cells: Ints, owner: Tags) -> Partitioner:
    """A partition given cell by cell, with the ghosts that shared facets need.

    Parameters
    ----------
    cells : The cells this rank hands to ``create_mesh``, shape (m, d + 1).
    owner : Rank that shall own each of them, shape (m,).
    """
    return listed_partitioner(owner, _ghosts(cells, owner))


def listed_partitioner(owner: Tags, ghosts: Ints) -> Partitioner:
    """A partition given cell by cell with its ghosts.

    Parameters
    ----------
    owner : Rank that shall own each cell this rank hands to ``create_mesh``, shape (m,).
    ghosts : Rows (cell, rank) of the others that shall see it, each once.
    """
    cell = np.concatenate([np.arange(len(owner)), ghosts[:, 0]])
    rank = np.concatenate([owner, ghosts[:, 1]])
    # Stable: owners were listed first.
    order = np.argsort(cell, kind="stable")
    counts = np.bincount(cell, minlength=len(owner))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    destinations = rank[order].astype(np.int32)

    def partition(*_: Any) -> Any:
        return adjacencylist(destinations, offsets)._cpp_object

    return partition


def _ghosts(cells: Ints, owner: Tags) -> Ints:
    """Rows (cell, rank) of the other ranks that own a cell across a facet."""
    if not len(cells):
        return np.zeros((0, 2), dtype=np.int64)
    near = _near_cuts(cells, owner)
    table = facet_table(cells[near])
    left, right = near[table.cells[table.interior]].T
    cut = owner[left] != owner[right]
    left, right = left[cut], right[cut]
    ghosts = np.concatenate(
        [np.column_stack([left, owner[right]]), np.column_stack([right, owner[left]])]
    )
    return np.unique(ghosts, axis=0)


def _near_cuts(cells: Ints, owner: Tags) -> Ints:
    """Cells with a vertex that cells of another rank have too."""
    least = np.full(int(cells.max()) + 1, np.iinfo(np.int32).max, dtype=np.int32)
    most = np.full_like(least, -1)
    for corner in cells.T:
        np.minimum.at(least, corner, owner)
        np.maximum.at(most, corner, owner)
    return np.flatnonzero((least < most)[cells].any(axis=1))
