"""The folder of a run whose mesh was made anew, and going on with it."""

import csv
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import scipy
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.marched import march_record
from zinterphase.errors import Interrupted
from zinterphase.impedance.prepared import of_run
from zinterphase.march import remeshing
from zinterphase.marching import Hooks, March, write_march
from zinterphase.output.runfolder import MARCH, RunFolder
from zinterphase.output.trajectory import BALANCE, HISTORY
from zinterphase.output.writer import RunOrigin
from zinterphase.solve.problem import Problem

from ..march.test_front_growth import LENGTH
from ..march.test_remeshing import REMESHED
from ..march.test_sliding_nodes import rough

OUTPUT = 'output = {snapshots = "steps", pictures = false}\n'


@pytest.fixture(autouse=True)
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remeshing, "STRETCH", 1.1)


def case() -> Case:
    return Case.from_dict(tomllib.loads(OUTPUT + rough(REMESHED)))


def test_a_run_cut_short_behind_a_new_mesh_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    whole, cut = (RunFolder.create(tmp_path / name) for name in ("whole", "cut"))
    problems: list[Problem] = []
    marched = March(case(), MPI.COMM_SELF, whole, Hooks(begin=problems.append)).run()
    assert len(problems) == 1 + marched.probe.front.remeshes > 1

    calls, meshes = 0, 0

    def begin(problem: Problem) -> None:
        nonlocal meshes
        meshes += 1

    def checkpoint() -> None:
        nonlocal calls
        calls += meshes > 1
        if calls == 30:
            raise Interrupted("now")

    with pytest.raises(Interrupted):
        March(case(), MPI.COMM_SELF, cut, Hooks(begin=begin, checkpoint=checkpoint)).run()
    resumed = March(case(), MPI.COMM_SELF, cut).run(cut.path / MARCH)
    assert resumed.probe.front.remeshes == marched.probe.front.remeshes
    one, other = (read(folder.path / HISTORY) for folder in (whole, cut))
    plated = one["step"].count(1.0)
    for name in ("time", "voltage", "sq", "thickness_cv", "current_cv"):
        assert other[name][:plated] == pytest.approx(one[name][:plated], rel=1e-9), name
        # The first step of the stripping has the gap of its time in it.
        assert other[name] == pytest.approx(one[name], rel=1e-4), name
    for name in ("voltage_error", "thickness_error"):
        assert other[name][:plated] == pytest.approx(one[name][:plated], rel=1e-6), name
    assert len(read(cut.path / BALANCE)["left"]) == len(read(whole.path / BALANCE)["left"])
    check_folder(whole, marched)
    prepared = of_run(case(), MPI.COMM_SELF, whole.path)
    assert prepared.time == marched.last.time
    end = marched.probe.problem
    assert prepared.problem.domain.checksum == end.domain.checksum
    assert prepared.problem.potential.value == pytest.approx(end.potential.value, rel=1e-9)


def read(path: Path) -> dict[str, list[float]]:
    """Columns of a table of numbers; words and empty cells are none."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [number(row[name]) for row in rows if row[name]] for name in rows[0]}


def number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return 0.0


def check_folder(folder: RunFolder, marched) -> None:  # type: ignore[no-untyped-def]
    """Numbers, maps on the first facets, and fields on the meshes of their times."""
    write_march(folder, marched, RunOrigin((), datetime.now(UTC)))
    found = json.loads((folder.path / "results.json").read_text())["quantities"]
    assert found["front.nodes.remeshes"]["value"] == marched.probe.front.remeshes
    assert found["front.nodes.slides"]["value"] == 0
    with scipy.io.netcdf_file(folder.path / "maps.nc", mmap=False) as file:
        area, thickness = (file.variables[name][:].copy() for name in ("area", "thickness"))
    assert area == pytest.approx(LENGTH / 2 / len(area))
    assert thickness[-1].mean() == pytest.approx(found["end.thickness.mean"]["value"], rel=1e-12)
    assert np.diff([len(p.read_bytes()) for p in sorted(folder.path.glob("surface_*.vtp"))]).any()


def test_a_comparison_marches_on_new_meshes(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    taken_over = remeshing.renewed

    def renewed(*given):  # type: ignore[no-untyped-def]
        found = taken_over(*given)
        made.append(found is not given[0])
        return found

    monkeypatch.setattr("zinterphase.march.driver.renewed", renewed)
    record = march_record("key", case(), MPI.COMM_SELF)
    assert record.reason is None
    assert any(made)
