"""A mesh that is distributed, as plain arrays on one rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from dolfinx.mesh import entities_to_geometry

from zinterphase.geometry.raw import Floats, Ints, RawMesh, oriented
from zinterphase.mesh.domain import Domain


@dataclass(frozen=True, eq=False)
class Gathered:
    """A mesh of straight cells where it is now, and its points (n, d) where it was made [m]."""

    now: RawMesh
    made: Floats


@dataclass(frozen=True, eq=False)
class _Part:
    """Of one rank: its nodes and cells with their numbers in the raw mesh, its tagged facets."""

    nodes: Ints
    points: Floats
    displacement: Floats
    numbers: Ints
    cells: Ints
    cell_tags: npt.NDArray[np.int32]
    facets: Ints
    facet_tags: npt.NDArray[np.int32]


def gathered_mesh(domain: Domain) -> Gathered | None:
    """On rank 0, None on the others; the same on any number of ranks but for rounding of places.
    Collective. Cells are straight."""
    parts = domain.comm.gather(_part(domain))
    if parts is None:
        return None
    nodes = np.argsort(np.concatenate([part.nodes for part in parts]))
    points = np.concatenate([part.points for part in parts])[nodes]
    displacement = np.concatenate([part.displacement for part in parts])[nodes]
    order = np.argsort(np.concatenate([part.numbers for part in parts]))
    cells = np.sort(np.concatenate([part.cells for part in parts])[order], axis=1)
    facets = np.sort(np.concatenate([part.facets for part in parts]), axis=1)
    rows = np.lexsort(facets.T[::-1])
    now = RawMesh(
        points,
        oriented(points, cells),
        np.concatenate([part.cell_tags for part in parts])[order],
        facets[rows],
        np.concatenate([part.facet_tags for part in parts])[rows],
        domain.layer_ids,
        domain.facet_ids,
    )
    return Gathered(now, points - displacement)


def _part(domain: Domain) -> _Part:
    mesh, dimension = domain.mesh, domain.dimension
    topology, geometry = mesh.topology, mesh.geometry
    names = np.asarray(geometry.input_global_indices, dtype=np.int64)
    nodes = geometry.index_map().size_local
    owned = topology.index_map(dimension).size_local
    tags = domain.facet_tags
    own = tags.indices < topology.index_map(dimension - 1).size_local
    facets = entities_to_geometry(mesh, dimension - 1, tags.indices[own])
    moved = domain.displacement
    return _Part(
        names[:nodes],
        geometry.x[:nodes, :dimension].copy(),
        np.zeros((nodes, dimension)) if moved is None else moved,
        domain.cell_numbers[:owned],
        names[geometry.dofmaps[0][:owned]],
        domain.cell_tags.values[:owned],
        names[facets],
        tags.values[own],
    )
