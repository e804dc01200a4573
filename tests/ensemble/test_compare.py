"""Comparisons of anodes: what they share, what is recorded, what is not done twice."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.ensemble import groups, jobs
from zinterphase.ensemble.compare import Comparison, compare
from zinterphase.ensemble.comparison_files import file_names, write_comparison
from zinterphase.ensemble.groups import MEMBERS
from zinterphase.ensemble.jobs import run_standing
from zinterphase.ensemble.members import Record
from zinterphase.errors import SolveError
from zinterphase.observe.spectrum import Spectrum
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.solve.problem import Problem

from .comparisons import CURRENT, SELF, case, even, values

Call = tuple[str, int, int]


def failing(
    monkeypatch: pytest.MonkeyPatch, fails: Callable[[Case], bool], error: Exception
) -> None:
    """Let the solve of some runs end with an error."""
    original = jobs.solve_on

    def solve_on(problem: Problem, *arguments: Any, **options: Any) -> Result:
        if fails(problem.case):
            raise error
        return original(problem, *arguments, **options)

    monkeypatch.setattr(jobs, "solve_on", solve_on)


def of_seed(seed: int, title: str = "") -> Callable[[Case], bool]:
    return lambda run: run.geometry.surface.seed == seed and run.title.startswith(title)


@pytest.fixture(scope="module")
def two() -> Comparison:
    return compare([case("bare"), case("titania")], currents=[-10.0, -50.0], seeds=3, comm=SELF)


def test_equal_anodes_have_no_homogenising_effect() -> None:
    comparison = compare([case("bare"), case("bare")], seeds=3, comm=SELF)
    assert comparison.labels == ("bare Zn", "bare Zn (2)")
    for name in comparison.table.fields:
        row = comparison.table.row("bare Zn (2)", -10.0, name)
        assert row.homogenisation.value == 0.0
        assert row.homogenisation.reason == "no interval: 3 seeds, at least 10"
        assert row.seeds == (1, 2, 3)


def test_every_run_is_there(two: Comparison) -> None:
    runs = [(m.current, m.case, m.seed) for m in two.members]
    assert runs == [
        (i, label, seed)
        for i in (-10.0, -50.0)
        for label in ("bare Zn", "TiO2@Zn")
        for seed in (1, 2, 3)
    ]
    assert all(m.converged and m.level == "concentrated" for m in two.members)
    for run in two.members:
        assert run.metrics[CURRENT]["mean"] == pytest.approx(run.current, rel=1e-8)


def test_a_run_is_that_of_the_case_alone(two: Comparison) -> None:
    alone = solve(case("titania").with_seed(2).with_current(-50.0), SELF)
    run = next(m for m in two.members if (m.case, m.seed, m.current) == ("TiO2@Zn", 2, -50.0))
    assert run.metrics[CURRENT]["cv"] == pytest.approx(alone.homogeneity[CURRENT].cv, rel=1e-8)
    parts = alone.voltage
    film = parts.ohmic["titania"] + parts.concentration["titania"]
    assert run.scalars["film.voltage"] == pytest.approx(film, rel=1e-7)
    assert run.scalars["film.voltage_share"] == pytest.approx(film / parts.total)
    names = ("kinetic", "ohmic", "concentration", "electronic")
    whole = [run.scalars[f"cell.voltage.{name}"] for name in names]
    assert sum(whole) == pytest.approx(run.scalars["working.potential"], rel=1e-9)
    assert run.scalars["liquid.limiting_current_fraction"] == pytest.approx(
        alone.regime.limiting_fraction
    )


def test_the_order_of_currents_does_not_matter(two: Comparison) -> None:
    cases = [case("bare"), case("titania")]
    other = compare(cases, currents=[-50.0, -10.0], seeds=3, comm=SELF)
    half = len(other.members) // 2
    turned = replace(other, members=other.members[half:] + other.members[:half])
    assert values(turned) == pytest.approx(values(two), rel=1e-7, abs=1e-12)


def test_anodes_share_their_surfaces() -> None:
    seen: list[tuple[int, float, int, Result]] = []
    compare(
        [case("bare"), case("silver")],
        currents=[-10.0, -50.0],
        seeds=[4, 5],
        comm=SELF,
        on_result=lambda result, k, current, seed: seen.append((k, current, seed, result)),
    )
    assert [run[:3] for run in seen] == [
        (k, current, 4) for k in (0, 1) for current in (-10.0, -50.0)
    ]
    surfaces = [run[3].surface for run in seen]
    for surface in surfaces[1:]:
        np.testing.assert_array_equal(surface.position, surfaces[0].position)
    factors = [np.log(s.values["exchange_current_density"]) for s in (surfaces[0], surfaces[2])]
    assert np.corrcoef(*factors)[0, 1] == pytest.approx(1.0, abs=1e-3)


def test_an_even_reference_gives_no_factor() -> None:
    comparison = compare([even(), case("bare", "geometry.width=60 um")], seeds=2, comm=SELF)
    row = comparison.table.row("even Zn", -10.0, CURRENT)
    assert abs(row.metrics["cv"].value or 0.0) < 1e-8
    factor = comparison.table.row("bare Zn", -10.0, CURRENT).homogenisation
    assert factor.value is None
    assert (factor.reason or "").startswith("not defined: CV(bare)")
    assert any("all seeds are the same surface" in line for line in comparison.notices[0])
    assert any("geometry.surface differs" in line for line in comparison.notices[1])


def test_the_numerical_error_of_a_factor_is_below_those_of_its_parts(two: Comparison) -> None:
    rows = {(e.case, e.current): e for e in two.numerical_errors if e.field == CURRENT}
    assert len(rows) == 4
    bare, coated = rows["bare Zn", -50.0], rows["TiO2@Zn", -50.0]
    assert bare.cv is not None
    assert bare.cv_error is not None
    assert 1e-6 < bare.cv_error < 0.01 * bare.cv
    assert bare.homogenisation_error is None
    assert coated.homogenisation_error is not None
    assert coated.homogenisation_error < bare.cv_error / bare.cv
    worst = max(rows["bare Zn", i].cv_error or 0.0 for i in (-10.0, -50.0))
    assert two.cv_errors[CURRENT] == worst


def test_a_factor_within_its_error_is_said_to_be(two: Comparison) -> None:
    comparison = compare([case("bare"), case("bare")], seeds=1, comm=SELF)
    assert "H is within the error of the mesh" in comparison.notices[1][-1]
    assert not any("within the error" in line for line in two.notices[1])


def test_a_run_without_solution_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, of_seed(2, "TiO2"), SolveError("no convergence"))
    comparison = compare([case("bare"), case("titania")], seeds=3, comm=SELF)
    lost = [m for m in comparison.members if not m.converged]
    assert [(m.case, m.seed, m.reason) for m in lost] == [("TiO2@Zn", 2, "no convergence")]
    row = comparison.table.row("TiO2@Zn", -10.0, CURRENT)
    assert row.seeds == (1, 3)
    assert row.homogenisation.n == 2
    assert len(comparison.table.failures) == 1
    comparison.figure()


def test_the_profile_is_that_of_a_seed_which_all_anodes_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing(monkeypatch, of_seed(1, "TiO2"), SolveError("no convergence"))
    comparison = compare([case("bare"), case("titania")], seeds=2, comm=SELF)
    assert comparison.drawn_seed == 2
    assert all(anode.surface is not None for anode in comparison.anodes)


def test_a_run_after_a_failed_one_starts_from_rest(
    monkeypatch: pytest.MonkeyPatch, two: Comparison
) -> None:
    def fails(run: Case) -> bool:
        return run.control.current_density == -10.0 and run.mesh.lateral_size is None

    failing(monkeypatch, fails, SolveError("no convergence"))
    cases = [case("bare"), case("titania")]
    comparison = compare(cases, currents=[-10.0, -50.0], seeds=3, comm=SELF)
    assert [m.converged for m in comparison.members] == [False] * 6 + [True] * 6
    there = replace(comparison, members=comparison.members[6:])
    wanted = replace(two, members=two.members[6:])
    assert values(there) == pytest.approx(values(wanted), rel=1e-7, abs=1e-12)


def test_no_solution_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, lambda run: True, SolveError("no convergence"))
    with pytest.raises(SolveError, match="no run gave a solution; the first one: no convergence"):
        compare([case("bare")], comm=SELF)


def test_any_other_error_ends_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, of_seed(2), RuntimeError("out of memory"))
    with pytest.raises(RuntimeError, match="out of memory"):
        compare([case("bare")], seeds=2, comm=SELF)


def test_finished_runs_are_not_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cases = [case("bare"), case("titania")]
    first = compare(cases, seeds=2, comm=SELF, folder=tmp_path)
    with (tmp_path / MEMBERS).open("a", encoding="utf-8") as file:
        file.write('{"key": "cut o')  # as an interruption leaves it
    seeds: list[int] = []
    calls: list[Call] = []

    def counted(job: jobs.Job, *arguments: Any) -> Any:
        seeds.append(job.seed)
        return run_standing(job, *arguments)

    def show(text: str, done: int, total: int) -> None:
        calls.append((text, done, total))

    monkeypatch.setattr(groups, "run_standing", counted)
    again = compare(cases, seeds=3, comm=SELF, folder=tmp_path, progress=show)
    assert seeds == [3, 3]
    assert calls[0] == ("6 runs are there already", 6, 8)
    assert [call[1:] for call in calls[1:]] == [(7, 8), (8, 8)]
    kept = tuple(m for m in again.members if m.seed < 3)
    assert kept == first.members
    seeds.clear()
    third = compare(cases, seeds=3, comm=SELF, folder=tmp_path)
    assert seeds == []
    assert third.members == again.members
    assert third.table == again.table


def test_other_runs_are_made_anew(tmp_path: Path) -> None:
    calls: list[Call] = []

    def show(text: str, done: int, total: int) -> None:
        calls.append((text, done, total))

    compare([case("bare")], comm=SELF, folder=tmp_path)
    other = case("bare", "kinetics.zinc.exchange_current_density=1 mA/cm^2")
    compare([other], comm=SELF, folder=tmp_path, progress=show)
    assert [call[1:] for call in calls] == [(1, 2), (2, 2)]


def test_results_that_were_never_handed_over_are_made_again(tmp_path: Path) -> None:
    seen: list[int] = []
    compare([case("bare")], seeds=2, comm=SELF, folder=tmp_path)
    for _ in range(2):
        compare(
            [case("bare")],
            seeds=2,
            comm=SELF,
            folder=tmp_path,
            on_result=lambda result, k, current, seed: seen.append(seed),
        )
    assert seen == [1]


def test_a_record_comes_back_from_its_line() -> None:
    record = Record(
        "key",
        {CURRENT: {"cv": 1.0 / 3.0, "gini": None}},
        {"working.potential": -0.1},
        {"working.potential": "V"},
        spectrum=Spectrum(np.array([1.0, 2.0]), np.array([0.1, 1e-17])),
    )
    back = Record.from_line(record.to_line())
    assert back is not None
    assert (back.key, back.metrics, back.scalars) == (record.key, record.metrics, record.scalars)
    assert back.units == record.units
    assert back.spectrum is not None
    np.testing.assert_array_equal(back.spectrum.amplitude, [0.1, 1e-17])
    assert Record.from_line(record.to_line()[:-2]) is None


def test_the_folder_of_a_comparison(two: Comparison, tmp_path: Path) -> None:
    folder = tmp_path / "comparison"
    write_comparison(two, folder)
    assert {path.name for path in folder.iterdir()} == {
        "table.json", "table.csv", "members.csv", "comparison.png", "comparison.pdf",
        "case-bare-Zn.toml", "case-TiO2-Zn.toml",
    }  # fmt: skip
    table = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    assert table["seeds"] == [1, 2, 3]
    assert table["electrolyte"] == {"concentration": 2000.0, "unit": "mol/m^3"}
    assert table["units"]["working.normal_field_surface"] == "V/m"
    assert len(table["numerical_errors"]["rows"]) == len(two.numerical_errors)
    with (folder / "members.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    assert float(rows[0][f"{CURRENT}.cv"]) == two.members[0].metrics[CURRENT]["cv"]
    assert rows[0]["film.ion_flux_outer_face.cv"] == ""
    assert (folder / "case-TiO2-Zn.toml").read_text(encoding="utf-8").startswith("# One run of")
    again = Case.load(folder / "case-TiO2-Zn.toml")
    assert again == two.cases[1].with_seed(1).with_current(-10.0)


def test_names_of_files() -> None:
    assert file_names(["bare Zn", "TiO2@Zn", "TiO2 Zn", "@"]) == (
        "bare-Zn", "TiO2-Zn", "TiO2-Zn-3", "case",
    )  # fmt: skip
