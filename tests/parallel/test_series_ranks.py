"""Series of fields and surfaces: written by all ranks, with their times, and gone on with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import pyvista as pv
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.output import stride
from zinterphase.output.field_series import FieldSeries
from zinterphase.output.runfolder import RunFolder
from zinterphase.parallel import on_root
from zinterphase.run import mesh_case
from zinterphase.solve.problem import Problem

FACETS = np.array([[1e-6, 0.0], [9e-6, 0.0]])


def case(form: str) -> Case:
    settings = [
        "geometry.width=10 um", "level=secondary", "layers.electrolyte.thickness=10 um",
        "mesh.far_size=10 um", f"output.fields={form}",
    ]  # fmt: skip
    return Case.load(Path(__file__).parents[2] / "cases/titania.toml", settings)


def problem_of(case: Case, comm: MPI.Intracomm) -> Problem:
    problem = Problem(case, mesh_case(case, comm).domain)
    problem.rest()
    return problem


def opened(path: Path, comm: MPI.Intracomm) -> RunFolder:
    made: list[RunFolder] = []
    on_root(comm, lambda: made.append(RunFolder.create(path)))
    return made[0] if made else RunFolder(path)


def add(series: FieldSeries, problem: Problem, number: int, *, last: bool = False) -> None:
    """A snapshot at 0.1 s times its number, with potentials of as many kT/e."""
    for field in problem.fields.values():
        field.x.array[:] = number
    keep = series.finish if last else series.add
    keep(problem, 0.1 * number, (FACETS, 1e-6 * number * np.array([1.0, 2.0])))


def names(path: Path) -> set[str]:
    return {entry.name for entry in path.iterdir()}


@pytest.mark.parallel([3])
def test_a_viewer_finds_every_snapshot_that_is_kept(
    comm: MPI.Intracomm, shared_tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stride, "MOST", 4)
    chosen = case("pvd")
    problem, folder = problem_of(chosen, comm), opened(shared_tmp_path, comm)
    series = FieldSeries(folder, chosen, comm)
    for number in range(8):
        add(series, problem, number)
    assert [s.number for s in series.kept] == [0, 2, 4]
    for _ in range(2):  # the second time there is one of this time
        add(series, problem, 8, last=True)
    assert [(s.number, s.time) for s in series.kept] == [(0, 0.0), (4, 0.4), (8, 0.8)]
    if comm.rank == 0:
        check_fields(shared_tmp_path, problem, [0, 4, 8])
        check_surfaces(shared_tmp_path, [0, 4, 8])
        assert names(shared_tmp_path) == {*folder.files}
    comm.barrier()
    resumed = FieldSeries(folder, chosen, comm, until=0.65, count=7)
    assert [s.number for s in resumed.kept] == [0, 4]
    if comm.rank == 0:
        check_fields(shared_tmp_path, problem, [0, 4])
        assert names(shared_tmp_path) == {*folder.files}
    comm.barrier()
    for number in (7, 8):
        add(resumed, problem, number)
    if comm.rank == 0:
        check_surfaces(shared_tmp_path, [0, 4, 8])
    comm.barrier()


def check_fields(path: Path, problem: Problem, numbers: list[int]) -> None:
    """Those of each time are whole, and no others are there."""
    fields = pv.get_reader(path / "fields.pvd")
    assert fields.time_values == [0.1 * number for number in numbers]
    for number in numbers:
        fields.set_active_time_value(0.1 * number)
        blocks = fields.read()
        assert [b.field_data["layer_name"][0] for b in blocks] == ["titania", "electrolyte"]
        whole = blocks.combine()
        size = whole.compute_cell_sizes(length=False, volume=False)["Area"].sum()
        assert size == pytest.approx(10e-6 * 11e-6, rel=1e-2)  # no cell twice
        potential = number * problem.bulk.thermal_voltage
        np.testing.assert_allclose(whole.point_data["potential"], potential, rtol=1e-9)
    found = {name.split("_")[1] for name in names(path) if name.startswith("fields_")}
    assert found == {f"{number:04d}" for number in numbers}


def check_surfaces(path: Path, numbers: list[int]) -> None:
    """The deposit of the facets' halves at each time."""
    surfaces = pv.get_reader(path / "surface.pvd")
    assert surfaces.time_values == [0.1 * number for number in numbers]
    for number in numbers:
        surfaces.set_active_time_value(0.1 * number)
        surface = surfaces.read()[0]
        left = surface.cell_centers().points[:, 0] < 5e-6
        expected = 1e-6 * number * np.where(left, 1.0, 2.0)
        np.testing.assert_allclose(surface.cell_data["thickness"], expected)
    found = {name for name in names(path) if name.startswith("surface_")}
    assert found == {f"surface_{number:04d}.vtp" for number in numbers}


@pytest.mark.parallel(2)
@pytest.mark.parametrize("form", ["bp", "none"])
def test_other_forms_have_no_collection_of_fields(
    comm: MPI.Intracomm, shared_tmp_path: Path, form: str
) -> None:
    chosen = case(form)
    problem, folder = problem_of(chosen, comm), opened(shared_tmp_path, comm)
    series = FieldSeries(folder, chosen, comm)
    for number in range(2):
        add(series, problem, number)
    if comm.rank == 0:
        fields = {"fields_0000.bp", "fields_0001.bp"} if form == "bp" else set()
        found = {name for name in names(shared_tmp_path) if name.startswith(("fields", "solid"))}
        assert found == fields
        check_surfaces(shared_tmp_path, [0, 1])
    comm.barrier()
