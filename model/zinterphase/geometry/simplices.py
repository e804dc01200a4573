"""Quadrilaterals, hexahedra, wedges and pyramids as simplices that match across their faces.

Every face with four corners is cut through its corner of lowest number, whichever cell it is seen
from; a cell is cut into the simplices from its own corner of lowest number to the triangles of
the faces it is not on (Dompierre et al. (1999), 8th Int. Meshing Roundtable, 195).
"""

from __future__ import annotations

import numpy as np

from zinterphase.geometry.raw import Ints

SIMPLEX = {1: "line", 2: "triangle", 3: "tetra"}

_FACES = {
    "hexahedron": (
        (0, 1, 2, 3),
        (4, 5, 6, 7),
        (0, 1, 5, 4),
        (1, 2, 6, 5),
        (2, 3, 7, 6),
        (3, 0, 4, 7),
    ),
    "wedge": ((0, 1, 2), (3, 4, 5), (0, 1, 4, 3), (1, 2, 5, 4), (2, 0, 3, 5)),
    "pyramid": ((0, 1, 2, 3), (0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)),
}
"""Corners of the faces, in the node order of Gmsh, VTK and meshio."""


def simplices_of(kind: str, nodes: Ints) -> Ints:
    """Cut elements of one kind into simplices.

    Parameters
    ----------
    kind : "line", "triangle", "quad", "tetra", "hexahedron", "wedge" or "pyramid".
    nodes : Numbers of their corners, shape (n, corners).

    Returns
    -------
    The simplices, shape (m, dimension + 1).
    """
    if kind in SIMPLEX.values():
        return nodes
    if kind == "quad":
        return _halves(nodes)
    apex = np.argmin(nodes, axis=1)
    cells = []
    for corner in range(nodes.shape[1]):
        here = np.flatnonzero(apex == corner)
        for face in _FACES[kind]:
            if corner in face or not here.size:
                continue
            base = nodes[np.ix_(here, face)]
            triangles = _halves(base) if len(face) == 4 else base
            origin = np.tile(here, len(face) - 2)
            cells.append(np.column_stack([nodes[origin, corner], triangles]))
    if not cells:
        return np.zeros((0, 4), dtype=np.int64)
    return np.concatenate(cells)


def _halves(quads: Ints) -> Ints:
    """Both triangles of each quadrilateral: first those of all, then the others; shape (2 n, 3)."""
    turn = np.argmin(quads, axis=1)[:, None] + np.arange(4)
    a, b, c, d = np.take_along_axis(quads, turn % 4, axis=1).T
    return np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
