"""Intervals that numbers of a case have to lie in."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """Allowed interval of a number; a bound is open when its flag says so."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def holds(self, number: float) -> bool:
        """Return whether a finite number lies inside."""
        above = number > self.low if self.low_open else number >= self.low
        below = number < self.high if self.high_open else number <= self.high
        # Compared as it is: a huge whole number does not convert to float.
        return abs(number) <= sys.float_info.max and above and below

    def __str__(self) -> str:
        if math.isinf(self.high):
            if math.isinf(self.low):
                return "any finite number"
            return f"{'above' if self.low_open else 'at least'} {self.low:g}"
        low = f"above {self.low:g}" if self.low_open else f"{self.low:g}"
        return f"{low} {'to below' if self.high_open else 'to'} {self.high:g}"


def within(limit: float) -> Bounds:
    """Either sign, up to a magnitude."""
    return Bounds(-limit, limit)


CURRENT_DENSITY = within(1e6)
"""Mean current densities [A/m2]: at 100 A/cm2 an aqueous cell boils."""
EXCHANGE_CURRENT_DENSITY = Bounds(1e-24, 1e6)
"""A/m2, from a blocked surface to the largest current density."""
