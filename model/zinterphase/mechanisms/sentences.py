"""What a study of mechanisms found, in words that follow from its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from zinterphase.ensemble.subject import Subject
from zinterphase.mechanisms.design import Combination, Design
from zinterphase.mechanisms.effects import NEGLIGIBLE, Decision, Effect, EffectRow, EffectRows
from zinterphase.observe.homogeneity import METRICS
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
TOGETHER: dict[Decision, str] = {
    "positive": "less even together than their product",
    "negative": "more even together than their product",
    "none": "independent",
    "open": "not decided",
    "undefined": "not defined",
}


def meaning(subject: Subject) -> str:
    """What the numbers and words of a study say."""
    return (
        f"H = 1 - CV/CV(base) of the {subject.name}, over paired seeds, with 95 % intervals; "
        f'"no effect" only if the whole interval, widened by the error of the mesh, lies inside '
        f'+-{NEGLIGIBLE:.1%}, "not decided" where it reaches over zero. '
        "Intervals are for each number alone: of 100 independent pairs about 5 are listed by "
        "chance."
    )


def evenness(metric: str, found: Decision) -> str:
    """An outcome in words: of what measures unevenness, or of any other number."""
    name = metric.rpartition(".")[2]
    if name in UNEVENNESS:
        return EVENNESS[found]
    words: dict[Decision, str] = {"positive": "larger", "negative": "smaller"}
    if name in METRICS and name != "reversed_fraction":
        words = {"positive": "smaller", "negative": "larger"}
    return words.get(found, EVENNESS[found])


def sentence(rows: EffectRows, subject: Subject, current: float, combination: Combination) -> str:
    """One line on a combination at a current: H, the largest value, voltages."""
    asked = (subject.cv, subject.max_over_mean)
    cv, peak = (_of(rows, current, combination, metric) for metric in asked)
    parts = [f"H = {shown(cv)}: {EVENNESS[cv.outcome]}{_why(cv)}"]
    parts.append(f"max/mean falls by {shown(peak, percent=True)}: {EVENNESS[peak.outcome]}")
    for name, key in subject.voltages.items():
        voltage = rows.get((current, combination, key))
        if voltage is not None and voltage.effect is not None:
            change = shown_interval(_scaled(voltage.effect.interval, 1e3), ".3g")
            parts.append(f"{name} {change} mV")
    return f"{subject.at(current)}: " + "; ".join(parts)


def interaction_lines(
    rows: EffectRows, subject: Subject, design: Design, current: float
) -> Iterator[str]:
    """Pairs whose mechanisms are seen not to be independent, the strongest first, then a count."""
    pairs = [c for c in design.combinations if len(c) == 2]
    found = {c: rows[current, c, subject.cv].interaction for c in pairs}
    known = {c: effect for c, effect in found.items() if effect is not None}
    seen = {c: e for c, e in known.items() if e.outcome in ("positive", "negative")}
    for pair in sorted(seen, key=lambda c: -abs(seen[c].interval.value or 0.0)):
        effect = seen[pair]
        yield f"{' + '.join(pair)}: I = {shown(effect)}: {TOGETHER[effect.outcome]}"
    for kind in ("none", "open", "undefined"):
        count = sum(effect.outcome == kind for effect in known.values())
        if count:
            yield f"{count} of {len(pairs)} pairs: {TOGETHER[kind]}"


def together_line(rows: EffectRows, subject: Subject, design: Design, current: float) -> str | None:
    """All together against the product of what each does alone."""
    row = rows[current, design.together, subject.cv]
    if row.interaction is None or row.effect is None:
        return None
    whole = sentence(rows, subject, current, design.together)
    text = f"all together ({', '.join(design.together)}): {whole}"
    product = _product(rows, subject, design, current)
    if product is None:
        return text
    joint = row.interaction
    return (
        f"{text}; the product of each alone would be H = {product:.3g}, "
        f"I = {shown(joint)}: {TOGETHER[joint.outcome]}"
    )


def _product(rows: EffectRows, subject: Subject, design: Design, current: float) -> float | None:
    ratio = 1.0
    for name in design.together:
        effect = rows[current, (name,), subject.cv].effect
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
