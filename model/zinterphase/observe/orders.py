"""What a family of meshes says of one number: observed order, extrapolated value, error.

Notation of Celik et al., J. Fluids Eng. 130 (2008) 078001: mesh 1 is the finest, h the cell size,
r21 = h2/h1, e21 = f2 - f1. Sequences are given from the coarsest mesh to the finest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import scipy

Behaviour = Literal[
    "exact", "asymptotic", "not asymptotic", "oscillating", "diverging", "difference", "unknown"
]

SAFETY = 1.25
"""Safety factor of the grid convergence index in the asymptotic range (Roache, 1994)."""
CAUTIOUS_SAFETY = 3.0
"""Safety factor where the order is assumed or not confirmed (Roache, 1994)."""
LOWEST_ORDER, HIGHEST_ORDER = 1e-3, 30.0
"""Orders outside count as none: the differences do not shrink, or nothing is left of them."""
SMALLEST_ASSUMED = 0.5
"""An order that is not confirmed is taken for at least this (Oberkampf and Roy, 2010, 8.6.3)."""
ORDER_MATCH = 0.3
"""On three meshes, distance of the observed order to one of the element's that confirms it."""
SMALLEST_ORDER = 0.25
"""Smaller observed orders are not told from a logarithm, and their error bars mean nothing."""
PREDICTION_MATCH = 0.25
"""On four, relative mismatch of the last difference to that predicted by the coarser three."""


@dataclass(frozen=True)
class OrderEstimate:
    """What is known of the error of the value on the finest mesh.

    Attributes
    ----------
    behaviour : "exact" (all differences are within the solver's tolerance), "asymptotic" (the
        observed order is confirmed), "not asymptotic", "oscillating", "diverging" (the
        differences hardly shrink), "difference" (a quantity without an order) or "unknown" (too
        few meshes).
    value : The value on the finest mesh.
    order : Observed order on the three finest meshes; None where there is none.
    slope : Order by least squares over all meshes, against the extrapolated value.
    extrapolated : Richardson's value; None where the order is not confirmed.
    error : Error estimate, absolute: the grid convergence index times the value, thrice the
        range of the last three values of an oscillation, or the difference of the two finest
        meshes for a quantity without an order; None if unknown.
    reason : Why it is judged so, a clause for a reader.
    """

    behaviour: Behaviour
    value: float
    order: float | None
    slope: float | None
    extrapolated: float | None
    error: float | None
    reason: str

    @property
    def confirmed(self) -> bool:
        """Whether the values are seen to converge as they should."""
        return self.behaviour in ("exact", "asymptotic", "difference")


def formal_orders(degree: int) -> tuple[int, ...]:
    """Orders of functionals of Lagrange elements: gradients k, values k + 1, energies 2 k."""
    return tuple(sorted({degree, degree + 1, 2 * degree}))


def observed_order(sizes: Sequence[float], values: Sequence[float]) -> float | None:
    """Order p of f = f0 + C h**p through three meshes of any ratios; None where there is none.

    Solves e32/e21 = r21**p (r32**p - 1)/(r21**p - 1), which for monotone values is Celik et al.
    (2008), eq. (3); its right side rises with p from ln(r32)/ln(r21).
    """
    h3, h2, h1 = sizes
    f3, f2, f1 = values
    if f2 == f1:
        return None
    ratio, fine, coarse = (f3 - f2) / (f2 - f1), np.log(h2 / h1), np.log(h3 / h2)

    def mismatch(p: float) -> float:
        return float(p * fine + np.log(np.expm1(p * coarse) / np.expm1(p * fine)) - np.log(ratio))

    if ratio <= 0.0 or mismatch(LOWEST_ORDER) >= 0.0 or mismatch(HIGHEST_ORDER) <= 0.0:
        return None
    return float(scipy.optimize.brentq(mismatch, LOWEST_ORDER, HIGHEST_ORDER, xtol=1e-12))


def richardson(sizes: Sequence[float], values: Sequence[float], order: float) -> float:
    """Value extrapolated to h = 0 from the two finest meshes with a known order."""
    return float(values[-1] + (values[-1] - values[-2]) / _excess(sizes, order))


def grid_convergence_index(
    sizes: Sequence[float], values: Sequence[float], order: float, safety: float
) -> float:
    """Error of the finest value, absolute: safety * abs(e21)/(r21**p - 1) (Roache, 1994)."""
    return float(safety * abs(values[-1] - values[-2]) / _excess(sizes, order))


def fitted_slope(sizes: Sequence[float], values: Sequence[float], limit: float) -> float | None:
    """Slope of log abs(f - limit) over log h by least squares; None for fewer than two points."""
    error = np.abs(np.asarray(values) - limit)
    seen = error > 0.0
    if np.count_nonzero(seen) < 2:
        return None
    return float(np.polyfit(np.log(np.asarray(sizes)[seen]), np.log(error[seen]), 1)[0])


