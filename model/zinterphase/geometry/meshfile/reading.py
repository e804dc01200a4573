"""A mesh file by its suffix: Gmsh's by our own reader, others by meshio in a process of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.geometry.meshfile.content import Malformed, MeshFile
from zinterphase.geometry.meshfile.foreign import FORMATS, read_foreign
from zinterphase.geometry.meshfile.msh import read_msh
from zinterphase.geometry.meshfile.opening import opened

FIELD = "mesh.file"
_FARTHEST = 1e30
"""Beyond it volumes of cells leave the range of numbers."""


def read_mesh_file(path: Path) -> MeshFile:
    """Everything in a mesh file; nothing of it is executed, and time and memory are bounded.

    Raises
    ------
    CaseError
        The file is no mesh of the format its suffix names, or is no file, empty, or
        longer than `LARGEST_FILE`.
    """
    try:
        found = _read(path)
        if not np.all(np.abs(found.points) < _FARTHEST):
            raise Malformed(f"coordinates below {_FARTHEST:g}")
    except Malformed as error:
        raise CaseError(FIELD, str(path), str(error)) from error
    return found


def _read(path: Path) -> MeshFile:
    suffix = path.suffix.lower()
    if suffix != ".msh" and suffix not in FORMATS:
        known = ", ".join(sorted([".msh", *FORMATS]))
        raise Malformed(f"a mesh file with one of the suffixes {known}")
    with opened(path) as (stream, size):
        if suffix == ".msh":
            return read_msh(stream)
    return read_foreign(path, FORMATS[suffix], size)
