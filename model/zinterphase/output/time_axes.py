"""What figures of a run in time share: the axis of time, long courses, names of lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from zinterphase.output.figures import AxisQuantity
from zinterphase.output.plotstyle import TICK_SIZE

Array = npt.NDArray[np.float64]
COLUMNS = 1500
"""Columns of pixels a course is drawn in at most."""
UNITS = (("h", 3600.0, 3600.0), ("s", 1.0, 0.5), ("ms", 1e-3, 0.0))
"""Unit, its length [s], and the extent from which on it is used [s]."""
SPACING = 0.085
"""Between two names, over the height of a panel."""


def time_axis(extent: float) -> AxisQuantity:
    """Hours from one hour on, seconds from half a second on, else milliseconds."""
    unit, size, _ = next(entry for entry in UNITS if extent >= entry[2])
    return AxisQuantity("Time", unit, 1.0 / size)


def is_long(time: Array, columns: int = COLUMNS) -> bool:
    """Whether a course has more rows than its picture tells apart."""
    return len(time) > 4 * columns


def extremes(time: Array, values: Array, columns: int = COLUMNS) -> npt.NDArray[np.intp]:
    """Rows that draw the same picture: the first, lowest, highest and last of each column.

    Keeps a figure of a long run small; ``time`` never falls.
    """
    if not is_long(time, columns):
        return np.arange(len(time))
    place, begins = _columns(time, columns)
    ends = np.append(begins[1:], len(time)) - 1
    ordered = np.lexsort((values, place))
    return np.unique(np.concatenate([begins, ends, ordered[begins], ordered[ends]]))


def envelope(
    time: Array, least: Array, most: Array, columns: int = COLUMNS
) -> tuple[Array, Array, Array]:
    """Times, lowest of ``least`` and highest of ``most`` in each of so many columns at most."""
    begins = _columns(time, columns)[1]
    return (
        time[begins],
        np.minimum.reduceat(least, begins),
        np.maximum.reduceat(most, begins),
    )


def _columns(time: Array, columns: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Column of each row, and the first row of each column that has any."""
    place = np.searchsorted(np.linspace(time[0], time[-1], columns + 1)[1:-1], time, side="right")
    return place, np.flatnonzero(np.diff(place, prepend=-1))


def label_ends(axes: Axes, labels: Sequence[tuple[str, float, object]]) -> None:
    """Write names (text, value at the end of the line, colour) at the right, none over another.

    The limits of the axes are final.
    """
    low, high = axes.get_ylim()
    order = sorted(range(len(labels)), key=lambda k: labels[k][1])
    heights = np.array([(labels[k][1] - low) / (high - low) for k in order])
    for k in range(1, len(heights)):
        heights[k] = max(heights[k], heights[k - 1] + SPACING)
    for k in range(len(heights)):
        heights[k] = min(heights[k], 1.0 - (len(heights) - 1 - k) * SPACING)
    for k, height in zip(order, heights, strict=True):
        text, _, colour = labels[k]
        axes.text(
            1.015, height, text, color=colour, fontsize=TICK_SIZE, ha="left", va="center",
            transform=axes.transAxes,
        )  # fmt: skip


def time_text(time: float, axis: AxisQuantity) -> str:
    """A time with its unit."""
    value = axis.scale * time
    digits = f"{value:.3g}" if value < 999.5 else f"{value:.0f}"
    return f"{digits}\N{NO-BREAK SPACE}{axis.unit}"
