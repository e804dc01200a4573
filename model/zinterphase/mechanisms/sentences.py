"""What a study of mechanisms found, in words that follow from its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from zinterphase.ensemble.subject import Subject
from zinterphase.mechanisms.design import Combination, Design
from zinterphase.mechanisms.effects import (
    NEGLIGIBLE,
    Decision,
    Effect,
    EffectRow,
    EffectRows,
    is_relative,
)
from zinterphase.observe import keys
from zinterphase.observe.statistics import Interval

UNEVENNESS = ("cv", "max_over_mean", "p99_over_median", "gini")
"""Metrics of a field that fall as it becomes more even."""
EVENNESS: dict[Decision, str] = {
    "positive": "evens out",
    "negative": "makes less even",
    "none": "no effect",
    "open": "not decided",
    "undefined": "not defined",
}
LESS_CORROSION: dict[Decision, str] = {
    **EVENNESS,
    "positive": "lowers corrosion",
    "negative": "makes corrosion worse",
}
TOGETHER: dict[Decision, str] = {
    "positive": "less even together than their product",
    "negative": "more even together than their product",
    "none": "independent",
    "open": "not decided",
    "undefined": "not defined",
}
LESS_TOGETHER: dict[Decision, str] = {
    **TOGETHER,
    "positive": "more corrosion together than their product",
    "negative": "less corrosion together than their product",
}


def verdicts(subject: Subject) -> dict[Decision, str]:
    """Outcomes of an effect in words."""
    return EVENNESS if subject.rate is None else LESS_CORROSION


def jointly(subject: Subject) -> dict[Decision, str]:
    """Outcomes of an interaction in words."""
    return TOGETHER if subject.rate is None else LESS_TOGETHER


def meaning(subject: Subject) -> str:
    """What the numbers and words of a study say."""
    if subject.rate is not None:
        return (
            "Corrosion is what irreversible reductions take from the metal at open circuit, per "
            "projected area; an effect is that of the ratio of seed means to the base, over paired "
            "seeds, with 95 % intervals. "
            f'"no effect" only if the whole interval, widened by the error of the mesh, lies '
            f'inside +-{NEGLIGIBLE:.1%}, "not decided" where it reaches over zero. I is the '
            "logarithm of the ratio of a pair over the product of what each does alone, then what "
            "the pair adds beyond the sum of both."
        )
    return (
        f"H = 1 - CV/CV(base) of the {subject.evenness_of}, over paired seeds, with 95 % "
        f'intervals; "no effect" only if the whole interval, widened by the error of the mesh, '
        f'lies inside +-{NEGLIGIBLE:.1%}, "not decided" where it reaches over zero. '
        "Intervals are for each number alone: of 100 independent pairs about 5 are listed by "
        "chance."
    )


def evenness(metric: str, found: Decision) -> str:
    """An outcome in words: of what measures unevenness, or of any other number."""
    name = metric.rpartition(".")[2]
    if name in UNEVENNESS:
        return EVENNESS[found]
    words: dict[Decision, str] = {"positive": "larger", "negative": "smaller"}
    if is_relative(metric):
        words = {"positive": "smaller", "negative": "larger"}
    return words.get(found, EVENNESS[found])


def sentence(rows: EffectRows, subject: Subject, current: float, combination: Combination) -> str:
    """One line on a combination at a current: H and the largest value, or rates; voltages."""
    parts = _evenness if subject.rate is None else _rates
    told = [*parts(rows, subject, current, combination)]
    for name, key in subject.voltages.items():
        change = voltage_change(rows, current, combination, key)
        told += [] if change is None else [f"{name} {change} mV"]
    for name, key in subject.others.items():
        told += [f"{name} {text}" for text in other_change(rows, current, combination, key)]
    return f"{subject.at(current)}: " + "; ".join(told)


def _evenness(
    rows: EffectRows, subject: Subject, current: float, combination: Combination
) -> Iterator[str]:
    asked = (subject.cv, subject.max_over_mean)
    cv, peak = (_of(rows, current, combination, metric) for metric in asked)
    yield f"H = {shown(cv)}: {EVENNESS[cv.outcome]}{_why(cv)}"
    yield f"max/mean falls by {shown(peak, percent=True)}: {EVENNESS[peak.outcome]}"


def _rates(
    rows: EffectRows, subject: Subject, current: float, combination: Combination
) -> Iterator[str]:
    own = _of(rows, current, combination, subject.headline)
    yield f"corrosion {changed(own.interval)}: {LESS_CORROSION[own.outcome]}{_why(own)}"
    hydrogen = rows.get((current, combination, keys.HYDROGEN))
    if hydrogen is not None and hydrogen.effect is not None:
        yield f"hydrogen {changed(hydrogen.effect.interval)}"


def voltage_change(
    rows: EffectRows, current: float, combination: Combination, key: str
) -> str | None:
    """By how much a voltage changes [mV], with its interval; None where there is none."""
    row = rows.get((current, combination, key))
    if row is None or row.effect is None:
        return None
    return shown_interval(_scaled(row.effect.interval, 1e3), ".3g")


def other_change(
    rows: EffectRows, current: float, combination: Combination, key: str
) -> Iterator[str]:
    """By how much a number changes: the factor of what is a size, else a difference in per cent;
    nothing where it is not defined."""
    row = rows.get((current, combination, key))
    if row is None or row.effect is None or row.effect.interval.value is None:
        return
    found = row.effect.interval
    yield changed(found) if is_relative(key) else f"changes by {shown_interval(found, 'z.2%')}"


def changed(reduction: Interval) -> str:
    """A reduction 1 - m/m_0 as people say it: by per cent, or by the factor of what grows much."""
    if reduction.value is None or reduction.value > -1.0:
        return f"falls by {shown_interval(reduction, 'z.2%')}"
    low, value, high = (
        None if x is None else 1.0 - x for x in (reduction.high, reduction.value, reduction.low)
    )
    factor = Interval(value, low, high, reduction.n, reduction.reason)
    return f"grows by a factor of {shown_interval(factor, '.3g')}"


def interaction_lines(
    rows: EffectRows, subject: Subject, design: Design, current: float
) -> Iterator[str]:
    """Pairs whose mechanisms are seen not to be independent, the strongest first, then a count."""
    pairs = [c for c in design.combinations if len(c) == 2]
    words = jointly(subject)
    found = {c: rows[current, c, subject.headline].interaction for c in pairs}
    known = {c: effect for c, effect in found.items() if effect is not None}
    seen = {c: e for c, e in known.items() if e.outcome in ("positive", "negative")}
    for pair in sorted(seen, key=lambda c: -abs(seen[c].interval.value or 0.0)):
        effect = seen[pair]
        added = _added(rows[current, pair, subject.headline])
        yield f"{' + '.join(pair)}: I = {shown(effect)}: {words[effect.outcome]}{added}"
    for kind in ("none", "open", "undefined"):
        count = sum(effect.outcome == kind for effect in known.values())
        if count:
            yield f"{count} of {len(pairs)} pairs: {words[kind]}"


def _added(row: EffectRow) -> str:
    """What a rate has beyond the sum of what each adds [A/m2, shown in uA/cm2]."""
    if row.additive is None or row.metric != keys.CORROSION:
        return ""
    return f"; {shown_interval(micro(row.additive.interval), '.3g')} uA/cm2 beyond the sum"


def micro(interval: Interval) -> Interval:
    """A rate [A/m2] in uA/cm2."""
    return _scaled(interval, 100.0)


def together_line(rows: EffectRows, subject: Subject, design: Design, current: float) -> str | None:
    """All together against the product of what each does alone."""
    row = rows[current, design.together, subject.headline]
    if row.interaction is None or row.effect is None:
        return None
    whole = sentence(rows, subject, current, design.together)
    text = f"all together ({', '.join(design.together)}): {whole}"
    product = _product(rows, subject, design, current)
    if product is None:
        return text
    joint = row.interaction
    alone = f"H = {product:.3g}" if subject.rate is None else f"{1.0 - product:.3g} times the base"
    return (
        f"{text}; the product of each alone would be {alone}, "
        f"I = {shown(joint)}: {jointly(subject)[joint.outcome]}"
    )


def _product(rows: EffectRows, subject: Subject, design: Design, current: float) -> float | None:
    ratio = 1.0
    for name in design.together:
        effect = rows[current, (name,), subject.headline].effect
        if effect is None or effect.interval.value is None:
            return None
        ratio *= 1.0 - effect.interval.value
    return 1.0 - ratio


def shown(effect: Effect, *, percent: bool = False) -> str:
    """Value with its interval, "0.12 [0.10, 0.14]"."""
    return shown_interval(effect.interval, "z.2%" if percent else ".3g")


def shown_interval(interval: Interval, form: str) -> str:
    """A number with its interval in brackets, where it has them."""
    if interval.value is None:
        return f"- ({interval.reason})"
    if interval.low is None or interval.high is None:
        return f"{interval.value:{form}}"
    return f"{interval.value:{form}} [{interval.low:{form}}, {interval.high:{form}}]"


def _why(effect: Effect) -> str:
    """Why an interval on one side of zero decides nothing: the mesh."""
    low, high = effect.interval.low, effect.interval.high
    if effect.outcome != "open" or low is None or high is None or low <= 0.0 <= high:
        return ""
    if effect.error is None:
        return " (no solution on the finer mesh)"
    return f" (the error of the mesh is {effect.error:.2g})"


def _of(rows: EffectRows, current: float, combination: Combination, metric: str) -> Effect:
    row: EffectRow = rows[current, combination, metric]
    assert row.effect is not None, "the base has no effect"
    return row.effect


def _scaled(interval: Interval, factor: float) -> Interval:
    low, value, high = (
        None if x is None else factor * x for x in (interval.low, interval.value, interval.high)
    )
    return Interval(value, low, high, interval.n, interval.reason)
