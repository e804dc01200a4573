"""How many passes of a block may be jumped over, and whether a jump was right."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isqrt
from typing import Any

from zinterphase.case.condition import Condition
from zinterphase.case.timing import Jump
from zinterphase.march.cycles import CycleRow
from zinterphase.march.ends import Course, End, Mixture
from zinterphase.march.jump_error import Displacement
from zinterphase.march.point import Point
from zinterphase.march.sample import Sample
from zinterphase.solve.problem import Problem

TRIALS = 2
"""Passes that are marched behind a jump: in the first what is fast settles, the second tells the
error."""
SHORTEST, FIRST = 2, 4
"""Jump that is worth its trials; the longest where no other has told the way."""
GROWTH, SHRINKAGE, SAFETY = 2.0, 0.5, 0.8
"""Bounds of a jump's length over the one before; of the tolerance, what the next one aims at."""
AFTER_REFUSAL = 4
"""By how much a jump is shorter behind one that was refused, and passes marched first; twice as
many behind the next one that is refused."""


@dataclass(frozen=True)
class JumpReport:
    """Jumps that were taken and that were ``refused``, passes that ended on them as ``cycles``, and
    the sums of their estimated errors: of charges and amounts over the charge of a pass, and of the
    deposit's thickness [m]."""

    jumps: int = 0
    refused: int = 0
    cycles: int = 0
    charge_error: float = 0.0
    thickness_error: float = 0.0


