"""A 1:2 salt on several ranks."""

from __future__ import annotations

import pytest
from mpi4py import MPI

from zinterphase.verification.chloride import one_two_salt


@pytest.mark.parallel([1, 2, 3])
def test_a_one_two_salt_meets_its_closed_form(comm: MPI.Intracomm) -> None:
    checks = list(one_two_salt(comm))
    assert len(checks) == 10
    assert [check.quantity for check in checks if not check.passed] == []
