"""A mesh made anew around a fold, on any number of ranks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.solve import cells_anew
from zinterphase.solve.control import Drive

from ..march.free import HIGH, TALL, UM, WIDE, Free, case_on, mushroom

LENGTH = 1.0
"""Of a step of time [s]."""


def marched(march: Free) -> Free:
    """Two steps at a potential, one before and one after the mesh is made anew."""
    march.stepper.switch(lambda time: Drive.by_potential(-2.0), LENGTH, 1)
    for is_last in (False, True):
        trial = march.stepper.attempt(LENGTH)
        assert trial.solved, trial.reason
        march.stepper.accept(trial)
        if not is_last:
            assert march._remesh(march.stepper, LENGTH) is not None
    return march


@pytest.mark.parallel([2, 3])
def test_a_fold_on_a_new_mesh_is_the_same_on_ranks(
    comm: MPI.Intracomm, shared_tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells_anew, "round", lambda stretch: 2, raising=False)
    file = mushroom(shared_tmp_path / "mushroom.msh", 0.8 * UM, comm)
    steps = ("rest for 1 s",)
    text = case_on(
        file, WIDE, HIGH - TALL, steps, level="concentrated", exchange=300.0,
        front=", remesh = true",
    )  # fmt: skip
    march, alone = marched(Free(text, comm)), marched(Free(text))
    assert march.front.remeshes == alone.front.remeshes == 1
    assert march.problem.domain.cell_count == alone.problem.domain.cell_count
    line, other = march.front.line("working"), alone.front.line("working")
    assert comm.allreduce(int(np.array_equal(line, comm.bcast(line)))) == comm.size
    grown = np.abs(march.front.rises["working"]).max()
    assert grown > 1e-3 * UM
    # Points on edges are found in one cell or another, which rounding of Gmsh and the search leave.
    assert np.abs(line - other).max() < 1e-6 * grown
    assert 0.0 < march.front.missed < 1e-4
    here, there = (m.probe.rates() for m in (march, alone))
    for name in ("deposit working", "current"):
        assert here[name] == pytest.approx(there[name], rel=1e-4), name
    assert march.probe.amounts() == pytest.approx(alone.probe.amounts(), rel=1e-6)
    assert max(b.mismatch for b in march.probe.balances(march.stepper.now)) < 1e-9
