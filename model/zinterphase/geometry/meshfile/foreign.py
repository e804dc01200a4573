"""Formats other than Gmsh's, by meshio in a process with limits on time, memory and writing.

Its readers take broken files in good faith: some never end, some ask for memory without bound,
some print. Formats and what they need: https://github.com/nschloe/meshio
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

from zinterphase.geometry.meshfile.content import Block, Malformed, MeshFile

FORMATS = {
    ".avs": "avsucd",
    ".bdf": "nastran",
    ".fem": "nastran",
    ".inp": "abaqus",
    ".med": "med",
    ".mesh": "medit",
    ".meshb": "medit",
    ".nas": "nastran",
    ".vol": "netgen",
    ".vtk": "vtk",
    ".vtu": "vtu",
    ".xdmf": "xdmf",
}
"""meshio's name of the format of each suffix: those that name or number cells and facets."""

_WORKER = Path(__file__).with_name("meshio_worker.py")
_BYTES_PER_BYTE = 100
"""Memory that a reader may take for one byte of the file."""
_BASE_MEMORY = 2**31
_BASE_SECONDS = 20
_BYTES_PER_SECOND = 500_000
_LONGEST_REASON = 160


def read_foreign(path: Path, form: str, size: int) -> MeshFile:
    """Read a file of ``size`` bytes in one of meshio's formats.

    Raises
    ------
    Malformed
        meshio cannot read it, lacks a package for it, or needs too long.
    """
    seconds = _BASE_SECONDS + size // _BYTES_PER_SECOND
    limits = (str(_BASE_MEMORY + _BYTES_PER_BYTE * size), str(seconds))
    # -P: no module is taken from the current folder. One thread of BLAS needs little memory.
    command = [sys.executable, "-P", str(_WORKER), str(path), form, *limits]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Malformed(f"a {form} mesh that is read within {seconds} s") from error
    if done.returncode:
        raise Malformed(f"a {form} mesh that meshio can read ({_reason(done.stderr)})")
    return _mesh(done.stdout, form)


def _reason(errors: bytes) -> str:
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    text = lines[-1] if lines else "it was stopped by a limit on time or memory"
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST_REASON]


def _mesh(output: bytes, form: str) -> MeshFile:
    try:
        with np.load(io.BytesIO(output), allow_pickle=False) as data:
            points, described = data["points"], json.loads(str(data["blocks"]))
            blocks = [
                Block(kind, data[f"nodes{k}"].astype(np.int64), tuple(groups))
                for k, (kind, groups) in enumerate(described)
            ]
        points = points.astype(np.float64)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise Malformed(f"a {form} mesh that meshio can read ({error})") from error
    if points.ndim != 2 or points.shape[1] not in (2, 3):
        raise Malformed("points of two or three coordinates")
    if any(np.any((b.nodes < 0) | (b.nodes >= len(points))) for b in blocks):
        raise Malformed("elements of nodes that are in the file")
    flat = np.zeros((len(points), 3 - points.shape[1]))
    return MeshFile(np.column_stack([points, flat]), tuple(blocks))
