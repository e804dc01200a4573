"""Problems end with their last use, and give back what MPI has few of."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.run import mesh_case
from zinterphase.solve.problem import Problem

CASES = Path(__file__).parents[2] / "cases"


def free_communicators() -> int:
    taken: list[MPI.Intracomm] = []
    try:
        while True:
            taken.append(MPI.COMM_SELF.Dup())
    except MPI.Exception:
        return len(taken)
    finally:
        for comm in taken:
            comm.Free()


@pytest.fixture
def no_collections() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collections")
def test_problems_one_after_the_other_leave_communicators_for_others() -> None:
    case = Case.load(
        CASES / "dual_layer.toml", ["level=secondary", "layers.electrolyte.thickness=5 um"]
    )

    def solved() -> int:
        problem = Problem(case, mesh_case(case, MPI.COMM_SELF).domain)
        problem.solve()
        problem.close()
        return free_communicators()

    first, *others = [solved() for _ in range(4)]
    assert others[-1] >= first - 1


@pytest.mark.usefixtures("no_collections")
def test_a_problem_ends_with_its_last_use() -> None:
    case = Case.load(CASES / "bare.toml", ["level=secondary"])
    problem = Problem(case, mesh_case(case, MPI.COMM_SELF).domain)
    ended: list[str] = []
    problem.checkpoint = Marker(ended)
    del problem
    assert ended == ["ended"]


class Marker:
    """Tells when what holds it is gone."""

    def __init__(self, ended: list[str]) -> None:
        self._ended = ended

    def __call__(self) -> None: ...

    def __del__(self) -> None:
        self._ended.append("ended")
