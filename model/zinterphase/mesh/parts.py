"""What a rank has of a mesh, as plain arrays."""

from __future__ import annotations

import numpy as np

from zinterphase.geometry.quadratic import EDGES, bent
from zinterphase.geometry.raw import RawMesh
from zinterphase.mesh.domain import Domain


def own_part(domain: Domain) -> RawMesh:
    """Cells that this rank owns, and the tagged facets that they have; vertices of ghosts are there
    too. Not collective."""
    mesh, dimension = domain.mesh, domain.dimension
    owned = mesh.topology.index_map(dimension).size_local
    nodes = mesh.geometry.dofmaps[0][:owned].astype(np.int64)
    points, cells = mesh.geometry.x[:, :dimension].copy(), nodes[:, : dimension + 1]
    topology = mesh.topology
    tags = np.zeros(topology.connectivity(dimension - 1, dimension).num_nodes, dtype=np.int32)
    tags[domain.facet_tags.indices] = domain.facet_tags.values
    facets = topology.connectivity(dimension, dimension - 1).array.reshape(-1, dimension + 1)
    cell, opposite = np.nonzero(tags[facets[:owned]])
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