class JumpLength:
    """Follows the ends of a block's passes; everything collective.

    The error of a jump over m passes is m/2 times that of the change foretold of the second pass
    behind it: the trapezoid of an error that grows from nothing.
    """

    def __init__(self, problem: Problem, options: Jump) -> None:
        """Before the first pass."""
        self._displacement, self._options = Displacement(problem), options
        self.report = JumpReport()
        self._begin()

    def _begin(self) -> None:
        self._course, self._most, self._pause, self._refusals = Course(), FIRST, 0, 0
        self._before: Course | None = None

    @property
    def on_trial(self) -> bool:
        """Whether passes behind a jump have not told yet that it was right."""
        return self._before is not None

    def note(self, end: End) -> None:
        """A pass has ended; once more the same is nothing new."""
        if end.place == 1:
            self._begin()
        if not self._course.recent or self._course.now.place != end.place:
            self._course = self._course.followed_by(end)
            self._pause = max(0, self._pause - 1)

    def leap(self, passes: int) -> Mixture:
        """What is foretold behind so many passes; the jump is on trial."""
        course = self._course
        self._before, self._course, self._passes = course, Course(), passes
        return course.at(course.now.place + passes)

    def passed(self, cycles: int) -> bool:
        """Whether the jump on trial, over so many cycles a pass, may stay; True where nothing is
        judged yet."""
        before, found = self._before, self._course
        if before is None or len(found.recent) < TRIALS:
            return True
        half, charge = 0.5 * self._passes, self._turnover(found)
        off, thickness = (half * each for each in self._off(before))
        pairs = zip(found.now.charges, before.charges(found.now.place), strict=True)
        worst = max(off, *(abs(a - b) for a, b in pairs)) / charge
        if not worst <= self._options.tolerance:
            return False
        report = self.report
        self.report = replace(
            report,
            jumps=report.jumps + 1,
            cycles=report.cycles + self._passes * cycles,
            charge_error=report.charge_error + off / charge,
            thickness_error=report.thickness_error + thickness,
        )
        self._accept(before, worst)
        return True

    def refuse(self) -> None:
        """Stand where the jump on trial began, and march on."""
        before = self._before
        assert before is not None
        is_known = len(self._course.recent) >= TRIALS
        straight = self._is_straight(before) if is_known else before.straight
        self._course = Course(before.recent, straight=straight)
        self._most = max(SHORTEST, self._passes // AFTER_REFUSAL)
        self._pause = min(AFTER_REFUSAL * 2**self._refusals, self._options.longest)
        self._before, self._refusals = None, self._refusals + 1
        self.report = replace(self.report, refused=self.report.refused + 1)

    def passes(self, left: int, stop: Sequence[Condition]) -> int:
        """How many of those that are ``left`` may be jumped over here; 0 where none."""
        course = self._course
        enough = len(course.recent) >= (2 if course.earlier else 3)
        if self.on_trial or self._pause or not enough or not self._turnover(course) > 0.0:
            return 0
        most = min(self._most, self._options.longest, left - TRIALS)
        if not course.earlier:
            most = min(most, self._even())
        while most >= SHORTEST and not self._is_free(most, stop):
            most //= 2
        return most if most >= SHORTEST else 0

    # -- in a file ------------------------------------------------------------------------

    @property
    def points(self) -> tuple[Point, ...]:
        """Of the ends that are remembered."""
        return tuple(end.point for end in (*self._course.recent, *self._course.former))

    def memory(self) -> dict[str, Any]:
        """All else as plain data; of no jump that is on trial."""
        ends = (*self._course.recent, *self._course.former)
        return {
            "ends": [[e.place, asdict(e.sample), asdict(e.row), list(e.charges)] for e in ends],
            "recent": len(self._course.recent),
            "straight": self._course.straight,
            "length": [self._most, self._pause, self._refusals],
            "report": asdict(self.report),
        }

    def recall(self, memory: Mapping[str, Any], points: Sequence[Point]) -> None:
        """Go on with what :meth:`memory` said."""
        ends = tuple(
            End(place, point, Sample(**sample), _row(row), (charges[0], charges[1]))
            for (place, sample, row, charges), point in zip(memory["ends"], points, strict=True)
        )
        recent, former = ends[: memory["recent"]], ends[memory["recent"] :]
        self._course = Course(recent, former, memory["straight"])
        self._most, self._pause, self._refusals = memory["length"]
        self.report = JumpReport(**memory["report"])

    # -- details --------------------------------------------------------------------------

    def _accept(self, before: Course, worst: float) -> None:
        aimed = (SAFETY * self._options.tolerance / max(worst, 1e-30)) ** 0.5
        change = min(GROWTH, max(SHRINKAGE, aimed))
        self._most = max(SHORTEST, int(self._passes * change))
        self._course = Course(self._course.recent, before.recent[:2], self._is_straight(before))
        self._before, self._refusals = None, 0

    def _off(self, before: Course) -> tuple[float, float]:
        """How far the last change is from what was foretold of it: as a charge [C/m2], and as a
        thickness [m]."""
        error = self._course.last_change - before.change(self._course.now.place)
        sample = error.sample
        charge = self._displacement.charge(error.point.stored, sample)
        return charge, self._displacement.thickness(sample)

    def _is_straight(self, before: Course) -> bool:
        """Whether a straight course would have foretold more: where steps of time make passes
        scatter more than the change changes."""
        bent, straight = (self._off(replace(before, straight=s))[0] for s in (False, True))
        return straight < bent

    def _even(self) -> int:
        """Passes over which a bend like the last one leaves half of what is allowed."""
        bend, course = self._course.bend, self._course
        off = self._displacement.charge(bend.point.stored, bend.sample) / self._turnover(course)
        # m (m + 1)/2 times the bend; what a jump of the longest leaves is not asked further.
        allowed = self._options.tolerance / max(off, 1e-30)
        return (isqrt(1 + 4 * int(min(allowed, 1e9))) - 1) // 2

    def _is_free(self, passes: int, stop: Sequence[Condition]) -> bool:
        """Whether amounts stay amounts, and a jump of twice the length would meet no condition."""
        course, place = self._course, self._course.now.place
        then = course.at(place + passes).point.stored
        if self._displacement.becomes_negative(course.now.point.stored, then):
            return False
        values = [(c, course.of_cycle(c.quantity, place + 2 * passes)) for c in stop]
        return not any(condition.met_by(value) for condition, value in values)

    def _turnover(self, course: Course) -> float:
        """Charge of a pass [C/m2]."""
        return max(course.now.charges)


def _row(values: Mapping[str, Any]) -> CycleRow:
    return CycleRow(**{**values, "ended_by": tuple(values["ended_by"])})
