"""Sections of Gmsh's format 2.2."""

from __future__ import annotations

import numpy as np

from zinterphase.geometry.meshfile.content import DIMENSION, Malformed, MeshFile
from zinterphase.geometry.meshfile.cursor import BinaryCursor, TextCursor
from zinterphase.geometry.meshfile.gmsh_elements import block, element_type, rows_of
from zinterphase.geometry.raw import Floats, Ints


class Sections:
    """Nodes and elements of one file."""

    def __init__(self) -> None:
        self._tags: Ints = np.zeros(0, dtype=np.int64)
        self._points: Floats = np.zeros((0, 3))
        self._elements: dict[tuple[int, int], list[Ints]] = {}
        """Node tags by element type and group number, 0 for none."""

    def read(self, title: str, cursor: TextCursor | BinaryCursor) -> None:
        """Take in one section."""
        match title:
            case "Nodes":
                self._read_nodes(cursor)
            case "Elements":
                if isinstance(cursor, TextCursor):
                    self._read_text(cursor)
                else:
                    self._read_binary(cursor)
            case _:
                raise Malformed(f"no section {title} in version 2.2 of the format")

    def mesh(self, names: dict[tuple[int, int], str]) -> MeshFile:
        """The whole file, with the names of its groups by dimension and number."""
        blocks = []
        for (kind, group), parts in self._elements.items():
            level = dimension(kind)
            groups = (names.get((level, abs(group)), str(abs(group))),) if group else ()
            blocks.append(block(kind, rows_of(self._tags, np.concatenate(parts)), groups))
        return MeshFile(self._points, tuple(blocks))

    def _read_nodes(self, cursor: TextCursor | BinaryCursor) -> None:
        count = cursor.count()
        if isinstance(cursor, TextCursor):
            table = cursor.floats(4 * count).reshape(-1, 4)
            self._tags, self._points = table[:, 0].astype(np.int64), table[:, 1:]
        else:
            records = cursor.records([("tag", "i4", 1), ("point", "f8", 3)], count)
            self._tags = records["tag"][:, 0].astype(np.int64)
            self._points = records["point"].astype(np.float64)

    def _read_text(self, cursor: TextCursor) -> None:
        count = cursor.count()
        numbers = cursor.rest()
        flat, at, starts = numbers.tolist(), 0, []
        for _ in range(count):
            if at + 3 > len(flat) or not 0 <= flat[at + 2] <= len(flat):
                raise Malformed("as many elements in its section Elements as it announces")
            starts.append(at)
            at += 3 + flat[at + 2] + element_type(flat[at + 1])[1]
        if at != len(flat):
            raise Malformed("as many elements in its section Elements as it announces")
        begin = np.array(starts, dtype=np.int64)
        kinds, tags = numbers[begin + 1], numbers[begin + 2]
        for kind, own in np.unique(np.column_stack([kinds, tags]), axis=0):
            first = begin[(kinds == kind) & (tags == own)]
            width = 3 + int(own) + element_type(int(kind))[1]
            self._keep(int(kind), int(own), numbers[first[:, None] + np.arange(3, width)])

    def _read_binary(self, cursor: BinaryCursor) -> None:
        count = cursor.count()
        while count > 0:
            kind, here, tags = (int(number) for number in cursor.ints(3))
            width = 1 + tags + element_type(kind)[1]
            if not 0 < here <= count or tags < 0:
                raise Malformed("as many elements in its section Elements as it announces")
            self._keep(kind, tags, cursor.ints(here * width).reshape(here, width)[:, 1:])
            count -= here

    def _keep(self, kind: int, tags: int, rows: Ints) -> None:
        """Rows of the tags of an element, of which the first is its group, and its nodes."""
        groups = rows[:, 0] if tags else np.zeros(len(rows), dtype=np.int64)
        for group in np.unique(groups):
            nodes = rows[groups == group][:, tags:]
            self._elements.setdefault((kind, int(group)), []).append(nodes)


def dimension(kind: int) -> int:
    """Topological dimension of an element type of any order."""
    return DIMENSION[element_type(kind)[0].rstrip("0123456789")]
