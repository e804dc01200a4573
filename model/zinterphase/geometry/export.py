"""Generated meshes as files for the user's own programs. Serial."""

from __future__ import annotations

from pathlib import Path

import gmsh
import numpy as np

from zinterphase.geometry.gmsh_core import gmsh_session
from zinterphase.geometry.raw import RawMesh


def export_msh(mesh: RawMesh, path: str | Path, unit: float = 1.0) -> None:
    """Write a mesh as .msh 4.1 with its names; coordinates in multiples of ``unit`` [m]."""
    with gmsh_session():
        number = np.arange(1, len(mesh.points) + 1)
        points = np.zeros((len(mesh.points), 3))
        points[:, : mesh.dimension] = mesh.points / unit
        groups = [(mesh.dimension, mesh.cells, mesh.cell_tags, mesh.layer_ids)]
        groups += [(mesh.dimension - 1, mesh.facets, mesh.facet_tags, mesh.facet_ids)]
        placed = False
        for dimension, simplices, tags, names in groups:
            for name, tag in names.items():
                entity = gmsh.model.addDiscreteEntity(dimension)
                if not placed:
                    gmsh.model.mesh.addNodes(dimension, entity, number, points.ravel())
                    placed = True
                kind = {0: 15, 1: 1, 2: 2, 3: 4}[dimension]
                nodes = simplices[tags == tag].ravel() + 1
                gmsh.model.mesh.addElementsByType(entity, kind, [], nodes)
                gmsh.model.addPhysicalGroup(dimension, [entity], tag, name)
        gmsh.write(str(path))
