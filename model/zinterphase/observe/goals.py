"""Numbers of the anode whose error is estimated, with their slopes by the local current."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from zinterphase.observe.homogeneity import MEAN_VANISHES, ROUNDING
from zinterphase.observe.smoothing import smooth, smooth_transposed
from zinterphase.observe.surface import FloatArray, SurfaceMap, Weight

CURRENT = "current_density"
TOTAL, CV, SMOOTHED_MAXIMUM = "total_current", "cv", "smoothed_maximum"
CV_METAL, SMOOTHED_MAXIMUM_METAL = "cv_metal_area", "smoothed_maximum_metal_area"
POTENTIAL, CHARGE = "potential", "charge"
"""Goals that are no functionals of the current on a map."""
NORM_EXPONENT = 32
"""Exponent p of the smoothed maximum. A peak on the fraction f of the area has a p-norm of about
f^(1/p) of its height: 0.87 for 1 %, 0.93 for 10 %."""
UNIFORM = 1e-10
"""A coefficient of variation below this is rounding; it has no slope there."""

Value = Callable[[SurfaceMap], float]
Slope = Callable[[SurfaceMap], FloatArray]


@dataclass(frozen=True)
class Goal:
    """A functional of the current on a map of the anode, per the area that ``weight`` names.

    ``slope`` is its derivative by the current at each point over the point's area of that kind, so
    that the change of the goal is the integral of slope times the change of the current.
    """

    name: str
    unit: str
    value: Value
    slope: Slope
    weight: Weight = "projected"


def undefined(goal: Goal, chart: SurfaceMap, radius: float) -> str | None:
    """Why a goal has no estimate on a map with one point a facet; None where it has one.

    ``radius`` [m] is that of the smoothing."""
    if goal.name == TOTAL:
        return None
    relative_mean = abs(chart.mean(CURRENT, goal.weight))
    size = float(chart.weights(goal.weight) @ np.abs(chart.values[CURRENT]))
    if relative_mean <= ROUNDING * size:
        return MEAN_VANISHES
    if _cv(chart, goal.weight) < UNIFORM:
        return "the current is uniform"
    widest = float((chart.projected_area ** (1 / chart.lateral.shape[1])).max())
    if goal.name in (SMOOTHED_MAXIMUM, SMOOTHED_MAXIMUM_METAL) and radius < widest:
        return "the smoothing radius is below the size of the facets"
    return None


def goals(widths: Sequence[float], radius: float) -> tuple[Goal, ...]:
    """Total current [A]; CV and smoothed maximum of the current, per projected and per metal area.

    The smoothed maximum is the p-norm (p = `NORM_EXPONENT`) over the area of i/<i> averaged over
    the fixed length ``radius`` [m] (`observe.smoothing`): differentiable, never above the largest
    value, which it approaches with growing p.
    """
    return (
        Goal(TOTAL, "A", _total, lambda chart: np.ones(len(chart))),
        _variation(CV, "projected"),
        _maximum(SMOOTHED_MAXIMUM, "projected", widths, radius),
        _variation(CV_METAL, "area"),
        _maximum(SMOOTHED_MAXIMUM_METAL, "area", widths, radius),
    )


def _total(chart: SurfaceMap) -> float:
    return float(chart.projected_area @ chart.values[CURRENT])


def _variation(name: str, weight: Weight) -> Goal:
    return Goal(
        name, "1", lambda chart: _cv(chart, weight), lambda chart: _cv_slope(chart, weight), weight
    )


def _maximum(name: str, weight: Weight, widths: Sequence[float], radius: float) -> Goal:
    def value(chart: SurfaceMap) -> float:
        smoothed = smooth(chart, _relative(chart, weight)[0], widths, radius, weight)
        return _norm(smoothed, chart.weights(weight))

    def slope(chart: SurfaceMap) -> FloatArray:
        relative, mean = _relative(chart, weight)
        smoothed, weights = smooth(chart, relative, widths, radius, weight), chart.weights(weight)
        norm = _norm(smoothed, weights)
        powers = np.sign(smoothed) * (np.abs(smoothed) / norm) ** (NORM_EXPONENT - 1)
        # By i/<i> at each point, and by <i>.
        local = smooth_transposed(chart, weights * powers, widths, radius, weight)
        area = _areas(chart, weight)
        share = np.divide(local, area, out=np.zeros_like(local), where=area > 0.0)
        return np.asarray((share - float(local @ relative) / area.sum()) / mean)

    return Goal(name, "1", value, slope, weight)


def _areas(chart: SurfaceMap, weight: Weight) -> FloatArray:
    return chart.area if weight == "area" else chart.projected_area


def _relative(chart: SurfaceMap, weight: Weight) -> tuple[FloatArray, float]:
    mean = chart.mean(CURRENT, weight)
    return chart.values[CURRENT] / mean, mean


def _cv(chart: SurfaceMap, weight: Weight) -> float:
    relative, _ = _relative(chart, weight)
    return float(np.sqrt(chart.weights(weight) @ (relative - 1.0) ** 2))


def _cv_slope(chart: SurfaceMap, weight: Weight) -> FloatArray:
    relative, mean = _relative(chart, weight)
    cv, area = _cv(chart, weight), _areas(chart, weight).sum()
    return np.asarray((relative - 1.0 - cv**2) / (area * mean * cv))


def _norm(values: FloatArray, weights: FloatArray) -> float:
    top = float(np.abs(values).max())
    powers = (np.abs(values) / top) ** NORM_EXPONENT
    return float(top * (weights @ powers) ** (1 / NORM_EXPONENT))
