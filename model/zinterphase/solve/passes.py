"""How surfaces come to where the currents at their new places bring them."""

from collections.abc import Callable

import numpy as np

from zinterphase.solve.system import Array

EXACT = 1e-15
"""Of the cell's size: a change of the rise that is rounding of places."""
SHARE = 1e-10
"""Of what surfaces rise in a step of time: left to move at most, however short the step."""
PASSES = 8

type Rises = dict[str, Array]
type Target = Callable[[], tuple[Rises, float]]
"""Where the currents as they are now bring the surfaces, and the largest way there [m]."""
type Ways = Callable[[], tuple[float, float]]
"""What surfaces rise in the step, and have risen, at most [m]."""


class Passes:
    """Each takes the surfaces where the currents lead, which are others there; how much shorter one
    is than the one before is known from earlier steps."""

    def __init__(self, size: float) -> None:
        """``size`` [m] is that of the cell."""
        self._size = size
        self.forget()

    def forget(self) -> None:
        """What follows depends on the state that comes alone."""
        self._contraction = 1.0

    def run(self, target: Target, ways: Ways, put: Callable[[Rises], None]) -> None:
        """Until what is left to move is allowed to be; raises what ``put`` raises."""
        former = 0.0
        for _ in range(PASSES):
            rises, size = target()
            allowed = self._allowed_to_be_left(size, *ways())
            if size <= allowed:
                return
            put(rises)
            if former > 0.0:
                self._contraction = min(1.0, size / former)
            if self._contraction * size <= allowed:
                return
            former = size

    def _allowed_to_be_left(self, moved: float, rises: float, risen: float) -> float:
        rounding = np.finfo(np.float64).eps * risen
        return float(max(rounding, min(EXACT * self._size, SHARE * max(moved, rises))))
