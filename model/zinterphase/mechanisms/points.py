"""An anode against bare metal at many points of its ranges, on the same few surfaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case, Draft
from zinterphase.ensemble.groups import Progress
from zinterphase.ensemble.jobs import Job
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.planned import Planned
from zinterphase.ensemble.subject import Subject
from zinterphase.errors import CaseError
from zinterphase.mechanisms.ranges import Anodes, Point

CV, FACTOR = "cv", "homogenisation"
RATE, RATIO = "corrosion_current_density", "ratio_to_bare"


def quantities(subject: Subject) -> tuple[str, ...]:
    """What is told of a point: CV of the anode's field and H against bare metal, or its rate and
    the ratio to that of bare metal; voltages."""
    own = (CV, FACTOR) if subject.rate is None else (RATE, RATIO)
    return (*own, *(key.rpartition(".")[2] for key in subject.voltages.values()))


@dataclass(frozen=True)
class Answer:
    """Seed means at one point and current by quantity, of those that are defined; none where a
    run gave no solution, for the ``reason``."""

    numbers: Mapping[str, float]
    reason: str | None = None

    def as_dict(self, subject: Subject) -> dict[str, object]:
        """A column for every quantity of the subject, and the reason."""
        names = quantities(subject)
        return {**{name: self.numbers.get(name) for name in names}, "reason": self.reason}


@dataclass(frozen=True, eq=False)
class Points(Planned):
    """Points, the cases they need, each once, and the runs of them.

    Attributes
    ----------
    points : The points, the first one the anode itself.
    cases : Every case that is needed.
    coated, bare : Index of the two cases of each point.
    currents : Mean current densities [A/m2].
    seeds : Seeds, the same for all.
    """

    points: tuple[Point, ...]
    cases: tuple[Case, ...]
    coated: tuple[int, ...]
    bare: tuple[int, ...]
    currents: tuple[float, ...]
    seeds: tuple[int, ...]

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """Seed by seed."""
        return tuple(
            Job(k, f"case {k + 1}", case, seed)
            for seed in self.seeds
            for k, case in enumerate(self.cases)
        )

    @property
    def trial(self) -> Job:
        """The anode itself."""
        return Job(0, "the anode", self.cases[self.coated[0]], self.seeds[0])


def points_of(
    setting: Anodes, points: Sequence[Point], currents: Sequence[float], seeds: Sequence[int]
) -> Points:
    """The cases of some points. Raises :class:`CaseError` where one is refused."""
    indices: dict[str, int] = {}
    cases: list[Case] = []

    def index(draft: Draft) -> int:
        key = repr(draft.tables)
        if key not in indices:
            cases.append(draft.case())
            indices[key] = len(cases) - 1
        return indices[key]

    coated: list[int] = []
    bare: list[int] = []
    for point in points:
        try:
            coated.append(index(setting.coated(point)))
            bare.append(index(setting.bare(point)))
        except CaseError as error:
            where = ", ".join(f"{name} at {place:.3g}" for name, place in point.items())
            allowed = f"{error.allowed} (with {where})"
            raise CaseError(error.field, error.value, allowed) from None
    return Points(
        tuple(points), tuple(cases), tuple(coated), tuple(bare), tuple(currents), tuple(seeds)
    )


def solve_points(
    asked: Points,
    *,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    members_at_once: int | None = None,
    progress: Progress = lambda text, done, total: None,
    folder: Path | None = None,
) -> list[dict[float, Answer]]:
    """Answers by point and current; collective. Finished runs in ``folder`` are not made again."""
    found: dict[tuple[int, float], list[Record]] = {}
    for job, row in asked.solved(comm, members_at_once, progress, folder):
        for current, record in row.items():
            found.setdefault((job.case_index, current), []).append(record)
    return [
        {i: _answer(asked.subject, found[coated, i], found[bare, i]) for i in asked.currents}
        for coated, bare in zip(asked.coated, asked.bare, strict=True)
    ]


def _answer(subject: Subject, coated: Sequence[Record], bare: Sequence[Record]) -> Answer:
    for record in (*coated, *bare):
        if record.reason is not None:
            return Answer({}, record.reason)
    own, metal = (
        float(np.mean([_number(record, subject) for record in some])) for some in (coated, bare)
    )
    if not np.all(np.isfinite([own, metal])):
        return Answer({}, f"the {subject.name} changes sign, or is even without the coating")
    voltages = {
        key.rpartition(".")[2]: float(np.mean([record.scalars[key] for record in coated]))
        for key in subject.voltages.values()
        if all(key in record.scalars for record in coated)
    }
    if subject.rate is not None:
        return Answer({RATE: own, RATIO: own / metal, **voltages})
    return Answer({CV: own, FACTOR: 1.0 - own / metal, **voltages})


def _number(record: Record, subject: Subject) -> float:
    if subject.rate is not None:
        return record.scalars.get(subject.rate, np.nan)
    return _cv(record.metrics[subject.field])


def _cv(metrics: Mapping[str, float | None]) -> float:
    cv = metrics["cv"]
    return np.nan if cv is None or metrics["reversed_fraction"] != 0.0 else cv
