"""Figure of mechanisms: what each does alone on the diagonal, how pairs go together below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import SymLogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from zinterphase.output.plotstyle import LINE_HEIGHT, TEXT_SIZE, TICK_SIZE, wrapped, write_caption

WIDTH = 7.2
LABELS = 1.45
"""Room for the names of the mechanisms at the left [inch]."""
LARGEST_CELL = 0.75
COLOURS = "RdBu"
"""Blue is more even, red less."""
LINEAR = 0.5
LARGEST = 100.0
"""Per cent up to which colours are linear, and where they end."""
GREY = "#8a8a8a"


@dataclass(frozen=True)
class MatrixCell:
    """A number in per cent, above zero where the surface becomes more even.

    ``decided`` is False where its interval or the mesh leaves it open, ``value`` None where it is
    not defined or was not solved.
    """

    value: float | None
    decided: bool = True


@dataclass(frozen=True)
class MatrixPanel:
    """One current: cells by (row, column), the diagonal for each alone, below it the pairs."""

    title: str
    cells: Mapping[tuple[int, int], MatrixCell]


def matrix_figure(names: Sequence[str], panels: Sequence[MatrixPanel], caption: str) -> Figure:
    """Draw panels side by side where they have room, else below one another.

    Parameters
    ----------
    names : The mechanisms, in the order of rows and columns.
    panels : One per current.
    caption : Text below.
    """
    text = wrapped(caption, WIDTH)
    columns = 2 if len(names) <= 5 and len(panels) > 1 else 1
    rows = -(-len(panels) // columns)
    cell = min((WIDTH / columns - LABELS - 0.15) / len(names), LARGEST_CELL)
    side = cell * len(names)
    below, above, between = 0.35 + LINE_HEIGHT * (text.count("\n") + 1), 0.3, 0.85
    height = below + rows * (side + between) + above - 0.25
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    for number, panel in enumerate(panels):
        row, column = divmod(number, columns)
        left = LABELS + column * WIDTH / columns
        bottom = below + (rows - 1 - row) * (side + between) + between - 0.25
        box = (left / WIDTH, bottom / height, side / WIDTH, side / height)
        _draw(figure.add_axes(box), names, panel, cell)
    write_caption(figure, text)
    return figure


def _draw(axes: Axes, names: Sequence[str], panel: MatrixPanel, size: float) -> None:
    norm = SymLogNorm(LINEAR, vmin=-LARGEST, vmax=LARGEST)
    colours = colormaps[COLOURS]
    face: str | tuple[float, ...]
    letters = min(TEXT_SIZE, 15.5 * size)
    for (row, column), cell in panel.cells.items():
        shade = 0.5 if cell.value is None else float(norm(cell.value))
        face = colours(shade) if cell.value is not None and cell.decided else "white"
        axes.add_patch(
            Rectangle(
                (column - 0.5, row - 0.5), 1.0, 1.0, facecolor=face,
                edgecolor="black" if row == column else "#bbbbbb",
                linewidth=1.0 if row == column else 0.4, zorder=2 if row == column else 1,
                hatch="////" if cell.value is None else None, clip_on=False,
            )
        )  # fmt: skip
        if cell.value is None:
            continue
        dark = cell.decided and abs(shade - 0.5) > 0.33
        axes.text(
            column, row, _digits(cell.value), ha="center", va="center", fontsize=letters, zorder=3,
            color="white" if dark else "black" if cell.decided else GREY,
            style="normal" if cell.decided else "italic",
        )  # fmt: skip
    axes.set_xlim(-0.5, len(names) - 0.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xticks(range(len(names)), names, rotation=35, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(labelsize=TICK_SIZE, length=0.0)
    axes.spines[:].set_visible(False)
    axes.set_title(panel.title, loc="left", fontsize=TEXT_SIZE, pad=4)


def _digits(value: float) -> str:
    """Per cent with two digits; what is below a hundredth of one is zero."""
    if abs(value) < 0.005:
        return "0"
    text = f"{value:.0f}" if abs(value) >= 9.95 else f"{value:.2g}"
    return f"{float(text):g}".replace("-", "\N{MINUS SIGN}")
