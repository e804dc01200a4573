"""Figures of runs in time: the right lines in the right units, whatever the run's length."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib import image
from PIL import Image

from zinterphase.case import Case
from zinterphase.errors import FileError
from zinterphase.output.animation import write_animation
from zinterphase.output.chosen_frames import chosen
from zinterphase.output.deposit_figure import deposit_figure
from zinterphase.output.figures import save_figure
from zinterphase.output.history import History
from zinterphase.output.time_axes import extremes, time_axis
from zinterphase.output.voltage_figure import voltage_figure

from .program import ROOT
from .runs_in_time import DEPTH, HOUR, WIDTH, centres, history, rows, snapshots, write_history


def case(dimension: int) -> Case:
    """Figures take its title and extents; on a line no extents."""
    settings = ["geometry.width=30 um"]
    if dimension == 3:
        settings += ["geometry.dimension=3", "geometry.depth=20 um"]
    return Case.load(ROOT / "cases/bare.toml", settings)


def test_history_is_read_with_empty_cells_as_unknown(tmp_path: Path) -> None:
    made = history(2)
    write_history(tmp_path / "history.csv", made, unknown=["thickness"])
    found = History.from_csv(tmp_path / "history.csv")
    np.testing.assert_array_equal(found.time, made.time)
    np.testing.assert_array_equal(found.voltage, made.voltage)
    assert np.isnan(found.thickness).all()
    second = found.of_cycle(2)
    assert second.time[0] == 0.0
    assert second.time[-1] == 2 * HOUR


def test_another_table_is_no_history(tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FileError, match="no history"):
        History.from_csv(tmp_path / "history.csv")


def test_voltage_is_drawn_in_hours_and_volts() -> None:
    figure = voltage_figure(case(2), history(3), rows(3))
    whole, ends, current, _ = figure.axes
    x, y = whole.lines[0].get_data()
    assert (x[0], x[-1]) == (0.0, 6.0)
    assert set(y) == {-0.1, 0.1}
    assert set(current.lines[0].get_ydata()) == {-1.0, 1.0}  # mA/cm2
    assert current.get_xlabel() == "Time (h)"
    assert [text.get_text() for text in ends.texts] == ["cycle 1", "cycle 3"]
    heights = [text.get_position()[1] for text in ends.texts]
    assert abs(heights[0] - heights[1]) > 0.05  # one above the other, though the lines coincide
    caption = figure.texts[0].get_text().replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")
    assert "Cycle 3: hysteresis 200 mV, Coulombic efficiency 98 %" in caption


def test_a_run_without_a_whole_cycle_is_drawn_too() -> None:
    figure = voltage_figure(case(2), history(1), [])
    assert len(figure.axes) == 2


@pytest.mark.parametrize(
    ("extent", "unit"), [(7200.0, "h"), (3600.0, "h"), (1800.0, "s"), (1.0, "s"), (1e-3, "ms")]
)
def test_times_have_a_unit_of_their_size(extent: float, unit: str) -> None:
    assert time_axis(extent).unit == unit


def test_a_long_run_is_drawn_from_few_rows_that_hold_its_extremes() -> None:
    long = history(1900)
    spiked = long.voltage.copy()
    spiked[40_001] = 3.0
    kept = extremes(long.time, spiked)
    assert len(kept) <= 6000
    assert (np.diff(kept) > 0).all()
    assert spiked[kept].max() == 3.0
    assert {0, len(long) - 1} <= set(kept)


def test_the_chosen_maps_are_the_thickest_and_the_last_of_three_cycles() -> None:
    found = chosen(snapshots(centres(2), 9))
    assert [(f.cycle, f.step) for f in found] == [(1, 1), (1, 2), (5, 1), (5, 2), (9, 1), (9, 2)]


def test_maps_of_one_cycle_are_chosen_at_even_distances() -> None:
    frames = snapshots(centres(2), 1)[:1]
    grown = [
        type(frames[0])(float(k), 1, 1, k * frames[0].thickness, frames[0].current_density)
        for k in range(11)
    ]
    assert [f.time for f in chosen(grown)] == [0, 2, 4, 6, 8, 10]
    assert len(chosen([grown[3]] * 5)) == 1  # nothing changes


def test_thickness_is_drawn_upwards_in_micrometres() -> None:
    position = centres(2)
    figure = deposit_figure(case(2), position, snapshots(position, 1), history(1))
    assert figure is not None
    along, over_time = figure.axes
    x, thickness = along.lines[0].get_data()
    np.testing.assert_allclose(x, 1e6 * position[:, 0])
    np.testing.assert_allclose(thickness, 1 + 0.5 * np.cos(np.pi * position[:, 0] / WIDTH))
    assert along.get_ylabel() == "Thickness (µm)"
    assert not along.yaxis_inverted()
    assert [text.get_text() for text in along.texts] == [
        "cycle 1, 2\N{NO-BREAK SPACE}h", "cycle 1, 1\N{NO-BREAK SPACE}h",
    ]  # fmt: skip
    assert over_time.lines[0].get_ydata().max() == pytest.approx(1.0)


def test_a_map_shows_the_thickest_deposit_of_the_last_cycle() -> None:
    position = centres(3)
    figure = deposit_figure(case(3), position, snapshots(position, 2), history(2))
    assert figure is not None
    area, along, *_ = figure.axes
    pixels = np.asarray(area.images[0].get_array())
    assert pixels.shape == (200, 300)
    assert pixels[:, 0] == pytest.approx(1.5, abs=0.01)  # thick where x = 0, whatever y
    assert pixels[:, -1] == pytest.approx(0.5, abs=0.01)
    assert area.get_title() == "cycle 2, 3\N{NO-BREAK SPACE}h"
    assert area.get_ylim() == (0.0, 1e6 * DEPTH)
    x, thickness = along.lines[0].get_data()
    np.testing.assert_allclose(thickness, 1 + 0.5 * np.cos(np.pi * x / 30), atol=0.01)


@pytest.mark.parametrize("cycles", [0, 3])
def test_on_a_line_the_thickness_is_drawn_against_time(cycles: int) -> None:
    position = centres(1)
    figure = deposit_figure(case(1), position, snapshots(position, cycles), history(3))
    assert figure is not None
    assert [axes.get_xlabel() for axes in figure.axes] == ["Time (h)"]


def test_an_unknown_thickness_has_no_figure() -> None:
    unknown = history(1)
    unknown.thickness[:] = np.nan
    position = centres(2)
    assert deposit_figure(case(2), position, snapshots(position, 1), unknown) is None


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_pictures_hold_all_that_is_drawn(tmp_path: Path, dimension: int) -> None:
    position = centres(dimension, 12)
    long = history(300)
    figures = [
        voltage_figure(case(dimension), long, rows(300)),
        deposit_figure(case(dimension), position, snapshots(position, 300), long),
    ]
    for figure in figures:
        assert figure is not None
        save_figure(figure, tmp_path / "picture.png")
        pixels = image.imread(tmp_path / "picture.png")[..., :3]
        assert pixels.shape[1] == 1440
        inked = (pixels < 0.97).any(axis=2)
        assert 0.02 < inked.mean() < 0.9
        assert not inked[:, :3].any()  # nothing runs over the edges
        assert not inked[:, -3:].any()
        assert not inked[-3:].any()


@pytest.mark.parametrize("dimension", [2, 3])
def test_an_animation_has_a_picture_for_each_snapshot(tmp_path: Path, dimension: int) -> None:
    position = centres(dimension, 8)
    path = tmp_path / "deposit.gif"
    assert write_animation(path, case(dimension), position, snapshots(position, 2))
    with Image.open(path) as moving:
        assert moving.n_frames == 4
        pictures = []
        for number in range(4):
            moving.seek(number)
            pictures.append(np.asarray(moving.convert("RGB"), dtype=int))
    changed = np.abs(pictures[0] - pictures[1]).max(axis=2) > 50
    assert 1e-3 < changed.mean() < 0.6
    again = np.abs(pictures[0] - pictures[2]).max(axis=2) > 50
    assert again.mean() < 0.01  # the title alone: axes and colours keep their range
    assert [entry.name for entry in tmp_path.iterdir()] == ["deposit.gif"]


def test_nothing_moves_on_a_line(tmp_path: Path) -> None:
    position = centres(1)
    assert not write_animation(tmp_path / "d.gif", case(1), position, snapshots(position, 2))
    assert not list(tmp_path.iterdir())
