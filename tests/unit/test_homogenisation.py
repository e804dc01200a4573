"""The homogenisation table: grouping, pairing, failures, and what is written."""

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from zinterphase.ensemble.homogenisation import HomogenisationTable, Member, homogenisation_table
from zinterphase.ensemble.terminal import rich_cell_table, rich_table
from zinterphase.observe.statistics import homogenisation_factor

SEEDS = range(1, 11)
CV = dict(zip(SEEDS, np.random.default_rng(4).uniform(0.3, 0.5, 10).tolist(), strict=True))
RATIO = {"bare": 1.0, "silver": 0.6, "titania": 0.95}
UNITS = {"current_density": "A/m^2", "overpotential": "V"}


def metrics(cv: float | None, **changes: float | None) -> dict[str, float | None]:
    values: dict[str, float | None] = {
        "mean": -10.0,
        "cv": cv,
        "max_over_mean": 2.0,
        "p99_over_median": 1.9,
        "p1_over_median": 0.4,
        "gini": 0.2,
        "reversed_fraction": 0.0,
    }
    return {**values, **changes}


def member(case: str, seed: int, current: float = -10.0) -> Member:
    cv = RATIO[case] * CV[seed] * (1 + 0.01 * np.sin(7.0 * seed + len(case)))
    return Member(
        case=case,
        label=f"{case} Zn",
        seed=seed,
        current=current,
        level="secondary",
        metrics={"current_density": metrics(cv)},
        scalars={"overpotential": -0.02 - 1e-3 * seed, "limiting_fraction": 0.005},
        units=UNITS,
    )


def ensemble() -> list[Member]:
    return [member(c, s, i) for i in (-10.0, -50.0) for c in RATIO for s in SEEDS]


def shown(table: HomogenisationTable, name: str = "current_density") -> str:
    console = Console(file=StringIO(), width=100)
    console.print(rich_table(table, name), rich_cell_table(table))
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_a_row_per_case_current_and_field() -> None:
    table = homogenisation_table(ensemble())
    assert [(row.case, row.current) for row in table.rows] == [
        (case, current) for current in (-10.0, -50.0) for case in RATIO
    ]
    assert table.reference == "bare"
    assert table.fields == ("current_density",)
    row = table.row("silver", -50.0, "current_density")
    assert row.seeds == tuple(SEEDS)
    assert row.metrics["max_over_mean"].value == pytest.approx(2.0)
    assert row.scalars["overpotential"].value == pytest.approx(-0.0255)
    assert row.metrics["cv"].low is not None


def test_factor_is_paired_by_seed_whatever_the_order() -> None:
    members = ensemble()
    order = np.random.default_rng(8).permutation(len(members))
    table = homogenisation_table([members[k] for k in order], reference="bare")
    cvs = {c: [member(c, s).metrics["current_density"]["cv"] or 0.0 for s in SEEDS] for c in RATIO}
    expected = homogenisation_factor(cvs["bare"], cvs["silver"])
    found = table.row("silver", -10.0, "current_density").homogenisation
    assert (found.value, found.n) == (pytest.approx(expected.value), 10)
    assert found.value == pytest.approx(0.4, abs=0.01)
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low < 0.02
    own = table.row("bare", -10.0, "current_density").homogenisation
    assert (own.value, own.reason) == (None, "the reference itself")


def test_failed_runs_are_counted_and_named() -> None:
    members = ensemble()
    for k, one in enumerate(members):
        if (one.case, one.current, one.seed) in {("silver", -50.0, 3), ("bare", -50.0, 5)}:
            members[k] = replace(one, converged=False, reason="no convergence in 60 iterations")
    table = homogenisation_table(members)
    row = table.row("silver", -50.0, "current_density")
    assert 3 not in row.seeds
    assert row.metrics["cv"].n == 9
    assert row.homogenisation.n == 8  # neither surface of seeds 3 and 5 makes a pair
    assert [(f.case, f.seed) for f in table.failures] == [("bare", 5), ("silver", 3)]
    text = shown(table)
    assert "9 of 10 seeds" in text
    failure = "Failed: silver, -5 mA/cm^2, secondary, seed 3: no convergence in 60 iterations"
    assert failure in " ".join(text.split())


