"""What studies of many runs have in common: their jobs, what they cost, and how they are solved."""

from abc import ABC, abstractmethod
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.cost import Cost, cost_of
from zinterphase.ensemble.groups import Progress, groups_of, solve_ensemble
from zinterphase.ensemble.jobs import Job, driven
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.setting import headline_of
from zinterphase.ensemble.subject import CORROSION, Subject, subject_of, subject_of_case


class Planned(ABC):
    """Jobs that are each solved at all ``currents``, cathodic negative [A/m2]; those with a
    protocol are marched once, and their largest current stands for it."""

    cases: tuple[Case, ...]
    currents: tuple[float, ...]

    @property
    @abstractmethod
    def jobs(self) -> tuple[Job, ...]:
        """In the order they are dealt out."""

    @property
    def subject(self) -> Subject:
        """What the runs at the first current are told apart by."""
        return self.subject_at(self.currents[0])

    def subject_at(self, current: float) -> Subject:
        """What the runs at a current [A/m2] are told apart by."""
        found = subject_of_case(driven(self.cases[0], current))
        return found if found is CORROSION else subject_of(headline_of(self.cases))

    @property
    @abstractmethod
    def trial(self) -> Job:
        """The job that is timed to tell the cost."""

    def groups(self, comm: MPI.Intracomm, members_at_once: int | None) -> int:
        """Members solved at a time."""
        dimension = self.cases[0].geometry.dimension
        return groups_of(comm, len(self.jobs), dimension, members_at_once)

    def cost(
        self,
        comm: MPI.Intracomm = MPI.COMM_WORLD,
        *,
        members_at_once: int | None = None,
        folder: Path | None = None,
    ) -> Cost:
        """Runs and time; collective."""
        groups = self.groups(comm, members_at_once)
        return cost_of(
            self.jobs, self.trial, self.currents, comm=comm, groups=groups, folder=folder
        )

    def solved(
        self,
        comm: MPI.Intracomm,
        members_at_once: int | None,
        progress: Progress,
        folder: Path | None,
    ) -> list[tuple[Job, dict[float, Record]]]:
        """Every job with its records by current; collective."""
        records = solve_ensemble(
            self.jobs,
            self.currents,
            comm=comm,
            groups=self.groups(comm, members_at_once),
            progress=progress,
            folder=folder,
        )
        return list(zip(self.jobs, records, strict=True))
