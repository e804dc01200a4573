"""Gmsh's .msh, versions 2.2 and 4.1, text and binary: header, sections, groups.

Gmsh itself runs whatever it takes for a script, so it reads no file of a user's. Format:
https://gmsh.info/doc/texinfo/gmsh.html#Gmsh-file-formats
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from zinterphase.geometry.meshfile import msh2, msh4
from zinterphase.geometry.meshfile.content import Malformed, MeshFile
from zinterphase.geometry.meshfile.cursor import BinaryCursor, TextCursor

Names = dict[tuple[int, int], str]

_HEADER = re.compile(
    rb"\$MeshFormat\r?\n(\d{1,3}(?:\.\d{1,3})?)[ \t]+([01])[ \t]+(\d{1,3})[ \t]*\r?\n"
)
_TITLE = re.compile(rb"\s*\$([A-Za-z]{1,40})[ \t]*\r?\n")
_NAME = re.compile(r'\s*([0-3])\s+(\d{1,9})\s+"([^"\n]{1,200})"\s*')
_LONGEST_HEADER = 256
_VERSIONS = ("2", "2.1", "2.2", "4.1")
_SIZE = 8
_READ = ("PhysicalNames", "Entities", "Nodes", "Elements")
_SKIPPED = (
    "Comments",
    "Periodic",
    "NodeData",
    "ElementData",
    "ElementNodeData",
    "InterpolationScheme",
    "Parametrizations",
)


@dataclass(frozen=True)
class _Format:
    """Version, and the byte order of a binary file ("" for text)."""

    version: str
    order: str


def read_msh(stream: BinaryIO) -> MeshFile:
    """Read a whole file.

    Raises
    ------
    Malformed
        No valid header, text outside the sections, a section that is missing, unknown,
        doubled, damaged or longer than it announces.
    """
    form, start = _header(stream.read(_LONGEST_HEADER))
    stream.seek(0)
    data = stream.read()
    names: Names = {}
    reader = msh4.Sections() if form.version.startswith("4") else msh2.Sections()
    for title, cursor in _sections(data, start, form):
        if isinstance(cursor, bytes):
            names = _physical_names(cursor)
        else:
            reader.read(title, cursor)
            cursor.finish()
    return reader.mesh(names)


def _header(head: bytes) -> tuple[_Format, int]:
    """Format, and the offset behind the header."""
    found = _HEADER.match(head)
    if found is None:
        raise Malformed("a Gmsh mesh, which begins with $MeshFormat")
    version, binary, size = (text.decode() for text in found.groups())
    if version not in _VERSIONS:
        raise Malformed(f"version 2.2 or 4.1 of the format, not {version}; see Save As in Gmsh")
    if int(size) != _SIZE:
        raise Malformed(f"numbers of {_SIZE} bytes in a Gmsh mesh, not {size}")
    at, order = found.end(), ""
    if binary == "1":
        order = {b"\1\0\0\0": "<", b"\0\0\0\1": ">"}.get(head[at : at + 4], "")
        if not order:
            raise Malformed("the number 1 behind the header of a binary Gmsh mesh")
        at += 4
    return _Format(version, order), _behind_end(head, at, "MeshFormat")


def _sections(
    data: bytes, at: int, form: _Format
) -> Iterator[tuple[str, bytes | TextCursor | BinaryCursor]]:
    """Each section that is read, in turn."""
    seen: set[str] = set()
    while True:
        title, at = _title(data, at)
        if title is None:
            if not seen >= {"Nodes", "Elements"}:
                raise Malformed("sections Nodes and Elements in a Gmsh mesh")
            return
        if title in seen and title in _READ:
            raise Malformed(f"one section {title} only")
        seen.add(title)
        if title in _SKIPPED:
            at = _behind_end(data, _end(data, at, title), title)
        elif title == "PhysicalNames" or not form.order:
            end = _end(data, at, title)
            text = data[at:end]
            yield title, text if title == "PhysicalNames" else TextCursor(title, text)
            at = _behind_end(data, end, title)
        else:
            binary = BinaryCursor(title, data, at, form.order)
            yield title, binary
            at = _behind_end(data, binary.at, title)


def _title(data: bytes, at: int) -> tuple[str | None, int]:
    """Title of the section that begins here, None at the end of the file; and what follows."""
    found = _TITLE.match(data, at)
    if found is None:
        if data[at:].strip():
            raise Malformed("sections only in a Gmsh mesh, from $Title to $EndTitle")
        return None, len(data)
    title = found.group(1).decode()
    if title not in _READ + _SKIPPED:
        raise Malformed(f"sections {', '.join(_READ + _SKIPPED)} in a Gmsh mesh, not {title}")
    return title, found.end()


def _end(data: bytes, at: int, title: str) -> int:
    """Where the line that ends a section of text begins."""
    found = data.find(b"$End" + title.encode(), at)
    if found < 0:
        raise Malformed(f"an end of its section {title}")
    return found


def _behind_end(data: bytes, at: int, title: str) -> int:
    found = re.compile(rb"\s*\$End" + title.encode() + rb"[ \t]*(?:\r?\n|$)").match(data, at)
    if found is None:
        raise Malformed(f"an end of its section {title} where it announces it")
    return found.end()


def _physical_names(text: bytes) -> Names:
    """Name of each group by dimension and number."""
    count, *lines = text.decode("utf-8", "replace").strip().splitlines() or [""]
    rows = [_NAME.fullmatch(line) for line in lines]
    if count.strip() != str(len(rows)):
        raise Malformed("as many names in its section PhysicalNames as it announces")
    names = {}
    for row in rows:
        if row is None:
            raise Malformed('lines of dimension, number and "name" in its section PhysicalNames')
        names[int(row[1]), int(row[2])] = row[3]
    return names
