"""Moving picture of the deposit of a run in time: a GIF, on request."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.animation import PillowWriter
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from zinterphase.case import Case
from zinterphase.observe.free_course import FRONT, PLACE
from zinterphase.output.chosen_frames import evenly
from zinterphase.output.deposit_figure import POSITION, deposit_axis, raster
from zinterphase.output.figures import CURRENT_DENSITY, AxisQuantity
from zinterphase.output.files import replacing
from zinterphase.output.front_figure import height_axis, heights
from zinterphase.output.gallery import Frame
from zinterphase.output.plotstyle import COLOURS, TEXT_SIZE, WIDTH, colour_scale, dress, value_range
from zinterphase.output.time_axes import time_axis, time_text

Array = npt.NDArray[np.float64]
ANIMATION = "deposit.gif"
MOST = 100
"""Pictures of an animation."""
PER_SECOND = 8
DOTS_PER_INCH = 100
MICROMETRE = 1e6


def write_animation(
    path: Path, case: Case, position: Array, frames: Sequence[Frame], *, graph: bool = True
) -> bool:
    """Write thickness, or the height of a moving surface, and current density along it, a picture
    for each snapshot.

    Axes and colours keep their range through the whole of it. Of more than 100 snapshots, 100 at
    even distances are shown. Not collective.

    Parameters
    ----------
    path : The `.gif`; it appears complete or not at all.
    case : Its title and extents are shown.
    position : Centres of the facets, the height last, shape (f, d) [m].
    frames : The snapshots, in the order of time.
    graph : Whether the surface has one height over each place; else facets are drawn as points.

    Returns
    -------
    Whether there was anything to show: not on a line, and not without snapshots.
    """
    if position.shape[1] == 1 or not frames:
        return False
    shown = evenly(frames, MOST)
    moves = FRONT in shown[0].held and PLACE not in shown[0].held
    if moves:
        shown = [heights(frame) for frame in shown]
    pixels = raster(case, position) if position.shape[1] == 3 else None
    figure = Figure(figsize=(WIDTH, _height(case)), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained")
    panels: list[tuple[str, AxisQuantity, Line2D | AxesImage]] = []
    quantities = _quantities(shown, moves=moves)
    columns = figure.subplots(1, len(quantities), squeeze=False)[0]
    for axes, (name, unit) in zip(columns, quantities, strict=True):
        values = unit.scale * np.array([getattr(frame, name) for frame in shown])
        if pixels is None:
            artist: Line2D | AxesImage = _line(axes, position, values, unit, graph=graph)
            axes.set_xlim(0.0, MICROMETRE * case.geometry.extents[0])
        else:
            artist = _map(figure, axes, case, pixels, values, unit)
        panels.append((name, unit, artist))
    time = time_axis(frames[-1].time)
    title = figure.suptitle(_title(case, shown[0], time), fontsize=TEXT_SIZE)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # nothing moves from picture to picture
    writer = PillowWriter(fps=PER_SECOND)
    with replacing(path) as temporary, writer.saving(figure, str(temporary), DOTS_PER_INCH):
        for frame in shown:
            for name, unit, artist in panels:
                values = unit.scale * getattr(frame, name)
                if isinstance(artist, Line2D):
                    artist.set_ydata(values)
                else:
                    artist.set_data(values[pixels])
            title.set_text(_title(case, frame, time))
            writer.grab_frame()
    return True


def _title(case: Case, frame: Frame, time: AxisQuantity) -> str:
    return f"{case.title}: cycle {frame.cycle}, {time_text(frame.time, time)}"


def _height(case: Case) -> float:
    """Of the figure [inch]; maps keep their proportions."""
    if case.geometry.dimension == 2:
        return 2.8
    width, depth = case.geometry.extents
    return float(np.clip(2.6 * depth / width + 0.9, 1.8, 6.0))


def _quantities(frames: Sequence[Frame], *, moves: bool) -> list[tuple[str, AxisQuantity]]:
    """What is shown; thickness only where it is known, heights in its place where a front moves."""
    largest = max(float(np.abs(frame.thickness).max()) for frame in frames)
    axis = height_axis if moves else deposit_axis
    thickness = [] if np.isnan(largest) else [("thickness", axis(largest))]
    return [*thickness, ("current_density", CURRENT_DENSITY)]


def _line(axes: Axes, position: Array, values: Array, unit: AxisQuantity, *, graph: bool) -> Line2D:
    """The first row of ``values`` over x, on axes that hold all rows."""
    style = {"linewidth": 1.2} if graph else {"linestyle": "", "marker": ".", "markersize": 2}
    (line,) = axes.plot(MICROMETRE * position[:, 0], values[0], color=COLOURS[0], **style)
    axes.axhline(0.0, color="#b0b0b0", linewidth=0.5, zorder=0)
    low, high = value_range(np.append(values.ravel(), 0.0))
    room = 0.05 * (high - low)
    axes.set_ylim(low - room, high + room)
    axes.set_xlabel(POSITION.format("x"))
    axes.set_ylabel(unit.axis_label)
    dress(axes, "")
    return line


def _map(
    figure: Figure,
    axes: Axes,
    case: Case,
    pixels: npt.NDArray[np.intp],
    values: Array,
    unit: AxisQuantity,
) -> AxesImage:
    """The first row of ``values`` from above, in colours for all rows."""
    width, depth = (MICROMETRE * extent for extent in case.geometry.extents)
    low, high = value_range(values)
    image = axes.imshow(
        values[0][pixels], origin="lower", extent=(0.0, width, 0.0, depth), vmin=low, vmax=high
    )
    colour_scale(figure, axes, image, unit)
    axes.set_xlabel(POSITION.format("x"))
    axes.set_ylabel(POSITION.format("y"))
    dress(axes, "")
    return image
