"""What a rank has of a mesh, as plain arrays. Not collective."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zinterphase.fem_types import Mesh
from zinterphase.geometry.quadratic import EDGES, bent
from zinterphase.geometry.raw import RawMesh
from zinterphase.mesh.domain import Domain

Locals = npt.NDArray[np.int32]


def facets_of(mesh: Mesh) -> Locals:
    """Facets of the cells, owned and ghost, by the corner opposite to them, shape (m, d + 1); in
    two and three dimensions."""
    dimension = mesh.topology.dim
    table = mesh.topology.connectivity(dimension, dimension - 1).array
    return np.asarray(table.reshape(-1, dimension + 1))


def tags_of_facets(domain: Domain) -> Locals:
    """Group id of every facet, owned and ghost, 0 of those without one."""
    facets = domain.mesh.topology.index_map(domain.dimension - 1)
    tags = np.zeros(facets.size_local + facets.num_ghosts, dtype=np.int32)
    tags[domain.facet_tags.indices] = domain.facet_tags.values
    return tags


def own_part(domain: Domain) -> RawMesh:
    """Cells that this rank owns, and the tagged facets that they have; vertices of ghosts are there
    too."""
    mesh, dimension = domain.mesh, domain.dimension
    owned = mesh.topology.index_map(dimension).size_local
    nodes = mesh.geometry.dofmaps[0][:owned].astype(np.int64)
    points, cells = mesh.geometry.x[:, :dimension].copy(), nodes[:, : dimension + 1]
    tags, facets = tags_of_facets(domain), facets_of(mesh)[:owned]
    cell, opposite = np.nonzero(tags[facets])
    found, first = np.unique(facets[cell, opposite], return_index=True)
    others = np.array([np.delete(np.arange(dimension + 1), k) for k in range(dimension + 1)])
    corners = cells[cell[first, None], others[opposite[first]]]
    middles = None
    if domain.order > 1:
        edges = cells[:, np.array(EDGES[dimension])].reshape(-1, 2)
        middles = bent(points, edges, points[nodes[:, dimension + 1 :].ravel()])
    return RawMesh(
        points,
        cells,
        domain.cell_tags.values[:owned],
        np.sort(corners, axis=1),
        tags[found],
        domain.layer_ids,
        domain.facet_ids,
        generated=domain.generated,
        middles=middles,
    )
