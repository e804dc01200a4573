"""Gmsh's numbers of element types, and its elements as blocks."""

from __future__ import annotations

import numpy as np

from zinterphase.geometry.meshfile.content import Block, Malformed
from zinterphase.geometry.raw import Ints

TYPES = {
    1: ("line", 2),
    2: ("triangle", 3),
    3: ("quad", 4),
    4: ("tetra", 4),
    5: ("hexahedron", 8),
    6: ("wedge", 6),
    7: ("pyramid", 5),
    8: ("line3", 3),
    9: ("triangle6", 6),
    10: ("quad9", 9),
    11: ("tetra10", 10),
    12: ("hexahedron27", 27),
    13: ("wedge18", 18),
    14: ("pyramid14", 14),
    15: ("vertex", 1),
    16: ("quad8", 8),
    17: ("hexahedron20", 20),
    18: ("wedge15", 15),
    19: ("pyramid13", 13),
}
"""Name and number of nodes of each element type, orders 1 and 2."""


def element_type(number: int) -> tuple[str, int]:
    """Name and number of nodes.

    Raises
    ------
    Malformed
        An element of another order, or none at all.
    """
    if number not in TYPES:
        raise Malformed(f"elements of first or second order, not Gmsh's type {number}")
    return TYPES[number]


class NodeRows:
    """Rows of the points by node tag."""

    def __init__(self, tags: Ints) -> None:
        """Raises Malformed where a tag is there twice, or none."""
        self._order = np.argsort(tags, kind="stable")
        self._known = tags[self._order]
        if not tags.size:
            raise Malformed("nodes")
        if np.any(self._known[1:] == self._known[:-1]):
            raise Malformed("each node number once")

    def of(self, wanted: Ints) -> Ints:
        """Row of each tag, of the same shape. Raises Malformed where there is no such node."""
        place = np.minimum(np.searchsorted(self._known, wanted), self._known.size - 1)
        if np.any(self._known[place] != wanted):
            raise Malformed("elements of nodes that are in the file")
        return np.asarray(self._order[place], dtype=np.int64)


def block(kind: int, rows: Ints, groups: tuple[str, ...]) -> Block:
    """Elements of one type with their nodes as rows of the points, in the order of VTK and meshio.

    Gmsh lists the last two edges of a second-order tetrahedron the other way round.
    """
    name, count = element_type(kind)
    nodes = rows.reshape(-1, count)
    if name == "tetra10":
        nodes = nodes[:, [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]]
    return Block(name, nodes, groups)
