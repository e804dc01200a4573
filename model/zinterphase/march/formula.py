"""Difference formulas in time: what they weigh amounts with, and their local error."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod, sqrt

STAGE = 2.0 - sqrt(2.0)
"""Where a step has its stage, as part of its length: both halves then have the same rate."""
ORDER = 3
"""Of the local error in a step's length."""


@dataclass(frozen=True)
class Formula:
    """rate y1 + earlier[0] y0 + ... + slope y'0 = y'1 with the amounts y1 of the new state, y0 of
    the last, and so on; ``step`` [s] is from y0 to y1, ``rate`` and ``earlier`` are in 1/s."""

    step: float
    rate: float
    earlier: tuple[float, ...]
    slope: float = 0.0


def backward_euler(step: float) -> Formula:
    """First order, L-stable."""
    return Formula(step, 1.0 / step, (-1.0 / step,))


def trapezoid(step: float) -> Formula:
    """Second order, A-stable."""
    return Formula(step, 2.0 / step, (-2.0 / step,), -1.0)


def bdf2(step: float, last: float) -> Formula:
    """Second order with steps of any length, the new one at most 1 + sqrt(2) times the last.

    Hairer, Norsett & Wanner, Solving Ordinary Differential Equations I, section III.5.
    """
    ratio = step / last
    weights = ((1 + 2 * ratio) / (1 + ratio), -(1 + ratio), ratio**2 / (1 + ratio))
    rate, *earlier = (weight / step for weight in weights)
    return Formula(step, rate, tuple(earlier))


def local_error(step: float) -> tuple[float, float, float]:
    """Weights [s] of the slopes y' at a step's end, stage and beginning in its local error.

    Of the trapezoid up to :data:`STAGE` with :func:`bdf2` behind it (TR-BDF2: second order,
    L-stable): 2 k step times the divided difference of the slopes, with k the constant of
    k step^3 y'''. Hosea & Shampine, Appl. Numer. Math. 20 (1996) 21-37.
    """
    k = (3 * STAGE**2 - 4 * STAGE + 2) / (12 * (2 - STAGE))
    size = 2 * k * step
    return size / (1 - STAGE), -size / (STAGE * (1 - STAGE)), size / STAGE


def interpolation(times: Sequence[float], at: float) -> list[float]:
    """Weights of states at ``times`` in the polynomial through them (Lagrange's form)."""
    return [
        prod((at - other) / (own - other) for j, other in enumerate(times) if j != k)
        for k, own in enumerate(times)
    ]
