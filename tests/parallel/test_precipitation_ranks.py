"""Solids on electrodes and in pores are the same on any number of ranks."""

import pytest
from mpi4py import MPI

from ..march.test_precipitation import CLOSED
from .test_march_ranks import assert_same

SHORT = CLOSED.replace("20 s", "0.02 s").replace("10 s", "0.02 s")


@pytest.mark.parallel([2, 3])
def test_on_a_line(comm: MPI.Intracomm) -> None:
    assert_same(SHORT, comm)
