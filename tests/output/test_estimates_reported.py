"""Error estimates in `results.json`: a number, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from zinterphase import run as single
from zinterphase.case import Case
from zinterphase.errors import SolveError
from zinterphase.observe.errors import GOALS
from zinterphase.output.report import REASONS, results
from zinterphase.run import solve

ANODES = Path(__file__).parents[2] / "cases"
CV, PEAK = "current_density.cv", "current_density.max_over_mean"
POTENTIAL = "potential_against_bulk_equilibrium"


def anode(*overrides: str) -> Case:
    return Case.load(ANODES / "dual_layer.toml", ["geometry.width=10 um", *overrides])


def test_errors_stand_beside_the_numbers() -> None:
    result = solve(anode(), errors=True)
    entries = results(result)
    assert result.errors is not None
    for name in (CV, PEAK, POTENTIAL):
        value, error = entries[name]["value"], entries[name]["error"]
        assert isinstance(value, float)
        assert isinstance(error, float)
        assert 0.0 < error < 1e-2 * abs(value)
        assert "reason" not in entries[name]
    assert entries[CV]["error"] == pytest.approx(abs(result.errors.error("cv")))
    # The slopes of facets are in the error of the run, not in that on the polygon.
    assert result.errors.error("cv") != result.errors.goals["cv"].error
    assert entries["current_density.gini"]["reason"] == REASONS["discretised"]
    unasked = results(replace(result, errors=None))
    assert unasked[CV]["reason"] == REASONS["discretised"]


def test_a_uniform_current_says_why_it_has_no_estimate() -> None:
    flat = ["geometry.surface.rms=1e-12 um", "kinetics.silver.spread.sigma_ln=1e-15"]
    entries = results(solve(anode(*flat), errors=True))
    assert "uniform" in str(entries[CV]["reason"])
    assert "error" in entries[POTENTIAL]


def test_a_run_stands_without_its_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(problem: object) -> None:
        raise SolveError("no factors")

    monkeypatch.setattr(single, "estimate_errors", failing)
    result = solve(anode(), errors=True)
    assert result.errors is not None
    assert set(result.errors.reasons) == set(GOALS)
    assert results(result)[CV]["reason"] == "no error estimate: no factors"
