"""How long the next step of time may be."""

TARGET = 0.6
"""Local error that a step's length aims at, relative to what is allowed."""
LONGEST, SHORTEST = 2.2, 0.2
"""Change of a step's length at most; longer ones than 1 + sqrt(2) are unstable."""
FIRST_LONGEST = 10.0
AFTER_FAILURE = 0.25
"""Where the equations have no solution, the step is taken again with a quarter."""
SMALLEST_ERROR = 1e-10


def factor(error: float, order: int) -> float:
    """Length of the next step, or of the same one again where ``error`` > 1, over this one's.

    ``order`` is that of the local error in the step's length. Hairer, Norsett & Wanner, Solving
    Ordinary Differential Equations I, eq. II.4.13.
    """
    return min(LONGEST, max(SHORTEST, _aimed(error, order)))


def first_factor(error: float) -> float:
    """Length of the first step when the same switch comes again, over this time's."""
    return min(FIRST_LONGEST, max(SHORTEST, _aimed(error, 2)))


def _aimed(error: float, order: int) -> float:
    return float((TARGET / max(error, SMALLEST_ERROR)) ** (1.0 / order))
