"""The state about which a cell is disturbed: a steady one, or one in time."""

from dataclasses import dataclass
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import require_valid
from zinterphase.errors import CaseError
from zinterphase.impedance.grid import mesh_for
from zinterphase.marching import Hooks, March, present_domain
from zinterphase.observe.beginning import at_rest
from zinterphase.observe.validity import require_measured_range
from zinterphase.output.checkpoint import load_state
from zinterphase.output.march_state import load_march
from zinterphase.output.runfolder import MARCH, STATE, RunFolder
from zinterphase.solve.continuation import ContinuationFailure
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Storage


@dataclass(frozen=True, eq=False)
class Prepared:
    """A problem at the state, with what it stores; ``time`` [s] of one in time."""

    problem: Problem
    storage: Storage
    time: float | None = None


def steady(case: Case, comm: MPI.Intracomm, highest: float) -> Prepared:
    """The steady state of a case without a protocol, on a mesh for frequencies up to ``highest``
    [Hz]; collective. Raises what `run` raises."""
    require_valid(case)
    problem = Problem(case, mesh_for(case, highest, comm).domain)
    storage = Storage(problem)
    try:
        problem.solve()
    except ContinuationFailure as failure:
        raise failure.because("") from failure
    require_measured_range(problem)
    return Prepared(problem, storage)


def at_end(case: Case, comm: MPI.Intracomm, folder: RunFolder, hooks: Hooks) -> Prepared:
    """The state at the end of a case's protocol, which is marched into ``folder``; collective."""
    marched = March(case, comm, folder, hooks).run()
    return _in_time(marched.probe.problem, marched.last.time)


def of_run(case: Case, comm: MPI.Intracomm, path: Path) -> Prepared:
    """The last state of the run in a folder, on any number of ranks; collective.

    Raises :class:`CaseError` where the folder holds none.
    """
    require_valid(case)
    name = MARCH if case.protocol else STATE
    if not (path / name).is_file():
        raise CaseError("impedance", str(path), f"a case file, or the folder of a run with {name}")
    saved_in = path / name if case.protocol else None
    problem = Problem(case, present_domain(case, comm, saved_in)[0])
    if case.protocol:
        _, stepper = at_rest(problem)
        saved = load_march(problem, path / name)
        stepper.resume(saved.points, saved.reached, saved.footing)
        return _in_time(problem, stepper.now.time)
    storage = Storage(problem)
    problem.solve(load_state(problem, path / name))
    return Prepared(problem, storage)


def _in_time(problem: Problem, time: float) -> Prepared:
    """What was held before is of no account: the state stands, its walls with it."""
    assert problem.storage is not None
    problem.remember(0.0, None)
    return Prepared(problem, problem.storage, time)
