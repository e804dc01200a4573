"""A study of mechanisms on several ranks: the same rows on all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Draft
from zinterphase.mechanisms.ranges import anodes
from zinterphase.mechanisms.study import mechanisms, plan_mechanisms
from zinterphase.mechanisms.switches import switchboard
from zinterphase.mechanisms.tornado import plan_tornado, tornado
from zinterphase.parallel import on_root

from ..mechanisms.drafts import few, in_time

CASE = Path(__file__).parents[2] / "cases" / "bare.toml"
SMALL = ["geometry.width=10 um", "layers.electrolyte.thickness=10 um"]


@pytest.mark.parallel(2)
def test_a_study_is_the_same_on_two_ranks(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    draft = Draft.load(CASE, SMALL)
    plan = plan_mechanisms(draft, level="secondary", only=["spread"], currents=[-10.0])
    cost = plan.cost(comm, folder=shared_tmp_path)
    assert (cost.runs, cost.finished, cost.at_once) == (22, 0, 2)
    together = mechanisms(plan, comm=comm, folder=shared_tmp_path)
    alone = on_root(comm, lambda: mechanisms(plan, comm=MPI.COMM_SELF))
    assert together.rows == alone.rows
    assert together.members == alone.members
    assert plan.cost(comm, folder=shared_tmp_path).finished == 22


@pytest.mark.parallel(2)
def test_marches_of_a_study_are_the_same_on_two_ranks(
    comm: MPI.Intracomm, shared_tmp_path: Path
) -> None:
    """An anode and its bare metal in time."""
    setting = few(anodes(switchboard(in_time("titania"), "secondary")))
    asked = plan_tornado(setting, [-10.0], [1])
    cost = asked.cost(comm, folder=shared_tmp_path)
    assert (cost.runs, cost.at_once) == (2, 2)
    assert cost.seconds_per_run > 0.0
    together = tornado(setting, asked, comm=comm, folder=shared_tmp_path)
    alone = on_root(comm, lambda: tornado(setting, asked, comm=MPI.COMM_SELF))
    assert together.nominal == alone.nominal
    assert together.nominal[-10.0].numbers["hysteresis"] > 0.0
    assert asked.cost(comm, folder=shared_tmp_path).finished == 2
