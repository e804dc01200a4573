"""The watch of a march that keeps every step of time, with partial currents, in columns."""

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np

from zinterphase.case.protocol import Visit
from zinterphase.experiments.course import CHARGE, REACTION, TAKEN, Array
from zinterphase.march.cycles import CycleBook
from zinterphase.march.jump import Undo
from zinterphase.march.point import Point, Trial
from zinterphase.march.sample import Sample
from zinterphase.observe.probe import Probe
from zinterphase.observe.reaction_course import reaction_rate, taken_rate


class CourseWatch:
    """Rows of :class:`zinterphase.experiments.course.Course`; the same on all ranks."""

    def __init__(self, probe: Probe) -> None:
        """``probe`` stands at the march's first state."""
        working = probe.problem.cell.working
        self._probe, self._area = probe, probe.problem.projected_area
        self._electrode, self._own = working.name, working.surface.main.name
        self._others = working.other_reactions
        self.book, self._visit = CycleBook(), -1
        self._point: Point | None = None
        self._rows: list[dict[str, float]] = []

    def columns(self) -> dict[str, Array]:
        """What was kept."""
        return {name: np.array([row[name] for row in self._rows]) for name in self._rows[0]}

    def sample(self, point: Point) -> Sample:
        """Numbers of a state."""
        self._point = point
        return self._probe.sample(point)

    def begin(self, visit: Visit, before: Sample, after: Sample) -> None:
        """A row of the instant after the switch, at which the march now is."""
        self.book.begin(visit, before, after)
        self._visit += 1
        assert self._point is not None
        self._keep(visit, after, self._point)

    def switched(self, visit: Visit, before: Sample, after: Sample) -> None:
        """The same within a step."""
        assert self._point is not None
        self._keep(visit, after, self._point)

    def step(self, visit: Visit, sample: Sample, trial: Trial) -> None:
        """A row. Raises :class:`BalanceError`."""
        self.book.step(sample)
        self._probe.require_closed(sample, trial.points[0])
        self._keep(visit, sample, trial.points[0])

    def end(self, visit: Visit, sample: Sample, why: str) -> None:
        """Cycles are counted for what ends blocks."""
        self.book.end(visit, sample, "", why)

    def measure(self, visit: Visit, sample: Sample) -> None:
        """Spectra pass by."""

    def mark(self) -> Undo:
        """How to go back to here."""
        rows, visit, cycles = len(self._rows), self._visit, self.book.memory()

        def undo() -> None:
            del self._rows[rows:]
            self._visit, self.book = visit, CycleBook.recalled(cycles)

        return undo

    def _keep(self, visit: Visit, sample: Sample, point: Point) -> None:
        partial = {name: self._density(point.rates, name) for name in (self._own, *self._others)}
        self._rows.append(
            {
                "visit": float(self._visit),
                "cycle": float(visit.cycle),
                **asdict(sample),
                "own": partial[self._own],
                TAKEN: float(point.rates[taken_rate(self._electrode)][0]) / self._area,
                **{REACTION + name: partial[name] for name in self._others},
                **{CHARGE + name: self._density(point.sums, name) for name in self._others},
            }
        )

    def _density(self, values: Mapping[str, Array], reaction: str) -> float:
        return float(values[reaction_rate(self._electrode, reaction)][0]) / self._area
