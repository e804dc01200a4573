"""Meshes on disk, one file per recipe, so that a recipe is meshed once per machine. Serial."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from zinterphase.caches import cache_folder
from zinterphase.geometry.build import build
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.specification import Recipe


class Keyed(Protocol):
    """What a mesh is made from, with a key that changes when the mesh would."""

    def key(self) -> str:
        """Name of the mesh's file."""


def cached_build(recipe: Recipe) -> RawMesh:
    """The mesh of a recipe of columns, as :func:`cached`."""
    return cached(recipe, build)


def cached[R: Keyed](recipe: R, make: Callable[[R], RawMesh]) -> RawMesh:
    """The mesh that ``make`` makes of a recipe, from the cache when it is there and intact, else
    built and stored.

    A cache that cannot be written is no error: the mesh is simply built again next time.

    Raises
    ------
    CaseError, MeshError
        As ``make``.
    """
    path = cache_folder("meshes") / f"{recipe.key()}.npz"
    stored = load(path)
    if stored is not None:
        return stored
    mesh = make(recipe)
    try:
        save(mesh, path)
    except OSError:
        return mesh
    return mesh


def save(mesh: RawMesh, path: Path) -> None:
    """Write a mesh so that readers see all of it or none, also when several runs write at once."""
    header = json.dumps({"recipe": path.stem, "checksum": mesh.checksum, **mesh.labels})
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez(stream, header=np.array(header), **mesh.arrays)  # type: ignore[arg-type]
        Path(temporary).replace(path)
    except BaseException:  # an interruption must not leave the part either; it goes on from here
        Path(temporary).unlink(missing_ok=True)
        raise


def load(path: Path) -> RawMesh | None:
    """Read a stored mesh; None when the file is missing, damaged or not what it claims to be."""
    try:
        # np.load leaves the file open when it finds no archive in it.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as data:
            header = json.loads(str(data["header"]))
            mesh = RawMesh.of(data, header)
        intact = (header["recipe"], header["checksum"]) == (path.stem, mesh.checksum)
        return mesh if intact else None
    except Exception:  # damage shows in as many ways as there are readers below this one
        return None
