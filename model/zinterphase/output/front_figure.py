"""Figure of a front of a run in time: the surface at chosen times, and how its relief grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.case import Case
from zinterphase.observe.free_course import FRONT, PLACE
from zinterphase.output.chosen_frames import chosen, thickest
from zinterphase.output.deposit_figure import draw_lines, draw_map, frame_name
from zinterphase.output.figures import AxisQuantity, length_unit
from zinterphase.output.fold_figure import fold_figure
from zinterphase.output.gallery import Frame
from zinterphase.output.history import History
from zinterphase.output.plotstyle import COLOURS, LINE_HEIGHT, WIDTH, dress, wrapped, write_caption
from zinterphase.output.time_axes import extremes, time_axis

Array = npt.NDArray[np.float64]
_COURSES = (("sq", "Sq"), ("peak", "peak"), ("valley", "valley"))


def front_figure(
    case: Case, position: Array, frames: Sequence[Frame], history: History
) -> Figure | None:
    """Height along the surface at chosen times, and Sq, peak and valley against time.

    In 3D a map of the heights in the last snapshot beside them.

    Parameters
    ----------
    case : Its title, level and extents are shown.
    position : Centres of the facets where they were made, the height last, shape (f, d) [m].
    frames : The snapshots, in the order of time, with the map ``front``.
    history : Of the whole run.

    Returns
    -------
    The figure, of a surface that may fold where it lies; None on a line, and where nothing moves.
    """
    dimension = position.shape[1]
    if dimension == 1 or not frames or FRONT not in frames[0].held:
        return None
    if PLACE in frames[0].held:
        return fold_figure(case, position, frames)
    made = replace(frames[0], time=0.0, cycle=1, thickness=position[:, -1])
    shown = [made, *(heights(frame) for frame in chosen(frames))]
    text = wrapped(_caption(case, dimension), WIDTH)
    height = {2: 2.9, 3: 3.9}[dimension] + LINE_HEIGHT * text.count("\n")
    below = (LINE_HEIGHT * (text.count("\n") + 1) + 0.15) / height
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", rect=(0, below, 1, 1 - below))
    unit = height_axis(max(float(np.ptp(frame.thickness)) for frame in shown))
    time = time_axis(float(history.time[-1]))
    if dimension == 2:
        along, course = figure.subplots(1, 2, width_ratios=(1.5, 1.0))
        letters = {"a": along, "b": course}
    else:
        panels = figure.subplot_mosaic([["map", "line"], ["map", "time"]], width_ratios=(1.4, 1.0))
        area, along, course = panels["map"], panels["line"], panels["time"]
        last = thickest(shown[-1:])
        draw_map(figure, area, case, position, last, unit)
        area.set_title(frame_name(last, time), fontsize="small")
        letters = {"a": area, "b": along, "c": course}
    draw_lines(along, case, position, shown, unit, time, graph=True)
    _draw_course(course, history, time)
    for letter, axes in letters.items():
        dress(axes, letter, axes.get_title())
    write_caption(figure, text)
    return figure


def heights(frame: Frame) -> Frame:
    """A frame with the heights of the front in place of the deposit's thickness."""
    return replace(frame, thickness=frame.held[FRONT])


def height_axis(largest: float) -> AxisQuantity:
    """Height in nm or µm."""
    unit = length_unit(largest)
    return AxisQuantity("Height", unit.unit, unit.scale)


def _draw_course(axes: Axes, history: History, time: AxisQuantity) -> None:
    values = {name: getattr(history, name) for name, _ in _COURSES}
    unit = length_unit(max(float(np.nanmax(v)) for v in values.values()))
    for (name, label), colour in zip(_COURSES, COLOURS, strict=False):
        rows = extremes(history.time, values[name])
        axes.plot(
            time.scale * history.time[rows], unit.scale * values[name][rows],
            color=colour, linewidth=1.0, label=label,
        )  # fmt: skip
    axes.legend(frameon=False, fontsize="small")
    axes.margins(x=0.01)
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel(time.axis_label)
    axes.set_ylabel(f"Relief ({unit.unit})")


def _caption(case: Case, dimension: int) -> str:
    start = f"{case.title}, level {case.level}: height of the moving surface"
    course = "root mean square height Sq about the mean plane, peak above and valley below it"
    if dimension == 2:
        return f"{start} at chosen times (a); {course} (b)."
    return f"{start} at the end, from above (a), and on the dashed line (b); {course} (c)."
