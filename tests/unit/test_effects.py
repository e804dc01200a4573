"""Effects, interactions and the words for them, on members with known answers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from zinterphase.ensemble.subject import CORROSION, STEADY
from zinterphase.mechanisms.design import Combination, Design
from zinterphase.mechanisms.effects import EffectRow, MetricValue, effects, outcome, reduction
from zinterphase.mechanisms.sentences import (
    evenness,
    interaction_lines,
    sentence,
    together_line,
)
from zinterphase.observe import keys
from zinterphase.observe.keys import CV, MAX_OVER_MEAN, POTENTIAL
from zinterphase.observe.resampling import PairedMeans
from zinterphase.observe.statistics import Interval, homogenisation_factor

SWITCHES = ("a", "b", "c")
EFFECT = {"a": -0.3, "b": 0.2, "c": 0.0}
SEEDS = range(1, 13)
CURRENT = -10.0


def whole_design() -> Design:
    found: list[Combination] = [(), *((name,) for name in SWITCHES)]
    found += [*combinations(SWITCHES, 2), SWITCHES]
    return Design(SWITCHES, tuple(found), SWITCHES, (), ())


def additive(
    noise: float = 0.0, interaction: dict[Combination, float] | None = None, mesh: float = 0.0
) -> MetricValue:
    """Members whose ln CV is a sum over the switches; ``mesh`` shifts it on the finer one."""
    extra = interaction or {}

    def value(combination: Combination, seed: int | None) -> float:
        number = 1 if seed is None else seed
        rng = np.random.default_rng([number, *map(ord, "".join(combination))])
        own = np.random.default_rng(number).normal(-1.5, 0.4)
        own += sum(EFFECT[name] for name in combination) + extra.get(combination, 0.0)
        own += noise * rng.normal() + (mesh * len(combination) if seed is None else 0.0)
        return float(np.exp(own))

    return value


def same(one: Interval, other: Interval) -> bool:
    ends = [(interval.value, interval.low, interval.high) for interval in (one, other)]
    return one.n == other.n and ends[0] == pytest.approx(ends[1], rel=1e-12)


def rows_of(
    value: MetricValue, metric: str = CV, *, refined: bool = False
) -> dict[Combination, EffectRow]:
    rows = effects(whole_design(), CURRENT, metric, value, SEEDS, refined=refined)
    return {row.combination: row for row in rows}


def test_independent_mechanisms_have_no_interaction() -> None:
    rows = rows_of(additive())
    assert rows[()].effect is None
    for name in SWITCHES:
        effect = rows[name,].effect
        assert effect is not None
        assert effect.interval.value == pytest.approx(1 - np.exp(EFFECT[name]), abs=1e-12)
        in_pairs = rows[name,].in_pairs
        assert in_pairs is not None
        assert in_pairs.value == pytest.approx(effect.interval.value, abs=1e-12)
    for combination, row in rows.items():
        if len(combination) > 1:
            assert row.interaction is not None
            assert row.interaction.interval.value == pytest.approx(0.0, abs=1e-12)
            assert row.interaction.outcome == "none"


def test_an_interaction_is_found_and_covered() -> None:
    planted = {("a", "b"): -0.05}
    row = rows_of(additive(0.005, planted))["a", "b"]
    assert row.interaction is not None
    found = row.interaction.interval
    assert found.low is not None
    assert found.high is not None
    assert found.low < -0.05 < found.high
    assert row.interaction.outcome == "negative"


def test_intervals_cover_what_they_should() -> None:
    """Independent mechanisms, noisy members: about 95 of 100 intervals hold the zero."""
    held = 0
    rng = np.random.default_rng(5)
    for _ in range(200):
        shared = rng.normal(-1.5, 0.3, 12)
        noise = 0.05 * rng.normal(size=(4, 12))
        ratios = (0.0, -0.3, 0.2, -0.1)
        series = {str(k): list(np.exp(shared + ratio + noise[k])) for k, ratio in enumerate(ratios)}
        found = PairedMeans(series).interval(
            "0123", lambda zero, one, two, both: np.log(both * zero / (one * two))
        )
        assert found.low is not None
        assert found.high is not None
        held += found.low < 0.0 < found.high
    assert 0.90 <= held / 200 <= 0.99


def test_the_reduction_of_the_cv_is_the_homogenisation_factor() -> None:
    value = additive(0.1)
    series = {name: [value((name,), seed) for seed in SEEDS] for name in ("a", "b")}
    found = PairedMeans(series).interval(["a", "b"], reduction)
    assert same(found, homogenisation_factor(series["a"], series["b"]))


def test_differences_add() -> None:
    def value(combination: Combination, seed: int | None) -> float:
        return -0.1 + sum({"a": 0.01, "b": -0.02, "c": 0.0}[name] for name in combination)

    rows = rows_of(value, POTENTIAL)
    assert rows["b",].effect is not None
    assert rows["b",].effect.interval.value == pytest.approx(-0.02)
    assert rows["b",].effect.outcome == "negative"
    assert rows["a", "b"].interaction is not None
    assert rows["a", "b"].interaction.interval.value == pytest.approx(0.0, abs=1e-15)
    assert rows["a", "b"].interaction.outcome == "open"


def test_a_failed_run_takes_its_seed_out_and_an_undefined_number_the_statistic() -> None:
    value = additive(0.1)

    def broken(combination: Combination, seed: int | None) -> float:
        if combination == ("a",) and seed == 3:
            return np.nan
        return np.inf if combination == ("b",) and seed == 4 else value(combination, seed)

    rows = rows_of(broken)
    kept = [seed for seed in SEEDS if seed != 3]
    wanted = homogenisation_factor(
        [value((), seed) for seed in kept], [value(("a",), seed) for seed in kept]
    )
    assert rows["a",].effect is not None
    assert same(rows["a",].effect.interval, wanted)
    assert rows["b",].effect is not None
    assert rows["b",].effect.interval.value is None
    assert rows["b",].effect.interval.reason == "not defined on 1 of 12 seeds"
    assert rows["b",].effect.outcome == "undefined"


def test_an_effect_within_the_error_of_the_mesh_is_not_decided() -> None:
    clear, blurred = (rows_of(additive(0.001, mesh=m), refined=True) for m in (1e-3, 0.5))
    decided, open_ = (rows["a",].effect for rows in (clear, blurred))
    assert decided is not None
    assert open_ is not None
    assert decided.outcome == "positive"
    assert open_.outcome == "open"
    assert open_.error == pytest.approx(2 * np.exp(-0.3) * (np.exp(0.5) - 1), rel=0.02)

    def lost(combination: Combination, seed: int | None) -> float:
        return np.nan if seed is None else additive()(combination, seed)

    missing = rows_of(lost, refined=True)["a",].effect
    assert missing is not None
    assert (missing.error, missing.outcome) == (None, "open")


@pytest.mark.parametrize(
    ("low", "high", "error", "found"),
    [
        (0.01, 0.02, 0.0, "positive"),
        (-0.02, -0.01, 0.0, "negative"),
        (-0.0009, 0.0009, 0.0, "none"),
        (0.0001, 0.0009, 0.0, "none"),
        (-0.0009, 0.0009, 0.0002, "open"),
        (0.01, 0.02, 0.011, "open"),
        (-0.01, 0.02, 0.0, "open"),
        (None, None, 0.0, "open"),
    ],
)
def test_outcomes(low: float | None, high: float | None, error: float, found: str) -> None:
    assert outcome(Interval(0.01, low, high, 12), error, 1e-3) == found


def test_sentences_follow_the_numbers() -> None:
    design = whole_design()
    rows = {}
    for metric in (CV, MAX_OVER_MEAN):
        value = additive(0.002, {("a", "b"): -0.12})
        for row in effects(design, CURRENT, metric, value, SEEDS, refined=False):
            rows[CURRENT, row.combination, metric] = row
    text = sentence(rows, STEADY, CURRENT, ("a",))
    assert text.startswith("-1 mA/cm^2: H = 0.259 [0.25")
    assert ": evens out; max/mean falls by 25.9" in text
    assert "makes less even" in sentence(rows, STEADY, CURRENT, ("b",))
    assert "not decided" in sentence(rows, STEADY, CURRENT, ("c",))
    lines = list(interaction_lines(rows, STEADY, design, CURRENT))
    assert lines[0].startswith("a + b: I = -0.1")  # -0.12 planted
    assert lines[0].endswith("more even together than their product")
    whole = together_line(rows, STEADY, design, CURRENT)
    assert whole is not None
    assert whole.startswith("all together (a, b, c): -1 mA/cm^2: H = 0.09")
    assert "the product of each alone would be H = 0.09" in whole


def test_sentences_of_corrosion_tell_what_it_falls_or_grows_by() -> None:
    """Ratios of exp(-0.3) and 12 alone; together 0.5 A/m2 more than both add."""
    design, ratios = whole_design(), {"a": 0.5, "b": 12.0, "c": 1.0}

    def value(combination: Combination, seed: int | None) -> float:
        added = sum(ratios[name] - 1.0 for name in combination)
        extra = 0.5 if len(combination) == 2 else 0.0
        return (1.0 + 0.01 * (seed or 1)) * (1.0 + added + extra)

    rows = {}
    for metric in (keys.CORROSION, keys.HYDROGEN):
        for row in effects(design, 0.0, metric, value, SEEDS, refined=False):
            rows[0.0, row.combination, metric] = row
    lowered, raised = (sentence(rows, CORROSION, 0.0, (name,)) for name in "ab")
    assert lowered.startswith("open circuit: corrosion falls by 50.00% [50.00%, 50.00%]: lowers")
    assert raised.startswith("open circuit: corrosion grows by a factor of 12 [12, 12]: makes")
    assert raised.endswith("hydrogen grows by a factor of 12 [12, 12]")
    pair = rows[0.0, ("a", "b"), keys.CORROSION]
    assert pair.additive is not None
    assert pair.additive.interval.value == pytest.approx(0.5 * (1.0 + 0.01 * np.mean(SEEDS)))
    assert pair.interaction is not None
    assert pair.interaction.interval.value == pytest.approx(np.log(12.0 / 6.0))
    line = next(interaction_lines(rows, CORROSION, design, 0.0))
    assert ": more corrosion together than their product; " in line
    assert line.endswith(" uA/cm2 beyond the sum")


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        (CV, "evens out"),
        (keys.HYDROGEN, "smaller"),
        ("working.current_density.p1_over_median", "smaller"),
        ("working.current_density.reversed_fraction", "larger"),
        (POTENTIAL, "larger"),
        ("cell.voltage.ohmic", "larger"),
        ("working.mean_concentration_polarisation", "larger"),
    ],
)
def test_a_key_says_whether_its_number_measures_evenness(metric: str, words: str) -> None:
    assert evenness(metric, "positive") == words
