"""What comes to a rank at once grows as the surface, not as the volume."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, override

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.geometry.build import build
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.mesh import Domain
from zinterphase.output.checkpoint import load_state
from zinterphase.output.writer import RunOrigin, open_folder, write_result
from zinterphase.run import solve
from zinterphase.verification.cells import Metal, binary, case_of, current

SURFACE, VOLUME = 2 / 3, 1.0
"""Exponents of the number of cells."""


class Counting(MPI.Intracomm):
    """Counts the bytes that come to this rank where something goes to one rank or to all."""

    arrived = 0

    @override
    def allgather(self, sendobj: Any) -> Any:
        return self._counted(super().allgather(sendobj))

    @override
    def gather(self, sendobj: Any, root: int = 0) -> Any:
        return self._counted(super().gather(sendobj, root))

    @override
    def bcast(self, obj: Any, root: int = 0) -> Any:
        return self._counted(super().bcast(obj, root))

    @override
    def scatter(self, sendobj: Any, root: int = 0) -> Any:
        self._counted(sendobj)
        return super().scatter(sendobj, root)

    @override
    def Allgatherv(self, sendbuf: Any, recvbuf: Any) -> None:
        super().Allgatherv(sendbuf, recvbuf)
        self._counted(recvbuf)

    @override
    def Gatherv(self, sendbuf: Any, recvbuf: Any, root: int = 0) -> None:
        super().Gatherv(sendbuf, recvbuf, root)
        self._counted(recvbuf)

    @override
    def Allreduce(self, sendbuf: Any, recvbuf: Any, op: MPI.Op = MPI.SUM) -> None:
        super().Allreduce(sendbuf, recvbuf, op)
        self._counted(recvbuf)

    def _counted(self, found: Any) -> Any:
        Counting.arrived += len(pickle.dumps(found))
        return found


def case_with(size: str) -> Case:
    return case_of(
        "electroneutral", 2e-6, binary(2, 10.0), Metal(10.0), control=current(-1.0), width=2e-6,
        geometry={"dimension": 3, "depth": "2 um"}, solver={"preset": "direct"},
        mesh={"lateral_size": size, "far_size": size, "first_cell": size, "growth": 1.01},
    )  # fmt: skip


def cost(comm: MPI.Intracomm, size: str, folder: Path) -> tuple[int, int]:
    """Cells, and bytes that come to this rank for the mesh, a solve, its files and the state."""
    case = case_with(size)
    Counting.arrived = 0
    result = solve(case, Counting(comm))
    origin = RunOrigin(("zinterphase",), datetime.now(UTC))
    write_result(open_folder(Counting(comm), folder / size, case), result, origin)
    load_state(result.problem, folder / size / "state.npz")
    return result.problem.domain.cell_count, Counting.arrived


@pytest.mark.parallel([2, 3])
def test_no_rank_gets_what_grows_as_the_volume(
    comm: MPI.Intracomm, shared_tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Domain, "comm", property(lambda self: Counting(self.mesh.comm)))
    found = [cost(comm, size, shared_tmp_path) for size in ("0.25 um", "0.125 um")]
    (few, less), (many, more) = found
    assert many > 6 * few
    growth = np.log(more / less) / np.log(many / few)
    every = comm.allgather((found, float(growth)))
    assert max(exponent for _, exponent in every) < (SURFACE + VOLUME) / 2, every


@pytest.mark.parallel([2, 3])
def test_no_rank_gets_the_mesh(comm: MPI.Intracomm) -> None:
    """Nor what grows with it, besides its own cells."""
    found = []
    for size in ("0.25 um", "0.125 um"):
        raw = build(recipe_from_case(case_with(size))) if comm.rank == 0 else None
        Counting.arrived = 0
        Domain.create(Counting(comm), raw)
        found.append(Counting.arrived)
    less, more = found
    assert 0 < more <= less
