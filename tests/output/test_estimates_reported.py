"""Error estimates in `results.json`: a number, or why there is none."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from zinterphase import run as single
from zinterphase.case import Case
from zinterphase.errors import SolveError
from zinterphase.observe.errors import GOALS
from zinterphase.observe.quantity import REASONS, Kind
from zinterphase.output.results import quantities
from zinterphase.run import solve

ANODES = Path(__file__).parents[2] / "cases"
CV, PEAK = "working.current_density.cv", "working.current_density.max_over_mean"
POTENTIAL = "working.potential"


def anode(*overrides: str) -> Case:
    return Case.load(ANODES / "dual_layer.toml", ["geometry.width=10 um", *overrides])


def test_errors_stand_beside_the_numbers() -> None:
    result = solve(anode(), errors=True)
    entries = quantities(result)
    assert result.errors is not None
    metal = (f"working.current_density_true_area.{metric}" for metric in ("cv", "max_over_mean"))
    for name in (CV, PEAK, POTENTIAL, *metal):
        value, error = entries[name].value, entries[name].error
        assert isinstance(value, float)
        assert isinstance(error, float)
        assert 0.0 < error < 1e-2 * abs(value)
        assert entries[name].note is None
    assert entries[CV].error == pytest.approx(abs(result.errors.error("cv")))
    # The slopes of facets are in the error of the run, not in that on the polygon.
    assert result.errors.error("cv") != result.errors.goals["cv"].error
    assert entries["working.current_density.gini"].note == REASONS[Kind.DISCRETISED]
    unasked = quantities(replace(result, errors=None))
    assert unasked[CV].note == REASONS[Kind.DISCRETISED]


def test_a_uniform_current_says_why_it_has_no_estimate() -> None:
    tables = tomllib.loads((ANODES / "dual_layer.toml").read_text(encoding="utf-8"))
    tables["geometry"] |= {"width": "10 um", "surface": {"shape": "flat"}}
    del tables["kinetics"]["silver"]["spread"]
    entries = quantities(solve(Case.from_dict(tables), errors=True))
    assert "uniform" in str(entries[CV].note)
    assert entries[POTENTIAL].error is not None


def test_a_run_stands_without_its_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*observed: object) -> None:
        raise SolveError("no factors")

    monkeypatch.setattr(single, "estimate_errors", failing)
    result = solve(anode(), errors=True)
    assert result.errors is not None
    assert set(result.errors.reasons) == set(GOALS)
    assert quantities(result)[CV].note == "no error estimate: no factors"
