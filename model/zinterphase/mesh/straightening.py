"""Curved edges that fold a cell, made straight on all ranks."""

from __future__ import annotations

import numpy as np
from dolfinx.la import InsertMode, vector
from mpi4py import MPI

from zinterphase.fem_types import Mesh
from zinterphase.geometry.quadratic import EDGES, determinants


def straighten_folded(mesh: Mesh) -> None:
    """Straighten the edges of folded cells of second order, and of those that this folds in turn:
    what `geometry.quadratic.unfolded` does on one rank. Collective."""
    geometry, dimension = mesh.geometry, mesh.topology.dim
    nodes = geometry.dofmaps[0]
    own = nodes[: mesh.topology.index_map(dimension).size_local]
    corners, middles = nodes[:, : dimension + 1], nodes[:, dimension + 1 :]
    first, last = np.moveaxis(corners[:, np.array(EDGES[dimension])], -1, 0)
    straight = np.zeros(len(geometry.x), dtype=bool)
    while True:
        folded = determinants(geometry.x[:, :dimension], own).min(axis=1, initial=np.inf) <= 0.0
        marks = vector(geometry.index_map(), dtype=np.float64)
        marks.array[own[folded, dimension + 1 :]] = 1.0
        marks.scatter_reverse(InsertMode.add)
        marks.scatter_forward()
        fresh = (marks.array > 0.0) & ~straight
        if not mesh.comm.allreduce(int(fresh.any()), MPI.MAX):
            return
        straight |= fresh
        edge = fresh[middles]
        halfway = 0.5 * (geometry.x[first[edge]] + geometry.x[last[edge]])
        geometry.x[middles[edge]] = halfway
