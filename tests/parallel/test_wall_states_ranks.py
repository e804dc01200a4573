"""States of walls are the same on any number of ranks, files included."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.output.march_state import MarchState, load_march, save_march

from ..march.marching import March
from ..march.walls import patchy
from .test_march_ranks import assert_same

SHORT = ("plate at 1 mA/cm^2 for 1 s",)


@pytest.mark.parallel([2])
@pytest.mark.parametrize("kind", ["meshed metal", "pores"])
def test_a_march(kind: str, comm: MPI.Intracomm) -> None:
    assert_same(patchy(kind, SHORT), comm)


@pytest.mark.parallel([2])
def test_a_file_of_two_ranks_on_one(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    text, path = patchy("facets", SHORT), shared_tmp_path / "march.npz"
    march = March(text, comm, "interfaces")
    march.run()
    state = MarchState(march.stepper.points, march.driver.progress, {}, march.stepper.memory())
    save_march(march.problem, state, path)
    alone = March(text)
    found = load_march(alone.problem, path).points[0].stored.surfaces
    held = march.stepper.now.stored.surfaces
    assert march.problem.storage is not None
    assert alone.problem.storage is not None
    assert set(found) == set(held)
    for name, values in held.items():
        numbers = np.concatenate(comm.allgather(march.problem.storage.surfaces[name].cells.numbers))
        whole = np.concatenate(comm.allgather(values))[np.argsort(numbers)]
        order = np.argsort(alone.problem.storage.surfaces[name].cells.numbers)
        assert np.array_equal(found[name][order], whole)
