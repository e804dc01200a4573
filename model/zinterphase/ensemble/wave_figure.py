"""Figure of the growth of waves: anodes side by side, with intervals over seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from zinterphase.ensemble.wave_growth import WaveGrowth
from zinterphase.observe.statistics import CONFIDENCE
from zinterphase.output.plotstyle import (
    WIDTH,
    Look,
    canvas,
    dress,
    legend,
    looks,
    wrapped,
    write_caption,
)


def wave_figure(waves: Sequence[WaveGrowth], labels: Sequence[str], level: str) -> Figure:
    """ln of the growth of each wave over the protocol against its length, with bands.

    Linear theory as thin lines.

    Parameters
    ----------
    waves : Of all anodes, at least one.
    labels : Of all anodes, in their order.
    level : Level of theory, for the caption.
    """
    styles = looks(labels)
    text = wrapped(_caption(waves, level), WIDTH)
    figure, top, bottom = canvas(2, text)
    axes = figure.add_axes((0.1, bottom, 0.86, top - bottom))
    for label in labels:
        _draw(axes, [wave for wave in waves if wave.label == label], styles[label])
    axes.axhline(0.0, color="#808080", linewidth=0.6, zorder=0)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("Wavelength (µm)")
    axes.set_ylabel("ln of the growth of the amplitude")
    dress(axes, "a")
    legend(figure, styles, markers=False)
    write_caption(figure, text)
    return figure


def _draw(axes: Axes, waves: Sequence[WaveGrowth], look: Look) -> None:
    if not waves:
        return
    length = 1e6 * np.array([wave.wavelength for wave in waves])
    mean, low, high, theory = (
        np.array([np.nan if x is None else x for x in column], dtype=np.float64)
        for column in (
            [wave.exponent.value for wave in waves],
            [wave.exponent.low for wave in waves],
            [wave.exponent.high for wave in waves],
            [wave.theory for wave in waves],
        )
    )
    axes.plot(length, mean, color=look.colour, linestyle=look.dashes, linewidth=look.width)
    axes.fill_between(length, low, high, color=look.colour, alpha=0.18, linewidth=0)
    axes.plot(length, theory, color=look.colour, linewidth=0.6)


def _caption(waves: Sequence[WaveGrowth], level: str) -> str:
    seeds = max(wave.exponent.n for wave in waves)
    text = f"Growth of the moving surface's waves over the protocol, level {level}"
    text += f", root mean square over {seeds} seeds" if seeds > 1 else ""
    if any(wave.exponent.low is not None for wave in waves):
        text += f", bands: {CONFIDENCE:.0%} intervals over the seeds"
    return f"{text}. Thin lines: linear theory of an even surface."
