"""What a front may come to touch, and how far it is from there."""

from collections.abc import Callable

from zinterphase.mesh.lateral import Clearance, LateralMesh
from zinterphase.solve.system import Array

Heights = Callable[[], Array]


class Room:
    """Between a surface that rises and another one, or between two that do.

    Attributes
    ----------
    met : What comes to touch, in words.
    first : Smallest distance along the stack as they were made [m].
    """

    def __init__(
        self, met: str, lower: LateralMesh, upper: LateralMesh, below: Heights, above: Heights
    ) -> None:
        """``below`` and ``above`` are the present heights of the surfaces at their nodes [m]."""
        self.met, self._below, self._above = met, below, above
        self._between = Clearance(lower, upper)
        self.first = self.left()

    def left(self) -> float:
        """Smallest distance now [m]."""
        return self._between.least(self._below(), self._above())
