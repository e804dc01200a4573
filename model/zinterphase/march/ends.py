"""Ends of passes of a block, and the slow course that they follow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zinterphase.march.cycles import CycleRow, of_cycle
from zinterphase.march.point import Point
from zinterphase.march.sample import Sample


@dataclass(frozen=True, eq=False)
class End:
    """Where a pass has ended: ``place`` passes of the block are over, those jumped over with them.

    ``row`` is that of its last cycle, ``charges`` are what its cycles plated and stripped [C/m2].
    """

    place: int
    point: Point
    sample: Sample
    row: CycleRow
    charges: tuple[float, float]


APART = 3
"""Passes between two changes of adjacent ends that tell how the change itself changes."""


@dataclass(frozen=True)
class Mixture:
    """A sum of ends, each times its weight."""

    weights: tuple[float, ...]
    ends: tuple[End, ...]

    def __sub__(self, other: "Mixture") -> "Mixture":
        """Their difference."""
        return Mixture((*self.weights, *(-w for w in other.weights)), (*self.ends, *other.ends))

    @property
    def point(self) -> Point:
        """Of what the ends store and have passed."""
        return Point.combined(self.weights, [end.point for end in self.ends])

    @property
    def sample(self) -> Sample:
        """Of their numbers."""
        return Sample.combined(self.weights, [end.sample for end in self.ends])


@dataclass(frozen=True, eq=False)
class Course:
    """Adjacent ends, newest first, and the ``former`` two before the last jump.

    The change y(n) - y(n-1) is the slope of the slow course at n - 1/2; how it changes counts
    unless the course is taken as ``straight``.
    """

    recent: tuple[End, ...] = ()
    former: tuple[End, ...] = ()
    straight: bool = False

    def followed_by(self, end: End) -> "Course":
        """One pass later."""
        return replace(self, recent=(end, *self.recent[: APART + 1]))

    @property
    def earlier(self) -> tuple[End, ...]:
        """Two ends that tell how the change itself changes: those before the jump, or those of
        :data:`APART` passes ago; none where there are no such."""
        far = self.recent[APART : APART + 2]
        return self.former or (far if len(far) == 2 else ())

    @property
    def now(self) -> End:
        """The last one."""
        return self.recent[0]

    def at(self, place: int) -> Mixture:
        """The end foretold of a pass to come: the two-step formula of Adams and Bashforth for steps
        of any length, Euler's where it is straight. Weights add up to 1: what is linear in the
        amounts and does not change stays as it is."""
        passes = place - self.now.place
        bend = passes * (passes + 1) / (2 * self._reach) if self._bends else 0.0
        return self._mixed(1.0, passes + bend, bend)

    def change(self, place: int) -> Mixture:
        """The change foretold of the pass that ends there."""
        bend = (place - self.now.place) / self._reach if self._bends else 0.0
        return self._mixed(0.0, 1.0 + bend, bend)

    @property
    def last_change(self) -> Mixture:
        """Of the last pass."""
        return Mixture((1.0, -1.0), self.recent[:2])

    @property
    def bend(self) -> Mixture:
        """By how much the changes of the last two passes differ."""
        return Mixture((1.0, -2.0, 1.0), self.recent[:3])

    def charges(self, place: int) -> tuple[float, float]:
        """Plated and stripped in the pass that ends there, by the straight line."""
        far, other = self._far(place), self._other
        plated, stripped = (
            a + far * (a - b) for a, b in zip(self.now.charges, other.charges, strict=True)
        )
        return plated, stripped

    def of_cycle(self, name: str, place: int) -> float:
        """What a condition asks of the pass that ends there, by the straight line."""
        here = of_cycle(name, self.now.row)
        return here + self._far(place) * (here - of_cycle(name, self._other.row))

    # -- details --------------------------------------------------------------------------

    @property
    def _bends(self) -> bool:
        return bool(self.earlier) and not self.straight

    @property
    def _reach(self) -> int:
        return self.now.place - self.earlier[0].place

    @property
    def _other(self) -> End:
        return self.earlier[0] if self.earlier else self.recent[1]

    def _far(self, place: int) -> float:
        return (place - self.now.place) / (self.now.place - self._other.place)

    def _mixed(self, whole: float, slope: float, base: float) -> Mixture:
        """``whole`` of the last end, ``slope`` of its change, less ``base`` of that before."""
        ends: Sequence[End] = (*self.recent[:2], *(self.earlier if self._bends else ()))
        weights = (whole + slope, -slope, -base, base)
        return Mixture(weights[: len(ends)], tuple(ends))
