"""Statistics of means over seeds that many series share, with intervals from one resampling."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from zinterphase.observe.statistics import MIN_SEEDS, RANDOM_STATE, RESAMPLES, Interval, nominal
from zinterphase.observe.surface import FloatArray

Statistic = Callable[..., FloatArray]
"""A number from the means of some series; takes and gives arrays of any one shape."""


class PairedMeans:
    """Series over the same seeds, of which the same seeds are drawn in every resample.

    The intervals are those of ``statistics.homogenisation_factor``, to rounding where the statistic
    is the same: paired bootstrap, expanded percentiles. The draws are made once, so that
    hundreds of statistics of thousands of series cost little.
    """

    def __init__(self, series: Mapping[str, Sequence[float]]) -> None:
        """Take series by name, each with a number per seed: NaN where there is no run, infinite
        where a run has no such number."""
        self._series = {name: np.asarray(v, dtype=np.float64) for name, v in series.items()}
        self._draws: dict[int, npt.NDArray[np.int64]] = {}
        self._means: dict[tuple[str, bytes], tuple[float, FloatArray | None]] = {}

    def interval(self, names: Sequence[str], statistic: Statistic) -> Interval:
        """A statistic of the means of ``names`` over the seeds that all of them have."""
        chosen = [self._series[name] for name in names]
        present = ~np.any([np.isnan(values) for values in chosen], axis=0)
        n = int(present.sum())
        if n == 0:
            return Interval(None, None, None, 0, "no seed gave a solution for all")
        undefined = int(np.any([np.isinf(values[present]) for values in chosen], axis=0).sum())
        if undefined:
            reason = f"not defined on {undefined} of {n} seeds"
            return Interval(None, None, None, n, reason)
        means = [self._mean(name, present) for name in names]
        with np.errstate(divide="ignore", invalid="ignore"):
            value = float(statistic(*(np.float64(mean) for mean, _ in means)))
            if not np.isfinite(value):
                return Interval(None, None, None, n, "not defined: a mean is not above zero")
            if n < MIN_SEEDS:
                reason = f"no interval: {n} seeds, at least {MIN_SEEDS}"
                return Interval(value, None, None, n, reason)
            drawn = statistic(*(draws for _, draws in means))
        tail = 0.5 - 0.5 * nominal(n)
        low, high = np.quantile(drawn, (tail, 1.0 - tail))
        return Interval(value, float(low), float(high), n)

    def _mean(self, name: str, present: npt.NDArray[np.bool_]) -> tuple[float, FloatArray | None]:
        """Mean of a series over some seeds, and its means over their resamples."""
        key = (name, present.tobytes())
        if key not in self._means:
            values = self._series[name][present]
            n = len(values)
            drawn = values[self._resamples(n)].mean(axis=1) if n >= MIN_SEEDS else None
            self._means[key] = (float(values.mean()), drawn)
        return self._means[key]

    def _resamples(self, n: int) -> npt.NDArray[np.int64]:
        if n not in self._draws:
            rng = np.random.default_rng(RANDOM_STATE)
            self._draws[n] = rng.integers(0, n, (RESAMPLES, n))
        return self._draws[n]
