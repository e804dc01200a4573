"""Members of an ensemble side by side: ranks in groups, records gathered on rank 0 and stored."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from mpi4py import MPI

from zinterphase.ensemble.jobs import Job, OnRun, run_standing
from zinterphase.ensemble.marched import march_job
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.standing import Standing
from zinterphase.ensemble.store import Store
from zinterphase.errors import CaseError
from zinterphase.parallel import on_root
from zinterphase.result import Result

MEMBERS = "members.jsonl"
"""File of finished runs in the folder of an ensemble."""
PAUSE = 0.005
"""Seconds between two looks for messages."""
OnResult = Callable[[Result, int, float, int], None]
"""Called with result, case number, current and seed on the ranks that solved it."""
Progress = Callable[[str, int, int], None]
Keys = dict[float, str]
"""Keys of a job's runs by current."""
Runner = Callable[[Job, Keys, MPI.Intracomm, OnRun | None], Iterator[tuple[float, Record]]]
"""Makes the runs of a job whose keys are given by current; collective on its ranks."""


@dataclass(frozen=True)
class Plan:
    """Keys of all runs, by job and current, and of those still to be made."""

    every: tuple[Keys, ...]
    missing: tuple[Keys, ...]

    @property
    def total(self) -> int:
        """Number of all runs."""
        return sum(len(keys) for keys in self.every)

    @property
    def open(self) -> int:
        """Number of runs still to be made."""
        return sum(len(keys) for keys in self.missing)


def groups_of(comm: MPI.Intracomm, jobs: int, dimension: int, members_at_once: int | None) -> int:
    """How many members are solved at a time.

    By default a rank each up to 2D, where a member is small, and one on all ranks in 3D.
    """
    if members_at_once is not None and members_at_once < 1:
        raise CaseError("members_at_once", members_at_once, "a whole number, at least 1")
    wanted = members_at_once or (1 if dimension == 3 else comm.size)
    return max(1, min(wanted, comm.size, jobs))


def runs_of(
    job: Job, keys: Keys, comm: MPI.Intracomm, on_result: OnRun | None, standing: Standing
) -> Iterator[tuple[float, Record]]:
    """Make the runs of a job one after the other, steady ones with what is ``standing``, or in
    time; collective."""
    if job.case.protocol:
        return march_job(job, keys, comm)
    return run_standing(job, keys, comm, on_result, standing)


def solve_ensemble(
    jobs: Sequence[Job],
    currents: Sequence[float],
    *,
    comm: MPI.Intracomm,
    groups: int,
    progress: Progress = lambda text, done, total: None,
    folder: Path | None = None,
    on_result: OnResult | None = None,
    handed_over: int | None = None,
    runner: Runner | None = None,
) -> list[dict[float, Record]]:
    """Run every job at every current; collective. Records by job and current, on all ranks.

    The ranks of ``comm`` work in ``groups``, each on one job at a time. ``progress`` is called on
    rank 0, ``on_result`` gets the results of seed ``handed_over`` on the ranks that solved it. Runs
    stored in ``folder`` are not made again, unless ``on_result`` never saw theirs. ``runner`` makes
    a job's runs; by default :func:`runs_of`. A group takes jobs of one case after each other: its
    seeds may share a problem.

    A run that does not converge is recorded. Any other error is raised where it occurs, and the
    caller has to end the other ranks.
    """
    store: Store[Record] | None = None

    def make_plan() -> Plan:
        nonlocal store
        store = Store(None if folder is None else folder / MEMBERS, Record.from_line)
        wanted = handed_over if on_result is not None else None
        return _plan(jobs, currents, store.records, wanted)

    plan = on_root(comm, make_plan)
    number = _group_number(comm, groups)
    group = split(comm, groups)
    channel = comm.Dup()
    collector = _Collector(channel, plan, store, progress) if store is not None else None
    requests: list[MPI.Request] = []

    def deliver(job: Job, current: float, record: Record) -> None:
        if collector is not None:
            collector.collect()
            collector.accept(job.told(current), record)
        elif group.rank == 0:
            requests.append(channel.isend((job.told(current), record), dest=0))

    left = [(job, keys) for job, keys in zip(jobs, plan.missing, strict=True) if keys]
    own = sorted(left[number::groups], key=lambda each: (not each[0].refined, each[0].case_index))
    with closing(Standing()) as standing, _cheap_collection():
        make = partial(runs_of, standing=standing) if runner is None else runner
        for job, keys in own:
            seen = _hook(job, on_result) if job.seed == handed_over and not job.refined else None
            for current, record in make(job, keys, group, seen):
                deliver(job, current, record)
            # Meshes and forms are in cycles and hold communicators, of which there are not many.
            gc.collect()
    if collector is not None:
        collector.wait()
    MPI.Request.waitall(requests)
    records = None if store is None else _selected(store.records, plan.every)
    group.Free()
    channel.Free()
    return cast(list[dict[float, Record]], comm.bcast(records))


