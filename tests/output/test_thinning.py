"""How many snapshots of a series and rows of a history are kept, and which."""

import csv
import tomllib
from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.marching import March
from zinterphase.output import stride as strides
from zinterphase.output.runfolder import RunFolder
from zinterphase.output.stride import MOST, is_kept, stride

from ..march.marching import symmetric


def after(count: int) -> list[int]:
    """Numbers that are there after so many snapshots, each dropped as soon as it is not wanted."""
    kept: list[int] = []
    for number in range(count):
        every = stride(number)
        kept = [n for n in (*kept, number) if n % every == 0]
        assert len(kept) < MOST  # the end of the run has its place
    return kept


@pytest.mark.parametrize("count", [1, 2, 199])
def test_few_are_all_kept(count: int) -> None:
    assert after(count) == list(range(count))


@pytest.mark.parametrize(("count", "every"), [(200, 2), (398, 2), (399, 4), (1900, 16)])
def test_many_are_kept_at_even_distances(count: int, every: int) -> None:
    assert after(count) == list(range(0, count, every))


def test_rows_of_a_long_run_hardly_grow() -> None:
    """All of the first 200 cycles, half as many more each time their number doubles."""
    counts = [sum(map(is_kept, range(cycles))) for cycles in (199, 398, 796, 1592, 3184)]
    assert counts == pytest.approx([199 + 99.5 * k for k in range(5)], abs=5)


@pytest.mark.parametrize(
    ("record", "kept"), [("", {1, 2, 3, 5, 7}), (", record = {growth = 2.0}", set(range(1, 8)))]
)
def test_a_history_keeps_whole_cycles_the_last_one_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: str, kept: set[int]
) -> None:
    monkeypatch.setattr(strides, "MOST", 4)
    step = f'{{mode = "current", current_density = "-1 A/m^2", for = "1 s"{record}}}'
    text = symmetric("concentrated", 2e-5, [f"{{repeat = 7, steps = [{step}]}}"], cells=4)
    folder = RunFolder.create(tmp_path / "run")
    March(Case.from_dict(tomllib.loads(text)), MPI.COMM_SELF, folder).run()
    for name in ("history.csv", "balance.csv"):
        with (folder.path / name).open(newline="") as file:
            assert {int(row["cycle"]) for row in csv.DictReader(file)} == kept
    with (folder.path / "cycles.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 7
    folder.release()
