"""The folder of a run that jumps over cycles: what a jump that was taken back leaves, a restart."""

from __future__ import annotations

import csv
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import Interrupted
from zinterphase.marching import Hooks, March, Marched
from zinterphase.output.jump_results import jump_quantities
from zinterphase.output.march_results import march_quantities
from zinterphase.output.runfolder import MARCH, RunFolder
from zinterphase.output.trajectory import BALANCE, CYCLES, HISTORY

from ..march.jumping import growing

MORE = 'time.jump = {}\noutput = {snapshots = "cycles", fields = "none", pictures = false}'


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Of a table; what a cycle took counts from a restart."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    effort = {"steps", "newton_iterations", "seconds"} if name == CYCLES else set()
    return [{key: value for key, value in row.items() if key not in effort} for row in found]


def interrupted(case: Case, folder: RunFolder, cycle: int) -> Marched:
    """March, once cut short in a step of this cycle, and resumed."""
    ended = 0

    def end(visit: object, *_: object) -> None:
        nonlocal ended
        ended = visit.cycle  # type: ignore[attr-defined]

    def checkpoint() -> None:
        if ended == cycle:
            raise Interrupted("now")

    with pytest.raises(Interrupted):
        March(case, MPI.COMM_SELF, folder, Hooks(end=end, checkpoint=checkpoint)).run()
    return March(case, MPI.COMM_SELF, folder).run(folder.path / MARCH)


@pytest.mark.parametrize(("thickest", "cut", "refused"), [("10.5 nm", 8, 1), ("1 um", 10, 0)])
def test_a_run_goes_on_amid_and_behind_a_jump_as_if_nothing_had_been(
    thickest: str, cut: int, refused: int, tmp_path: Path
) -> None:
    """Cut short while a jump that will be taken back is on trial, and behind one that stays."""
    case = Case.from_dict(tomllib.loads(growing(10, MORE, thickest=thickest)))
    whole, folder = (RunFolder.create(tmp_path / name) for name in ("whole", "cut"))
    marched = March(case, MPI.COMM_SELF, whole).run()
    report = marched.jumps
    assert report is not None
    assert report.refused == refused
    cycles = rows(whole.path, CYCLES)
    numbers = [int(row["number"]) for row in cycles]
    jumped = [int(row["jumped"]) for row in cycles]
    assert [b - a - 1 for a, b in pairwise(numbers)] == jumped[1:]
    assert sum(jumped) == report.cycles == (0 if refused else 4)
    times = [float(row["time"]) for row in rows(whole.path, HISTORY)]
    assert times == sorted(times)
    assert [frame.cycle for frame in marched.frames] == numbers
    assert interrupted(case, folder, cut).jumps == report
    for name in (CYCLES, HISTORY, BALANCE):
        assert rows(folder.path, name) == rows(whole.path, name), name


def test_results_say_what_is_extrapolated(tmp_path: Path) -> None:
    case = Case.from_dict(tomllib.loads(growing(9, MORE)))
    marched = March(case, MPI.COMM_SELF, RunFolder.create(tmp_path / "run")).run()
    assert marched.jumps is not None
    numbers = march_quantities(
        marched.last, marched.cycles, marched.onset, marched.cost, 0.0, marched.time_errors
    )
    found = jump_quantities(numbers, marched.jumps)
    assert found["run.jumped_cycles"].value == marched.jumps.cycles > 0
    assert "extrapolated over" in str(found["end.charge"].reason)
    assert found["end.charge"].value == numbers["end.charge"].value
