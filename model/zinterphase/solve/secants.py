"""What steps with an old Jacobian tell of the one that is wanted."""

from itertools import pairwise

import numpy as np

from zinterphase.solve.system import Array, System

LARGEST = 0.5
"""Projection of a step on the one before, over that one, up to which it is corrected."""


class Secants:
    """Broyden's update of a Jacobian that serves again: steps fall ever faster, at the cost of a
    few products of vectors.

    Kelley, Iterative Methods for Linear and Nonlinear Equations (SIAM, 1995), section 7.3. Vectors
    hold the owned fields and then the global unknowns; all steps are taken as they are told.
    Collective.
    """

    def __init__(self, system: System) -> None:
        """No step was taken yet."""
        self._system = system
        self._steps: list[tuple[Array, float]] = []

    def corrected(self, step: Array, *, again: bool) -> Array:
        """The step to take for one that a Jacobian gives, a new one or that of the last step."""
        if not again:
            self._steps.clear()
        for (former, size), (following, _) in pairwise(self._steps):
            step = step + self._dot(former, step) / size * following
        if self._steps:
            last, size = self._steps[-1]
            part = self._dot(last, step) / size
            step = step / (1 - part) if abs(part) < LARGEST else step
        square = self._dot(step, step)
        if square > 0.0:
            self._steps.append((step, square))
        return step

    def _dot(self, one: Array, other: Array) -> float:
        size = self._system.local_size
        fields = self._system.dot(one[:size], other[:size])
        return fields + float(np.dot(one[size:], other[size:]))
