"""Which rank owns which cell, and which ranks see it as a ghost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from dolfinx.graph import adjacencylist
from dolfinx.mesh import GhostMode, create_cell_partitioner

from zinterphase.geometry.raw import Ints, Tags
from zinterphase.geometry.topology import facet_table

Partitioner = Callable[..., Any]


def shared_facet_partitioner() -> Partitioner:
    """The graph partitioner with ghosts across facets.

    Without them an interface integral on a partition boundary is silently wrong.
    """
    # A single-dispatch function: its types are those of another signature.
    create: Callable[..., Partitioner] = create_cell_partitioner
    return create(GhostMode.shared_facet, 2)


def forced_partitioner(cells: Ints, owner: Tags) -> Partitioner:
    """A partition given cell by cell, with the ghosts that shared facets need.

    Parameters
    ----------
    cells : The cells this rank hands to ``create_mesh``, shape (m, d + 1).
    owner : Rank that shall own each of them, shape (m,).
    """
    destinations, offsets = _destinations(cells, owner)

    def partition(*_: Any) -> Any:
        return adjacencylist(destinations, offsets)._cpp_object

    return partition


def _destinations(cells: Ints, owner: Tags) -> tuple[Tags, Tags]:
    """Ranks that receive each cell, its owner first, as an adjacency list."""
    if not len(cells):
        return np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int32)
    table = facet_table(cells)
    left, right = table.cells[table.interior].T
    cut = owner[left] != owner[right]
    left, right = left[cut], right[cut]
    ghosts = np.concatenate(
        [np.column_stack([left, owner[right]]), np.column_stack([right, owner[left]])]
    )
    ghosts = np.unique(ghosts, axis=0)
    cell = np.concatenate([np.arange(len(cells)), ghosts[:, 0]])
    rank = np.concatenate([owner, ghosts[:, 1]])
    # Stable: owners were listed first.
    order = np.argsort(cell, kind="stable")
    counts = np.bincount(cell, minlength=len(cells))
    offsets = np.concatenate([[0], np.cumsum(counts)])
    return rank[order].astype(np.int32), offsets.astype(np.int32)
