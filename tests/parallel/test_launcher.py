"""Parallel tests prove something only if the ranks asked for run and a lost rank is noticed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mpi4py import MPI

PARALLEL_TEST = """
import pytest
from mpi4py import MPI

@pytest.mark.parallel(2)
def test_inner():
    {body}
"""


@pytest.mark.parallel([1, 3])
def test_ranks_asked_for_run(request: pytest.FixtureRequest, comm: MPI.Intracomm) -> None:
    assert comm.size == request.node.callspec.params["_nprocs"]
    assert comm.allgather(comm.rank) == list(range(comm.size))


@pytest.mark.parallel([3])
def test_ranks_share_a_folder(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    (shared_tmp_path / str(comm.rank)).touch()
    comm.barrier()
    assert {path.name for path in shared_tmp_path.iterdir()} == set(map(str, range(comm.size)))


def test_launcher_belongs_to_the_interpreter() -> None:
    launcher = shutil.which("mpiexec")
    assert launcher is not None
    assert Path(launcher).parent == Path(sys.executable).parent


BODIES = [
    pytest.param("MPI.COMM_WORLD.barrier()", "1 passed", id="no-error"),
    pytest.param("assert MPI.COMM_WORLD.rank == 0", "1 failed", id="error-on-one-rank"),
    pytest.param(
        "MPI.COMM_WORLD.rank or MPI.COMM_WORLD.recv(source=1)",
        "1 failed",
        id="one-rank-waits-for-ever",
    ),
]


def run_inner(folder: Path, body: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The test with this body; ``words`` come before the program of tests and its file."""
    file = folder / "test_inner.py"
    file.write_text(PARALLEL_TEST.format(body=body))
    ranks = "-o faulthandler_timeout=5 -o faulthandler_exit_on_timeout=true"
    return subprocess.run(
        [*words, file],
        env=os.environ | {"PYTEST_ADDOPTS": ranks},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.parametrize(("body", "outcome"), BODIES)
def test_a_lost_rank_fails_the_test(tmp_path: Path, body: str, outcome: str) -> None:
    run = run_inner(tmp_path, body, sys.executable, "-m", "pytest", "-o", "faulthandler_timeout=60")
    assert outcome in run.stdout, run.stdout + run.stderr
    assert (run.returncode == 0) == (outcome == "1 passed")


@pytest.mark.parametrize(("body", "outcome"), BODIES)
def test_a_lost_rank_fails_all_that_share_its_processes(
    tmp_path: Path, body: str, outcome: str
) -> None:
    """As `scripts/test` starts them; which test it was is seen when they run on their own."""
    run = run_inner(tmp_path, body, "mpiexec", "-n", "2", sys.executable, "-m", "pytest")
    assert (run.returncode == 0) == (outcome == "1 passed"), run.stdout + run.stderr
