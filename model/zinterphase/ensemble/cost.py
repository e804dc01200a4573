"""What a study costs, told before it starts."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mpi4py import MPI

from zinterphase.ensemble.groups import runs_of, split, unfinished
from zinterphase.ensemble.jobs import Job
from zinterphase.ensemble.standing import Standing

REFINED_COST = 4.0
"""Cost of a run with every cell halved over that of the run itself, in 2D."""


@dataclass(frozen=True)
class Cost:
    """Runs of a study and the time they take.

    Attributes
    ----------
    runs : All runs; every current of every job is one.
    refined : How many of them are on a finer mesh.
    finished : How many are stored already.
    at_once : How many are solved at a time.
    trial : What was measured.
    seconds_per_run : Wall seconds of a run of the trial, forms compiled; 0 if not timed.
    seconds : Estimate for what is left, without the compilation of forms.
    """

    runs: int
    refined: int
    finished: int
    at_once: int
    trial: str
    seconds_per_run: float
    seconds: float

    def lines(self) -> tuple[str, ...]:
        """For the user."""
        minutes = self.seconds / 60.0
        wall = f"{minutes:.1f} min" if minutes >= 1.0 else f"{self.seconds:.0f} s"
        counts = (
            f"{self.runs} runs, {self.refined} of them on a finer mesh, {self.finished} are there "
            f"already; {self.at_once} at a time"
        )
        if self.finished == self.runs:
            return (counts,)
        return (
            counts,
            f"{self.seconds_per_run:.2g} s a run ({self.trial}), about {wall} in all; the first "
            "study on a machine also compiles its forms",
        )


def cost_of(
    jobs: Sequence[Job],
    trial: Job,
    currents: Sequence[float],
    *,
    comm: MPI.Intracomm,
    groups: int,
    folder: Path | None,
) -> Cost:
    """Count the runs and time one job at all currents on one group of ranks; collective.

    Forms are compiled by a first pass that is not timed. Where all runs are there none is timed.
    """
    left = unfinished(jobs, currents, comm, folder)
    seconds = _seconds(trial, currents, comm, groups) / len(currents) if any(left) else 0.0
    weights = [REFINED_COST if job.refined else 1.0 for job in jobs]
    total = sum(count * weight for count, weight in zip(left, weights, strict=True))
    return Cost(
        runs=len(jobs) * len(currents),
        refined=len(currents) * sum(job.refined for job in jobs),
        finished=len(jobs) * len(currents) - sum(left),
        at_once=groups,
        trial=trial.name,
        seconds_per_run=seconds,
        seconds=seconds * total / groups,
    )


def _seconds(trial: Job, currents: Sequence[float], comm: MPI.Intracomm, groups: int) -> float:
    group = split(comm, groups)
    elapsed = 0.0
    if comm.rank * groups // comm.size == 0:
        for _ in range(2):
            started = time.perf_counter()
            with closing(Standing()) as standing:
                for _record in runs_of(trial, dict.fromkeys(currents, ""), group, None, standing):
                    pass
            elapsed = time.perf_counter() - started
    group.Free()
    return float(comm.bcast(elapsed))
