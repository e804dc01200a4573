"""One-dimensional grading of a segment: geometric growth from its ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import scipy

from zinterphase.geometry.raw import Floats


def growth_length(first: float, largest: float, growth: float) -> float:
    """Thickness [m] that cells need to grow from ``first`` to ``largest`` [m]."""
    steps = max(int(np.ceil(np.log(largest / first) / np.log(growth))), 0)
    return float(first * (growth**steps - 1.0) / (growth - 1.0))


def graded(
    length: float, first_lower: float, first_upper: float, growth: float, largest: float
) -> Floats:
    """Normalised positions 0 = f_0 < ... < f_n = 1 of the cells of a segment.

    Sizes grow geometrically from either end to ``largest``; the actual ratio is lowered slightly
    so that both end cells have exactly the sizes asked for, unless the segment is too thin for
    that, where all cells shrink together.

    Parameters
    ----------
    length : Length of the segment [m].
    first_lower, first_upper : Cells at its ends [m].
    growth : Largest ratio of neighbouring cells, > 1.
    largest : Largest cell [m].
    """
    lower, upper = min(first_lower, largest), min(first_upper, largest)
    low, high = _counts(length, lower, upper, growth, largest)

    def sizes(ratio: float) -> Floats:
        with np.errstate(over="ignore"):  # the largest cell is what counts there
            rising = np.minimum(lower * ratio ** np.arange(low), largest)
            falling = np.minimum(upper * ratio ** np.arange(high), largest)
        return np.concatenate([rising, falling[::-1]])

    ratio = growth
    if sizes(1.0).sum() < length < sizes(growth).sum():
        ratio = scipy.optimize.brentq(lambda r: sizes(r).sum() - length, 1.0, growth, xtol=1e-14)
    positions = np.concatenate([[0.0], np.cumsum(sizes(ratio))])
    return np.asarray(positions / positions[-1])


def _counts(
    length: float, lower: float, upper: float, growth: float, largest: float
) -> tuple[int, int]:
    """Cells grown from either end until they fill the length, the smaller end first."""
    low = high = 0
    next_low, next_high, total = lower, upper, 0.0
    while total < length * (1.0 - 1e-9):
        if next_low <= next_high:
            total, low = total + next_low, low + 1
            next_low = min(next_low * growth, largest)
        else:
            total, high = total + next_high, high + 1
            next_high = min(next_high * growth, largest)
    return low, high


def points_of_size(length: float, size: Callable[[float], float], smallest: float) -> Floats:
    """Points 0 ... length [m] whose spacing follows ``size(x)`` [m], which is >= ``smallest``."""
    samples = np.linspace(0.0, length, int(np.clip(4.0 * length / smallest, 64, 200_000)) + 1)
    density = 1.0 / np.array([size(float(x)) for x in samples])
    steps = 0.5 * (density[1:] + density[:-1]) * np.diff(samples)
    count = np.concatenate([[0.0], np.cumsum(steps)])
    cells = max(int(np.ceil(count[-1] - 1e-9)), 1)
    points = np.interp(np.linspace(0.0, count[-1], cells + 1), count, samples)
    points[0], points[-1] = 0.0, length
    return np.asarray(points)


def bisected_points(points: Floats, times: Sequence[int]) -> Floats:
    """The points with each interval between them bisected the given number of times."""
    pieces = [
        np.linspace(a, b, 2**n, endpoint=False)
        for a, b, n in zip(points[:-1], points[1:], times, strict=True)
    ]
    return np.concatenate([*pieces, points[-1:]])
