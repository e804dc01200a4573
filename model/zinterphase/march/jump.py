"""Jumping over passes of a block, and going back where a jump was wrong.

What changes slowly from pass to pass is carried on along its course (:mod:`ends`), and marched
again from there: amounts, integrals and, as a first guess, the unknowns. Amounts are mixed
linearly, so that balances stay closed. Petzold (1981), SIAM J. Numer. Anal. 18, 455
(multirevolution methods); Gear & Kevrekidis (2003), SIAM J. Sci. Comput. 24, 1091; Cojocaru &
Karlsson (2006), Int. J. Fatigue 28, 1677 (cycle jumps).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from zinterphase.case.plan import is_jumped_over
from zinterphase.case.protocol import Block, PassEnd
from zinterphase.march.cycles import CycleBook
from zinterphase.march.ends import End
from zinterphase.march.jump_length import JumpLength, JumpReport
from zinterphase.march.point import Point
from zinterphase.march.progress import Progress
from zinterphase.march.stepper import Stepper

type Undo = Callable[[], None]


class Rewindable(Protocol):
    """Counts cycles, and can forget what it saw."""

    book: CycleBook

    def mark(self) -> Undo:
        """How to go back to here; collective."""


@dataclass(frozen=True, eq=False)
class _Mark:
    """A run before a jump."""

    points: tuple[Point, ...]
    reached: Mapping[str, Any]
    progress: Progress
    undo: Undo


class Jumping:
    """Jumps of a march; everything collective. Off where the case asks for none."""

    def __init__(self, stepper: Stepper, watch: Rewindable) -> None:
        """Before the first step."""
        problem = stepper.problem
        self._stepper, self._watch = stepper, watch
        options = problem.case.time.jump
        self._length = None if options is None else JumpLength(problem, options)
        self._mark: _Mark | None = None
        self.is_refused = False
        """Whether to go back."""

    @property
    def on_trial(self) -> bool:
        """Whether the march is behind a jump that it may have to go back from."""
        return self._mark is not None

    @property
    def report(self) -> JumpReport | None:
        """What has been jumped over; None where the case asks for no jumps."""
        return None if self._length is None else self._length.report

    def refuses(self, block: Block) -> bool:
        """Whether the end of a block comes right behind a jump, within which it may have come: then
        the march goes back."""
        self.is_refused = self.on_trial and is_jumped_over(block)
        return self.is_refused

    def left_out(self, end: PassEnd, progress: Progress) -> int:
        """Passes that are jumped over at this end; the march stands behind them then."""
        length, block = self._length, end.block
        if length is None or not is_jumped_over(block):
            return 0
        length.note(self._end(end, progress))
        if not length.passed(end.cycles):
            self.is_refused = True
            return 0
        if not length.on_trial:
            self._mark = None
        passes = length.passes(end.left, block.stop)
        if passes:
            self._jump(passes, end.cycles, progress)
        return passes

    def go_back(self) -> Progress:
        """To before the jump that is on trial, from where all is marched; how far that is."""
        mark, length = self._mark, self._length
        assert mark is not None
        assert length is not None
        self._stepper.resume(mark.points, mark.reached)
        mark.undo()
        length.refuse()
        self._mark, self.is_refused = None, False
        return mark.progress

    # -- in a file ------------------------------------------------------------------------

    @property
    def points(self) -> tuple[Point, ...]:
        """What is remembered of ends of passes."""
        return () if self._length is None else self._length.points

    def memory(self) -> dict[str, Any]:
        """All else as plain data; of no jump that is on trial."""
        return {} if self._length is None else self._length.memory()

    def recall(self, memory: Mapping[str, Any], points: tuple[Point, ...]) -> None:
        """Go on with what :meth:`memory` said."""
        if self._length is not None and memory:
            self._length.recall(memory, points)

    # -- details --------------------------------------------------------------------------

    def _jump(self, passes: int, cycles: int, progress: Progress) -> None:
        stepper, length = self._stepper, self._length
        assert length is not None
        self._mark = _Mark(stepper.points, stepper.memory(), progress.copy(), self._watch.mark())
        foretold = length.leap(passes)
        stepper.leap(foretold.point)
        last = progress.last
        progress.last = replace(
            foretold.sample,
            mismatch=last.mismatch,
            voltage_error=last.voltage_error,
            current_error=last.current_error,
        )
        self._watch.book.jump(passes * cycles)

    def _end(self, end: PassEnd, progress: Progress) -> End:
        rows = self._watch.book.rows[-end.cycles :]
        charges = sum(row.plated for row in rows), sum(row.stripped for row in rows)
        place = end.block.repeat - end.left
        return End(place, self._stepper.now, progress.last, rows[-1], charges)
