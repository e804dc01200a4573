"""Every problem of `zinterphase verify` holds; those of the suite `full` alone with -m slow."""

from __future__ import annotations

from typing import Any

import pytest
from mpi4py import MPI

from zinterphase.verification import PROBLEMS, KnownProblem


def problems() -> list[Any]:
    return [pytest.param(p, id=p.name, marks=() if p.fast else pytest.mark.slow) for p in PROBLEMS]


@pytest.mark.parametrize("problem", problems())
def test_known_solution(problem: KnownProblem) -> None:
    checks = list(problem.checks(MPI.COMM_SELF))
    assert checks
    assert not [check for check in checks if not check.passed]


def test_names_are_unique() -> None:
    names = [problem.name for problem in PROBLEMS]
    assert len(set(names)) == len(names)
