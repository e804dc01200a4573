"""Tornado plot: how far each uncertain number moves an answer, the largest swing on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from zinterphase.output.plotstyle import (
    COLOURS,
    LINE_HEIGHT,
    TEXT_SIZE,
    TICK_SIZE,
    dress,
    wrapped,
    write_caption,
)

WIDTH = 7.2
BAR_HEIGHT = 0.25
LABELS = 2.15
"""Room for the names and ranges at the left [inch]."""
LOW, HIGH = COLOURS[2], COLOURS[1]


@dataclass(frozen=True)
class Swing:
    """What one number does at both ends of its range to each quantity; None without a solution."""

    label: str
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True)
class TornadoRow:
    """One row of panels: the quantities' own values and the swings."""

    title: str
    nominal: tuple[float, ...]
    swings: tuple[Swing, ...]


def tornado_figure(
    quantities: Sequence[str],
    rows: Sequence[TornadoRow],
    caption: str,
    *,
    logarithmic: bool = False,
) -> Figure:
    """Draw a panel per row and quantity; what swings any quantity most is on top."""
    text = wrapped(caption, WIDTH)
    panels = [max(len(row.swings), 1) * BAR_HEIGHT for row in rows]
    below, above, between = 0.55 + LINE_HEIGHT * (text.count("\n") + 1), 0.55, 0.75
    height = below + sum(panels) + between * (len(rows) - 1) + above
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    width = (WIDTH - LABELS - 0.15) / len(quantities)
    top = height - above
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    for row, tall in zip(rows, panels, strict=True):
        order = _ordered(row)
        for number, quantity in enumerate(quantities):
            left = LABELS + number * width
            box = (left / WIDTH, (top - tall) / height, (width - 0.2) / WIDTH, tall / height)
            axes = figure.add_axes(box)
            _draw(axes, order, row.nominal, number)
            axes.set_yticks(range(len(order)), [s.label for s in order] if number == 0 else [])
            axes.set_xlabel(quantity)
            if logarithmic:
                axes.set_xscale("log")
            dress(axes, next(letters), row.title)
            axes.tick_params(axis="y", length=0.0, labelsize=TICK_SIZE)
        top -= tall + between
    handles = [Patch(color=LOW, label="lower end"), Patch(color=HIGH, label="upper end")]
    figure.legend(
        handles=handles, loc="upper center", ncols=2, frameon=False, fontsize=TEXT_SIZE,
        borderaxespad=0.3,
    )  # fmt: skip
    write_caption(figure, text)
    return figure


def _draw(axes: Axes, order: Sequence[Swing], nominal: Sequence[float], number: int) -> None:
    own = nominal[number]
    for place, swing in enumerate(order):
        ends = [(swing.low[number], LOW, 0.19), (swing.high[number], HIGH, -0.19)]
        for value, colour, shift in ends:
            if value is None:
                axes.text(
                    own, place + shift, " no solution", fontsize=TICK_SIZE - 1.5, va="center",
                    color=colour, style="italic",
                )  # fmt: skip
            else:
                axes.barh(place + shift, value - own, left=own, height=0.36, color=colour)
    axes.axvline(own, color="black", linewidth=0.8)
    axes.set_ylim(-0.6, len(order) - 0.4)


def _ordered(row: TornadoRow) -> list[Swing]:
    """Swings by the largest share of a quantity's largest, ascending."""
    sizes = [[_swing(s, row.nominal, k) for k in range(len(row.nominal))] for s in row.swings]
    largest = [max(column) or 1.0 for column in zip(*sizes, strict=True)]
    shares = [max(a / b for a, b in zip(size, largest, strict=True)) for size in sizes]
    return [swing for _, swing in sorted(zip(shares, row.swings, strict=True), key=lambda x: x[0])]


def _swing(swing: Swing, nominal: Sequence[float], number: int) -> float:
    ends = [swing.low[number], swing.high[number]]
    known = [nominal[number], *(end for end in ends if end is not None)]
    return max(known) - min(known)
