"""A sweep on several ranks gives the numbers of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.parallel import on_root
from zinterphase.sweep.axes import axes_of
from zinterphase.sweep.outcome import Sweep, sweep

CASE = Path(__file__).parents[2] / "cases/titania.toml"
AXES = axes_of(
    [
        "geometry={dimension=1}", "metrics={}", "mesh.far_size=20 um",
        'kinetics.zinc={exchange_current_density="0.5 mA/cm^2"}',
        "layers.electrolyte.thickness=100 um,400 um",
        "control.current_density=-20 mA/cm^2,-80 mA/cm^2",
    ],
    [],
    "grid",
)  # fmt: skip


def values(found: Sweep) -> list[float]:
    return [row.numbers[name][0] for row in found.rows for name in found.metrics if row.numbers]


@pytest.mark.parallel([2, 3])
@pytest.mark.parametrize("members_at_once", [1, 2])
def test_members_on_parts_of_the_ranks(comm: MPI.Intracomm, members_at_once: int) -> None:
    together = sweep(CASE, AXES, comm=comm, members_at_once=members_at_once)
    alone = on_root(comm, lambda: sweep(CASE, AXES, comm=MPI.COMM_SELF))
    assert [row.settings for row in together.rows] == [row.settings for row in alone.rows]
    assert len(values(alone)) == 4
    assert values(together) == pytest.approx(values(alone), rel=1e-6)
