"""Figure of a surface that may fold: where it lies at chosen times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.case import Case
from zinterphase.observe.free_course import ALONG, FRONT, PLACE
from zinterphase.output.chosen_frames import chosen
from zinterphase.output.deposit_figure import MICROMETRE, POSITION, frame_name
from zinterphase.output.gallery import Frame
from zinterphase.output.plotstyle import LINE_HEIGHT, WIDTH, dress, wrapped, write_caption
from zinterphase.output.time_axes import time_axis

Array = npt.NDArray[np.float64]


def fold_figure(case: Case, position: Array, frames: Sequence[Frame]) -> Figure:
    """The surface in the plane of the cross-section, to scale, in some of the snapshots.

    Parameters
    ----------
    case : Its title, level and width are shown.
    position : Centres of the facets where they were made, shape (f, 2) [m].
    frames : In the order of time, with the maps of :class:`FreeCourse`.
    """
    text = wrapped(f"{case.title}, level {case.level}: the moving surface at chosen times.", WIDTH)
    height = 4.2 + LINE_HEIGHT * text.count("\n")
    below = (LINE_HEIGHT * (text.count("\n") + 1) + 0.15) / height
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", rect=(0, below, 1, 1 - below))
    axes = figure.subplots()
    shown, time = chosen(frames), time_axis(frames[-1].time)
    colours = colormaps["viridis"](np.linspace(0.0, 0.85, len(shown)))
    made = MICROMETRE * position[np.argsort(frames[0].held[ALONG])]
    axes.plot(*made.T, color="#909090", linewidth=1.0, linestyle=(0, (5, 3)), label="as made")
    for frame, colour in zip(shown, colours, strict=True):
        order = np.argsort(frame.held[ALONG])
        x, y = (MICROMETRE * frame.held[name][order] for name in (PLACE, FRONT))
        axes.plot(x, y, color=colour, linewidth=1.2, label=frame_name(frame, time))
    axes.set_aspect("equal")
    axes.set_xlim(0.0, MICROMETRE * case.geometry.extents[0])
    axes.set_xlabel(POSITION.format("x"))
    axes.set_ylabel("Height (µm)")
    axes.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))
    dress(axes, "")
    write_caption(figure, text)
    return figure
