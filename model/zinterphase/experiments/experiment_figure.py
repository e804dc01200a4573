"""The figure of an experiment: all anodes in each of its panels, measured points over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from zinterphase.experiments.experiment import Axis, Curve, OnWaves, Panel
from zinterphase.experiments.measured import Measured
from zinterphase.experiments.outcome import Outcome
from zinterphase.experiments.readable import additions
from zinterphase.output.figures import AxisQuantity
from zinterphase.output.plotstyle import (
    LINE_HEIGHT,
    TEXT_SIZE,
    WIDTH,
    Look,
    dress,
    looks,
    wrapped,
    write_caption,
)
from zinterphase.output.time_axes import extremes, time_axis

HEIGHT = 3.4
"""Of the whole figure [inch]."""
ABREAST = 6
"""Names in a row of the legend."""
TICKS = 5
"""Intervals between marks of an abscissa at most."""
LEGEND_ROW = 0.18
"""Its height [inch]."""
MEASURED = "#606060"
LONGEST_NAME = 24
"""Characters of a file's name in the legend."""


def experiment_figure(outcome: Outcome, measured: Measured | None = None) -> Figure:
    """Draw the first seed of every anode that has a result.

    Lines of panels that no anode has are left out with their panel; ``outcome`` has a result.
    """
    drawn = {a.label: a.drawn.curves for a in outcome.anodes if a.drawn is not None}
    panels = [p for p in outcome.experiment.panels if _has_lines(p, drawn)]
    text = wrapped(_caption(outcome, measured), WIDTH)
    below = (LINE_HEIGHT * (text.count("\n") + 1) + 0.15) / HEIGHT
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    styles = looks(list(drawn))
    guides = outcome.experiment.guides
    legend = _legend(figure, styles, panels, drawn, measured, guides)
    above = (0.1 + LEGEND_ROW * (1 + (len(legend) - 1) // ABREAST)) / HEIGHT
    figure.set_layout_engine("constrained", rect=(0, below, 1, 1 - below - above))
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for letter, panel, each in zip("abc", panels, axes, strict=False):
        own = measured if measured is not None and measured.panel.name == panel.name else None
        _draw(each, panel, drawn, styles, own)
        dress(each, letter)
    write_caption(figure, text)
    return figure


def _has_lines(panel: Panel, drawn: Mapping[str, Sequence[Curve]]) -> bool:
    return any(_lines(panel, curves) for curves in drawn.values())


def _lines(panel: Panel, curves: Sequence[Curve]) -> list[Curve]:
    return [c for c in curves if c.panel == panel.name and len(c.x)]


def _legend(
    figure: Figure,
    styles: Mapping[str, Look],
    panels: Sequence[Panel],
    drawn: Mapping[str, Sequence[Curve]],
    measured: Measured | None,
    guides: str,
) -> list[Line2D]:
    handles = [
        Line2D([], [], color=s.colour, linestyle=s.dashes, linewidth=s.width, label=label)
        for label, s in styles.items()
    ]
    if any(c.guide for p in panels for curves in drawn.values() for c in _lines(p, curves)):
        handles.append(Line2D([], [], color="#909090", linewidth=0.6, label=guides))
    if measured is not None:
        name = measured.name[:LONGEST_NAME].replace("$", r"\$")
        handles.append(Line2D([], [], **_points(), label=f"measured: {name}"))
    figure.legend(
        handles=handles, loc="upper center", ncols=min(len(handles), ABREAST), frameon=False,
        fontsize=TEXT_SIZE, handlelength=3.2, columnspacing=1.4, borderaxespad=0.4,
    )  # fmt: skip
    return handles


def _points() -> dict[str, Any]:
    return {
        "linestyle": "", "marker": "o", "markersize": 3.2, "markerfacecolor": "white",
        "markeredgecolor": MEASURED, "markeredgewidth": 0.7,
    }  # fmt: skip


def _draw(
    axes: Axes,
    panel: Panel,
    drawn: Mapping[str, Sequence[Curve]],
    styles: Mapping[str, Look],
    measured: Measured | None,
) -> None:
    x, y = _shown(panel.x, list(_abscissae(panel, drawn, measured))), panel.y.shown
    for label, curves in drawn.items():
        look = styles[label]
        for line in _lines(panel, curves):
            rows = _rows(panel, line)
            style: dict[str, Any] = {"color": look.colour, "linestyle": look.dashes}
            style["linewidth"] = 0.6 if line.guide else look.width
            if panel.marked and not line.guide:
                style |= {"marker": look.marker, "markersize": 3.5}
            alpha = 0.55 if line.guide else 1.0
            axes.plot(x.scale * line.x[rows], y.scale * line.y[rows], alpha=alpha, **style)
    if measured is not None:
        axes.plot(x.scale * measured.x, y.scale * measured.y, zorder=5, **_points())
    directions: tuple[tuple[Literal["x", "y"], Axis], ...] = (("x", panel.x), ("y", panel.y))
    for name, axis in directions:
        if axis.log:
            axes.set(**{f"{name}scale": "log"})
        else:
            axes.ticklabel_format(axis=name, useOffset=False)
    axes.set_xlabel(x.axis_label)
    axes.set_ylabel(y.axis_label)
    if not panel.x.log:
        axes.xaxis.set_major_locator(MaxNLocator(TICKS, integer=panel.x.unit == "1"))


def _rows(panel: Panel, line: Curve) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Of a long course in time those that draw the same picture."""
    return extremes(line.x, line.y) if panel.x.column == "time" else np.arange(len(line.x))


def _abscissae(
    panel: Panel, drawn: Mapping[str, Sequence[Curve]], measured: Measured | None
) -> Iterator[float]:
    for curves in drawn.values():
        for line in _lines(panel, curves):
            yield float(np.max(line.x))
    if measured is not None:
        yield float(measured.x.max())


def _shown(axis: Axis, ends: Sequence[float]) -> AxisQuantity:
    """The axis in its unit; a time in the one that suits its extent."""
    if axis.unit != "s":
        return axis.shown
    unit = time_axis(max(ends))
    return AxisQuantity(axis.shown.label, unit.unit, unit.scale)


def _caption(outcome: Outcome, measured: Measured | None) -> str:
    experiment, case = outcome.experiment, outcome.anodes[0].setup.case()
    parameters = ", ".join(
        f"{p.name} {p.told(outcome.values.each(p.name))}"
        for p in experiment.parameters
        if p.name != "cutoff"
    )
    text = f"{experiment.what[0].upper()}{experiment.what[1:]}. "
    if not isinstance(experiment.measure, OnWaves):
        against = (
            "the counter electrode"
            if case.counter.type == "electrode"
            else f"the reference {case.reference}"
        )
        text += f"Voltages of the working electrode against {against}, plating currents negative. "
    text += f"Level {case.level}; {parameters}."
    for line in additions(outcome):
        text += f" {line.partition(';')[0]}."
    if len(outcome.seeds) > 1:
        text += f" Lines: the first of {len(outcome.seeds)} surfaces."
    if measured is not None:
        text += f" Circles: {measured.name}."
    return text.replace("^2", "²").replace("$", r"\$")
