"""Numbers of the anode whose error is estimated, with their slopes by the local current."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from zinterphase.observe.homogeneity import MEAN_VANISHES, ROUNDING
from zinterphase.observe.smoothing import smooth, smooth_transposed
from zinterphase.observe.surface import FloatArray, SurfaceMap

CURRENT = "current_density"
TOTAL, CV, SMOOTHED_MAXIMUM = "total_current", "cv", "smoothed_maximum"
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
    """A functional of the current per projected area i_p on a map of the anode.

    ``slope`` is its derivative by i_p at each point over the point's projected area, so that the
    change of the goal is the integral of slope times the change of i_p.
    """

    name: str
    unit: str
    value: Value
    slope: Slope


def undefined(goal: Goal, chart: SurfaceMap, radius: float) -> str | None:
    """Why a goal has no estimate on a map with one point a facet; None where it has one.

    ``radius`` [m] is that of the smoothing."""
    if goal.name == TOTAL:
        return None
    relative_mean = abs(chart.mean(CURRENT, "projected"))
    size = float(chart.weights("projected") @ np.abs(chart.values[CURRENT]))
    if relative_mean <= ROUNDING * size:
        return MEAN_VANISHES
    if _cv(chart) < UNIFORM:
        return "the current is uniform"
    widest = float((chart.projected_area ** (1 / chart.lateral.shape[1])).max())
    if goal.name == SMOOTHED_MAXIMUM and radius < widest:
        return "the smoothing radius is below the size of the facets"
    return None


def goals(widths: Sequence[float], radius: float) -> tuple[Goal, ...]:
    """Total current [A], CV of the current per projected area, and its smoothed maximum.

    The smoothed maximum is the p-norm (p = `NORM_EXPONENT`) over the projected area of i_p/<i_p>
    averaged over the fixed length ``radius`` [m] (`observe.smoothing`): differentiable, never
    above the largest value, which it approaches with growing p.
    """
    return (
        Goal(TOTAL, "A", _total, lambda chart: np.ones(len(chart))),
        Goal(CV, "1", _cv, _cv_slope),
        Goal(
            SMOOTHED_MAXIMUM,
            "1",
            lambda chart: _norm(_smoothed(chart, widths, radius), chart),
            lambda chart: _norm_slope(chart, widths, radius),
        ),
    )


def _total(chart: SurfaceMap) -> float:
    return float(chart.projected_area @ chart.values[CURRENT])


def _relative(chart: SurfaceMap) -> tuple[FloatArray, float]:
    mean = chart.mean(CURRENT, "projected")
    return chart.values[CURRENT] / mean, mean


def _cv(chart: SurfaceMap) -> float:
    relative, _ = _relative(chart)
    return float(np.sqrt(chart.weights("projected") @ (relative - 1.0) ** 2))


def _cv_slope(chart: SurfaceMap) -> FloatArray:
    relative, mean = _relative(chart)
    cv = _cv(chart)
    area = chart.projected_area.sum()
    return np.asarray((relative - 1.0 - cv**2) / (area * mean * cv))


def _smoothed(chart: SurfaceMap, widths: Sequence[float], radius: float) -> FloatArray:
    return smooth(chart, _relative(chart)[0], widths, radius, "projected")


def _norm(values: FloatArray, chart: SurfaceMap) -> float:
    top = float(np.abs(values).max())
    powers = (np.abs(values) / top) ** NORM_EXPONENT
    return float(top * (chart.weights("projected") @ powers) ** (1 / NORM_EXPONENT))


def _norm_slope(chart: SurfaceMap, widths: Sequence[float], radius: float) -> FloatArray:
    relative, mean = _relative(chart)
    smoothed = _smoothed(chart, widths, radius)
    norm, weights = _norm(smoothed, chart), chart.weights("projected")
    powers = np.sign(smoothed) * (np.abs(smoothed) / norm) ** (NORM_EXPONENT - 1)
    # By i/<i> at each point, and by <i>.
    local = smooth_transposed(chart, weights * powers, widths, radius, "projected")
    area = chart.projected_area
    share = np.divide(local, area, out=np.zeros_like(local), where=area > 0.0)
    return np.asarray((share - float(local @ relative) / area.sum()) / mean)
