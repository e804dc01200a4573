"""How evenly a field is spread over a surface: area-weighted, dimensionless, of q/mean(q)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from zinterphase.observe.smoothing import smooth
from zinterphase.observe.spectrum import Spectrum, cosine_spectrum
from zinterphase.observe.surface import FloatArray, SurfaceMap, Weight

# A reversed value below this part of mean(|q|) is left over from rounding.
ROUNDING = 1e-12
# A mean below this part of it is what Newton's tolerance leaves of none, as at open circuit.
NOTHING = 1e-8
MEAN_VANISHES = "the mean vanishes"

METRICS = (
    "mean",
    "cv",
    "max_over_mean",
    "p99_over_median",
    "p1_over_median",
    "gini",
    "reversed_fraction",
)


@dataclass(frozen=True, eq=False)
class Homogeneity:
    """Metrics of one field on one map. A metric that is not defined is None and has a reason.

    Attributes
    ----------
    name : Name of the field.
    weight : Area the averages are taken over: true ("area") or "projected".
    mean : Mean of the field, in its own unit and with its own sign.
    cv : Coefficient of variation sqrt(<(q - <q>)^2>)/abs(<q>).
    max_over_mean : Largest q/<q> after smoothing over `smoothing_radius`.
    smoothing_radius : Radius of the top-hat kernel behind `max_over_mean` [m]; 0 = none.
    p99_over_median : 99 % quantile of q/<q> over its median.
    p1_over_median : 1 % quantile of q/<q> over its median.
    gini : Gini coefficient, 0 = even, 1 = all in one point.
    reversed_fraction : Part of the area where q has the sign opposite to its mean.
    spectrum : Cosine amplitudes of q/<q>.
    reasons : Why each metric that is None is not defined.
    unit : Unit of the mean.
    """

    name: str
    weight: Weight
    mean: float
    cv: float | None
    max_over_mean: float | None
    smoothing_radius: float
    p99_over_median: float | None
    p1_over_median: float | None
    gini: float | None
    reversed_fraction: float | None
    spectrum: Spectrum | None
    reasons: dict[str, str] = field(default_factory=dict)
    unit: str = "1"

    def metrics(self) -> dict[str, float | None]:
        """The scalar metrics by name (`METRICS`)."""
        return {name: getattr(self, name) for name in METRICS}

    def as_dict(self) -> dict[str, object]:
        """Everything as numbers, lists and strings, ready for JSON (lengths in m, k in rad/m)."""
        spectrum = None
        if self.spectrum is not None:
            spectrum = {
                "wavenumber": self.spectrum.wavenumber.tolist(),
                "amplitude": self.spectrum.amplitude.tolist(),
            }
        return {
            "name": self.name,
            "unit": self.unit,
            "weight": self.weight,
            **self.metrics(),
            "smoothing_radius": self.smoothing_radius,
            "spectrum": spectrum,
            "reasons": dict(self.reasons),
        }


def homogeneity(
    surface: SurfaceMap,
    name: str,
    width: float | Sequence[float],
    smoothing_radius: float = 0.0,
    weight: Weight = "area",
    unit: str = "1",
) -> Homogeneity:
    """Metrics of one field of a map.

    All but the mean are of r = q/mean(q), so that they do not depend on the sign convention of q.
    Where r is negative somewhere, the Gini coefficient and the quantile ratios are not defined;
    where the mean vanishes, nothing but the mean is. The spectrum always uses the projected area.

    Parameters
    ----------
    surface : The map.
    name : Field of the map.
    width : Distance between the mirror planes, one or one per lateral axis [m].
    smoothing_radius : Radius of the average taken before the maximum [m]; 0 = none.
    weight : Area that weights everything else.
    unit : Unit of the field.

    Raises
    ------
    KeyError
        The map has no such field.
    ValueError
        The radius or the width does not fit the map.
    """
    values = surface.values[name]
    weights = surface.weights(weight)
    mean = float(weights @ values)
    metrics: dict[str, float | None] = dict.fromkeys(METRICS[1:])
    reasons: dict[str, str] = {}
    spectrum: Spectrum | str = MEAN_VANISHES
    if abs(mean) <= NOTHING * float(weights @ np.abs(values)):
        reasons |= dict.fromkeys(metrics, MEAN_VANISHES)
    else:
        relative = values / mean
        reversed_fraction = float(weights[relative < -ROUNDING].sum())
        metrics["cv"] = float(np.sqrt(weights @ (relative - 1.0) ** 2))
        smoothed = smooth(surface, relative, width, smoothing_radius, weight)
        metrics["max_over_mean"] = float(smoothed.max())
        metrics["reversed_fraction"] = reversed_fraction
        if reversed_fraction > 0.0:
            reason = f"the field changes sign on {reversed_fraction:.3g} of the area"
            reasons |= dict.fromkeys(("p99_over_median", "p1_over_median", "gini"), reason)
        else:
            metrics["gini"] = weighted_gini(relative, weights)
            low, median, high = weighted_quantiles(relative, weights, (0.01, 0.5, 0.99))
            if median > 0.0:
                metrics["p99_over_median"] = high / median
                metrics["p1_over_median"] = low / median
            else:
                reason = "the median is zero"
                reasons |= dict.fromkeys(("p99_over_median", "p1_over_median"), reason)
        spectrum = cosine_spectrum(surface, relative, width)
    if isinstance(spectrum, str):
        reasons["spectrum"] = spectrum
    return Homogeneity(
        name=name,
        weight=weight,
        mean=mean,
        smoothing_radius=smoothing_radius,
        spectrum=None if isinstance(spectrum, str) else spectrum,
        reasons=reasons,
        unit=unit,
        **metrics,
    )


def without_distances(metrics: Homogeneity, reason: str) -> Homogeneity:
    """The metrics but those that need distances along the electrode plane."""
    reasons = {**metrics.reasons, "max_over_mean": reason, "spectrum": reason}
    return replace(metrics, max_over_mean=None, spectrum=None, reasons=reasons)


def weighted_quantiles(
    values: FloatArray, weights: FloatArray, levels: Sequence[float]
) -> tuple[float, ...]:
    """Quantiles of weighted values.

    With the values in order, each stands at the middle of its weight in the cumulated weight
    (for equal weights Hazen's positions (j - 1/2)/n); between two values the quantile is linear,
    beyond the outer ones it is the outer one.
    """
    present = weights > 0.0
    order = np.argsort(values[present], kind="stable")
    value, weight = values[present][order], weights[present][order]
    cumulated = np.cumsum(weight)
    position = (cumulated - 0.5 * weight) / cumulated[-1]
    return tuple(float(q) for q in np.interp(levels, position, value))


def weighted_gini(values: FloatArray, weights: FloatArray) -> float:
    """Gini coefficient (1/(2 <q> A^2)) int int abs(q - q') dA dA' of values that are not negative.

    The double sum over the points is done in order of size, in n log n operations.
    """
    order = np.argsort(values, kind="stable")
    value, weight = values[order], weights[order]
    cumulated = np.cumsum(weight)
    total = cumulated[-1]
    excess = float(np.sum(weight * value * (2.0 * cumulated - weight - total)))
    return max(0.0, excess / float(total * (weight @ value)))
