"""Steady cases solved, their numbers by name."""

from __future__ import annotations

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.output.results import quantities
from zinterphase.result import Result
from zinterphase.run import solve


def balanced(case: Case) -> Result:
    """Solved, with every balance closed."""
    result = solve(case, MPI.COMM_SELF)
    assert max(b.mismatch for b in result.balances) < 1e-10
    return result


def value(result: Result, key: str) -> float:
    found = quantities(result)[key].value
    assert isinstance(found, float)
    return found
