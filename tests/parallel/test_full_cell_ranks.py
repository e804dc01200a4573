"""A full cell is the same on any number of ranks."""

import pytest
from mpi4py import MPI

from ..march.full_cells import full_cell
from ..march.test_full_cell import SHUTTLE
from .test_march_ranks import assert_same

STEPS = ("discharge at 20 C for 0.2 s",)


@pytest.mark.parallel([2, 3])
def test_on_a_line(comm: MPI.Intracomm) -> None:
    assert_same(full_cell(STEPS, zinc=SHUTTLE.format(1e-4)), comm, "graph")


@pytest.mark.parallel([2, 3])
def test_solid_iodine_that_reacts(comm: MPI.Intracomm) -> None:
    reactions = "triiodide = {}\niodine = {}"
    text = full_cell(STEPS, reactions=reactions, zinc=SHUTTLE.format(1e-4))
    assert_same(text, comm, "graph")
