"""How the program answers at its doors: version, help, missing packages, foreign launchers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import zinterphase
from zinterphase.cli import launcher

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
OPEN_MPI = {"OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "0", "PMIX_NAMESPACE": "prterun"}
WHEEL = "MPICH Version:      5.0.2\nMPICH configure: --with-pm=hydra"
SITE = "MPICH Version:      5.0.2\nMPICH configure: --with-pmix=/usr"
OPEN_MPI_LIBRARY = "Open MPI v5.0.8, package: Open MPI"
WITHOUT_SOLVER = """
import sys
sys.modules.update(dict.fromkeys(["mpi4py", "petsc4py", "dolfinx"]))
from zinterphase.cli import main
main()
"""


def call(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAMS / "zinterphase", *words],
        cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def without_solver(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_SOLVER, *words],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_version() -> None:
    done = call("--version")
    assert done.returncode == 0
    assert done.stdout == f"zinterphase {zinterphase.__version__}\n"


def test_a_mesh_is_written_to_a_file() -> None:
    (line,) = [x for x in call("mesh", "--help").stdout.splitlines() if "--output" in x]
    assert "FILE" in line
    assert ".msh" in line


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"]])
def test_help_and_version_need_no_solver(words: list[str]) -> None:
    done = without_solver(*words)
    assert done.returncode == 0, done.stderr
    assert "interphase" in done.stdout


@pytest.mark.parametrize("command", ["run", "check", "mesh"])
def test_a_command_says_which_packages_are_missing(command: str) -> None:
    done = without_solver(command, "cases/bare.toml")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "mpi4py, petsc4py, DOLFINx are not installed" in line
    assert "zinterphase[fem]" in line


def test_a_wrong_word_is_said_without_the_solver_too() -> None:
    done = without_solver("rn")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "rn" in line


def test_the_launcher_of_another_mpi_is_one_line() -> None:
    done = call("check", "cases/bare.toml", **OPEN_MPI)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "Open MPI's mpirun" in line
    assert str(PROGRAMS / "mpirun") in line


def test_processes_that_are_all_alone_are_one_line() -> None:
    done = call("check", "cases/bare.toml", SLURM_STEP_NUM_TASKS="4", SLURM_PROCID="0")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "srun started 4 processes" in line
    assert "(MPICH 5" in line


@pytest.mark.parametrize(
    ("variables", "library", "unfit"),
    [
        (OPEN_MPI, WHEEL, True),
        ({"PMIX_NAMESPACE": "slurm.1", "SLURM_STEP_NUM_TASKS": "2"}, WHEEL, True),
        ({"PMIX_NAMESPACE": "slurm.1"}, SITE, False),
        (OPEN_MPI, OPEN_MPI_LIBRARY, False),
        ({"PMI_SIZE": "2", "PMI_RANK": "0"}, WHEEL, False),
        ({}, WHEEL, False),
    ],
)
def test_which_launchers_a_library_cannot_start_under(
    variables: dict[str, str], library: str, unfit: bool
) -> None:
    assert (launcher.unfit(variables, library) is not None) == unfit


@pytest.mark.parametrize(
    ("variables", "wrong"),
    [
        ({"PMI_SIZE": "2"}, True),
        ({"PMI_SIZE": "1", "SLURM_STEP_NUM_TASKS": "2"}, False),  # mpirun -n 1 within a step
        ({"SLURM_STEP_NUM_TASKS": "2"}, True),
        ({"SLURM_STEP_NUM_TASKS": "2", "SLURM_PTY_PORT": "1"}, False),  # a shell of srun --pty
        ({"SLURM_NTASKS": "2"}, False),  # a batch script
        ({}, False),
    ],
)
def test_when_a_world_of_one_is_wrong(variables: dict[str, str], wrong: bool) -> None:
    assert (launcher.alone(variables, OPEN_MPI_LIBRARY) is not None) == wrong


@pytest.mark.parametrize(("variables", "first"), [({"PMI_RANK": "1"}, False), ({}, True)])
def test_process_0_speaks(variables: dict[str, str], first: bool) -> None:
    assert launcher.first(variables) == first
