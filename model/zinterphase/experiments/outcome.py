"""Experiments on several anodes: runs, reductions, means over seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mpi4py import MPI

from zinterphase.ensemble.groups import groups_of, solve_ensemble
from zinterphase.ensemble.jobs import jobs_in_turn
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.setting import labels_of
from zinterphase.errors import SolveError
from zinterphase.experiments.course import Course
from zinterphase.experiments.experiment import Experiment, Reduced
from zinterphase.experiments.parameters import Values
from zinterphase.experiments.runs import LABEL, Experimented, run_experiment
from zinterphase.experiments.setup import Setup
from zinterphase.observe.statistics import Interval, mean_interval
from zinterphase.parallel import on_root

type Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Anode:
    """One case: its reductions by seed, and why other seeds have none.

    ``drawn`` is that of the first seed that has one.
    """

    label: str
    setup: Setup
    reduced: dict[int, Reduced]
    failures: dict[int, str]

    @property
    def drawn(self) -> Reduced | None:
        """What the figure shows."""
        return next(iter(self.reduced.values()), None)

    def interval(self, name: str) -> Interval:
        """Mean of a number over the seeds; without a value for the reason of the first seed."""
        found = [each.quantities[name] for each in self.reduced.values() if name in each.quantities]
        values = [float(q.value) for q in found if isinstance(q.value, float)]
        if values:
            return mean_interval(values)
        reason = found[0].reason if found else next(iter(self.failures.values()), None)
        return Interval(None, None, None, 0, reason or "not defined")


@dataclass(frozen=True, eq=False)
class Outcome:
    """An experiment on its anodes."""

    experiment: Experiment
    values: Values
    seeds: tuple[int, ...]
    anodes: tuple[Anode, ...]

    @property
    def quantities(self) -> dict[str, str]:
        """Names and units of all numbers, in order."""
        found: dict[str, str] = {}
        for anode in self.anodes:
            for reduced in anode.reduced.values():
                found |= {name: q.unit for name, q in reduced.quantities.items()}
        return found

    @property
    def failures(self) -> list[str]:
        """A line for every run without a result."""
        return [
            f"{self.experiment.name}: {anode.label}, seed {seed}: {reason}"
            for anode in self.anodes
            for seed, reason in anode.failures.items()
        ]


def perform(
    setups: Sequence[Setup],
    *,
    seeds: int = 1,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    members_at_once: int | None = None,
    progress: Progress = lambda text, done, total: None,
    folder: Path | None = None,
) -> Outcome:
    """Put every case through its experiment, the same in all, for every seed; collective.

    Finished runs are kept in ``folder`` (`members.jsonl`) and not made again.

    Raises
    ------
    CaseError
        A case is refused.
    SolveError
        No run came to its end. A single one that does not is recorded with its reason.
    """
    cases = on_root(comm, lambda: [setup.case() for setup in setups])
    labels, chosen = labels_of(cases), tuple(range(1, seeds + 1))
    jobs = [
        Experimented(j.case_index, j.label, j.case, j.seed, setup=setups[j.case_index])
        for j in jobs_in_turn(cases, labels, chosen)
    ]
    records = solve_ensemble(
        jobs,
        (LABEL,),
        comm=comm,
        groups=groups_of(comm, len(jobs), cases[0].geometry.dimension, members_at_once),
        progress=progress,
        folder=folder,
        runner=run_experiment,
    )
    found = {(job.case_index, job.seed): row[LABEL] for job, row in zip(jobs, records, strict=True)}

    def reduced() -> Outcome:
        anodes = [
            _anode(label, setup, {seed: found[k, seed] for seed in chosen})
            for k, (label, setup) in enumerate(zip(labels, setups, strict=True))
        ]
        if not any(anode.reduced for anode in anodes):
            first = next(iter(anodes[0].failures.values()))
            raise SolveError(f"no run of {setups[0].experiment.name} came to its end: {first}")
        return Outcome(setups[0].experiment, setups[0].values, chosen, tuple(anodes))

    return on_root(comm, reduced)


def _anode(label: str, setup: Setup, records: dict[int, Record]) -> Anode:
    found: dict[int, Reduced] = {}
    failures: dict[int, str] = {}
    for seed, record in records.items():
        if record.course is None:
            failures[seed] = record.reason or "no course"
            continue
        try:
            course = Course(record.course, record.scalars)
            found[seed] = setup.experiment.reduce(course, setup.values)
        except SolveError as error:
            failures[seed] = str(error)
    return Anode(label, setup, found, failures)
