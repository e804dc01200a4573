"""One case on ever finer meshes until enough is known of its error, or the budget is spent."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import Regime, require_valid
from zinterphase.cell.electrodes import cell_of
from zinterphase.ensemble.budget import Budget
from zinterphase.ensemble.store import Store
from zinterphase.errors import (
    BalanceError,
    BudgetSpent,
    CaseError,
    MeshError,
    OutOfMemory,
    SolveError,
)
from zinterphase.meshstudy.convergence import Convergence
from zinterphase.meshstudy.families import FamilyMesh
from zinterphase.meshstudy.marches import marched_mesh
from zinterphase.meshstudy.meshes import MeshRecord
from zinterphase.observe import keys
from zinterphase.output.results import discretised, last_report
from zinterphase.parallel import on_root
from zinterphase.result import Result
from zinterphase.run import solve_on
from zinterphase.scales import FARADAY
from zinterphase.solve.continuation import Attempt
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State
from zinterphase.solve.transfer import transfer

DEFAULT_ACCURACY = 0.01
"""Relative error asked for where the case asks for none."""
FEWEST = 3
"""Meshes that an observed order takes."""
MOST = 6
"""Meshes at most where an accuracy is asked for."""
MESHES = "meshes.jsonl"
"""File of finished meshes in the folder of a study."""
RECOVERABLE = (BudgetSpent, OutOfMemory, SolveError, MeshError, BalanceError)
"""What ends a study with the meshes that are there."""


@dataclass(frozen=True, eq=False)
class MeshStudy:
    """What a family of meshes gave.

    Attributes
    ----------
    convergence : Every quantity over the meshes.
    result : On the finest mesh that was solved in this call; None where all were there, and of
        marches. Its
        problem's solver may be freed already.
    """

    convergence: Convergence
    result: Result | None


def converge(
    case: Case,
    family: Iterable[FamilyMesh],
    meshes: int,
    *,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    budget: Budget | None = None,
    folder: Path | None = None,
    enough: Callable[[Convergence], bool] = lambda convergence: False,
    start: Callable[[Problem], State | None] = lambda problem: None,
    on_problem: Callable[[Problem], None] = lambda problem: None,
    on_attempt: Callable[[Attempt], None] = lambda attempt: None,
    on_mesh: Callable[[MeshRecord], None] = lambda record: None,
    checkpoint: Callable[[], None] = lambda: None,
) -> MeshStudy:
    """Solve ``case`` on the first ``meshes`` of a family of its meshes; collective.

    The solution on each mesh is the first guess on the next; a case with a protocol is marched
    from rest on each, at the same ``time.rtol``, and has no result. A mesh beyond the first that
    cannot be solved, or that the budget does not allow, ends the study with what it has.

    Parameters
    ----------
    case : Gives accuracy and order of elements.
    family : Meshes from coarse to fine; taken one at a time, after the one before is solved.
    meshes : How many at most.
    comm : Ranks to work on.
    budget : Wall time and memory.
    folder : Finished meshes are kept in its `meshes.jsonl` and not solved again.
    enough : Ends the study early; asked after each mesh, equal on all ranks.
    start : Gives what the solve on the first mesh starts from, None for rest; collective.
    on_problem : Called with each problem before it is solved.
    on_attempt : Called after each Newton solve.
    on_mesh : Called with the record of each finished mesh; collective, before the family gives
        the next one.
    checkpoint : Called once a Newton iteration; may raise on all ranks.

    Raises
    ------
    CaseError
        The case is refused.
    BudgetSpent, SolveError, MeshError, BalanceError
        On the first mesh.
    Interrupted
        From ``checkpoint``; finished meshes are kept.
    """
    regime = require_valid(case)
    limits = budget or Budget(comm)

    def check() -> None:
        checkpoint()
        limits.check()

    hooks, kept_meshes = _Hooks(start, on_problem, on_attempt, check), _KeptMeshes(comm, folder)
    records: list[MeshRecord] = []
    result: Result | None = None
    stopped: str | None = None
    kept = 0

    def judged() -> Convergence:
        tolerance = case.accuracy or DEFAULT_ACCURACY
        degree = case.mesh.order
        return Convergence.of(
            records,
            degree=degree,
            tolerance=tolerance,
            stopped=stopped,
            kept=kept,
            headline=_headline(case),
        )

    for member in islice(family, meshes):
        known = kept_meshes.find(member)
        if known is not None:
            records.append(known)
            kept, result = kept + 1, None
        else:
            stopped = limits.objection(records, member.growth)
            if stopped:
                break
            try:
                if case.protocol:
                    record = marched_mesh(member, limits, on_problem, check)
                else:
                    result, record = _solved(member, regime, result, limits, hooks)
            except RECOVERABLE as error:
                if not records:
                    raise
                stopped = str(error)
                break
            kept_meshes.keep(record)
            records.append(record)
        on_mesh(records[-1])
        if enough(judged()):
            break
    return MeshStudy(judged(), result)


def require_enough(meshes: int) -> None:
    """Raise :class:`CaseError` where there are too few meshes for an observed order."""
    if meshes < FEWEST:
        raise CaseError("--meshes", meshes, f"at least {FEWEST}: an observed order takes as many")


@dataclass(frozen=True)
class _Hooks:
    """What is called during a solve."""

    start: Callable[[Problem], State | None]
    on_problem: Callable[[Problem], None]
    on_attempt: Callable[[Attempt], None]
    check: Callable[[], None]


class _KeptMeshes:
    """Finished meshes of a folder, read and written by rank 0; collective."""

    def __init__(self, comm: MPI.Intracomm, folder: Path | None) -> None:
        self._comm = comm
        self._store: Store[MeshRecord] | None = None

        def read() -> None:
            path = None if folder is None else folder / MESHES
            self._store = Store(path, MeshRecord.from_line)

        on_root(comm, read)

    def find(self, member: FamilyMesh) -> MeshRecord | None:
        def look() -> MeshRecord | None:
            assert self._store is not None
            return self._store.records.get(member.key) if self._store.records else None

        return on_root(self._comm, look)

    def keep(self, record: MeshRecord) -> None:
        def add() -> None:
            assert self._store is not None
            self._store.add(record)

        on_root(self._comm, add)


def _solved(
    member: FamilyMesh,
    regime: Regime,
    previous: Result | None,
    limits: Budget,
    hooks: _Hooks,
) -> tuple[Result, MeshRecord]:
    started, comm = time.monotonic(), limits.comm
    meshed = member.mesh(comm)
    problem = Problem(member.case, meshed.domain)
    problem.checkpoint = hooks.check
    # Before the problem is known: a refused start must not be written over.
    start = hooks.start(problem) if previous is None else transfer(previous.problem, problem)
    hooks.on_problem(problem)
    if previous is not None:
        previous.problem.close()
    result = solve_on(problem, regime, meshed.quality, {}, hooks.on_attempt, start=start)
    volume, dimension = meshed.quality.volume, meshed.domain.dimension
    numbers = discretised(result)
    record = MeshRecord(
        key=member.key,
        refinement=member.case.mesh.refinement,
        size=(volume / meshed.quality.cells) ** (1.0 / dimension),
        cells=meshed.domain.cell_count,
        unknowns=problem.system.global_size,
        iterations=sum(len(attempt.report.iterations) for attempt in result.attempts),
        from_previous=start is not None and len(result.attempts) == 1,
        seconds=comm.bcast(time.monotonic() - started),
        memory=limits.grown_memory(),
        values={name: value for name, (value, _) in numbers.items()},
        units={name: unit for name, (_, unit) in numbers.items()},
        noise=_noise(result),
    )
    return result, comm.bcast(record)


def _noise(result: Result) -> dict[str, float]:
    """By unit, what the tolerance of the solver leaves undecided: the relative one times the
    thermal voltage, the larger of mean and exchange current density, or 1."""
    problem = result.problem
    relative = max(result.case.solver.tolerance, last_report(result).algebraic_error)
    exchange = result.regime.exchange_current
    current = max(abs(result.mean_current_density), exchange)
    return {
        "V": relative * problem.bulk.thermal_voltage,
        "A/m^2": relative * current,
        "mol/m^2/s": relative * current / FARADAY,
        "1": relative,
    }


def _headline(case: Case) -> str:
    """The field that evenness is told by."""
    if case.protocol:
        return keys.DEPOSIT_THICKNESS
    return keys.headline(volumetric=bool(cell_of(case).working.pores))
