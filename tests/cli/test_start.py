"""`run --start`: what one run ended with is where another begins."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = str(Path(sys.executable).with_name("zinterphase"))
COARSE = ["--set", "mesh.far_size=20 um", "--set", "level=secondary"]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    asked = [PROGRAM, "run", "cases/titania.toml", "-o", str(folder), *COARSE, *words]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def newton_steps(folder: Path) -> int:
    with (folder / "solver.csv").open(newline="") as file:
        return len(list(csv.DictReader(file)))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "first"
    assert run(folder).returncode == 0
    return folder


def test_a_solution_is_solved_at_once(first: Path, tmp_path: Path) -> None:
    """In its own folder too, where its state stays until the next one is there."""
    done = run(tmp_path / "again", "--start", str(first / "state.npz"))
    assert done.returncode == 0, done.stderr
    assert newton_steps(tmp_path / "again") < newton_steps(first)
    again = run(tmp_path / "again", "--start", str(tmp_path / "again" / "state.npz"))
    assert again.returncode == 0, again.stderr


def test_a_state_that_does_not_fit_is_refused_and_stays(first: Path) -> None:
    state = first / "state.npz"
    before = state.read_bytes()
    done = run(first, "--start", str(state), "--set", "geometry.width=50 um")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "written by zinterphase 0" in done.stderr
    assert state.read_bytes() == before


def test_a_missing_state_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path / "r", "--start", str(tmp_path / "none.npz"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "none.npz" in done.stderr
