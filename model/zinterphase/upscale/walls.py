"""Charge of particles' walls by their potential, without units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import asinh, sinh, tanh
from typing import Any

import scipy


@dataclass(frozen=True)
class Walls:
    """Charge over permittivity RT/(zF length), where the potential is psi [RT/zF]:
    fixed + half tanh((excess - slope psi)/2).

    Attributes
    ----------
    fixed : That of no site.
    half : Half an elementary charge on every 1-pK site; 0 without sites.
    excess : ln(10) (pK - pH), pH that outside: ln of sites with a proton over those without one,
        at psi = 0.
    slope : Of the protons' RT/F over RT/zF, 1/z.
    """

    fixed: float
    half: float = 0.0
    excess: float = 0.0
    slope: float = 0.0

    def density(self, psi: Any, tanh_of: Callable[[Any], Any] = tanh) -> Any:
        """At a potential; of an expression with its own ``tanh_of``."""
        if self.half == 0.0:
            return self.fixed
        return self.fixed + self.half * tanh_of(0.5 * (self.excess - self.slope * psi))

    @property
    def at_plane(self) -> float:
        """Of a plane in contact with much liquid: 2 sinh(psi/2), Grahame (1947), is the density.

        Between 0 and what walls that do not give way would have.
        """
        widest = 2.0 * asinh(0.5 * self.density(0.0))
        if self.half == 0.0 or widest == 0.0:
            return 2.0 * sinh(0.5 * widest)
        ends = sorted((0.0, widest))
        psi = scipy.optimize.brentq(lambda x: 2.0 * sinh(0.5 * x) - self.density(x), *ends)
        return 2.0 * sinh(0.5 * psi)

    def turned(self) -> Walls:
        """The same where potentials have the other sign."""
        return Walls(-self.fixed, -self.half, self.excess, -self.slope)
