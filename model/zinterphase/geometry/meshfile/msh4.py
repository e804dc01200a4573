"""Sections of Gmsh's format 4.1."""

from __future__ import annotations

import numpy as np

from zinterphase.geometry.meshfile.content import Malformed, MeshFile
from zinterphase.geometry.meshfile.cursor import Cursor
from zinterphase.geometry.meshfile.gmsh_elements import block, element_type, rows_of
from zinterphase.geometry.raw import Floats, Ints


class Sections:
    """Entities, nodes and elements of one file."""

    def __init__(self) -> None:
        self._groups: dict[tuple[int, int], list[int]] = {}
        """Numbers of the groups of each entity, by dimension and tag."""
        self._tags: list[Ints] = [np.zeros(0, dtype=np.int64)]
        self._points: list[Floats] = [np.zeros((0, 3))]
        self._elements: list[tuple[int, int, int, Ints]] = []
        """Dimension and tag of the entity, element type, node tags."""

    def read(self, title: str, cursor: Cursor) -> None:
        """Take in one section."""
        match title:
            case "Entities":
                self._read_entities(cursor)
            case "Nodes":
                self._read_nodes(cursor)
            case _:
                self._read_elements(cursor)

    def mesh(self, names: dict[tuple[int, int], str]) -> MeshFile:
        """The whole file, with the names of its groups by dimension and number."""
        tags, blocks = np.concatenate(self._tags), []
        for level, entity, kind, nodes in self._elements:
            # The sign of a group's number is the orientation of the entity in it.
            numbers = [abs(number) for number in self._groups.get((level, entity), [])]
            groups = tuple(names.get((level, number), str(number)) for number in numbers)
            blocks.append(block(kind, rows_of(tags, nodes), groups))
        return MeshFile(np.concatenate(self._points), tuple(blocks))

    def _read_entities(self, cursor: Cursor) -> None:
        for level, count in enumerate(cursor.sizes(4).tolist()):
            for _ in range(count):
                tag = int(cursor.ints(1)[0])
                cursor.floats(3 if level == 0 else 6)  # position, or corners of a box
                self._groups[level, tag] = cursor.ints(int(cursor.sizes(1)[0])).tolist()
                if level:
                    cursor.ints(int(cursor.sizes(1)[0]))  # what bounds it

    def _read_nodes(self, cursor: Cursor) -> None:
        blocks, total, _, _ = cursor.sizes(4).tolist()
        for _ in range(blocks):
            level, _, parametric = cursor.ints(3).tolist()
            count = int(cursor.sizes(1)[0])
            self._tags.append(cursor.sizes(count))
            width = 3 + (level if parametric else 0)
            self._points.append(cursor.floats(count * width).reshape(-1, width)[:, :3])
        if sum(part.size for part in self._tags) != total:
            raise Malformed("as many nodes in its section Nodes as it announces")

    def _read_elements(self, cursor: Cursor) -> None:
        blocks, total, _, _ = cursor.sizes(4).tolist()
        for _ in range(blocks):
            level, entity, kind = cursor.ints(3).tolist()
            count, width = int(cursor.sizes(1)[0]), 1 + element_type(kind)[1]
            rows = cursor.sizes(count * width).reshape(-1, width)
            self._elements.append((level, entity, kind, rows[:, 1:]))
            total -= count
        if total:
            raise Malformed("as many elements in its section Elements as it announces")
