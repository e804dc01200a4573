"""Maps of a long run: how many are kept, and that they go on after a restart."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI
from scipy.io import netcdf_file

from zinterphase.case import Case
from zinterphase.errors import ZinterphaseError
from zinterphase.marching import Hooks, March
from zinterphase.output import stride
from zinterphase.output.gallery import Frame, Gallery
from zinterphase.output.maps_file import MAPS
from zinterphase.output.runfolder import MARCH, RunFolder
from zinterphase.output.stride import MOST

from ..march.marching import symmetric


def frame(number: int) -> Frame:
    values = np.array([1.0, 2.0]) * number
    held = {"coverage": 0.1 * values}
    return Frame(float(number), number // 2 + 1, number % 2 + 1, values, -values, held)


def test_their_number_is_bounded_and_the_last_is_there() -> None:
    gallery = Gallery()
    for number in range(1900):
        gallery.add(frame(number))
        assert len(gallery.frames) <= MOST
        assert gallery.frames[-1].time == number
    times = [each.time for each in gallery.frames]
    assert times == [*range(0, 1900, 16), 1899]


def test_a_restart_at_any_moment_keeps_the_same() -> None:
    whole, gone_on = Gallery(), Gallery()
    for number in range(450):
        whole.add(frame(number))
        gone_on.add(frame(number))
        if number % 37 == 0:
            gone_on = Gallery.recalled(gone_on.arrays())
    assert gone_on.count == whole.count
    for one, other in zip(gone_on.frames, whole.frames, strict=True):
        assert (one.time, one.cycle, one.step) == (other.time, other.cycle, other.step)
        np.testing.assert_array_equal(one.thickness, other.thickness)
        np.testing.assert_array_equal(one.current_density, other.current_density)
        np.testing.assert_array_equal(one.held["coverage"], other.held["coverage"])
    assert not Gallery.recalled(Gallery().arrays()).frames


def test_ranks_without_maps_know_the_same_frames() -> None:
    whole, bare = Gallery(), Gallery()
    for number in range(450):
        whole.add(frame(number))
        bare.add(frame(number).without_maps)
        if number % 37 == 0:
            bare = Gallery.recalled(Gallery.without_maps(whole.arrays()))
    assert bare.count == whole.count
    assert [each.time for each in bare.frames] == [each.time for each in whole.frames]
    assert not any(each.thickness.size or each.held for each in bare.frames)
    assert not Gallery.recalled(Gallery.without_maps(Gallery().arrays())).frames


class Stop(ZinterphaseError):
    """Where the march is interrupted."""


def march_case() -> Case:
    steps = '{repeat = 12, steps = ["plate at 50 A/m^2 for 1 s", "strip at 50 A/m^2 for 1 s"]}'
    text = symmetric(
        "secondary",
        20e-6,
        [steps],
        cells=4,
        kinetics='double_layer_capacitance = "0.3 F/m^2"',
        more="""output = {snapshots = "steps", fields = "none"}
            time = {rtol = 0.01, first_step = "0.2 s"}""",
    )
    return Case.from_dict(tomllib.loads(text))


def test_a_march_of_many_snapshots_goes_on_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One at the end of each of 24 steps of a protocol; interrupted within the 14th."""
    monkeypatch.setattr(stride, "MOST", 8)
    case, comm, ended = march_case(), MPI.COMM_SELF, 0

    def end(*_: object) -> None:
        nonlocal ended
        ended += 1

    def checkpoint() -> None:
        if ended == 13:
            raise Stop("now")

    folder = RunFolder.create(tmp_path / "run")
    with pytest.raises(Stop):
        March(case, comm, folder, Hooks(end=end, checkpoint=checkpoint)).run()
    with np.load(folder.path / MARCH) as saved:
        assert len(saved["maps/time"]) == 7
    with netcdf_file(folder.path / MAPS, mmap=False) as file:
        assert file.variables["time"].shape == (7,)
    found = March(case, comm, folder).run(folder.path / MARCH)
    times = [1.0, 5.0, 9.0, 13.0, 17.0, 21.0, 24.0]
    np.testing.assert_allclose([each.time for each in found.frames], times)
