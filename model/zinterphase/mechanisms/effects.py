"""Effects of switched mechanisms and how they go together, with intervals over seeds.

With the seed means m of a metric that is above zero, an effect is the reduction 1 - m_A/m_0 against
the base: of the coefficient of variation the homogenisation factor H. Mechanisms that act
independently multiply their ratios, so that the interaction of a combination K is

    I_K = ln m_K - ln m_0 - sum_(k in K) (ln m_k - ln m_0),

zero where they do; below zero they reduce the metric more together than the product of what each
does alone. Rates of corrosion and gas also have the sum without logarithms, zero where what each
adds is added. Of any other number the effect is the difference m_A - m_0 and I_K the same sum
without logarithms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from zinterphase.ensemble.mesh_errors import ALGEBRAIC_ERROR, FIRST_ORDER
from zinterphase.mechanisms.design import BASE, Combination, Design
from zinterphase.observe import keys
from zinterphase.observe.homogeneity import METRICS
from zinterphase.observe.resampling import PairedMeans, Statistic
from zinterphase.observe.statistics import Interval
from zinterphase.observe.surface import FloatArray

NEGLIGIBLE = 1e-3
"""A relative effect with its whole interval inside +- this is none."""
Decision = Literal["positive", "negative", "none", "open", "undefined"]


@dataclass(frozen=True)
class Effect:
    """A number with its interval over seeds, its numerical error and what they decide.

    ``error`` is None where no finer mesh tells it.
    """

    interval: Interval
    error: float | None
    outcome: Decision

    def as_dict(self) -> dict[str, object]:
        """Ready for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class EffectRow:
    """One metric of one combination at one current.

    Attributes
    ----------
    current : Mean current density [A/m2].
    combination : Switches that are on.
    metric : Key of a field's metric, ``working.current_density.cv``, or of another number,
        ``working.potential``.
    relative : Whether effects are reductions and interactions logarithms; else differences.
    mean : Seed mean.
    effect : Against the base; None for the base.
    in_pairs : Of a switch alone, its effect averaged over the base and every other switch on;
        None otherwise.
    interaction : Of two switches and more; None otherwise.
    additive : The same as a difference, of rates; None otherwise.
    """

    current: float
    combination: Combination
    metric: str
    relative: bool
    mean: Interval
    effect: Effect | None
    in_pairs: Interval | None
    interaction: Effect | None
    additive: Effect | None = None


MetricValue = Callable[[Combination, int | None], float]
"""Metric of a combination on a seed, None for the finer mesh; NaN without a solution, infinite
where the solution has no such number."""


def is_relative(metric: str) -> bool:
    """Whether a metric is above zero by its nature, so that ratios of it mean something."""
    name = metric.rpartition(".")[2]
    if keys.is_rate(metric) or metric in keys.SIZES:
        return True
    return name in METRICS and name not in ("mean", "reversed_fraction")


def outcome(interval: Interval, error: float, margin: float) -> Decision:
    """What an interval widened by the numerical error decides: "none" only if all of it is within
    ``margin``, "open" where it reaches over zero or there is none."""
    if interval.value is None:
        return "undefined"
    if interval.low is None or interval.high is None:
        return "open"
    low, high = interval.low - error, interval.high + error
    if -margin < low and high < margin:
        return "none"
    if low > 0.0:
        return "positive"
    return "negative" if high < 0.0 else "open"


def effects(
    design: Design,
    current: float,
    metric: str,
    value: MetricValue,
    seeds: Sequence[int],
    *,
    refined: bool,
) -> list[EffectRow]:
    """Rows of a metric at a current, one per combination of the design.

    Parameters
    ----------
    design : The combinations.
    current : Mean current density [A/m2].
    metric : Name of the metric.
    value : The metric by combination and seed.
    seeds : Seeds, the first one that of the finer meshes.
    refined : Whether there are runs on finer meshes; without them errors are not known and not
        asked for.
    """
    series = {design.label(c): [value(c, seed) for seed in seeds] for c in design.combinations}
    means = PairedMeans(series)
    study = _TwoMeshes(value, seeds[0]) if refined else None
    return [_row(design, current, metric, c, means, study) for c in design.combinations]


