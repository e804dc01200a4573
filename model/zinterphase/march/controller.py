"""How long the next step of time may be."""

from dataclasses import dataclass

SAFETY = 0.9
LONGEST, SHORTEST = 2.2, 0.2
"""Change of a step's length at most; longer ones than 1 + sqrt(2) are unstable."""
AFTER_FAILURE = 0.25
"""Where the equations have no solution, the step is taken again with a quarter."""


@dataclass(frozen=True)
class Controller:
    """Proportional-integral control of the local error, ``error`` being relative to what is
    allowed. Soderlind (2003), ACM Trans. Math. Softw. 29, 1: the PI controllers of section 4.

    ``last`` is the error of the last step that was taken.
    """

    last: float = 1.0

    def factor(self, error: float, order: int) -> float:
        """Length of the next step, or of the same one again where ``error`` > 1, over this one's.

        ``order`` is that of the local error in the step's length.
        """
        if error > 1.0:
            return max(SHORTEST, SAFETY * float(error ** (-1.0 / order)))
        kept = max(error, 1e-10)
        change = SAFETY * float(kept ** (-0.7 / order) * self.last ** (0.4 / order))
        return min(LONGEST, max(SHORTEST, change))

    def after(self, error: float) -> "Controller":
        """The controller once a step of this error was taken."""
        return Controller(max(error, 1e-10))
