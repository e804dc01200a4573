"""Fields for ParaView: .pvd for everyone, .bp for parallel file systems."""

from collections.abc import Sequence
from pathlib import Path

from dolfinx import io
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.fem_types import Function
from zinterphase.observe.fields import liquid_fields, solid_fields
from zinterphase.solve.problem import Problem


def write_fields(problem: Problem, case: Case, folder: Path) -> None:
    """Write `fields` (liquid) and `solid` (where its potential is solved); collective."""
    if case.output.fields == "none":
        return
    comm = problem.domain.comm
    for name, functions in (("fields", liquid_fields(problem)), ("solid", solid_fields(problem))):
        if functions:
            _write(comm, folder / f"{name}.{case.output.fields}", functions)


def _write(comm: MPI.Intracomm, path: Path, functions: Sequence[Function]) -> None:
    if path.suffix == ".bp":
        with io.VTXWriter(comm, path, list(functions)) as file:
            file.write(0.0)
        return
    with io.VTKFile(comm, path, "w") as file:
        file.write_function(list(functions), 0.0)
