"""Figure of the deposit of a run in time: along the surface, and in the course of the run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy.spatial import cKDTree

from zinterphase.case import Case
from zinterphase.observe.smoothing import reflected
from zinterphase.output.chosen_frames import SAME, chosen, thickest
from zinterphase.output.figures import AxisQuantity, length_unit
from zinterphase.output.gallery import Frame
from zinterphase.output.history import History
from zinterphase.output.plotstyle import (
    COLOURS,
    LINE_HEIGHT,
    WIDTH,
    colour_scale,
    dress,
    value_range,
    wrapped,
    write_caption,
)
from zinterphase.output.time_axes import envelope, is_long, label_ends, time_axis, time_text

Array = npt.NDArray[np.float64]
PIXELS = 300
"""Of a map, along its longer side."""
MICROMETRE = 1e6
POSITION = "Position ${}$ (µm)"


def deposit_figure(
    case: Case,
    position: Array,
    frames: Sequence[Frame],
    history: History,
    *,
    graph: bool = True,
) -> Figure | None:
    """Thickness along the surface at chosen times, and its mean and range against time.

    In 3D a map of the thickest deposit of the last cycle, and the lines run through its middle. On
    a line, and where the deposit is even, only its thickness against time.

    Parameters
    ----------
    case : Its title, level and extents are shown.
    position : Centres of the facets, the height last, shape (f, d) [m].
    frames : The snapshots, in the order of time.
    history : Of the whole run.
    graph : Whether the surface has one height over each place; else facets are drawn as points.

    Returns
    -------
    The figure; None where the thickness is not known.
    """
    if np.isnan(history.thickness).all():
        return None
    shown = chosen(frames)
    uneven = position.shape[1] > 1 and any(_is_uneven(frame) for frame in shown)
    dimension = position.shape[1] if uneven else 1
    text = wrapped(_caption(case, dimension), WIDTH)
    height = {1: 2.4, 2: 2.9, 3: 3.9}[dimension] + LINE_HEIGHT * text.count("\n")
    below = (LINE_HEIGHT * (text.count("\n") + 1) + 0.15) / height
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", rect=(0, below, 1, 1 - below))
    unit = deposit_axis(max(float(np.nanmax(np.abs(h))) for h in _bounds(history)))
    time = time_axis(float(history.time[-1]))
    if dimension == 1:
        over_time = figure.subplots()
        letters: dict[str, Axes] = {"": over_time}
    elif dimension == 2:
        along, over_time = figure.subplots(1, 2, width_ratios=(1.5, 1.0))
        draw_lines(along, case, position, shown, unit, time, graph=graph)
        letters = {"a": along, "b": over_time}
    else:
        panels = figure.subplot_mosaic([["map", "line"], ["map", "time"]], width_ratios=(1.4, 1.0))
        area, along, over_time = panels["map"], panels["line"], panels["time"]
        last = thickest([frame for frame in shown if frame.cycle == shown[-1].cycle])
        draw_map(figure, area, case, position, last, unit)
        area.set_title(frame_name(last, time), fontsize="small")
        draw_lines(along, case, position, shown, unit, time, graph=graph)
        letters = {"a": area, "b": along, "c": over_time}
    _draw_course(over_time, history, unit, time)
    for letter, axes in letters.items():
        dress(axes, letter, axes.get_title())
    write_caption(figure, text)
    return figure


def deposit_axis(largest: float) -> AxisQuantity:
    """Thickness in nm or µm."""
    unit = length_unit(largest)
    return AxisQuantity("Thickness", unit.unit, unit.scale)


def along_middle(case: Case, position: Array, values: Array) -> tuple[Array, Array]:
    """Values over x; in 3D on the middle line y = D/2, linear between the facets' centres."""
    if position.shape[1] == 2:
        return position[:, 0], values
    widths = np.array(case.geometry.extents)
    x = np.linspace(0.0, widths[0], PIXELS)
    line = np.stack([x, np.full_like(x, 0.5 * widths[1])], axis=1)
    # mirror images carry the interpolation to the mirror planes
    reach = 3.0 * float(np.sqrt(np.prod(widths) / len(values)))
    images, source = reflected(position[:, :2], widths, reach)
    return x, scipy.interpolate.griddata(images, values[source], line)