def unfinished(
    jobs: Sequence[Job], currents: Sequence[float], comm: MPI.Intracomm, folder: Path | None
) -> list[int]:
    """Number of runs of each job that ``folder`` does not have; collective."""

    def count() -> list[int]:
        if folder is None or not (folder / MEMBERS).is_file():
            return [len(currents) for _ in jobs]
        plan = _plan(jobs, currents, Store(folder / MEMBERS, Record.from_line).records, None)
        return [len(keys) for keys in plan.missing]

    return on_root(comm, count)


def split(comm: MPI.Intracomm, groups: int) -> MPI.Intracomm:
    """The part of the ranks that this rank solves members with; collective."""
    return cast(MPI.Intracomm, comm.Split(_group_number(comm, groups), comm.rank))


def _group_number(comm: MPI.Intracomm, groups: int) -> int:
    return comm.rank * groups // comm.size


@contextmanager
def _cheap_collection() -> Iterator[None]:
    """Garbage collection leaves out what is there already, which is most of it and stays."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Collector:
    """Rank 0's side of the exchange: takes in the records of all groups."""

    def __init__(
        self, channel: MPI.Intracomm, plan: Plan, store: Store[Record], progress: Progress
    ) -> None:
        self._channel, self._store, self._progress = channel, store, progress
        self._open, self._total = plan.open, plan.total
        if plan.open < plan.total:
            kept = plan.total - plan.open
            progress(f"{kept} runs are there already", kept, plan.total)

    def accept(self, told: str, record: Record) -> None:
        """Store the record of a run that is ``told`` so, and say so."""
        self._store.add(record)
        self._open -= 1
        outcome = "" if record.reason is None else f": {record.reason}"
        self._progress(told + outcome, self._total - self._open, self._total)

    def collect(self) -> None:
        """Take in what has arrived."""
        while self._channel.iprobe():
            self.accept(*self._channel.recv())

    def wait(self) -> None:
        """Take in everything that is still to come."""
        while self._open:
            self.collect()
            time.sleep(PAUSE)


def _plan(
    jobs: Sequence[Job],
    currents: Sequence[float],
    known: Mapping[str, Record],
    handed_over: int | None,
) -> Plan:
    every, missing = [], []
    for job in jobs:
        keys = {current: job.key(current) for current in currents}
        wanted = job.seed == handed_over and not job.refined
        every.append(keys)
        missing.append({i: k for i, k in keys.items() if not _is_done(known.get(k), wanted)})
    return Plan(tuple(every), tuple(missing))


def _selected(records: Mapping[str, Record], keys: Sequence[Keys]) -> list[dict[float, Record]]:
    """The runs by job and current."""
    return [{i: records[key] for i, key in row.items()} for row in keys]


def _is_done(record: Record | None, wanted: bool) -> bool:
    return record is not None and (record.delivered or record.reason is not None or not wanted)


def _hook(job: Job, on_result: OnResult | None) -> Callable[[Result, float], None] | None:
    if on_result is None:
        return None
    return lambda result, current: on_result(result, job.case_index, current, job.seed)
