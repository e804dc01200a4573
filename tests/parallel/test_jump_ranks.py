"""Jumps over cycles are the same on any number of ranks."""

from __future__ import annotations

import pytest
from mpi4py import MPI

from ..march.jumping import fading
from ..march.marching import March


@pytest.mark.parallel([2, 3])
def test_jumps_on_ranks(comm: MPI.Intracomm) -> None:
    text = fading(9, "time.jump = {}", "1e-6 A/m^2")
    alone, shared = March(text), March(text, comm, "interfaces")
    alone.run()
    shared.run()
    one, other = alone.journal.book.rows, shared.journal.book.rows
    assert [(r.number, r.jumped) for r in other] == [(r.number, r.jumped) for r in one]
    assert sum(row.jumped for row in one) > 0
    for a, b in zip(one, other, strict=True):
        assert b.stripped == pytest.approx(a.stripped, rel=1e-6)
        assert b.concentration == pytest.approx(a.concentration, rel=1e-6)
    reports = alone.driver.jumping.report, shared.driver.jumping.report
    assert reports[0] is not None
    assert reports[1] is not None
    assert reports[1].charge_error == pytest.approx(reports[0].charge_error, rel=5e-2, abs=1e-7)
