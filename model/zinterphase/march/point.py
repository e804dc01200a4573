"""States at times, what a formula makes of some of them, and a step from one to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zinterphase.march.formula import Formula
from zinterphase.solve.state import State, mixed
from zinterphase.solve.storage import Stored, combined
from zinterphase.solve.system import Array


@dataclass(frozen=True, eq=False)
class Point:
    """A state at a time [s] with what it stores, how fast that changes (``slope``, per s), and the
    estimated ``error`` of it, and integrals over time with their ``rates`` and with what they are
    estimated to have ``missed``."""

    time: float
    state: State
    stored: Stored
    slope: Stored
    error: Stored
    sums: Mapping[str, Array]
    rates: Mapping[str, Array]
    missed: Mapping[str, Array]

    @classmethod
    def combined(cls, weights: Sequence[float], points: Sequence["Point"]) -> "Point":
        """The sum of some points, each times its weight."""
        time = sum(w * p.time for w, p in zip(weights, points, strict=True))
        return cls(
            time,
            replace(State.combined(weights, [p.state for p in points]), time=time),
            combined(weights, [p.stored for p in points]),
            combined(weights, [p.slope for p in points]),
            combined(weights, [p.error for p in points]),
            mixed(weights, [p.sums for p in points]),
            mixed(weights, [p.rates for p in points]),
            mixed(weights, [p.missed for p in points]),
        )


@dataclass(frozen=True, eq=False)
class Trial:
    """A step that was tried: its end, its stage and its beginning, the local error relative to
    what is allowed and in amounts (``off``), and Newton's iterations.

    ``points`` are empty where the equations were not solved, for the ``reason``.
    """

    points: tuple[Point, ...]
    error: float
    iterations: int
    reason: str = ""
    off: Stored | None = None

    @property
    def solved(self) -> bool:
        """Whether there is a new state."""
        return bool(self.points)

    @property
    def length(self) -> float:
        """Of the step [s]."""
        return self.points[0].time - self.points[-1].time


def with_missed(
    point: Point, weights: Sequence[float], values: Sequence[Mapping[str, Array]]
) -> Point:
    """The same with a local error of its integrals added to what they have missed."""
    missed = {
        name: before + sum(w * v[name] for w, v in zip(weights, values, strict=True))
        for name, before in point.missed.items()
    }
    return replace(point, missed=missed)


def taken_before(formula: Formula, points: Sequence[Point]) -> Stored:
    """What a formula takes from the states before."""
    earlier = [point.stored for point in points[: len(formula.earlier)]]
    return combined([*formula.earlier, formula.slope], [*earlier, points[0].slope])


def slope_of(formula: Formula, held: Stored, points: Sequence[Point]) -> Stored:
    """How fast amounts change at a new state that holds so much."""
    return combined([formula.rate, 1.0], [held, taken_before(formula, points)])


def integral_of(name: str, rate: Array, points: Sequence[Point], formula: Formula) -> Array:
    """Integral of a rate up to the new state, by the formula of the amounts."""
    before = sum(w * p.sums[name] for w, p in zip(formula.earlier, points, strict=False))
    before = before + formula.slope * points[0].rates[name]
    return np.asarray((rate - before) / formula.rate)
