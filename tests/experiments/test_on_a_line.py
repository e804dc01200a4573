"""Experiments as they are run, on a line with few cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import SolveError
from zinterphase.experiments import outcome as outcomes
from zinterphase.experiments.experiment_files import write_experiment
from zinterphase.experiments.measured import read_measured
from zinterphase.experiments.outcome import Outcome, perform
from zinterphase.experiments.readable import sentences
from zinterphase.experiments.runs import run_experiment
from zinterphase.experiments.setup import Setup
from zinterphase.output.results import quantities
from zinterphase.run import solve

from .laboratory import corroding, small

SELF = MPI.COMM_SELF
QUICK = {"capacity": "0.01 mAh/cm^2"}


def steady(setup: Setup, current: float) -> Case:
    return setup.case().with_current(current)


def values(found: Outcome, label: str = "bare Zn") -> dict[str, Any]:
    (anode,) = [a for a in found.anodes if a.label == label]
    assert anode.failures == {}
    return {name: anode.interval(name).value for name in found.quantities}


def test_hysteresis_is_the_difference_of_the_steady_potentials() -> None:
    """At 2 mol/L and after a hundredth of a mAh/cm2 concentrations have hardly moved."""
    setup = small("cycle", cycles="2", **QUICK)
    found = values(perform([setup], comm=SELF))
    plating, stripping = (solve(steady(setup, i)).potential for i in (-10.0, 10.0))
    assert found["overpotential.plating"] == pytest.approx(plating, rel=0.02)
    assert found["overpotential.stripping"] == pytest.approx(stripping, rel=0.02)
    assert found["hysteresis.last"] == pytest.approx(stripping - plating, rel=0.02)


def test_the_slope_at_zero_gives_the_exchange_current_of_the_case() -> None:
    found = values(perform([small("polarisation", points="6", largest="50 mA/cm^2")], comm=SELF))
    assert found["exchange_current_density.from_slope"] == pytest.approx(5.0, rel=1e-3)
    assert found["largest_current"] == pytest.approx(500.0)
    assert found["limiting_current"] > 4000.0


def test_a_step_of_the_potential_starts_where_the_steady_curve_is() -> None:
    setup = small("chronoamperometry", overpotential="20 mV", duration="0.5 s")
    found = values(perform([setup], comm=SELF))
    there = solve(steady(setup, found["current.begin"]))
    assert there.potential == pytest.approx(-0.02, abs=2e-4)


@pytest.fixture(scope="module")
def tafel() -> Outcome:
    return perform(
        [corroding("tafel", window="60 mV", fit_from="20 mV", fit_to="50 mV")], comm=SELF
    )


def test_the_true_corrosion_rate_is_the_partial_current_at_rest(tafel: Outcome) -> None:
    """Copper plates and zinc dissolves at open circuit."""
    setup = corroding("tafel")
    found, rest = values(tafel, "copper beside zinc"), quantities(solve(steady(setup, 0.0)))
    copper = rest["working.copper.mean_current_density"].value
    assert found["corrosion_rate"] == pytest.approx(-float(copper), rel=1e-6)  # type: ignore[arg-type]
    assert found["corrosion_rate"] > 10.0
    assert found["side_share.cathodic_window"] > 0.9
    assert any("copper at E_corr" in line for line in sentences(tafel))


def test_the_onset_of_a_reaction_that_runs_at_rest_is_there() -> None:
    found = perform([corroding("lsv", window="50 mV")], comm=SELF)
    assert values(found, "copper beside zinc")["onset_overpotential"] == 0.0
    assert "at open circuit already" in list(sentences(found))[1]


def test_what_side_reactions_take_is_missing_when_stripped() -> None:
    """Charges of zinc and of copper add up to what the terminal has passed."""
    setup = corroding(
        "coulombic_efficiency", current="10 mA/cm^2", cycles="1",
        reservoir="0.05 mAh/cm^2", capacity="0.01 mAh/cm^2",
    )  # fmt: skip
    found = values(perform([setup], comm=SELF), "copper beside zinc")
    assert 0.5 < found["coulombic_efficiency"] < 0.95
    lost = found["plated"] - found["stripped"]
    assert found["side_reactions"] == pytest.approx(lost, rel=1e-3)


def test_one_reaction_gives_back_what_it_took() -> None:
    found = values(perform([small("rest", duration="60 s", **QUICK)], comm=SELF))
    assert found["capacity_lost"] == pytest.approx(0.0, abs=1e-6)
    assert found["efficiency_with_rest"] == pytest.approx(1.0, abs=1e-6)


def test_finished_runs_are_reduced_again_and_not_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[str] = []

    def counted(job: Any, *arguments: Any) -> Any:
        made.append(job.name)
        return run_experiment(job, *arguments)

    monkeypatch.setattr(outcomes, "run_experiment", counted)
    first = perform([small("nucleation", **QUICK)], comm=SELF, folder=tmp_path)
    again = perform([small("nucleation", **QUICK)], comm=SELF, folder=tmp_path)
    assert made == ["bare Zn, seed 1"]
    assert values(first) == values(again)
    perform([small("nucleation", capacity="0.02 mAh/cm^2")], comm=SELF, folder=tmp_path)
    assert len(made) == 2


def test_a_run_that_fails_is_told_beside_one_that_does_not() -> None:
    good = small("nucleation", **QUICK)
    limits = 'limits.voltage=["-0.8 V", "0.5 V"]'
    strict = Setup(good.experiment, good.values, good.draft, (*good.overrides, limits))
    found = perform([good, strict], comm=SELF)
    (line,) = found.failures
    assert line.startswith("nucleation: bare Zn (2), seed 1: limits.voltage: -0.8")
    with pytest.raises(SolveError, match=r"^no run of nucleation came to its end: limits\.voltage"):
        perform([strict], comm=SELF)


def test_files_of_an_experiment(tmp_path: Path) -> None:
    found = perform([small("nucleation", **QUICK)], comm=SELF)
    data = tmp_path / "data.csv"
    data.write_text("capacity_mAh/cm2,voltage_V\n0.005,-0.83\n", encoding="utf-8")
    measured = read_measured(data, found.experiment)
    write_experiment(found, tmp_path, measured)
    assert (tmp_path / "nucleation.png").stat().st_size > 10_000
    written = json.loads((tmp_path / "nucleation.json").read_text(encoding="utf-8"))
    assert written["parameters"]["capacity"] == {"values": [360.0], "unit": "C/m^2"}
    assert written["measured"]["panel"] == "plating"
    assert written["found"][0].startswith("nucleation: nucleation overpotential: bare Zn")
    assert Case.load(tmp_path / "nucleation-bare-Zn.toml") == small("nucleation", **QUICK).case()
    rows = np.genfromtxt(
        tmp_path / "nucleation_curves.csv", delimiter=",", names=True, dtype=None, encoding="utf-8"
    )
    plating = rows[rows["panel"] == "plating"]
    assert plating["x"][-1] == pytest.approx(360.0)
    assert set(plating["x_is"]) == {"capacity_C/m^2"}
