"""Figure of a full cell: voltage over capacity by cycle, capacity and efficiency over cycles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from zinterphase.case import Case
from zinterphase.output.capacity import CellCycle, course, still
from zinterphase.output.figures import AxisQuantity
from zinterphase.output.history import History
from zinterphase.output.plotstyle import (
    COLOURS,
    LINE_HEIGHT,
    TEXT_SIZE,
    TICK_SIZE,
    WIDTH,
    dress,
    looks,
    wrapped,
    write_caption,
)

HEIGHT = 3.0
MOST_CURVES = 5
"""Cycles whose voltages are drawn at most."""
_PER_AREA = AxisQuantity("Capacity", "mAh cm$^{-2}$", 1.0 / 36000.0)
_MILLIAMPERE_HOUR_PER_GRAM = 1.0 / 3600.0
"""One C/kg in mAh/g."""


def capacity_figure(case: Case, history: History, cycles: Sequence[CellCycle]) -> Figure:
    """``cycles`` are those of ``history``, at least one."""
    shown = _capacity_axis(case)
    text = wrapped(_caption(case, cycles), WIDTH)
    below = (LINE_HEIGHT * (text.count("\n") + 1) + 0.15) / HEIGHT
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", rect=(0, below, 1, 1 - below))
    curves, course_of_cycles = figure.subplots(1, 2)
    _draw_curves(curves, history, _chosen(cycles), shown)
    _draw_cycles(course_of_cycles, cycles, shown)
    for letter, axes in zip("ab", (curves, course_of_cycles), strict=True):
        dress(axes, letter)
    write_caption(figure, text)
    return figure


def _capacity_axis(case: Case) -> AxisQuantity:
    """Per mass of the active material where that is known, per area otherwise."""
    if case.active is None:
        return _PER_AREA
    scale = _MILLIAMPERE_HOUR_PER_GRAM / case.active.loading
    return AxisQuantity("Specific capacity", "mAh g$^{-1}$", scale)


def _chosen(cycles: Sequence[CellCycle]) -> list[int]:
    """Numbers of the first cycle, the last, and some between."""
    picked = np.linspace(0, len(cycles) - 1, min(MOST_CURVES, len(cycles))).round()
    return [cycles[int(k)].number for k in dict.fromkeys(picked.tolist())]


def _draw_curves(axes: Axes, history: History, numbers: Sequence[int], shown: AxisQuantity) -> None:
    styles, least = looks([f"cycle {number}" for number in numbers]), still(history)
    for (name, look), number in zip(styles.items(), numbers, strict=True):
        rows = history.of_cycle(number)
        both = (course(rows, least, charging=charging) for charging in (True, False))
        for place, found in enumerate(each for each in both if each.passed):
            axes.plot(
                shown.scale * found.charge, found.voltage, color=look.colour,
                linestyle=look.dashes, linewidth=look.width, label=None if place else name,
            )  # fmt: skip
    axes.set_xlabel(shown.axis_label)
    axes.set_ylabel("Cell voltage (V)")
    axes.margins(x=0.02)
    axes.legend(fontsize=TICK_SIZE, frameon=False, loc="lower left", bbox_to_anchor=(0.04, 0.02))


def _draw_cycles(axes: Axes, cycles: Sequence[CellCycle], shown: AxisQuantity) -> None:
    numbers = [cycle.number for cycle in cycles]
    for values, label, filled in (
        ([cycle.charged for cycle in cycles], "charge", True),
        ([cycle.discharged for cycle in cycles], "discharge", False),
    ):
        face = COLOURS[0] if filled else "none"
        passed = [value or np.nan for value in values]
        axes.plot(
            numbers, shown.scale * np.array(passed), "o", markersize=4, color=COLOURS[0],
            markerfacecolor=face, label=label,
        )  # fmt: skip
    axes.set_xlabel("Cycle")
    axes.set_ylabel(shown.axis_label)
    axes.set_ylim(bottom=0.0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    percent = axes.twinx()
    efficiency = [100.0 * cycle.efficiency for cycle in cycles]
    percent.plot(numbers, efficiency, "+", markersize=7, color=COLOURS[2], label="efficiency")
    percent.set_ylim(0.0, 105.0)
    percent.set_ylabel("Coulombic efficiency (%)", color=COLOURS[2], fontsize=TEXT_SIZE)
    percent.tick_params(colors=COLOURS[2], labelsize=TICK_SIZE)
    axes.legend(fontsize=TICK_SIZE, frameon=False, loc="lower left")


def _caption(case: Case, cycles: Sequence[CellCycle]) -> str:
    last = cycles[-1]
    parts = [
        f"{case.title}, level {case.level}: voltage of the counter electrode against the "
        "metal (a), capacity and Coulombic efficiency, discharge over charge of a cycle (b)"
    ]
    if not np.isnan(last.efficiency):
        parts.append(
            f"Cycle {last.number}: Coulombic efficiency {1e2 * last.efficiency:.4g}"
            f"\N{NO-BREAK SPACE}%, energy efficiency {1e2 * last.energy_efficiency:.4g}"
            "\N{NO-BREAK SPACE}%"
        )
    return ". ".join(parts) + "."
