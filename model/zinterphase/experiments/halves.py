"""Half-cycles of a galvanostatic course, paired as they are in a laboratory."""

from dataclasses import dataclass
from itertools import pairwise
from math import nan

import numpy as np

from zinterphase.errors import SolveError
from zinterphase.experiments.course import Course

BY_CHARGE = 1e-6
"""Part of the charge plated within which a stripping step is said to have ended by its charge."""


@dataclass(frozen=True)
class Pair:
    """A plating step and the stripping step behind it."""

    plating: Course
    stripping: Course

    @property
    def current(self) -> float:
        """Magnitude of the plating current [A/m2]."""
        return float(abs(np.median(self.plating["current"])))

    @property
    def hysteresis(self) -> float:
        """Voltage between stripping and plating at half of each one's charge [V]."""
        return self.stripping.at_half() - self.plating.at_half()

    @property
    def efficiency(self) -> float:
        """Charge stripped over charge plated; NaN where it is 1 because the stripping was told to
        end there."""
        ratio = -self.stripping.passed / self.plating.passed
        return nan if abs(ratio - 1.0) <= BY_CHARGE else ratio


def galvanostatic(course: Course) -> list[Course]:
    """Steps of the protocol that pass a charge."""
    steps = list(course.visits())
    largest = max((abs(step.passed) for step in steps), default=0.0)
    return [step for step in steps if abs(step.passed) > 1e-9 * largest]


def pairs(course: Course) -> list[Pair]:
    """Every plating step with the stripping step that follows it.

    Raises :class:`SolveError` where there is none.
    """
    steps = pairwise(galvanostatic(course))
    found = [Pair(first, second) for first, second in steps if first.passed < 0.0 < second.passed]
    if not found:
        raise SolveError("no cycle: no plating step is followed by one that strips a charge")
    return found
