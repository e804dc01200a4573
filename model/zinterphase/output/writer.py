"""A run folder from a result or from a solve that failed; everything collective."""

import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import dolfinx
import gmsh
import numpy as np
import petsc4py
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError, FileError
from zinterphase.fem_types import Function
from zinterphase.observe.fields import liquid_fields
from zinterphase.observe.particles import particle_sums
from zinterphase.observe.profiles import are_asked, sampled
from zinterphase.observe.quantity import Quantity
from zinterphase.output import report
from zinterphase.output.checkpoint import save_state
from zinterphase.output.field_files import write_fields
from zinterphase.output.particle_table import particle_rows
from zinterphase.output.pictures import pictures
from zinterphase.output.results import quantities
from zinterphase.output.runfolder import STATE, RunFolder
from zinterphase.parallel import on_root, peak_memory
from zinterphase.result import Result
from zinterphase.solve.continuation import Attempt
from zinterphase.solve.problem import Problem


@dataclass(frozen=True)
class RunOrigin:
    """Where a run comes from: its command line and the time it started."""

    command: tuple[str, ...]
    start: datetime

    def record(self, comm: MPI.Intracomm, checksum: str | None) -> dict[str, object]:
        """The content of `run.json`."""
        return {
            "versions": {
                "zinterphase": version("zinterphase"),
                "dolfinx": dolfinx.__version__,
                "petsc": petsc4py.__version__,
                "python": platform.python_version(),
                "numpy": np.__version__,
                "gmsh": gmsh.__version__,
            },
            "ranks": comm.size,
            "mesh_checksum": checksum,
            "wall_time": (datetime.now(self.start.tzinfo) - self.start).total_seconds(),
            "command": list(self.command),
            "start_time": self.start.isoformat(timespec="seconds"),
        }


def open_folder(
    comm: MPI.Intracomm, path: Path, case: Case, *, keep_state: bool = False
) -> RunFolder:
    """Make the folder and write the resolved case into it; raises :class:`CaseError`.

    With ``keep_state`` the state of an earlier run stays until there is a new one. Only rank 0
    writes through what is returned.
    """

    made: RunFolder | None = None

    def make() -> None:
        nonlocal made
        made = RunFolder.create(path, keep_state=keep_state)
        with made.replacing("case.toml") as temporary:
            temporary.write_text(case.to_toml(), encoding="utf-8")

    on_root(comm, make)
    return made or RunFolder(path)


def reopen_folder(comm: MPI.Intracomm, path: Path) -> RunFolder:
    """The folder of a run that is to go on; raises :class:`CaseError`. Only rank 0 writes."""
    found: RunFolder | None = None

    def reopen() -> None:
        nonlocal found
        found = RunFolder.reopened(path)

    on_root(comm, reopen)
    return found or RunFolder(path)


def write_result(
    folder: RunFolder,
    result: Result,
    origin: RunOrigin,
    *,
    more: Mapping[str, Quantity] | None = None,
    spent: Mapping[str, object] | None = None,
) -> None:
    """Fill the folder of a run that converged; `run.json` comes last.

    ``more`` takes the place of numbers of `results.json`, or is added to them; ``spent`` is what
    an accuracy took, for `run.json`.
    """
    problem, comm = result.problem, result.problem.domain.comm
    functions = liquid_fields(problem) if _fields_are_asked(problem) else []
    write_fields(problem, functions, result.case, folder)
    _save_state(folder, problem)
    draw = pictures(result, functions)
    lines = [f for f in functions if _continuous_scalar(f)]
    samples = sampled(problem, lines)
    particles = particle_rows(particle_sums(problem))
    if result.errors is not None and result.errors.points is not None:
        samples = result.errors.points.judged_lines(samples)

    def write() -> None:
        folder.write_results({**quantities(result), **(more or {})})
        folder.write_balance(report.balance_rows(result))
        folder.write_solver(report.solver_rows(result.attempts))
        folder.write_profiles(report.profile_rows(samples))
        folder.write_particles(particles)
        with folder.replacing("surface.csv") as temporary:
            result.facets.table.to_csv(temporary)
        draw(folder)

    on_root(comm, write)
    taken = {"seconds": result.seconds, "peak_memory": peak_memory(comm)}
    accuracy = {} if spent is None else {"accuracy": spent}

    def conclude() -> None:
        record = origin.record(comm, problem.domain.checksum)
        folder.write_run({**record, **taken, **accuracy})

    on_root(comm, conclude)


def write_failure(
    folder: RunFolder,
    comm: MPI.Intracomm,
    problem: Problem | None,
    attempts: Sequence[Attempt],
    reason: str,
    origin: RunOrigin,
    state: str = "failed",
) -> None:
    """Say why a run ended and keep the last good state, if it came to one; no results.

    What cannot be written is left out: the reason of the failure is what the user has to see.
    """
    checksum = None
    if problem is not None:
        checksum = problem.domain.checksum
        with suppress(FileError, CaseError):
            _save_state(folder, problem)

    def write() -> None:
        rows = report.solver_rows(attempts)
        if rows:
            folder.write_solver(rows)

    def conclude() -> None:
        record = origin.record(comm, checksum)
        folder.write_run({**record, "reason": reason}, state=state)

    for action in (write, conclude):
        with suppress(FileError):
            on_root(comm, action)


def _save_state(folder: RunFolder, problem: Problem) -> None:
    on_root(problem.domain.comm, lambda: folder.claim(STATE))
    save_state(problem, problem.state(), folder.path / STATE)


def _fields_are_asked(problem: Problem) -> bool:
    """Whether files, pictures, normals or probes show fields: they may take more than the mesh."""
    output = problem.case.output
    return output.fields != "none" or output.pictures or are_asked(problem)


def _continuous_scalar(function: Function) -> bool:
    element = function.function_space.ufl_element()
    return bool(element.degree > 0 and not element.reference_value_shape)
