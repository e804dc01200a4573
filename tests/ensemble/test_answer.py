"""The short answer of a comparison: what the table of H shows and what may be said of it."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from zinterphase.ensemble.answer import answer_table, sentences
from zinterphase.ensemble.homogenisation import HomogenisationTable, Member, homogenisation_table
from zinterphase.observe import keys

HEADLINE = keys.CURRENT_DENSITY_TRUE_AREA
SEEDS = range(1, 11)
CURRENTS = (-10.0, -50.0)
ROUGH = np.random.default_rng(4).uniform(0.3, 0.5, 10)
NOISE = np.random.default_rng(5).normal(0.0, 1.0, 10)


def table(seeds: int = 10, **ratios: tuple[float, float]) -> HomogenisationTable:
    """Cases whose CV is that of bare zinc times a ratio at each current, with a little noise."""
    members = [
        member(case, seed, current, ratio)
        for case, pair in {"bare": (1.0, 1.0), **ratios}.items()
        for current, ratio in zip(CURRENTS, pair, strict=True)
        for seed in SEEDS[:seeds]
    ]
    return homogenisation_table(members)


def member(case: str, seed: int, current: float, ratio: float) -> Member:
    noise = 0.0 if case == "bare" else 0.005 * NOISE[seed - 1]
    cv = float(ROUGH[seed - 1] * (ratio + noise))
    fields = (keys.CURRENT_DENSITY, keys.CURRENT_DENSITY_TRUE_AREA)
    values = {"mean": current, "cv": cv, "reversed_fraction": 0.0}
    return Member(case, f"{case} Zn", seed, current, "secondary", dict.fromkeys(fields, values))


def shown(found: HomogenisationTable) -> str:
    console = Console(file=StringIO(), width=120)
    console.print(answer_table(found, HEADLINE))
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_the_table_has_h_of_both_areas_at_every_current() -> None:
    found = table(silver=(0.6, 0.7))
    text = shown(found)
    assert text.count("projected area") == text.count("metal area") == len(CURRENTS)
    for current in CURRENTS:
        factor = found.row("silver", current, keys.CURRENT_DENSITY).homogenisation
        assert text.count(f"{factor.value:.3g} ") >= 2
        assert f"{factor.low:.3g}..{factor.high:.3g}" in text
    assert "CV bare Zn" in text
    assert "H bare Zn" not in text


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        ((0.6, 0.5), "more even than bare Zn."),
        ((0.994, 0.993), "more even than bare Zn, but slightly."),
        ((1.3, 1.2), "less even than bare Zn."),
        ((1.0, 1.0), "no difference from bare Zn is shown."),
        ((0.6, 1.4), "the difference from bare Zn depends on the current."),
    ],
)
def test_a_sentence_follows_the_intervals(ratios: tuple[float, float], said: str) -> None:
    (line,) = sentences(table(film=ratios), HEADLINE)
    assert line.startswith("film Zn: H ")
    assert line.endswith(said)


def test_the_most_even_is_named_with_what_the_seeds_do_not_tell_from_it() -> None:
    apart = sentences(table(a=(0.5, 0.5), b=(0.8, 0.8)), HEADLINE)
    near = sentences(table(a=(0.5, 0.5), b=(0.501, 0.501), c=(0.9, 0.9)), HEADLINE)
    crossing = sentences(table(a=(0.5, 0.9), b=(0.9, 0.5)), HEADLINE)
    assert apart[-1] == "a Zn is the most even."
    assert near[-1] == "a Zn is the most even; its interval meets that of b Zn."
    assert crossing[-1] == "Which of them is the most even depends on the current."


def test_few_seeds_speak_of_their_surfaces_only() -> None:
    lines = sentences(table(seeds=2, a=(0.5, 0.5), b=(0.8, 0.8)), HEADLINE)
    assert len(lines) == 2
    assert all("on these surfaces only" in line for line in lines)


def test_a_factor_that_is_not_defined_says_why() -> None:
    members = [member(case, seed, -10.0, 1.0) for case in ("bare", "film") for seed in SEEDS]
    reversed_once = [
        replace(m, metrics={k: {**v, "reversed_fraction": 0.1} for k, v in m.metrics.items()})
        for m in members
    ]
    (line,) = sentences(homogenisation_table(reversed_once), HEADLINE)
    assert line == "film Zn: no H at -1 mA/cm^2: not defined: the field changes sign."
