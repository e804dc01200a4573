"""A first potential for an imposed current: that of the kinetics with the liquid at rest."""

from collections.abc import Callable
from math import asinh, isfinite

CLOSE = 1e-3
"""Difference of asinh(current) that is close enough: Newton's loop does the rest."""
LONGEST = 4.0
"""Step at most [RT/F]."""
MOST = 12
"""Currents looked at; three or four do where kinetics are Butler and Volmer's."""


def first_potential(
    current: Callable[[float], float], wanted: float, scale: float, start: float
) -> float:
    """The potential [RT/F] at which ``current`` [A] is about that ``wanted``; collective where
    ``current`` is.

    Secants in asinh(current / scale), which is straight in the potential wherever one exponential
    carries the current, or none does. The nearest one found where there is none, as beyond a
    limiting current.

    Parameters
    ----------
    current : Of the electrode at a potential, with the liquid as it is.
    wanted : Imposed current [A].
    scale : Exchange current [A].
    start : Where to begin.
    """

    def missing(potential: float) -> float:
        return asinh(current(potential) / scale) - asinh(wanted / scale)

    at, off, slope = start, missing(start), 1.0
    best = (abs(off), at)
    for _ in range(MOST):
        if best[0] < CLOSE or slope <= 0.0:
            break
        step = max(-LONGEST, min(LONGEST, -off / slope))
        former, at = off, at + step
        off = missing(at)
        if not isfinite(off):
            break
        best = min(best, (abs(off), at))
        slope = (off - former) / step
    return best[1]
