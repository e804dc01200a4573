"""States in files: whole or not at all, refused where they do not fit, good to start from."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.errors import FileError
from zinterphase.output.checkpoint import load_state, save_state
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import current, problem_of
from zinterphase.verification.jacobian import SOLID, coarse_case
from zinterphase.verification.ranks import case_called

SELF = MPI.COMM_SELF


@pytest.fixture(scope="module")
def problem() -> Problem:
    return problem_of(coarse_case("secondary", {}), SELF)


@pytest.fixture
def saved(problem: Problem, tmp_path: Path) -> Path:
    save_state(problem, problem.state(), tmp_path / "state.npz")
    return tmp_path / "state.npz"


def rewritten(path: Path, **changes: Any) -> Path:
    """The file with other entries in its header."""
    with np.load(path) as data:
        arrays = dict(data)
    header = json.loads(str(arrays.pop("header"))) | changes
    np.savez(path, header=np.array(json.dumps(header)), **arrays)
    return path


@pytest.mark.parametrize(
    ("changes", "fragments"),
    [
        ({"format": 2}, ["format 2", "this version reads format 1"]),
        ({"mesh": "0123456789abcdef"}, ["mesh 0123456789ab,", "this case has"]),
        ({"level": "pnp"}, ["level pnp", "this case has secondary"]),
        ({"order": 2}, ["order 2", "this case has 1"]),
        ({"fields": {"liquid": ["ln_c"]}}, ["liquid: ln_c", "liquid: potential"]),
        ({"scalars": {}}, ["global unknowns", "potential"]),
    ],
)
def test_another_kind_of_state_is_refused(
    changes: dict[str, Any], fragments: list[str], problem: Problem, saved: Path
) -> None:
    rewritten(saved, written_by="7.8.9", **changes)
    with pytest.raises(FileError) as refused:
        load_state(problem, saved)
    line = str(refused.value)
    assert "\n" not in line
    assert all(text in line for text in [*fragments, str(saved), "zinterphase 7.8.9"])


@pytest.mark.parametrize(
    "changes", [{"load": "much"}, {"load": float("nan")}, {"scalars": {"potential": None}}]
)
def test_what_is_no_number_is_refused(
    changes: dict[str, Any], problem: Problem, saved: Path
) -> None:
    with pytest.raises(FileError, match="or a damaged one"):
        load_state(problem, rewritten(saved, **changes))


def test_fields_of_another_size_are_refused(problem: Problem, saved: Path) -> None:
    with np.load(saved) as data:
        arrays = dict(data)
    np.savez(saved, **arrays | {"liquid": arrays["liquid"][:-1]})
    with pytest.raises(FileError, match="or a damaged one"):
        load_state(problem, saved)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"\x93NUMPY", b"{}"])
def test_other_files_are_refused(content: bytes, problem: Problem, saved: Path) -> None:
    saved.write_bytes(content)
    with pytest.raises(FileError, match="or a damaged one"):
        load_state(problem, saved)


def test_a_kill_leaves_the_last_whole_state(problem: Problem, saved: Path) -> None:
    whole = saved.read_bytes()
    program = f"""
        import os, signal
        from pathlib import Path
        from zinterphase.output.files import replacing

        path = Path({str(saved)!r})
        with replacing(path) as temporary, temporary.open("wb") as file:
            file.write(b"half")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert saved.read_bytes() == whole
    assert np.array_equal(
        load_state(problem, saved).fields["liquid"], problem.state().fields["liquid"]
    )


@pytest.mark.parametrize("name", ["secondary-metal-porous", "primary-film"])
def test_a_solution_is_one_after_reading_it(name: str, tmp_path: Path) -> None:
    """In another problem of the same case, the electrode's potential with it; no Newton step."""
    case = case_called(name)
    first = problem_of(case, SELF)
    first.solve()
    save_state(first, first.state(), tmp_path / "state.npz")
    second = problem_of(case, SELF)
    second.restore(load_state(second, tmp_path / "state.npz"))
    assert second.potential.value == first.potential.value != 0.0
    residuals = [np.concatenate(p.system.residual()) for p in (first, second)]
    assert np.array_equal(*residuals)
    assert len(second.solve_here().iterations) <= 1


def test_a_solve_goes_on_from_a_part_of_the_load() -> None:
    case = coarse_case("electroneutral", {"metal_layer": SOLID, "control": current(-40.0)})
    problem = problem_of(case, SELF)
    problem.rest()
    problem.set_load(0.5)
    problem.solve_here()
    half = problem.state()
    problem.rest()
    attempts = problem.solve(half)
    assert [a.converged for a in attempts] == [True]
    found = problem.state()
    problem.solve()
    assert np.allclose(problem.state().fields["liquid"], found.fields["liquid"], atol=1e-9)


def test_a_bad_start_on_the_way_ends_in_a_solve_from_rest() -> None:
    problem = problem_of(coarse_case("secondary", {}), SELF)
    problem.solve()
    wanted = problem.state()
    spoiled = {name: values + 300.0 for name, values in wanted.fields.items()}
    attempts = problem.solve(type(wanted)(spoiled, wanted.scalars, 0.5))
    assert attempts[-1].converged
    found = problem.state()
    assert np.allclose(found.fields["liquid"], wanted.fields["liquid"], atol=1e-9)
