"""maps.nc: what is written comes back, with its units, in the form that xarray reads."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.io import netcdf_file

from zinterphase.output.gallery import Frame
from zinterphase.output.maps_file import write_maps

from .runs_in_time import centres, snapshots


@pytest.mark.parametrize(
    ("dimension", "names"), [(1, {"height"}), (2, {"x", "height"}), (3, {"x", "y", "height"})]
)
def test_maps_come_back(tmp_path: Path, dimension: int, names: set[str]) -> None:
    position = centres(dimension, 7)
    area = np.linspace(1.0, 2.0, len(position))
    frames = snapshots(position, 3)
    write_maps(tmp_path / "maps.nc", position, area, frames, "zinc")
    with netcdf_file(tmp_path / "maps.nc", mmap=False) as file:
        assert set(file.variables) == names | {
            "time", "cycle", "step", "area", "thickness", "current_density",
        }  # fmt: skip
        assert file.title == b"zinc"
        for name, axis in zip(("x", "y"), range(dimension - 1), strict=False):
            np.testing.assert_array_equal(file.variables[name][:], position[:, axis])
        np.testing.assert_array_equal(file.variables["height"][:], position[:, -1])
        np.testing.assert_array_equal(file.variables["area"][:], area)
        for name in ("time", "cycle", "step"):
            assert file.variables[name].dimensions == ("time",)  # a coordinate of its dimension
            np.testing.assert_array_equal(
                file.variables[name][:], [getattr(frame, name) for frame in frames]
            )
        for name, unit in (("thickness", b"m"), ("current_density", b"A m-2")):
            variable = file.variables[name]
            assert variable.dimensions == ("time", "facet")
            assert variable.units == unit
            np.testing.assert_array_equal(variable[:], [getattr(frame, name) for frame in frames])
        # xarray would take "seconds" for durations and round them; and attaches these names
        assert file.variables["time"].units == b"s"
        assert set(file.variables["thickness"].coordinates.split()) == {
            name.encode() for name in names | {"cycle", "step"}
        }
        assert all(v.long_name and v.units for v in file.variables.values())
    assert [path.name for path in tmp_path.iterdir()] == ["maps.nc"]


def test_states_of_the_surface_come_back(tmp_path: Path) -> None:
    position = centres(2, 5)
    share = np.linspace(0.0, 1.0, len(position))
    frames = [replace(each, held={"coverage": share}) for each in snapshots(position, 1)]
    write_maps(tmp_path / "maps.nc", position, np.ones(5), frames)
    with netcdf_file(tmp_path / "maps.nc", mmap=False) as file:
        variable = file.variables["coverage"]
        assert (variable.dimensions, variable.units) == (("time", "facet"), b"1")
        np.testing.assert_array_equal(variable[:], [share] * len(frames))


def test_a_run_without_snapshots_has_empty_maps(tmp_path: Path) -> None:
    write_maps(tmp_path / "maps.nc", centres(2, 5), np.ones(5), [])
    with netcdf_file(tmp_path / "maps.nc", mmap=False) as file:
        assert file.variables["thickness"].shape == (0, 5)


def test_a_failure_leaves_the_file_before(tmp_path: Path) -> None:
    path, position = tmp_path / "maps.nc", centres(2, 5)
    write_maps(path, position, np.ones(5), snapshots(position, 1))
    before = path.read_bytes()
    torn = Frame(1.0, 1, 1, np.ones(4), np.ones(5))
    with pytest.raises(ValueError, match="shape"):
        write_maps(path, position, np.ones(5), [torn])
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["maps.nc"]