@dataclass(frozen=True)
class _TwoMeshes:
    """Numbers of one seed on the given and the finer mesh."""

    value: MetricValue
    seed: int

    def error(self, combinations: Sequence[Combination], statistic: Statistic) -> float | None:
        """Numerical error of a statistic; None where a run is missing."""
        on = [
            float(statistic(*(np.float64(self.value(c, at)) for c in combinations)))
            for at in (self.seed, None)
        ]
        if not np.all(np.isfinite(on)):
            return None
        return max(ALGEBRAIC_ERROR, FIRST_ORDER * abs(on[0] - on[1]))


def _row(
    design: Design,
    current: float,
    metric: str,
    combination: Combination,
    means: PairedMeans,
    study: _TwoMeshes | None,
) -> EffectRow:
    relative = is_relative(metric)
    margin = NEGLIGIBLE if relative else 0.0

    def effect(of: Sequence[Combination], statistic: Statistic, margin: float = margin) -> Effect:
        interval = means.interval([design.label(c) for c in of], statistic)
        error = None
        if study is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                error = study.error(of, statistic)
            if error is None and interval.value is not None:
                return Effect(interval, None, "open")
        return Effect(interval, error, outcome(interval, error or 0.0, margin))

    alone = [(name,) for name in combination]
    own = interaction = additive = in_pairs = None
    if combination:
        own = effect([BASE, combination], reduction if relative else difference)
    if len(combination) > 1:
        statistic = log_interaction if relative else additive_interaction
        interaction = effect([BASE, combination, *alone], statistic)
        if keys.is_rate(metric):
            additive = effect([BASE, combination, *alone], additive_interaction, 0.0)
    if len(combination) == 1 and len(design.switches) > 1:
        in_pairs = _in_pairs(design, combination[0], means, relative)
    mean = means.interval([design.label(combination)], lambda m: m)
    return EffectRow(
        current, combination, metric, relative, mean, own, in_pairs, interaction, additive
    )


def _in_pairs(design: Design, name: str, means: PairedMeans, relative: bool) -> Interval:
    """Effect of a switch averaged over the contexts in which the design has it."""
    others = {
        tuple(other for other in pair if other != name): pair
        for pair in design.combinations
        if len(pair) == 2 and name in pair
    }
    without = [BASE, *others]
    with_it = [(name,), *others.values()]
    names = [design.label(c) for c in (*without, *with_it)]
    half = len(without)

    def averaged(*m: FloatArray) -> FloatArray:
        if relative:
            changes = [np.log(b / a) for a, b in zip(m[:half], m[half:], strict=True)]
            return np.asarray(1.0 - np.exp(sum(changes) / half))
        return np.asarray(sum(b - a for a, b in zip(m[:half], m[half:], strict=True)) / half)

    return means.interval(names, averaged)


def reduction(base: FloatArray, other: FloatArray) -> FloatArray:
    """1 - m/m_0; of the coefficient of variation H."""
    return np.asarray(1.0 - other / base)


def difference(base: FloatArray, other: FloatArray) -> FloatArray:
    """m - m_0."""
    return np.asarray(other - base)


def log_interaction(base: FloatArray, combined: FloatArray, *alone: FloatArray) -> FloatArray:
    """ln of the ratio over the product of the ratios alone."""
    expected: FloatArray = sum((np.log(one / base) for one in alone), start=np.zeros_like(base))
    return np.asarray(np.log(combined / base) - expected)


def additive_interaction(base: FloatArray, combined: FloatArray, *alone: FloatArray) -> FloatArray:
    """The difference over the sum of the differences alone."""
    return np.asarray(combined - base - sum(one - base for one in alone))


EffectRows = Mapping[tuple[float, Combination, str], EffectRow]
"""Rows by current, combination and metric."""