def test_case_of_which_every_run_failed_keeps_its_rows(tmp_path: Path) -> None:
    members = [
        replace(m, converged=False, metrics={}, scalars={}) if m.case == "titania" else m
        for m in ensemble()
    ]
    table = homogenisation_table(members)
    row = table.row("titania", -10.0, "current_density")
    assert row.seeds == ()
    assert len(row.failures) == 10
    assert row.failures[0].reason == "no reason given"
    assert row.metrics["cv"].value is None
    assert row.homogenisation.reason == "not defined: no pair of surfaces"
    assert "0 of 10 seeds" in shown(table)
    table.to_csv(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert lines[2]["failed"] == "10"
    assert lines[2]["failed_seeds"] == "1 2 3 4 5 6 7 8 9 10"
    assert lines[2]["cv"] == ""


def test_metric_missing_on_one_seed_is_not_defined() -> None:
    members = ensemble()
    reversal = {"gini": None, "p99_over_median": None, "reversed_fraction": 0.1}
    members[11] = replace(members[11], metrics={"current_density": metrics(1.2, **reversal)})
    table = homogenisation_table(members)
    row = table.row("silver", -10.0, "current_density")
    assert row.metrics["gini"].value is None
    assert row.metrics["gini"].reason == "not defined on 1 of 10 seeds: 2"
    assert row.metrics["cv"].value is not None
    assert row.metrics["reversed_fraction"].value == pytest.approx(0.01)
    assert row.homogenisation.reason == "not defined: the field changes sign"
    text = " ".join(shown(table).split())
    assert "p99/median, Gini: not defined on 1 of 10 seeds: 2 (silver Zn at -1 mA/cm^2)" in text


def test_reference_below_its_error_gives_no_factor() -> None:
    table = homogenisation_table(ensemble(), cv_errors={"current_density": 0.9})
    for case in ("silver", "titania"):
        reason = table.row(case, -10.0, "current_density").homogenisation.reason
        assert reason is not None
        assert "is within its error 0.9" in reason


def test_missing_cv_gives_no_factor() -> None:
    members = ensemble()
    members[11] = replace(members[11], metrics={"current_density": metrics(None)})
    row = homogenisation_table(members).row("silver", -10.0, "current_density")
    assert row.homogenisation.reason == "not defined: no CV on 1 of 10 pairs"


def test_levels_are_kept_apart() -> None:
    members = ensemble() + [replace(m, level="primary") for m in ensemble() if m.case == "silver"]
    table = homogenisation_table(members)
    row = table.row("silver", -10.0, "current_density", level="primary")
    assert row.homogenisation.reason == "not defined: no pair of surfaces"
    with pytest.raises(KeyError, match="2 rows for silver"):
        table.row("silver", -10.0, "current_density")
    assert "-1 mA/cm^2, primary" in shown(table)
    assert "no run" in shown(table)


@pytest.mark.parametrize(
    ("members", "reference", "message"),
    [
        ([], None, "at least one run"),
        (ensemble(), "copper", "no run of the reference case copper"),
        ([member("bare", 1), member("bare", 1)], None, r"two runs of bare, secondary, -10 A/m\^2"),
        ([replace(member("bare", 1), metrics={})], None, "no run has a field"),
    ],
)
def test_senseless_input_is_refused(
    members: list[Member], reference: str | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        homogenisation_table(members, reference=reference)


def test_files_hold_what_the_table_holds(tmp_path: Path) -> None:
    table = homogenisation_table(ensemble())
    table.to_json(tmp_path / "table.json")
    table.to_csv(tmp_path / "table.csv")
    data = json.loads((tmp_path / "table.json").read_text())
    assert data["reference"] == "bare"
    assert data["confidence"] == 0.95
    assert data["units"] == {"current": "A/m^2", **UNITS}
    with (tmp_path / "table.csv").open() as file:
        lines = list(csv.DictReader(file))
    for row, entry, line in zip(table.rows, data["rows"], lines, strict=True):
        assert entry["metrics"]["cv"]["value"] == row.metrics["cv"].value
        assert float(line["cv"]) == row.metrics["cv"].value
        assert entry["homogenisation"]["low"] == row.homogenisation.low
        assert line["homogenisation_low"] == (
            "" if row.homogenisation.low is None else str(row.homogenisation.low)
        )
        assert float(line["current"]) == row.current
        assert line["unit"] == UNITS[row.field]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["table.csv", "table.json"]


def test_terminal_table_names_cases_units_and_intervals() -> None:
    table = homogenisation_table(ensemble())
    text = shown(table)
    assert "Homogeneity of current_density" in text
    for expected in ("bare Zn", "silver Zn", "CV", "mean, mA/cm^2", "overpotential, V", "10 seeds"):
        assert expected in text
    row = table.row("silver", -10.0, "current_density")
    assert row.metrics["mean"].value is not None
    assert f"{row.metrics['mean'].value / 10.0:.3g}" in text
    assert f"{row.homogenisation.low:.3g}..{row.homogenisation.high:.3g}" in text
    assert "95% intervals" in text
    with pytest.raises(KeyError):
        rich_table(table, "field")


def test_few_seeds_say_why_there_is_no_interval() -> None:
    table = homogenisation_table([m for m in ensemble() if m.seed <= 2])
    text = " ".join(shown(table).split())
    assert "no interval: 2 seeds, at least 10" in text
    assert ".." not in text