def estimate(
    sizes: Sequence[float],
    values: Sequence[float],
    *,
    degree: int,
    tolerance: float,
    has_order: bool = True,
) -> OrderEstimate:
    """Judge a quantity over a family of meshes.

    Parameters
    ----------
    sizes : Cell sizes from coarse to fine, strictly falling.
    values : The quantity on these meshes.
    degree : Degree of the elements.
    tolerance : What the solver's tolerance leaves undecided, absolute.
    has_order : Whether an expansion in the cell size exists; quantiles have none.

    Raises
    ------
    ValueError
        The sequences do not match, or the sizes do not fall.
    """
    sizes, values = [float(h) for h in sizes], [float(f) for f in values]
    if len(sizes) != len(values) or not values:
        raise ValueError("as many values as sizes, at least one")
    if any(fine >= coarse for coarse, fine in pairwise(sizes)):
        raise ValueError("sizes have to fall")
    if len(values) == 1:
        return _plain("unknown", values, None, "one mesh: no discretisation error known")
    differences = np.abs(np.diff(values))
    if differences[-2:].max() <= tolerance:
        reason = "the last meshes agree to the solver's tolerance"
        return OrderEstimate("exact", values[-1], None, None, values[-1], tolerance, reason)
    last = float(differences[-1])
    if not has_order:
        error = max(last, tolerance)
        return _plain("difference", values, error, "difference of the two finest meshes")
    if len(values) == 2:
        error = grid_convergence_index(sizes, values, degree, CAUTIOUS_SAFETY)
        return _plain("unknown", values, error, f"two meshes tell no order, {degree} is assumed")
    return _from_three(sizes, values, degree, tolerance)


def _from_three(
    sizes: Sequence[float], values: Sequence[float], degree: int, tolerance: float
) -> OrderEstimate:
    e32, e21 = values[-3] - values[-2], values[-2] - values[-1]
    if e32 * e21 < 0.0 or abs(e21) <= tolerance:
        return _without_sign(values, e32, e21)
    order = observed_order(sizes[-3:], values[-3:])
    if order is None:
        return _plain("diverging", values, None, "the differences do not shrink")
    if order < SMALLEST_ORDER:
        reason = f"the differences hardly shrink, order {order:.2f}, as those of a logarithm"
        return _plain("diverging", values, None, reason)
    reason = _doubt(sizes, values, degree, order)
    if reason:
        assumed = min(max(SMALLEST_ASSUMED, order), 2.0 * degree)
        error = grid_convergence_index(sizes, values, assumed, CAUTIOUS_SAFETY)
        return OrderEstimate("not asymptotic", values[-1], order, None, None, error, reason)
    # An order above the element's is chance: it must not shrink the error estimate.
    error = grid_convergence_index(sizes, values, min(order, 2.0 * degree), SAFETY)
    limit = richardson(sizes, values, order)
    slope = fitted_slope(sizes, values, limit)
    error = max(error, tolerance)
    return OrderEstimate(
        "asymptotic", values[-1], order, slope, limit, error, _confirmation(values)
    )


def _without_sign(values: Sequence[float], e32: float, e21: float) -> OrderEstimate:
    """Values that turn back."""
    if e32 * e21 >= 0.0:
        reason = "the last two meshes agree, and the one before does not tell how"
        error = CAUTIOUS_SAFETY * float(np.ptp(values[-3:]))
        return _plain("not asymptotic", values, error, reason)
    if abs(e21) < abs(e32):
        error = CAUTIOUS_SAFETY * float(np.ptp(values[-3:]))
        return _plain("oscillating", values, error, "the values approach from both sides")
    return _plain("diverging", values, None, "the values turn back and their differences grow")


def _doubt(sizes: Sequence[float], values: Sequence[float], degree: int, order: float) -> str:
    """Why the observed order is not confirmed; empty where it is."""
    if len(values) == 3:
        known = formal_orders(degree)
        if min(abs(order - p) for p in known) <= ORDER_MATCH:
            return ""
        listed = " or ".join(str(p) for p in known)
        return f"the order on three meshes is not {listed}, and there is no fourth to confirm it"
    before = observed_order(sizes[-4:-1], values[-4:-1])
    if before is None:
        return "the coarser three meshes show no order"
    predicted = _predicted_difference(sizes, values, before)
    follows = abs(predicted / (values[-2] - values[-1]) - 1.0) <= PREDICTION_MATCH
    limits = [richardson(sizes[:n], values[:n], p) for n, p in ((-1, before), (None, order))]
    distances = [abs(limit - values[-2]) for limit in limits]
    if follows and distances[1] <= SAFETY * distances[0]:
        return ""
    return f"the order still changes, {before:.2f} on the coarser three meshes"


def _predicted_difference(sizes: Sequence[float], values: Sequence[float], order: float) -> float:
    """e21 that follows from e32 with an order."""
    h3, h2, h1 = sizes[-3:]
    shrinkage = (h2**order - h1**order) / (h3**order - h2**order)
    return float((values[-3] - values[-2]) * shrinkage)


def _confirmation(values: Sequence[float]) -> str:
    if len(values) == 3:
        return "the observed order is one of the element's"
    return "the error bar of the coarser three meshes holds"


def _excess(sizes: Sequence[float], order: float) -> float:
    return float(np.expm1(order * np.log(sizes[-2] / sizes[-1])))


def _plain(
    behaviour: Behaviour, values: Sequence[float], error: float | None, reason: str
) -> OrderEstimate:
    return OrderEstimate(behaviour, values[-1], None, None, None, error, reason)
