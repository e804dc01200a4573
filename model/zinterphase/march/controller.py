"""How long the next step of time may be."""

from dataclasses import dataclass

from zinterphase.march.formula import ORDER

TARGET = 0.8
"""Local error that a step's length aims at, relative to what is allowed."""
LONGEST, SHORTEST = 10.0, 0.2
"""Change of a step's length at most."""
TREND = 2.0
"""What the last change of lengths and errors may add to or take from the next one."""
AFTER_FAILURE = 0.25
"""Where the equations have no solution, the step is taken again with a quarter."""
SMALLEST_ERROR = 1e-10


def factor(error: float, trend: float = 1.0) -> float:
    """Length of the next step, or of the same one again where ``error`` > 1, over this one's.

    ``trend`` is how the solution changes its pace, from :class:`Pace`: a predictive controller of
    proportional-integral form. Hairer & Wanner, Solving Ordinary Differential Equations II, eq.
    IV.8.25; Gustafsson, ACM TOMS 20 (1994) 496.
    """
    aimed = (TARGET / max(error, SMALLEST_ERROR)) ** (1.0 / ORDER)
    return float(min(LONGEST, max(SHORTEST, aimed * trend)))


@dataclass(frozen=True)
class Pace:
    """Length [s] and error of a step, relative to what is allowed."""

    length: float
    error: float

    def trend(self, following: "Pace") -> float:
        """By what factor steps of equal error grow, from this step to the one behind it."""
        ratio = following.length / self.length
        errors = max(self.error, SMALLEST_ERROR) / max(following.error, SMALLEST_ERROR)
        return float(min(TREND, max(1.0 / TREND, ratio * errors ** (1.0 / ORDER))))
