"""Look shared by all figures; set on the artists, so that nothing global changes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colorbar import Colorbar
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from zinterphase.output.figures import AxisQuantity

# Settings of the working folder could have LaTeX typeset a preamble of their own; those of the
# user's configuration stay.
if not Path(matplotlib.matplotlib_fname()).is_absolute():
    matplotlib.rcdefaults()

# Offset and lengths of dashes and gaps in line widths; no lengths for a solid line.
Dashes = tuple[float, tuple[float, ...]]

# Okabe and Ito (2008): told apart with any colour vision. The line style says the same once more.
COLOURS = ("#000000", "#E69F00", "#0072B2", "#CC79A7", "#009E73", "#D55E00", "#56B4E9")
DASHES: tuple[Dashes, ...] = (
    (0.0, ()),
    (0, (5, 1.5)),
    (0, (1, 1)),
    (0, (5, 1.5, 1, 1.5)),
    (0, (8, 2, 1, 2, 1, 2)),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")

TEXT_SIZE = 8.0
TICK_SIZE = 7.0
WIDTH = 7.2
"""Width of a figure over both columns of a page [inch]."""
PANEL_HEIGHT = 1.75
LINE_HEIGHT = 0.155
CHARACTERS_PER_INCH = 18.5


@dataclass(frozen=True)
class Look:
    """Colour, dashes, marker and width of one series."""

    colour: str
    dashes: Dashes
    marker: str
    width: float


def looks(labels: Sequence[str]) -> dict[str, Look]:
    """One look per label; the first lines are wider, to show under the later ones."""
    widths = (1.8, 1.45, 1.1, 0.8)
    styles: Iterator[tuple[str, Dashes, str]] = zip(
        cycle(COLOURS), cycle(DASHES), cycle(MARKERS), strict=False
    )
    return {
        label: Look(*style, widths[min(number, len(widths) - 1)])
        for number, (label, style) in enumerate(zip(dict.fromkeys(labels), styles, strict=False))
    }


def dress(axes: Axes, letter: str, title: str = "") -> None:
    """Panel letter and title, sizes, and no lines that carry no information."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=TICK_SIZE, length=2.5, width=0.6)
    axes.tick_params(which="minor", labelsize=TICK_SIZE, length=1.5, width=0.4)
    for spine in axes.spines.values():
        spine.set_linewidth(0.6)
    axes.xaxis.label.set_fontsize(TEXT_SIZE)
    axes.yaxis.label.set_fontsize(TEXT_SIZE)
    axes.set_title(letter, loc="left", fontsize=TEXT_SIZE + 1, fontweight="bold", pad=4)
    if title:
        axes.set_title(title, loc="center", fontsize=TEXT_SIZE, pad=4)


def legend(figure: Figure, labels: dict[str, Look], *, markers: bool) -> None:
    """One legend for the figure, in a row along its upper edge; markers only if they are used."""
    handles = [
        Line2D(
            [], [], color=look.colour, linestyle=look.dashes, linewidth=look.width,
            marker=look.marker if markers else "", markersize=4, label=label,
        )
        for label, look in labels.items()
    ]  # fmt: skip
    figure.legend(
        handles=handles, loc="upper center", ncols=len(handles), frameon=False,
        fontsize=TEXT_SIZE, handlelength=4.5, borderaxespad=0.4,
    )  # fmt: skip


def value_range(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Ends of a colour scale; a little apart for a field that is the same everywhere."""
    low, high = float(values.min()), float(values.max())
    largest = max(abs(low), abs(high))
    if high - low > 1e-9 * largest:
        return low, high
    margin = 1e-3 * (largest or 1.0)
    return low - margin, high + margin


def colour_scale(
    figure: Figure,
    axes: Axes | Sequence[Axes],
    image: ScalarMappable,
    shown: AxisQuantity,
    beyond: tuple[bool, bool] = (False, False),
) -> Colorbar:
    """The scale of an image's colours at its right side; pointed where values lie ``beyond``."""
    names = {(True, True): "both", (True, False): "min", (False, True): "max"}
    extend = names.get(beyond, "neither")
    bar = figure.colorbar(image, ax=axes, pad=0.02, aspect=22, extend=extend)
    bar.locator = MaxNLocator(5)
    bar.formatter = ScalarFormatter(useOffset=False)
    bar.update_ticks()
    bar.ax.tick_params(labelsize=TICK_SIZE, length=2.5, width=0.6)
    bar.set_label(shown.axis_label, fontsize=TEXT_SIZE)
    bar.outline.set_linewidth(0.6)
    return bar


def wrapped(caption: str, width: float) -> str:
    """The caption in lines that fit a figure of this width [inch]."""
    return textwrap.fill(caption, int(CHARACTERS_PER_INCH * (width - 0.3)))


def write_caption(figure: Figure, text: str) -> None:
    """Put wrapped text at the lower edge."""
    height = figure.get_figheight()
    figure.text(
        0.15 / figure.get_figwidth(), 0.08 / height, text, fontsize=TICK_SIZE + 0.5,
        ha="left", va="bottom", linespacing=1.25,
    )  # fmt: skip


def canvas(rows: int, text: str, legend_row: bool = True) -> tuple[Figure, float, float]:
    """Figure with room for the panels, a legend and the caption; upper and lower end of panels."""
    above = 0.55 if legend_row else 0.3
    below = 0.6 + LINE_HEIGHT * (text.count("\n") + 1) if text else 0.5
    height = above + below + PANEL_HEIGHT * rows + 0.55 * (rows - 1)
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    return figure, 1.0 - above / height, below / height
