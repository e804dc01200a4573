"""`experiment` from the command line: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from zinterphase.cli.options import EXPERIMENTS

from ..output.program import call

ROOT = Path(__file__).parents[2]
BARE = "cases/bare.toml"
SMALL = (
    "geometry={dimension=1}", "metrics={}", "mesh.far_size=10 um", "time.rtol=1e-2",
    'kinetics.zinc={exchange_current_density="0.5 mA/cm^2"}',
)  # fmt: skip
QUICK = ("capacity=0.01 mAh/cm^2", "cycles=1")


@pytest.fixture(scope="module")
def cycle(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Folder and terminal output of a cycle beside measured data."""
    folder = tmp_path_factory.mktemp("cycle")
    data = folder / "cell.csv"
    data.write_text("time_s,voltage_mV\n10,-833\n50,-778\n9000,0\n", encoding="utf-8")
    done = call(
        "experiment", "cycle", BARE, "-o", folder / "out", "--data", data, settings=(*SMALL, *QUICK)
    )
    assert done.returncode == 0, done.stderr
    return folder / "out", done.stdout


def test_the_answer_on_the_terminal(cycle: tuple[Path, str]) -> None:
    _, printed = cycle
    lines = printed.splitlines()
    assert any(line.startswith("cycle: hysteresis of the last cycle: bare Zn 5") for line in lines)
    (told,) = [line for line in lines if "cell.csv" in line]
    assert told.startswith("bare Zn: cell.csv is off by ")
    assert "over 2 points; 1 lie outside the curve." in told
    assert "hysteresis.last, mV" in printed


def test_the_files(cycle: tuple[Path, str]) -> None:
    folder, _ = cycle
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "members.jsonl", "cycle.png", "cycle.csv", "cycle.json", "cycle_curves.csv",
        "cycle-bare-Zn.toml",
    }  # fmt: skip
    with (folder / "cycle.csv").open(encoding="utf-8") as file:
        rows = {row["quantity"]: row for row in csv.DictReader(file)}
    assert float(rows["hysteresis.last"]["value"]) == pytest.approx(0.0557, rel=0.05)
    assert rows["coulombic_efficiency.last"]["value"] == ""
    assert "ended by its charge" in rows["coulombic_efficiency.last"]["reason"]
    found = json.loads((folder / "cycle.json").read_text(encoding="utf-8"))
    assert found["measured"]["distances"]["bare Zn"]["points"] == 2


def test_without_a_case_it_says_what_there_is() -> None:
    done = call("experiment", "all")
    assert done.returncode == 0
    for word in ("tafel: Tafel plot", "fit_from", "40 mV", "coulombic_efficiency: average"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("words", "settings", "line"),
    [
        (["dance", BARE], (), 'experiment = "dance": allowed all, cycle'),
        (["cycle", BARE], ("curent=1 A/m^2",), '--set = "curent": allowed a key of the case'),
        (["cycle", BARE], ("current=1 mV",), 'current = "1 mV": allowed a magnitude above 0'),
        (["cycle", BARE, "--data", BARE], (), "a header of cycle with its units: time_s,voltage_V"),
        (["all", BARE, "--data", BARE], (), "data of one experiment"),
        (["cycle", "none.toml"], (), "none.toml"),
    ],
)
def test_what_is_refused_is_refused_in_one_line(
    words: list[str], settings: tuple[str, ...], line: str, tmp_path: Path
) -> None:
    done = call("experiment", *words, "-o", tmp_path / "out", settings=settings)
    assert done.returncode == 2
    assert line in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_run_that_fails_ends_with_an_error_and_what_the_others_found(tmp_path: Path) -> None:
    """An anode that meets its limit beside one that does not."""
    text = (ROOT / BARE).read_text(encoding="utf-8")
    strict = tmp_path / "strict.toml"
    strict.write_text(
        text.replace("bare Zn", "strict Zn") + '[limits]\nvoltage = ["-0.81 V", "1 V"]\n',
        encoding="utf-8",
    )
    out = tmp_path / "out"
    done = call("experiment", "nucleation", BARE, strict, "-o", out, settings=(*SMALL, QUICK[0]))
    assert done.returncode == 4
    assert "error: nucleation: strict Zn, seed 1: limits.voltage: -0.8" in done.stderr
    assert (out / "nucleation.png").is_file()
    assert "bare Zn" in (out / "nucleation.csv").read_text(encoding="utf-8")


def test_all_of_them_make_a_figure_each(tmp_path: Path) -> None:
    """Shortened; one store serves them all."""
    shortened = (
        *QUICK, "currents=1 mA/cm^2", "points=4", "largest=20 mA/cm^2", "duration=1 s",
        "reservoir=0.02 mAh/cm^2", "window=30 mV", "rate=10 mV/s", "fit_from=10 mV",
    )  # fmt: skip
    done = call("experiment", "all", BARE, "-o", tmp_path / "out", settings=(*SMALL, *shortened))
    assert done.returncode == 0, done.stderr
    figures = {path.stem for path in (tmp_path / "out").glob("*.png")}
    assert figures == set(EXPERIMENTS)
    stored = (tmp_path / "out" / "members.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(stored) == len(EXPERIMENTS)
    for name in EXPERIMENTS:
        assert f"\n{name}: " in done.stdout
