"""The program under mpirun: same numbers, one message, no rank left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zinterphase.output.runfolder import read_results

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
COARSE = ["--set", "geometry.width=10 um", "--set", "mesh.far_size=20 um"]
DILUTE = ["--set", "level=pnp", "--set", "electrolyte.concentration=0.05 mol/L"]


def command(ranks: int, *words: str) -> list[str]:
    """Command line of the program on some ranks."""
    return [str(PROGRAMS / "mpirun"), "-n", str(ranks), str(PROGRAMS / "zinterphase"), *words]


def call(ranks: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run to the end."""
    return subprocess.run(
        command(ranks, *words), cwd=ROOT, capture_output=True, text=True, timeout=250, check=False
    )


def test_numbers_do_not_depend_on_the_ranks(tmp_path: Path) -> None:
    """To 1e-9 of each quantity's scale with the direct solver, resolved silver included."""
    tables = []
    for ranks in (1, 2, 3):
        folder = tmp_path / str(ranks)
        resolved = ["--set", "layers.silver.potential=resolved"]
        done = call(
            ranks, "run", "cases/dual_layer.toml", "-o", str(folder), *COARSE, *DILUTE, *resolved
        )
        assert done.returncode == 0, done.stderr
        tables.append(read_results(folder))
    scale = {"V": abs(tables[0]["cell.voltage.total"].value)}
    for table in tables[1:]:
        for name, entry in tables[0].items():
            if isinstance(entry.value, bool | list) or entry.value is None:
                assert table[name].value == entry.value, name
                continue
            size = scale.get(entry.unit, abs(entry.value))
            assert table[name].value == pytest.approx(entry.value, abs=1e-9 * size), name


@pytest.mark.parametrize("ranks", [2, 3])
def test_bad_case_is_one_line_on_any_number_of_ranks(ranks: int, tmp_path: Path) -> None:
    done = call(
        ranks, "run", "cases/bare.toml", "-o", str(tmp_path / "r"),
        "--set", "layers.electrolyte.thickness=-1 um",
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("layers.electrolyte.thickness") == 1
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("expected", [True, False])
def test_error_on_one_rank_ends_all_with_its_rank(expected: bool, tmp_path: Path) -> None:
    """Whether the error is one of the package or not; the other rank waits in a reduction."""
    script = tmp_path / "one_sided.py"
    kind = "SolveError" if expected else "RuntimeError"
    script.write_text(
        "from mpi4py import MPI\n"
        "import zinterphase.cli.guard as guard\n"
        "from zinterphase.errors import SolveError\n"
        "guard.PATIENCE = 1.0\n"
        "comm = MPI.COMM_WORLD\n"
        "with guard.guarded(comm):\n"
        "    if comm.rank == 1:\n"
        f"        raise {kind}('planted')\n"
        "    comm.allreduce(1)\n"
    )
    words = [str(PROGRAMS / "mpirun"), "-n", "2", sys.executable, str(script)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "rank 1" in done.stderr
    assert "planted" in done.stderr


def test_sigterm_keeps_the_last_state(tmp_path: Path) -> None:
    """A run that takes long (far beyond the limiting current) is stopped in its ramp."""
    folder = tmp_path / "r"
    words = command(
        2, "run", "cases/bare.toml", "-o", str(folder), *DILUTE,
        "--set", "control.current_density=-60 mA/cm^2", "--set", "solver.max_iterations=500",
    )  # fmt: skip
    with subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        while "unknowns" not in process.stdout.readline():
            assert process.poll() is None
        time.sleep(3)
        os.kill(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "SIGTERM" in errors
    assert (folder / "state.npz").is_file()
    assert json.loads((folder / "run.json").read_text())["state"] == "interrupted"
    assert not (folder / "results.json").exists()


@pytest.mark.parametrize("where", ["on all ranks", "on rank 0"])
def test_what_nobody_foresaw_is_one_line_on_all_ranks(where: str, tmp_path: Path) -> None:
    """Raised by every rank, or by rank 0 at what it does alone."""
    script = tmp_path / "planted.py"
    script.write_text(
        "from mpi4py import MPI\n"
        "from zinterphase.cli.guard import guarded\n"
        "from zinterphase.parallel import on_root\n"
        "comm = MPI.COMM_WORLD\n"
        "def fail():\n"
        "    raise RuntimeError('planted')\n"
        "with guarded(comm):\n"
        f"    {'fail()' if where == 'on all ranks' else 'on_root(comm, fail)'}\n"
    )
    words = [str(PROGRAMS / "mpirun"), "-n", "3", sys.executable, str(script)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 70
    lines = [line for line in done.stderr.splitlines() if "planted" in line]
    assert len(lines) == 1
    assert "RuntimeError: planted" in Path(lines[0].rsplit(" ", 1)[1]).read_text()
