"""A comparison on several ranks: members side by side, the same numbers on all of them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.compare import compare
from zinterphase.ensemble.groups import MEMBERS
from zinterphase.ensemble.jobs import Job, run_job, run_standing
from zinterphase.ensemble.standing import Standing
from zinterphase.parallel import on_root

from ..ensemble.comparisons import case, in_time, values


def cases() -> list[Case]:
    return [case("bare"), case("dual_layer")]


@pytest.mark.parallel([3])
def test_members_side_by_side_give_the_same_numbers(
    comm: MPI.Intracomm, shared_tmp_path: Path
) -> None:
    calls: list[tuple[int, int]] = []
    seen: list[tuple[int, float, int, int]] = []
    comparison = compare(
        cases(),
        currents=[-10.0, -50.0],
        seeds=2,
        comm=comm,
        folder=shared_tmp_path,
        progress=lambda text, done, total: calls.append((done, total)),
        on_result=lambda result, k, current, seed: seen.append(
            (k, current, seed, result.problem.domain.comm.size)
        ),
    )
    alone = on_root(
        comm, lambda: compare(cases(), currents=[-10.0, -50.0], seeds=2, comm=MPI.COMM_SELF)
    )
    assert comparison.members == alone.members
    assert comparison.table == alone.table
    assert comparison.numerical_errors == alone.numerical_errors
    assert calls == ([(k, 12) for k in range(1, 13)] if comm.rank == 0 else [])
    every = sorted(comm.allreduce(seen))
    assert every == [(k, i, 1, 1) for k in (0, 1) for i in (-50.0, -10.0)]
    if comm.rank == 0:
        assert len((shared_tmp_path / MEMBERS).read_text(encoding="utf-8").splitlines()) == 12


@pytest.mark.parallel([2])
def test_a_member_on_all_ranks_gives_the_same_numbers(
    comm: MPI.Intracomm, shared_tmp_path: Path
) -> None:
    together = compare(cases(), seeds=1, comm=comm, members_at_once=1, folder=shared_tmp_path)
    alone = on_root(comm, lambda: compare(cases(), seeds=1, comm=MPI.COMM_SELF))
    assert values(together) == pytest.approx(values(alone), rel=1e-6, abs=1e-10)
    again = compare(cases(), seeds=1, comm=comm, folder=shared_tmp_path)
    assert again.members == together.members


@pytest.mark.parallel(2)
def test_marches_side_by_side_and_on_all_ranks_give_the_same_numbers(comm: MPI.Intracomm) -> None:
    cases = [in_time("bare")]
    apart = compare(cases, seeds=2, comm=comm)
    together = compare(cases, seeds=2, comm=comm, members_at_once=1)
    alone = on_root(comm, lambda: compare(cases, seeds=2, comm=MPI.COMM_SELF))
    assert apart.members == alone.members
    assert apart.table == alone.table
    assert values(together) == pytest.approx(values(alone), rel=1e-6, abs=1e-10)


@pytest.mark.parallel([2, 3])
def test_seeds_that_share_a_problem_on_all_ranks(comm: MPI.Intracomm) -> None:
    flat = ["geometry.surface={shape='flat'}", "mesh.lateral_size=0.5 um", "mesh.far_size=4 um"]
    of, keys = case("bare", *flat, "level=secondary"), {-10.0: "small", -50.0: "large"}
    with closing(Standing()) as standing:
        for seed in (1, 2):
            shared = run_standing(Job(0, of.title, of, seed), keys, comm, None, standing)
            alone = run_job(Job(0, of.title, of, seed), keys, comm)
            for (_, found), (_, wanted) in zip(shared, alone, strict=True):
                assert found.numbers() == {
                    name: (pytest.approx(value, rel=1e-9), unit)
                    for name, (value, unit) in wanted.numbers().items()
                }
