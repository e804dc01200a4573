"""`sweep` from the command line: table, figure, going on, parts, the end of a curve."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from zinterphase.ensemble.groups import MEMBERS

from ..output.program import call

ROOT = Path(__file__).parents[2]
LINE = (
    "--set", "geometry={dimension=1}", "--set", "metrics={}", "--set",
    'kinetics.zinc={exchange_current_density="0.5 mA/cm^2"}', "--set", "mesh.far_size=20 um",
)  # fmt: skip
CELL = "cases/titania.toml"
POROSITIES = ("--set", "layers.titania.porosity=0.3,0.5,0.7")


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "sweep.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_curve_is_followed_to_the_limiting_current(tmp_path: Path) -> None:
    done = call("sweep", CELL, *LINE, "--set", "layers.electrolyte.thickness=400 um",
        "--range", "control.current_density=-20 mA/cm^2:-100 mA/cm^2:5", "-o", tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = rows(tmp_path)
    assert [row["note"] for row in found[:3]] == ["", "", "end of the curve"]
    current = [float(row["control.current_density"].split()[0]) for row in found]
    potential = [row["working.potential [V]"] for row in found]
    # what check says of the limiting current, to a 64th of the 20 mA/cm^2 between two points
    (told,) = {word for word in done.stdout.split() if word == "57.1"}
    assert 0.0 < float(told) + current[2] < 20 / 64 + 0.05
    assert float(potential[2]) < float(potential[1]) < float(potential[0]) < 0.0
    assert potential[3:] == ["", "", ""]
    assert all(row["note"].startswith("beyond the end") for row in found[4:])
    assert (tmp_path / "sweep.png").is_file()


def test_a_point_of_a_curve_is_that_of_a_run(tmp_path: Path) -> None:
    densities = "control.current_density=-5 mA/cm^2,-40 mA/cm^2"
    done = call("sweep", CELL, *LINE, "--set", densities, "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    alone = call("sweep", CELL, *LINE, "--set", "control.current_density=-40 mA/cm^2",
        "--set", "layers.titania.porosity=0.5,0.6", "-o", tmp_path / "alone",
    )  # fmt: skip
    assert alone.returncode == 0, alone.stderr
    key = "working.potential [V]"
    default = {row["layers.titania.porosity"]: row for row in rows(tmp_path / "alone")}["0.5"]
    assert float(rows(tmp_path)[1][key]) == pytest.approx(float(default[key]), rel=1e-7)


def test_what_is_done_is_not_done_again_and_parts_are_taken_over(tmp_path: Path) -> None:
    part = call("sweep", CELL, *LINE, *POROSITIES, "--part", "2/3", "-o", tmp_path)
    assert part.returncode == 0, part.stderr
    assert [row["layers.titania.porosity"] for row in rows(tmp_path / "part-2-of-3")] == ["0.5"]
    whole = call("sweep", CELL, *LINE, *POROSITIES, "-o", tmp_path)
    assert "[1/3] 1 runs are there already" in whole.stdout
    made = (tmp_path / MEMBERS).read_text(encoding="utf-8")
    again = call(
        "sweep", CELL, *LINE, *POROSITIES, "--metric", "cell.voltage.kinetic", "-o", tmp_path
    )
    assert "[3/3] 3 runs are there already" in again.stdout
    assert (tmp_path / MEMBERS).read_text(encoding="utf-8") == made
    assert "kinetic" in again.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--set", "layers.titania.porosity=0.5,1.5"), "layers.titania.porosity = 1.5"),
        ((*POROSITIES, "--part", "4/3"), "--part"),
        ((*POROSITIES, "--ranks-per-member", "2"), "a divisor of the 1 ranks"),
    ],
)
def test_what_is_refused_before_anything_is_solved(
    words: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    done = call("sweep", CELL, *LINE, *words, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "out" / MEMBERS).exists()


def test_a_number_nobody_knows_is_refused_with_those_that_are_close(tmp_path: Path) -> None:
    done = call("sweep", CELL, *LINE, *POROSITIES, "--metric", "working.potentail", "-o", tmp_path)
    assert done.returncode == 2
    assert "working.potential" in done.stderr


@pytest.mark.parametrize("value", ["0.3,0.5", "[0.3, 0.5]"])
def test_a_list_after_set_of_another_command_points_to_sweep(value: str) -> None:
    done = call("check", CELL, "--set", f"layers.titania.porosity={value}")
    assert done.returncode == 2
    assert "zinterphase sweep takes several values" in done.stderr


def test_a_key_that_is_set_twice_points_to_sweep() -> None:
    twice = ("--set", "layers.titania.porosity=0.3", "--set", "layers.titania.porosity=0.5")
    done = call("check", CELL, *twice)
    assert done.returncode == 2
    assert "zinterphase sweep takes several values" in done.stderr


def test_text_with_a_comma_is_no_list() -> None:
    assert call("check", CELL, "--set", "title=bare, for now").returncode == 0
