"""What a mesh file holds, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass

from zinterphase.geometry.raw import Floats, Ints

DIMENSION = {
    "vertex": 0,
    "line": 1,
    "triangle": 2,
    "quad": 2,
    "tetra": 3,
    "hexahedron": 3,
    "wedge": 3,
    "pyramid": 3,
}
"""Of each first-order element; node order as in Gmsh, VTK and meshio."""


class Malformed(ValueError):
    """A file is not what its format demands; the text says what is allowed."""


@dataclass(frozen=True, eq=False)
class Block:
    """Elements of one kind that are in the same groups.

    Attributes
    ----------
    kind : First-order kind, a key of `DIMENSION`, or another of meshio's names.
    nodes : Rows of the mesh's points, shape (n, nodes of the kind).
    groups : Names of the groups these elements are in; a group without a name is called by
        its number.
    """

    kind: str
    nodes: Ints
    groups: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class MeshFile:
    """Everything that is read from a file.

    Attributes
    ----------
    points : Coordinates in the file's unit, shape (n, 3).
    blocks : All its elements.
    """

    points: Floats
    blocks: tuple[Block, ...]
