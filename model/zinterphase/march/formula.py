"""Difference formulas in time: what they weigh amounts with, and their local error."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod


@dataclass(frozen=True)
class Formula:
    """(w0 y1 + w1 y0 + ...)/dt = y'1 with the amounts y1 of the new state, y0 of the last, and so
    on; ``weights`` in that order."""

    weights: tuple[float, ...]
    step: float

    @property
    def rate(self) -> float:
        """What the new state's amounts are multiplied with [1/s]."""
        return self.weights[0] / self.step

    @property
    def earlier(self) -> tuple[float, ...]:
        """The same for the states before [1/s]."""
        return tuple(weight / self.step for weight in self.weights[1:])


def backward_euler(step: float) -> Formula:
    """First order, L-stable."""
    return Formula((1.0, -1.0), step)


def bdf2(step: float, last: float) -> Formula:
    """Second order with steps of any length, the new one at most 1 + sqrt(2) times the last.

    Hairer, Norsett & Wanner, Solving Ordinary Differential Equations I, section III.5.
    """
    ratio = step / last
    return Formula(
        ((1 + 2 * ratio) / (1 + ratio), -(1 + ratio), ratio**2 / (1 + ratio)),
        step,
    )


def error_share(formula: Formula, steps: Sequence[float]) -> float:
    """Local error of :func:`bdf2` over the distance between its amounts and the predicted ones.

    ``steps`` are the new and the two before it [s]; the prediction is the parabola through the last
    three states. With K = y''' step (step + last)/6 the formula is off by K/rate, the parabola by
    K (step + last + before) to the other side.
    """
    own = 1.0 / formula.rate
    return own / (own + sum(steps))


def extrapolation(steps: Sequence[float]) -> list[float]:
    """Weights of the last states, newest first, in the polynomial through them at the new time.

    ``steps`` [s] are the new one and those between the states: one less than there are states.
    """
    times = [0.0]
    for step in steps[1:]:
        times.append(times[-1] - step)
    return interpolation(times, steps[0])


def interpolation(times: Sequence[float], at: float) -> list[float]:
    """Weights of states at ``times`` in the polynomial through them (Lagrange's form)."""
    return [
        prod((at - other) / (own - other) for j, other in enumerate(times) if j != k)
        for k, own in enumerate(times)
    ]
