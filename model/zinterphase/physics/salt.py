"""Measured properties of a concentrated binary salt as smooth functions of its concentration.

Every function takes the concentration [mol/m3] as a number or as a UFL expression and returns the
same kind; parameters are floats.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from zinterphase.expressions import Expr
from zinterphase.physics.curves import MeasuredActivity, RootPolynomial, RootSpline
from zinterphase.physics.functions import below, exp, ln, sqrt

type Curve = RootPolynomial | RootSpline


@dataclass(frozen=True)
class CasteelAmis:
    """Conductivity [S/m] with its maximum at ``peak`` [mol/m3]; ``curvature`` in (m3/mol)^2.

    kappa = kappa_max (c/c_m)^a exp(b (c - c_m)^2 - a (c - c_m)/c_m); Casteel & Amis, 1972.
    """

    maximum: float
    peak: float
    exponent: float
    curvature: float

    def __call__(self, concentration: Expr) -> Expr:
        """Conductivity [S/m]."""
        distance = concentration - self.peak
        shape = self.curvature * distance**2 - self.exponent * distance / self.peak
        return self.maximum * (concentration / self.peak) ** self.exponent * exp(shape)


@dataclass(frozen=True)
class RootInterpolant:
    """Piecewise linear in the root of the concentration, constant beyond the last row."""

    concentrations: tuple[float, ...]
    values: tuple[float, ...]

    def __call__(self, concentration: Expr) -> Expr:
        """Value in the unit of the rows."""
        root = sqrt(concentration)
        nodes = [c**0.5 for c in self.concentrations]
        result: Expr = self.values[-1]
        rows = list(zip(nodes, self.values, strict=True))
        for (a, low), (b, high) in reversed(list(pairwise(rows))):
            line = low + (high - low) / (b - a) * (root - a)
            result = below(root, b, line, result)
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

    def __call__(self, concentration: Expr) -> Expr:
        """ln(gamma m), m in mol/kg."""
        molality = self.molality(concentration)
        return self.ln_gamma(molality) + ln(molality)

    def molality(self, concentration: Expr) -> Expr:
        """Of the salt [mol/kg]."""
        return concentration / (self.water_density * (1 - self.apparent_volume * concentration))

    def ln_gamma(self, molality: Expr) -> Expr:
        """Logarithm of the molal mean activity coefficient."""
        root = sqrt(4 * molality)
        long_range = root / (1 + self.b * root) + 2 / self.b * ln(1 + self.b * root)
        second = 2 * self.beta[0] + sum(
            beta * _range(alpha * root)
            for beta, alpha in zip(self.beta[1:], self.alphas, strict=True)
        )
        third = 1.5 * self.c_phi * molality**2
        return -4 * self.debye_hueckel * long_range + molality * second + third

    def slope(self, concentration: Expr) -> Expr:
        """d ln(gamma m)/d ln c."""
        molality = self.molality(concentration)
        root = sqrt(4 * molality)
        # d/d ln m of each term; root has the slope root/2.
        long_range = root / 2 * (1 / (1 + self.b * root) ** 2 + 2 / (1 + self.b * root))
        second = 2 * self.beta[0] + sum(
            beta * (_range(alpha * root) + alpha * root / 2 * _range_slope(alpha * root))
            for beta, alpha in zip(self.beta[1:], self.alphas, strict=True)
        )
        third = 3 * self.c_phi * molality**2
        by_molality = 1 - 4 * self.debye_hueckel * long_range + molality * second + third
        return by_molality / (1 - self.apparent_volume * concentration)


@dataclass(frozen=True)
class Multiple:
    """A property times a number: what it is at another temperature."""

    factor: float
    law: "Property"

    def __call__(self, concentration: Expr) -> Expr:
        """Value in the unit of the law."""
        return self.factor * self.law(concentration)


type Property = CasteelAmis | RootInterpolant | Curve | Multiple


@dataclass(frozen=True)
class SaltProperties:
    """What the level `concentrated` needs to know of its salt.

    All go by the concentration of the cation; ``valid`` are those [mol/m3] between which they are
    measured.
    """

    conductivity: Property
    diffusivity: Property
    transference_number: Property
    ln_activity: PitzerActivity | MeasuredActivity
    valid: tuple[float, float]

    def activity_slope(self, concentration: Expr) -> Expr:
        """d ln a / d ln c, the thermodynamic factor 1 + d ln gamma/d ln m times d ln m/d ln c."""
        return self.ln_activity.slope(concentration)


def _range(x: Expr) -> Expr:
    """Pitzer's range function 2 [1 - (1 + x - x^2/2) exp(-x)] / x^2."""
    return 2 * (1 - (1 + x - x**2 / 2) * exp(-x)) / x**2


def _range_slope(x: Expr) -> Expr:
    """Derivative of :func:`_range`."""
    return (4 / x - 1) * exp(-x) - 2 * _range(x) / x


def interpolant(rows: Sequence[tuple[float, float]]) -> RootInterpolant:
    """Rows (concentration [mol/m3], value), ascending."""
    concentrations, values = zip(*rows, strict=True)
    return RootInterpolant(tuple(concentrations), tuple(values))