def raster(case: Case, position: Array) -> npt.NDArray[np.intp]:
    """The facet nearest to each pixel of the plane, rows along y: ``values[raster]`` is a map."""
    width, depth = case.geometry.extents
    size = max(width, depth) / PIXELS
    x, y = (
        (np.arange(count) + 0.5) * extent / count
        for extent, count in ((e, max(1, round(e / size))) for e in (width, depth))
    )
    points = np.stack(np.meshgrid(x, y), axis=2)
    return np.asarray(cKDTree(position[:, :2]).query(points)[1])


def _is_uneven(frame: Frame) -> bool:
    largest = float(np.abs(frame.thickness).max())
    return bool(np.ptp(frame.thickness) > SAME * largest) and largest > 0.0


def _bounds(history: History) -> tuple[Array, Array, Array]:
    return history.thickness, history.thickness_min, history.thickness_max


def frame_name(frame: Frame, time: AxisQuantity) -> str:
    """Cycle and time of a frame."""
    return f"cycle {frame.cycle}, {time_text(frame.time, time)}"


def draw_lines(
    axes: Axes,
    case: Case,
    position: Array,
    frames: Sequence[Frame],
    unit: AxisQuantity,
    time: AxisQuantity,
    *,
    graph: bool,
) -> None:
    """A line for each frame, in the order of time from dark to light and from wide to narrow, so
    that those below show, with its name at its end."""
    colours = colormaps["viridis"](np.linspace(0.0, 0.85, len(frames)))
    widths = np.linspace(2.4 if len(frames) > 1 else 1.1, 1.1, len(frames))
    ends = []
    for frame, colour, width in zip(frames, colours, widths, strict=True):
        x, values = along_middle(case, position, frame.thickness)
        style = {"linewidth": width} if graph else {"linestyle": "", "marker": ".", "markersize": 2}
        axes.plot(MICROMETRE * x, unit.scale * values, color=colour, **style)
        ends.append((frame_name(frame, time), unit.scale * float(values[-1]), colour))
    axes.set_xlim(0.0, MICROMETRE * case.geometry.extents[0])
    axes.axhline(0.0, color="#b0b0b0", linewidth=0.5, zorder=0)
    axes.set_xlabel(POSITION.format("x"))
    axes.set_ylabel(unit.axis_label)
    label_ends(axes, ends)


def draw_map(
    figure: Figure, axes: Axes, case: Case, position: Array, frame: Frame, unit: AxisQuantity
) -> None:
    """A frame's thickness from above, with the line through the middle."""
    width, depth = (MICROMETRE * extent for extent in case.geometry.extents)
    values = unit.scale * frame.thickness[raster(case, position)]
    low, high = value_range(values)
    image = axes.imshow(
        values, origin="lower", extent=(0.0, width, 0.0, depth), cmap="viridis", vmin=low, vmax=high
    )
    axes.axhline(depth / 2, color="white", linewidth=0.7, linestyle=(0, (5, 3)))
    colour_scale(figure, axes, image, unit)
    axes.set_xlabel(POSITION.format("x"))
    axes.set_ylabel(POSITION.format("y"))


def _draw_course(axes: Axes, history: History, unit: AxisQuantity, time: AxisQuantity) -> None:
    """The mean as a line, the range between the thinnest and the thickest place behind it; where
    cycles are too many to be told apart, the mean is a band too, between its extremes."""
    mean, least, most = _bounds(history)
    bands = [((least, most), COLOURS[6], 0.45)]
    if is_long(history.time):
        bands.append(((mean, mean), COLOURS[2], 0.6))
    else:
        when = time.scale * history.time
        axes.plot(when, unit.scale * mean, color=COLOURS[0], linewidth=1.0)
    for (low, high), colour, alpha in bands:
        when, low, high = envelope(history.time, low, high)
        axes.fill_between(
            time.scale * when, unit.scale * low, unit.scale * high, color=colour, alpha=alpha,
            linewidth=0,
        )  # fmt: skip
    axes.margins(x=0.01)
    axes.set_xlabel(time.axis_label)
    axes.set_ylabel(unit.axis_label)


def _caption(case: Case, dimension: int) -> str:
    start = f"{case.title}, level {case.level}: thickness of the deposit"
    course = "its mean (dark) and range (light) over the surface against time"
    if dimension == 1:
        return f"{start}, {course}, since the beginning of the run."
    if dimension == 2:
        return f"{start} since the beginning of the run, along the surface (a); {course} (b)."
    return (
        f"{start} since the beginning of the run, seen from above (a), and on the dashed line at "
        f"chosen times (b); {course} (c)."
    )
