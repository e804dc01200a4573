"""Measured properties of a salt as smooth functions of the root of its concentration.

As in `salt.py`: numbers or UFL expressions in, the same kind out; concentrations in mol/m3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zinterphase.expressions import Expr
from zinterphase.physics.functions import below, ln, sqrt

LITRE = 1000.0
"""1 mol/L in mol/m3."""
type Cubic = tuple[float, float, float, float]


@dataclass(frozen=True)
class RootPolynomial:
    """sum of k_j s^j with s the root of the concentration in mol/L."""

    coefficients: tuple[float, ...]

    def __call__(self, concentration: Expr) -> Expr:
        """Value in the unit of the coefficients."""
        return _horner(self.coefficients, _root(concentration))

    def slope(self, concentration: Expr) -> Expr:
        """Derivative by ln c."""
        derivative = tuple(j * k for j, k in enumerate(self.coefficients))[1:]
        root = _root(concentration)
        return root / 2 * _horner(derivative or (0.0,), root)


@dataclass(frozen=True)
class RootSpline:
    """Natural cubic spline through rows in s, straight beyond the first and the last."""

    knots: tuple[float, ...]
    pieces: tuple[Cubic, ...]
    """Coefficients in s - knot, from the line before the first knot to that behind the last."""

    def __call__(self, concentration: Expr) -> Expr:
        """Value in the unit of the rows."""
        return self._chosen(_root(concentration), self.pieces)

    def slope(self, concentration: Expr) -> Expr:
        """Derivative by ln c."""
        root = _root(concentration)
        derivatives = [(b, 2 * c, 3 * d, 0.0) for _, b, c, d in self.pieces]
        return root / 2 * self._chosen(root, derivatives)

    def _chosen(self, root: Expr, pieces: Sequence[Cubic]) -> Expr:
        starts = (self.knots[0], *self.knots)
        result = _horner(pieces[-1], root - starts[-1])
        for k in reversed(range(len(self.knots))):
            result = below(root, self.knots[k], _horner(pieces[k], root - starts[k]), result)
        return result


def spline(rows: Sequence[tuple[float, float]]) -> RootSpline:
    """Through rows (concentration [mol/m3], value), ascending, two at least.

    The second derivative vanishes at both ends; de Boor, A Practical Guide to Splines, ch. IV.
    """
    knots = np.array([(c / LITRE) ** 0.5 for c, _ in rows])
    values = np.array([value for _, value in rows])
    widths, chords = np.diff(knots), np.diff(values) / np.diff(knots)
    count = len(knots)
    matrix, right = np.eye(count), np.zeros(count)
    for k in range(1, count - 1):
        matrix[k, k - 1 : k + 2] = widths[k - 1], 2 * (widths[k - 1] + widths[k]), widths[k]
        right[k] = 6 * (chords[k] - chords[k - 1])
    bends = np.linalg.solve(matrix, right)
    inner = [
        (values[k], chords[k] - h * (2 * bends[k] + bends[k + 1]) / 6, bends[k] / 2,
         (bends[k + 1] - bends[k]) / (6 * h))
        for k, h in enumerate(widths)
    ]  # fmt: skip
    last = chords[-1] + widths[-1] * bends[-2] / 6
    before, behind = (values[0], inner[0][1], 0.0, 0.0), (values[-1], last, 0.0, 0.0)
    pieces = [tuple(map(float, piece)) for piece in (before, *inner, behind)]
    return RootSpline(tuple(map(float, knots)), tuple((p[0], p[1], p[2], p[3]) for p in pieces))


@dataclass(frozen=True)
class MeasuredActivity:
    """ln of the mean activity a, from ``excess`` = ln(a/(c in mol/L)) against the concentration."""

    excess: RootPolynomial | RootSpline

    def __call__(self, concentration: Expr) -> Expr:
        """ln a."""
        return ln(concentration / LITRE) + self.excess(concentration)

    def slope(self, concentration: Expr) -> Expr:
        """d ln a/d ln c."""
        return 1 + self.excess.slope(concentration)


def ascending(numbers: Sequence[float]) -> bool:
    """Whether each number is above the one before."""
    return all(low < high for low, high in pairwise(numbers))


def _root(concentration: Expr) -> Expr:
    return sqrt(concentration / LITRE)


def _horner(coefficients: Sequence[float], x: Expr) -> Expr:
    result: Expr = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        result = coefficient + x * result
    return result
