"""Fields for ParaView: .pvd for everyone, .bp for parallel file systems."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from dolfinx import io
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import FileError
from zinterphase.fem_types import Function
from zinterphase.observe.fields import solid_fields
from zinterphase.output.layer_files import write_blocks, write_layers
from zinterphase.output.runfolder import RunFolder
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem

SCRATCH = ".fields"
VALUE = {"pvd": 14, "bp": 10}
"""Bytes of a value at most; .vtu files hold base64."""
GEOMETRY = 400
"""Bytes a node takes at most for its coordinates and its share of cells."""
MARGIN = 2**16
"""Bytes for what files hold besides numbers."""


def write_fields(
    problem: Problem, liquid: Sequence[Function], case: Case, folder: RunFolder
) -> None:
    """Write `fields` (``liquid``) and `solid` (where its potential is solved); collective.

    All files are written aside and get their names once they are complete.
    Raises :class:`FileError`.
    """
    if case.output.fields == "none":
        return
    sets = {"fields": liquid, "solid": solid_fields(problem)}
    write_sets(problem, sets, case.output.fields, folder)


def write_sets(
    problem: Problem,
    sets: Mapping[str, Sequence[Function]],
    form: str,
    folder: RunFolder,
    time: float | None = None,
) -> None:
    """Write sets of fields, each under its name, in the ``form`` of the case; collective.

    Of a snapshot in a series, at a ``time`` [s], only the blocks are written and no collection.
    All files are written aside and get their names once they are complete; empty sets have none.
    Raises :class:`FileError`.
    """
    if form == "none":
        return
    comm = problem.domain.comm
    size = sum(_size(functions, VALUE[form]) for functions in sets.values())
    scratch = folder.path / SCRATCH
    on_root(comm, lambda: folder.claim(SCRATCH).mkdir())
    try:
        on_root(comm, lambda: _require_room(scratch, size))
        for name, functions in sets.items():
            if functions:
                _write(comm, scratch / f"{name}.{form}", functions, problem.domain.layer_ids, time)
    except FileError:
        on_root(comm, lambda: folder.drop(scratch))
        raise
    on_root(comm, lambda: folder.adopt(scratch))


def _require_room(folder: Path, size: int) -> None:
    """Raise :class:`FileError` without room for ``size`` bytes: ADIOS2 would end the process."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, size)
    except OSError as error:
        text = f"{folder.parent}: no room for fields of {size / 1e6:.1f} MB: {error.strerror}"
        raise FileError(text) from error


def _size(functions: Sequence[Function], value: int) -> int:
    """Bytes of the files at most, ``value`` for each number."""
    if not functions:
        return 0
    spaces = [function.function_space for function in functions]
    values = sum(s.dofmap.index_map.size_global * s.dofmap.index_map_bs for s in spaces)
    nodes = spaces[0].mesh.geometry.index_map().size_global
    return int(values * value + nodes * GEOMETRY + MARGIN)


def _write(
    comm: MPI.Intracomm,
    path: Path,
    functions: Sequence[Function],
    layers: Mapping[str, int],
    time: float | None,
) -> None:
    failure: str | None = None
    try:
        if path.suffix == ".bp":
            with io.VTXWriter(comm, path, list(functions)) as file:
                file.write(time or 0.0)
        elif time is not None:
            write_blocks(comm, path.with_suffix(""), functions, layers)
        else:
            write_layers(comm, path, functions, layers)
    except (RuntimeError, OSError) as error:
        failure = " ".join(str(error).split())
    failures = [text for text in comm.allgather(failure) if text is not None]
    if failures:
        raise FileError(f"fields cannot be written to {path.parent.parent}: {failures[0]}")
