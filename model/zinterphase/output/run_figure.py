"""Figure of a single run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from zinterphase.observe.surface import SurfaceMap
from zinterphase.output.panels import ProfileLine, along_surface, draw_lines, label_profile
from zinterphase.output.plotstyle import (
    CURRENT_DENSITY,
    WIDTH,
    AxisQuantity,
    canvas,
    dress,
    legend,
    length_unit,
    looks,
    wrapped,
    write_caption,
)


def run_figure(
    surface: SurfaceMap,
    *,
    name: str,
    width: float | Sequence[float],
    lines: Sequence[ProfileLine] = (),
    quantities: Mapping[str, AxisQuantity] | None = None,
    quantity: AxisQuantity = CURRENT_DENSITY,
    caption: str = "",
) -> Figure:
    """Show one run: the field along the surface, then one panel per quantity along the lines.

    Args:
        surface: Map of the reacting surface.
        name: Field of the map that is drawn.
        width: Distance between the mirror planes, one or one per lateral axis [m].
        lines: Profile lines.
        quantities: Fields of the lines that get a panel, and how they appear.
        quantity: How the field of the map appears.
        caption: Text below.
    """
    panels = dict(quantities or {}) if lines else {}
    rows = 1 + (len(panels) + 1) // 2
    text = wrapped(caption, WIDTH)
    figure, top, bottom = canvas(rows, text, legend_row=bool(panels))
    grid = figure.add_gridspec(
        rows, 2, left=0.095, right=0.98, top=top, bottom=bottom, wspace=0.28, hspace=0.5
    )
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    axes = figure.add_subplot(grid[0, :])
    x, values, extent = along_surface(surface, name, width)
    unit = length_unit(extent)
    axes.plot(unit.scale * x, quantity.scale * values, color="black", linewidth=1.2)
    label_profile(axes, unit, extent, quantity)
    dress(axes, next(letters))
    styles = looks([line.label for line in lines])
    for place, (field, shown) in enumerate(panels.items()):
        axes = figure.add_subplot(grid[1 + place // 2, place % 2])
        draw_lines(axes, lines, styles, field, shown)
        dress(axes, next(letters))
    if panels:
        legend(figure, styles, markers=False)
    write_caption(figure, text)
    return figure
