"""Measured properties of a concentrated binary salt as smooth functions of its concentration.

Every function takes the concentration as a UFL expression [mol/m3]; parameters are floats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import ufl
from ufl.algorithms.apply_algebra_lowering import apply_algebra_lowering
from ufl.algorithms.apply_derivatives import apply_derivatives
from ufl.algorithms.transformer import strip_variables


@dataclass(frozen=True)
class CasteelAmis:
    """Conductivity [S/m] with its maximum at ``peak`` [mol/m3]; ``curvature`` in (m3/mol)^2.

    kappa = kappa_max (c/c_m)^a exp(b (c - c_m)^2 - a (c - c_m)/c_m); Casteel & Amis, 1972.
    """

    maximum: float
    peak: float
    exponent: float
    curvature: float

    def __call__(self, concentration: Any) -> Any:
        """Conductivity [S/m]."""
        distance = concentration - self.peak
        shape = self.curvature * distance**2 - self.exponent * distance / self.peak
        return self.maximum * (concentration / self.peak) ** self.exponent * ufl.exp(shape)


@dataclass(frozen=True)
class RootInterpolant:
    """Piecewise linear in the root of the concentration, constant beyond the last row."""

    concentrations: tuple[float, ...]
    values: tuple[float, ...]

    def __call__(self, concentration: Any) -> Any:
        """Value in the unit of the rows."""
        root = ufl.sqrt(concentration)
        nodes = [c**0.5 for c in self.concentrations]
        result: Any = self.values[-1]
        rows = list(zip(nodes, self.values, strict=True))
        for (a, low), (b, high) in reversed(list(pairwise(rows))):
            line = low + (high - low) / (b - a) * (root - a)
            result = ufl.conditional(ufl.lt(root, b), line, result)
        return result


@dataclass(frozen=True)
class PitzerActivity:
    """ln(gamma m) of a 2:2 salt at 298.15 K; Pitzer & Mayorga, 1974.

    ``apparent_volume`` [m3/mol] and ``water_density`` [kg/m3] turn concentration into molality.
    """

    beta: tuple[float, float, float]
    c_phi: float
    debye_hueckel: float
    b: float
    alphas: tuple[float, float]
    apparent_volume: float
    water_density: float

    def __call__(self, concentration: Any) -> Any:
        """ln(gamma m), m in mol/kg."""
        molality = concentration / (self.water_density * (1 - self.apparent_volume * concentration))
        root = ufl.sqrt(4 * molality)
        long_range = root / (1 + self.b * root) + 2 / self.b * ufl.ln(1 + self.b * root)
        second = 2 * self.beta[0] + sum(
            beta * _range(alpha * root)
            for beta, alpha in zip(self.beta[1:], self.alphas, strict=True)
        )
        third = 1.5 * self.c_phi * molality**2
        ln_gamma = -4 * self.debye_hueckel * long_range + molality * second + third
        return ln_gamma + ufl.ln(molality)


@dataclass(frozen=True)
class SaltProperties:
    """What the level `concentrated` needs to know of its salt.

    ``valid`` are the concentrations [mol/m3] between which all properties are measured.
    """

    conductivity: CasteelAmis
    diffusivity: RootInterpolant
    transference_number: RootInterpolant
    ln_activity: PitzerActivity
    valid: tuple[float, float]

    def activity_slope(self, concentration: Any) -> Any:
        """d ln a / d ln c, the thermodynamic factor 1 + d ln gamma/d ln m times d ln m/d ln c."""
        c = ufl.variable(concentration)
        slope = apply_derivatives(apply_algebra_lowering(ufl.diff(self.ln_activity(c), c)))
        # A variable has a number of its own, with which no compiled expression is found again.
        return concentration * strip_variables(slope)


def _range(x: Any) -> Any:
    """Pitzer's range function 2 [1 - (1 + x - x^2/2) exp(-x)] / x^2."""
    return 2 * (1 - (1 + x - x**2 / 2) * ufl.exp(-x)) / x**2


def interpolant(rows: Sequence[tuple[float, float]]) -> RootInterpolant:
    """Rows (concentration [mol/m3], value), ascending."""
    concentrations, values = zip(*rows, strict=True)
    return RootInterpolant(tuple(concentrations), tuple(values))
