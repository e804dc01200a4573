"""Anodes through a protocol: deposits, cycles, what is recorded, what is not done twice."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from zinterphase.case import Case
from zinterphase.ensemble import groups
from zinterphase.ensemble.answer import answer_table
from zinterphase.ensemble.compare import Comparison, compare
from zinterphase.ensemble.comparison_files import write_comparison
from zinterphase.ensemble.jobs import Job
from zinterphase.ensemble.marched import NO_DEPOSIT, NO_PLATING, march_job
from zinterphase.errors import CaseError, SolveError
from zinterphase.run import solve

from .comparisons import CURRENT, CYCLE, DEPOSIT, SELF, in_time

PLATED = 600.0 * 9.157e-6 / (2 * 96485.33212)
"""Thickness of 600 C/m2 of zinc, Q Vm/(2F) [m]."""


@pytest.fixture(scope="module")
def two() -> Comparison:
    return compare([in_time("bare"), in_time("silver")], seeds=2, comm=SELF)


def test_deposits_grow_as_the_steady_currents_run(two: Comparison) -> None:
    """Where double layers alone store, i(x) is the steady one but for milliseconds: thickness is
    i(x) t Vm/(2F), hysteresis the difference of the steady potentials."""
    for case, run in zip(two.cases, two.members[::2], strict=True):
        steady = case.with_seed(1)
        plating, stripping = (solve(steady.with_current(i), SELF) for i in (-10.0, 10.0))
        assert run.metrics[DEPOSIT]["mean"] == pytest.approx(PLATED, rel=1e-4)
        cv = plating.homogeneity[CURRENT].cv
        assert run.metrics[DEPOSIT]["cv"] == pytest.approx(cv, rel=1e-3)
        apart = stripping.potential - plating.potential
        assert run.scalars["last_cycle.hysteresis"] == pytest.approx(apart, rel=1e-3)
        ends = [run.scalars[f"last_cycle.end_voltage_{way}"] for way in ("plating", "stripping")]
        assert ends[1] - ends[0] == pytest.approx(apart, rel=1e-3)
        assert run.scalars["last_cycle.coulombic_efficiency"] == pytest.approx(0.5)
        assert run.scalars["working.deposit_thickness.max"] > PLATED
        assert run.scalars["run.largest_mismatch"] < 1e-8


def test_factors_are_those_of_the_deposits(two: Comparison) -> None:
    assert two.headline == DEPOSIT
    assert two.currents == (-10.0,)
    row = two.table.row("Ag@Zn", -10.0, DEPOSIT)
    cvs = [run.metrics[DEPOSIT]["cv"] or 0.0 for run in two.members]
    expected = 1.0 - (cvs[2] + cvs[3]) / (cvs[0] + cvs[1])
    assert row.homogenisation.value == pytest.approx(expected, abs=0.1)
    assert (row.homogenisation.value or 0.0) > 0.3
    (error,) = [e for e in two.numerical_errors if e.case == "Ag@Zn"]
    assert 1e-8 < (error.homogenisation_error or 0.0) < 0.05
    console = Console(width=200, record=True, file=StringIO())
    console.print(answer_table(two.table, two.headline))
    shown = console.export_text()
    assert "H of the deposit's thickness, 2 seeds" in shown
    assert "largest current" in shown


def test_the_deposit_is_that_after_the_last_plating_step(two: Comparison) -> None:
    """Stripping at the end leaves the map as it is; plating again adds to what is left."""
    steps = f'{CYCLE}, "plate at 1 mA/cm^2 for 12 s", "rest for 2 s"'
    again = compare([in_time("bare", steps=steps)], comm=SELF).members[0]
    assert again.metrics[DEPOSIT]["mean"] == pytest.approx(0.7 * PLATED, rel=1e-3)


def test_the_plating_voltage_is_the_mean_over_the_charge(two: Comparison) -> None:
    """Of pulses it is that of the time with current, but for milliseconds of charging: a mean over
    time would lie some 20 mV higher."""
    pulses = (
        '{mode="pulse", on="-1 mA/cm^2", on_time="1 s", off="0 mA/cm^2", off_time="1 s", for="3 s"}'
    )
    run = compare([in_time("bare", steps=pulses)], comm=SELF).members[0]
    steady = two.members[0].scalars["last_cycle.end_voltage_plating"]
    assert run.scalars["last_plating.mean_voltage"] == pytest.approx(steady, abs=2e-3)
    assert two.members[0].scalars["last_plating.mean_voltage"] == pytest.approx(steady, abs=1e-4)


def test_the_folder_of_a_comparison_in_time(two: Comparison, tmp_path: Path) -> None:
    write_comparison(two, tmp_path)
    table = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    assert table["units"][DEPOSIT] == "m"
    assert "error of the mesh alone" in table["numerical_errors"]["source"]
    assert Case.load(tmp_path / "case-Ag-Zn.toml") == two.cases[1].with_seed(1)
    figure = two.figure()
    assert figure.axes[0].get_ylabel() == "Deposit thickness (µm)"
    assert figure.axes[2].get_xlabel().startswith("Largest current density")
    line = figure.axes[0].lines[0].get_ydata()
    assert max(line) == pytest.approx(1e6 * two.members[0].scalars[f"{DEPOSIT}.max"])
    assert "after the last step that plates" in " ".join(figure.texts[0].get_text().split())


def test_finished_marches_are_not_made_again(
    two: Comparison, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[tuple[str, int]] = []

    def counted(job: Job, *arguments: Any) -> Any:
        made.append((job.label, job.seed))
        return march_job(job, *arguments)

    monkeypatch.setattr(groups, "march_job", counted)
    first = compare([in_time("bare")], comm=SELF, folder=tmp_path)
    made.clear()
    cases = [in_time("bare"), in_time("silver")]
    unseen = compare(cases, seeds=2, comm=SELF, folder=tmp_path, on_result=lambda *run: None)
    assert sorted(made) == [("Ag@Zn", 1), ("Ag@Zn", 1), ("Ag@Zn", 2), ("bare Zn", 2)]
    assert unseen.members[0] == first.members[0]
    assert unseen.members == two.members
    made.clear()
    again = compare(cases, seeds=2, comm=SELF, folder=tmp_path, on_result=lambda *run: None)
    assert made == []
    assert again.table == two.table
    assert again.figure().axes[0].lines[0].get_ydata() == pytest.approx(
        two.figure().axes[0].lines[0].get_ydata()
    )
    longer = '"plate at 1 mA/cm^2 for 90 s", "strip at 1 mA/cm^2 for 30 s"'
    compare([in_time("bare", steps=longer)], comm=SELF, folder=tmp_path)
    assert len(made) == 2


def test_a_cell_that_meets_its_limits_is_recorded() -> None:
    strict = 'limits.voltage=["-0.82 V", "0.5 V"]'
    found = compare([in_time("bare", strict), in_time("silver", strict)], comm=SELF)
    (failure,) = found.table.failures
    assert failure.case == "bare Zn"
    assert failure.reason.startswith("limits.voltage: -0.8")
    assert found.table.row("Ag@Zn", -10.0, DEPOSIT).homogenisation.value is None


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ('"strip at 1 mA/cm^2 for 1 s", "rest for 1 s"', NO_PLATING),
        ('"strip at 1 mA/cm^2 for 60 s", "plate at 1 mA/cm^2 for 60 s"', NO_DEPOSIT),
    ],
)
def test_a_protocol_that_leaves_no_deposit_compares_nothing(steps: str, reason: str) -> None:
    with pytest.raises(SolveError, match=rf"^no run gave a solution; the first one: {reason}$"):
        compare([in_time("bare", steps=steps)], comm=SELF)


def test_currents_are_refused_beside_a_protocol() -> None:
    with pytest.raises(CaseError, match=r"^currents = \[-10.0\]: allowed none beside a protocol"):
        compare([in_time("bare")], currents=[-10.0], comm=SELF)


@pytest.mark.parametrize("steps", [None, '"plate at 1 mA/cm^2 for 61 s"'])
def test_cases_of_different_protocols_are_not_compared(steps: str | None) -> None:
    steady = in_time("silver").with_current(-10.0)
    other = steady if steps is None else in_time("silver", steps=steps)
    for cases in ([in_time("bare"), other], [other, in_time("bare")]):
        with pytest.raises(CaseError, match=r"^protocol = ") as caught:
            compare(cases, comm=SELF)
        assert len(str(caught.value)) < 200
