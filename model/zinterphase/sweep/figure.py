"""The figure of a sweep: what was asked for against one axis, a line for each setting of others."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from matplotlib.axes import Axes as Panel
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from zinterphase.output.plotstyle import TEXT_SIZE, WIDTH, dress, looks
from zinterphase.sweep.axes import Axis
from zinterphase.sweep.outcome import Row, Sweep
from zinterphase.units import for_readers, to_si

ABREAST = 3
"""Panels in a row."""
HEIGHT = 2.3
"""Of a row of panels [inch]."""
LONGEST_LABEL = 30
"""Characters of a line of a label."""
LEGEND_ROW = 0.18
"""Its height [inch]."""
MOST_LINES = 12
"""Entries of the legend at most; further lines are drawn without."""

type Points = dict[str, list[tuple[float, Row]]]


def sweep_figure(found: Sweep) -> Figure:
    """Draw every metric against the axis with the most values, the control where it is swept."""
    axis = abscissa(found)
    lines = _lines(found, axis)
    columns = min(ABREAST, len(found.metrics))
    rows = -(-len(found.metrics) // columns)
    named = [label for label in lines if label][:MOST_LINES]
    abreast = max(1, min(4, 110 // max((len(label) for label in named), default=1)))
    above = 0.1 + LEGEND_ROW * -(-len(named) // abreast)
    height = HEIGHT * rows + above
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", rect=(0, 0, 1, 1 - above / height))
    panels = figure.subplots(rows, columns, squeeze=False).flatten()
    for panel in panels[len(found.metrics) :]:
        panel.remove()
    for letter, metric, panel in zip("abcdefghijkl", found.metrics, panels, strict=False):
        _draw(panel, metric, axis, lines)
        dress(panel, letter)
    if named:
        handles = panels[0].get_lines()[: len(named)]
        figure.legend(
            handles=handles, labels=named, loc="upper center", ncols=abreast, frameon=False,
            fontsize=TEXT_SIZE, handlelength=3.2, borderaxespad=0.3,
        )  # fmt: skip
    return figure


def abscissa(found: Sweep) -> Axis:
    """The control, else the numbers of which there are most."""
    if found.axes.control is not None:
        return found.axes.control
    return max(found.axes.swept, key=lambda axis: (axis.unit is not None, len(set(axis.values))))


def _lines(found: Sweep, axis: Axis) -> Points:
    """Points by the settings of the other axes; in a zip those go with the abscissa."""
    lines: Points = {}
    for row in found.rows:
        label = _label(row.settings, axis.key) if found.axes.combination == "grid" else ""
        lines.setdefault(label, []).append((_place(axis, row.settings[axis.key]), row))
    return {label: sorted(points, key=lambda p: p[0]) for label, points in lines.items()}


def _label(settings: Mapping[str, str], but: str) -> str:
    named = ((key, value.strip("\"'")) for key, value in settings.items() if key != but)
    return ", ".join(f"{key.rpartition('.')[2]} = {value}" for key, value in named)


def _place(axis: Axis, text: str) -> float:
    if text in axis.values:
        return axis.numbers[axis.values.index(text)]
    return to_si(text, axis.unit or "")


def _draw(panel: Panel, metric: str, axis: Axis, lines: Points) -> None:
    units = [
        row.numbers[metric][1] for p in lines.values() for _, row in p if metric in row.numbers
    ]
    unit, factor = for_readers(units[0] if units else "1")
    for look, points in zip(looks(list(lines)).values(), lines.values(), strict=True):
        drawn = [(x, row.numbers[metric][0] * factor) for x, row in points if metric in row.numbers]
        panel.plot(
            [x for x, _ in drawn], [y for _, y in drawn], color=look.colour,
            linestyle=look.dashes, linewidth=look.width, marker=look.marker, markersize=3,
        )  # fmt: skip
        for x, row in points:
            if row.reason is not None and metric in row.numbers:
                panel.axvline(x, color=look.colour, linewidth=0.5, linestyle=(0, (2, 2)))
    if axis.unit is None:
        texts = [value.strip("\"'") for value in axis.values]
        panel.set_xticks(list(axis.numbers), texts, rotation=30, ha="right")
    shown = f" ({axis.unit})" if axis.unit else ""
    panel.set_xlabel(_broken(axis.key + shown))
    panel.set_ylabel(_broken(metric + (f" ({unit})" if unit != "1" else "")))
    panel.yaxis.set_major_formatter(ScalarFormatter(useOffset=False))


def _broken(label: str) -> str:
    """A key with its unit in lines that fit a panel."""
    return textwrap.fill(label.replace("_", " ").replace(".", ": "), LONGEST_LABEL)
