"""A front that moves freely does so alike on any number of ranks, saved and gone on with too."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.march.sample import Sample
from zinterphase.output.march_state import MarchState, load_march, save_march

from ..march.free import HIGH, TALL, UM, WIDE, Free, case_on, mushroom

STEPS = ("plate at 10 mA/cm^2 for 120 s",)


def folded(path: Path, comm: MPI.Intracomm) -> str:
    mushroom(path, 0.5 * UM, comm)
    more = 'counter.type = "electrode"\ntime.rtol = 1e-2'
    energy = ', surface_energy = "0.9 J/m^2"'
    return case_on(
        path, WIDE, HIGH - TALL, STEPS, level="concentrated", front=energy, more=more, exchange=50.0
    )


@pytest.mark.parallel([2, 3])
def test_a_fold_is_the_same_on_ranks_and_goes_on_alone(
    comm: MPI.Intracomm, shared_tmp_path: Path
) -> None:
    text, path = folded(shared_tmp_path / "mushroom.msh", comm), shared_tmp_path / "march.npz"
    march, alone = Free(text, comm), Free(text)
    (one,), (other,) = march.run(), alone.run()
    assert len(one.samples) == len(other.samples)
    for field in fields(Sample):
        if field.name in ("mismatch", "voltage_error", "current_error", "thickness_error"):
            continue
        found, wanted = (getattr(passed.last, field.name) for passed in (one, other))
        assert found == pytest.approx(wanted, rel=1e-6, abs=1e-15, nan_ok=True), field.name
    line = march.front.line("working")
    assert comm.allreduce(int(np.array_equal(line, comm.bcast(line)))) == comm.size
    assert np.abs(line - alone.front.line("working")).max() < 1e-9 * WIDE
    stepper, footing = march.stepper, march.stepper.footing()
    assert footing is not None  # the mesh was measured anew
    reached = stepper.memory()
    state = MarchState(stepper.points, march.driver.progress, {}, reached, footing=footing)
    save_march(march.problem, state, path)
    further = Free(text)
    saved = load_march(further.problem, path)
    further.stepper.resume(saved.points, saved.reached, saved.footing)
    assert np.array_equal(further.front.line("working"), line)
    assert further.front.distortion() == pytest.approx(march.front.distortion(), rel=1e-9)
    assert further.front.strained == pytest.approx(march.front.strained, rel=1e-9)
    assert further.probe.amounts() == pytest.approx(march.probe.amounts(), rel=1e-12)
