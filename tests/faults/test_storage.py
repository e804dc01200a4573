"""No room to write: one line, the state told if it can be, nothing half-written under its name."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .program import CASES, COARSE, call, ended, one_line

BARE = ["run", str(CASES / "bare.toml"), "-o", "run", *COARSE]
# MPI needs files of its own before, OpenBLAS ends the process without its buffers, and what is
# loaded when it is needed takes memory too.
LIMITED = """
import resource, sys
from pathlib import Path
import gmsh
import numpy as np
import scipy.optimize
from zinterphase import run
from zinterphase.cli import main, run_command
from zinterphase.output import pictures

np.linalg.solve(np.eye(300), np.eye(300))
kind, size = sys.argv[1], int(sys.argv[2])
del sys.argv[1:3]
if kind == "AS":
    size += int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(getattr(resource, f"RLIMIT_{kind}"), (size, size))
main()
"""


def limited(
    folder: Path, kind: str, size: int, words: list[str], **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the program with a limit [bytes] on its files (FSIZE) or its further memory (AS)."""
    program = [sys.executable, "-c", LIMITED, kind, str(size)]
    return ended(folder, [*program, *words], variables)


def run_state(folder: Path) -> str:
    return str(json.loads((folder / "run/run.json").read_text())["state"])


@pytest.mark.parametrize("fields", ["pvd", "bp"])
def test_no_room_for_fields(tmp_path: Path, fields: str) -> None:
    """No file may be longer than 300 kB, and the fields take more."""
    words = [*BARE, "--set", f"output.fields={fields}"]
    assert call(tmp_path, *words, "-o", "whole").returncode == 0  # compiles without a limit
    done = limited(tmp_path, "FSIZE", 300_000, words)
    assert done.returncode == 2
    assert "no room for fields" in one_line(done)
    assert run_state(tmp_path) == "failed"
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"run.json", "case.toml", "solver.csv", "state.npz"}
    assert all(path.stat().st_size for path in (tmp_path / "run").iterdir())


def test_no_room_at_all(tmp_path: Path) -> None:
    done = limited(tmp_path, "FSIZE", 0, BARE)
    assert done.returncode == 2
    assert "File too large" in one_line(done)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_too_little_memory(tmp_path: Path) -> None:
    words = [*BARE, "--set", "mesh.refinement=10"]
    done = limited(tmp_path, "AS", 40_000_000, words)
    assert done.returncode == 4
    assert one_line(done).startswith("error: memory is used up")
    assert run_state(tmp_path) == "failed"


def test_cache_that_cannot_be_written(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file")
    words = [*BARE, "--set", "level=primary"]
    done = call(tmp_path, *words, ZINTERPHASE_CACHE=str(cache), TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert all("a temporary one is used" in line for line in done.stderr.splitlines())
    assert {path.name for path in tmp_path.iterdir()} == {"cache", "run"}


def test_too_little_memory_for_the_factors(tmp_path: Path) -> None:
    """The matrix of 57 thousand unknowns fits into 250 MB, its factors do not."""
    large = ["level=electroneutral", "electrolyte.concentration=0.05 mol/L", "solver.preset=direct"]
    large += ["mesh.refinement=4", "output.errors=false", "output.fields=none"]
    options = [word for text in large for word in ("--set", text)]
    words = ["run", str(CASES / "bare.toml"), *options, "-o", "run"]
    done = limited(tmp_path, "AS", 250_000_000, words)
    assert done.returncode == 4
    assert one_line(done).startswith("error: memory is used up: the matrix of 57303 unknowns")
    assert run_state(tmp_path) == "failed"
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names <= {"run.json", "case.toml", "solver.csv", "state.npz"}
    assert all(path.stat().st_size for path in (tmp_path / "run").iterdir())
