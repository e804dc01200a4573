"""Generated meshes as files for the user's own programs. Serial."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import gmsh
import numpy as np

from zinterphase.geometry.gmsh_core import gmsh_session
from zinterphase.geometry.quadratic import EDGES, row_of, second_order
from zinterphase.geometry.raw import Floats, Ints, RawMesh

KINDS = {0: (15, 15), 1: (1, 8), 2: (2, 9), 3: (4, 11)}
"""Gmsh's numbers of simplices of first and second order by dimension."""
GMSH = {1: (0,), 3: (2, 0, 1), 6: (5, 2, 4, 3, 0, 1)}
"""Place among Basix's edges of a simplex of each of Gmsh's, by their number: those of a tetrahedron
are 01, 12, 02, 03, 23, 13."""


def export_msh(
    mesh: RawMesh,
    path: str | Path,
    unit: float = 1.0,
    parts: Mapping[str, Mapping[str, Ints]] | None = None,
) -> None:
    """Write a mesh as .msh 4.1 with its names; coordinates in multiples of ``unit`` [m].

    ``parts`` are groups within groups of facets: by name of the whole, rows of the mesh's facets by
    name, each facet of the whole in one. Where an edge is curved all elements are of second order.
    """
    nodes, tables = _first_order(mesh) if mesh.middles is None else _second_order(mesh)
    with gmsh_session():
        number = np.arange(1, len(nodes) + 1)
        points = np.zeros((len(nodes), 3))
        points[:, : mesh.dimension] = nodes / unit
        groups = [(mesh.dimension, tables[0], mesh.cell_tags, mesh.layer_ids)]
        groups += [(mesh.dimension - 1, tables[1], mesh.facet_tags, mesh.facet_ids)]
        placed, last = False, max(mesh.facet_ids.values())
        for dimension, simplices, tags, names in groups:
            for name, tag in names.items():
                within = (parts or {}).get(name, {})
                entities = []
                for rows in within.values() or [np.flatnonzero(tags == tag)]:
                    entity = gmsh.model.addDiscreteEntity(dimension)
                    if not placed:
                        gmsh.model.mesh.addNodes(dimension, entity, number, points.ravel())
                        placed = True
                    kind = KINDS[dimension][simplices.shape[1] > dimension + 1]
                    elements = simplices[rows].ravel() + 1
                    gmsh.model.mesh.addElementsByType(entity, kind, [], elements)
                    entities.append(entity)
                gmsh.model.addPhysicalGroup(dimension, entities, tag, name)
                for part, entity in zip(within, entities, strict=False):
                    last += 1
                    gmsh.model.addPhysicalGroup(dimension, [entity], last, part)
        gmsh.write(str(path))


def _first_order(mesh: RawMesh) -> tuple[Floats, tuple[Ints, Ints]]:
    return mesh.points, (mesh.cells, mesh.facets)


def _second_order(mesh: RawMesh) -> tuple[Floats, tuple[Ints, Ints]]:
    """Points and nodes of cells and facets in Gmsh's order."""
    whole, count = second_order(mesh), len(mesh.points)
    found = []
    for simplices in (mesh.cells, mesh.facets):
        pairs = np.array(EDGES[simplices.shape[1] - 1])
        edges = np.sort(simplices[:, pairs].reshape(-1, 2), axis=1)
        number = count + row_of(whole.edges, edges, count).reshape(len(simplices), len(pairs))
        found.append(np.column_stack([simplices, number[:, list(GMSH[len(pairs)])]]))
    return whole.points, (found[0], found[1])
