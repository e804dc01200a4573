"""One timed solve of a case; what the benchmarks share."""

import resource
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mpi4py import MPI

from zinterphase import Case
from zinterphase.run import mesh_case
from zinterphase.solve.problem import Problem

CASE = Path(__file__).parents[1] / "cases" / "dual_layer.toml"
# Debye lengths of a few cells: the hardest level on a mesh graded over four decades.
COMMON = ("level=pnp", "electrolyte.concentration=0.05 mol/L", "output.fields=none")


@dataclass(frozen=True)
class Measurement:
    """Wall seconds of the solve, those of linear solvers inside, and of the mesh before; memory is
    the sum of the ranks' peaks, that of rank 0 after the mesh and in all."""

    ranks: int
    unknowns: int
    preset: str
    newton: int
    krylov: int
    seconds: float
    linear_seconds: float
    mesh_seconds: float
    megabytes: float
    root_megabytes: float
    mesh_megabytes: float
    potential: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class _Timed:
    """Passes everything on to a linear solver and adds up the time inside."""

    def __init__(self, solver: Any) -> None:
        self._solver = solver
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._solver, name)

    def update(self, *arguments: Any) -> Any:
        """Timed set-up."""
        return self._timed(self._solver.update, arguments)

    def solve(self, *arguments: Any) -> Any:
        """Timed solve."""
        return self._timed(self._solver.solve, arguments)

    def _timed(self, function: Any, arguments: Sequence[Any]) -> Any:
        started = time.perf_counter()
        try:
            return function(*arguments)
        finally:
            self.seconds += time.perf_counter() - started


def case_of(dimension: int, width: str, preset: str, extra: Sequence[str] = ()) -> Case:
    """The dual layer with resolved double layers; ``width`` sets the number of unknowns."""
    geometry = (f"geometry.dimension={dimension}", f"geometry.width={width}")
    return Case.load(CASE, [*COMMON, *geometry, f"solver.preset={preset}", *extra])


def measure(case: Case, comm: MPI.Intracomm = MPI.COMM_WORLD) -> Measurement:
    """Mesh, compile, then time the solve from rest to the full load; collective."""
    started = time.perf_counter()
    domain = mesh_case(case, comm).domain
    mesh_seconds, mesh_peak = time.perf_counter() - started, _peak()
    problem = Problem(case, domain)
    timed = _Timed(problem.linear)
    problem.linear = problem.bordered.linear = timed  # type: ignore[assignment]
    comm.Barrier()
    started = time.perf_counter()
    attempts = problem.solve()
    seconds = time.perf_counter() - started
    peak = _peak()
    direct = bool(timed.is_direct)
    return Measurement(
        ranks=comm.size,
        unknowns=problem.system.global_size,
        preset=timed.preset,
        newton=sum(len(a.report.iterations) for a in attempts),
        krylov=0 if direct else int(timed.iterations),
        seconds=seconds,
        linear_seconds=timed.seconds,
        mesh_seconds=mesh_seconds,
        megabytes=float(comm.allreduce(peak)),
        root_megabytes=float(comm.bcast(peak)),
        mesh_megabytes=float(comm.bcast(mesh_peak)),
        potential=problem.potential.value,
    )


def _peak() -> float:
    """What this rank has held at most until now [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
