"""A front that moves freely does so alike on any number of ranks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.march.stepper import CURRENT, Stepper
from zinterphase.march.tolerance import Tolerances
from zinterphase.output.march_state import MarchState, load_march, save_march
from zinterphase.solve.control import Drive

from ..march.free import HIGH, TALL, UM, WIDE, Free, case_on, mushroom

LENGTH = 1.0
"""Of a step of time [s]."""


def begun(march: Free) -> Stepper:
    problem = march.problem
    return Stepper(
        problem, lambda: {CURRENT: np.array([problem.terminal_current])}, Tolerances(problem, 1e-3)
    )


def marched(march: Free) -> Stepper:
    """Two steps at a potential, one before and one after the mesh is measured anew."""
    stepper = begun(march)
    stepper.switch(lambda time: Drive.by_potential(-2.0), LENGTH, 1)
    for _ in range(2):
        trial = stepper.attempt(LENGTH)
        assert trial.solved, trial.reason
        stepper.accept(trial)
        march.front.measure()
        stepper.restart()
    return stepper


@pytest.mark.parallel([2, 3])
@pytest.mark.parametrize("level", ["secondary", "concentrated"])
def test_a_fold_is_the_same_on_ranks_and_goes_on_alone(
    level: str, comm: MPI.Intracomm, shared_tmp_path: Path
) -> None:
    file = mushroom(shared_tmp_path / "mushroom.msh", 0.8 * UM, comm)
    text = case_on(file, WIDE, HIGH - TALL, ("rest for 1 s",), level=level, exchange=300.0)
    march, alone = Free(text, comm), Free(text)
    stepper, _ = marched(march), marched(alone)
    line, moved = march.front.line("working"), march.front.rises["working"]
    assert comm.allreduce(int(np.array_equal(line, comm.bcast(line)))) == comm.size
    size = np.abs(moved).max()
    assert size > 1e-3 * UM
    assert np.abs(moved - alone.front.rises["working"]).max() < 1e-8 * size
    footing, path = stepper.footing(), shared_tmp_path / f"{level}.npz"
    assert footing is not None
    reached = stepper.memory()
    state = MarchState(stepper.points, march.driver.progress, {}, reached, footing=footing)
    save_march(march.problem, state, path)
    saved = load_march(alone.problem, path)
    begun(alone).resume(saved.points, saved.reached, saved.footing)
    assert np.array_equal(alone.front.line("working"), line)
    assert alone.front.distortion() == pytest.approx(march.front.distortion(), rel=1e-9)
    assert alone.probe.amounts() == pytest.approx(march.probe.amounts(), rel=1e-12)
