"""Every problem of `zinterphase verify` holds; the longer ones with -m slow.

Those of the family "ranks" run on several ranks in tests/parallel.
"""

from __future__ import annotations

from dataclasses import astuple
from itertools import combinations
from typing import Any

import pytest
from mpi4py import MPI

from zinterphase.verification.known import KnownProblem
from zinterphase.verification.manufactured.studies import FAST
from zinterphase.verification.manufactured.studies import combinations as manufactured
from zinterphase.verification.registry import PROBLEMS


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


def test_the_fast_suite_covers_every_pair_of_manufactured_choices() -> None:
    def pairs(chosen: Any) -> set[Any]:
        return set(combinations(enumerate(astuple(chosen)), 2))

    wanted = set().union(*map(pairs, manufactured()))
    assert wanted == set().union(*map(pairs, FAST))
