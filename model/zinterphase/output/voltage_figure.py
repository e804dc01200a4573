"""Figure of a run in time: voltage and current of the whole run, its first and its last cycle."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.case import Case
from zinterphase.march.cycles import CycleRow
from zinterphase.output.figures import CURRENT_DENSITY, AxisQuantity
from zinterphase.output.history import History
from zinterphase.output.plotstyle import (
    COLOURS,
    LINE_HEIGHT,
    WIDTH,
    dress,
    looks,
    wrapped,
    write_caption,
)
from zinterphase.output.time_axes import extremes, label_ends, time_axis

HEIGHT = 3.6
VOLTAGE = AxisQuantity("Voltage", "V")


def voltage_figure(case: Case, history: History, cycles: Sequence[CycleRow]) -> Figure:
    """Voltage above current over the run; beside it the first and the last of ``cycles``, if any.

    ``history`` has at least one row.
    """
    text = wrapped(_caption(case, cycles), WIDTH)
    below = (LINE_HEIGHT * (text.count("\n") + 1) + 0.15) / HEIGHT
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", rect=(0, below, 1, 1 - below))
    numbers = list(dict.fromkeys(row.number for row in (*cycles[:1], *cycles[-1:])))
    panels = figure.subplots(
        2, 2 if numbers else 1, sharex="col", sharey="row", height_ratios=(2.2, 1.0),
        width_ratios=(1.7, 1.0) if numbers else None, squeeze=False,
    )  # fmt: skip
    _whole(list(panels[:, 0]), history)
    if numbers:
        unit = time_axis(float(history.time[-1] - history.time[0]))
        _cycles(list(panels[:, 1]), {n: history.of_cycle(n) for n in numbers}, unit)
    for letter, axes in zip("abcd", panels.ravel(), strict=False):
        dress(axes, letter)
    figure.align_ylabels(panels[:, 0])
    write_caption(figure, text)
    return figure


def _whole(column: Sequence[Axes], history: History) -> None:
    upper, lower = column
    unit = time_axis(float(history.time[-1] - history.time[0]))
    upper.set_ylabel(VOLTAGE.axis_label)
    lower.set_ylabel(f"{CURRENT_DENSITY.label}\n({CURRENT_DENSITY.unit})")
    for axes, values, shown in (
        (upper, history.voltage, VOLTAGE),
        (lower, history.current, CURRENT_DENSITY),
    ):
        rows = extremes(history.time, values)
        axes.plot(
            unit.scale * history.time[rows], shown.scale * values[rows], color=COLOURS[0],
            linewidth=0.9,
        )  # fmt: skip
        _draw_zero(axes)
    lower.set_xlabel(unit.axis_label)
    lower.margins(x=0.01, y=0.12)
    upper.margins(x=0.01)


def _draw_zero(axes: Axes) -> None:
    """Where it is among the values: far from it a potential's changes would not be seen."""
    low, high = axes.get_ylim()
    if low <= 0.0 <= high:
        axes.axhline(0.0, color="#b0b0b0", linewidth=0.5, zorder=0)


def _cycles(column: Sequence[Axes], courses: dict[int, History], unit: AxisQuantity) -> None:
    """Cycles over the time since each one's beginning; the first line shows under the last."""
    upper, lower = column
    styles = looks([f"cycle {number}" for number in courses])
    ends = []
    for (name, look), course in zip(styles.items(), courses.values(), strict=True):
        time = unit.scale * course.time
        for axes, values in (
            (upper, course.voltage),
            (lower, CURRENT_DENSITY.scale * course.current),
        ):
            axes.plot(time, values, color=look.colour, linestyle=look.dashes, linewidth=look.width)
        ends.append((name, float(course.voltage[-1]), look.colour))
    for axes in column:
        _draw_zero(axes)
        axes.margins(x=0.01)
    lower.set_xlabel(f"{unit.label} in the cycle ({unit.unit})")
    label_ends(upper, ends)


def _caption(case: Case, cycles: Sequence[CycleRow]) -> str:
    against = (
        "the counter electrode"
        if case.counter.type == "electrode"
        else f"the reference {case.reference}"
    )
    course, current, one = ("a", "c", "b, d") if cycles else ("a", "b", "")
    parts = [
        f"{case.title}, level {case.level}: voltage of the working electrode against {against} "
        f"({course}) and mean current density, negative while plating ({current})"
    ]
    if cycles:
        parts[0] += f"; the first and the last cycle ({one})"
    ends = dict.fromkeys((*cycles[:1], *cycles[-1:]))
    parts += [text for row in ends if (text := _facts(row))]
    return ". ".join(parts) + "."


def _facts(row: CycleRow) -> str:
    """What a cycle came to, where it is defined."""
    found = []
    if not isnan(row.hysteresis):
        found.append(f"hysteresis {1e3 * row.hysteresis:.4g}\N{NO-BREAK SPACE}mV")
    if not isnan(row.efficiency):
        found.append(f"Coulombic efficiency {1e2 * row.efficiency:.4g}\N{NO-BREAK SPACE}%")
    return f"Cycle {row.number}: {', '.join(found)}" if found else ""
