"""Figure of the fields of a run: potential, concentration with lines of flux, current."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.case import Case
from zinterphase.observe.facets import FacetMap
from zinterphase.output.cell_panels import (
    Metal,
    Window,
    draw_cell,
    draw_field,
    draw_lines_of,
    fit,
    magnified,
    mark,
    metals_of,
    whole,
)
from zinterphase.output.figures import CURRENT_DENSITY, AxisQuantity, FieldNames
from zinterphase.output.plotstyle import LINE_HEIGHT, TEXT_SIZE, WIDTH, wrapped, write_caption
from zinterphase.output.sections import MICROMETRE, Section
from zinterphase.output.surface_panels import draw_current, draw_map

POTENTIAL = AxisQuantity("Potential of the liquid", "mV", 1e3)
ROW_HEIGHT = 2.7
ROOM = 0.45
"""Height of a row's titles and axis labels [inch]."""


def fields_figure(
    case: Case,
    section: Section,
    facets: FacetMap,
    names: FieldNames,
    *,
    graph: bool,
    double_layer: float | None = None,
) -> Figure:
    """Potential and concentration in the cell, thin layers magnified, current at the surface.

    ``graph`` says whether the surface has one height at each lateral position; ``double_layer``
    is the thickness of the one that is solved [m], if any.
    """
    thickness = None if double_layer is None else MICROMETRE * double_layer
    metals, near = metals_of(case), magnified(section, thickness)
    text = wrapped(_caption(case, section, names, near), WIDTH)
    below = (LINE_HEIGHT * (text.count("\n") + 1) + 0.15) / (2 * ROW_HEIGHT + ROOM)
    figure = Figure(figsize=(WIDTH, 2 * ROW_HEIGHT + ROOM), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", rect=(0, below, 1, 1 - below))
    grid = figure.add_gridspec(2, 2)
    letters = iter("abcd")
    shown = shown_fields(names)
    window = whole(section)
    places = [grid[0, 0], grid[0, 1]] if len(shown) == 2 else [grid[0, :]]
    for place, (name, quantity, colours) in zip(places, shown, strict=True):
        axes = figure.add_subplot(place)
        draw_field(figure, axes, section, section.nodal[name], quantity, colours)
        if name == shown[-1][0]:
            draw_lines_of(axes, section, names.lines)
        _finish(axes, section, window, metals, next(letters), wide=len(shown) == 1)
        if near is not None:
            mark(axes, near)
    if near is not None:
        axes = figure.add_subplot(grid[1, 0])
        name, quantity, colours = shown[-1]
        draw_field(figure, axes, section, section.nodal[name], quantity, colours, near)
        _finish(axes, section, near, metals, next(letters), wide=False)
    axes = figure.add_subplot(grid[1, 1] if near is not None else grid[1, :])
    if section.depth is None:
        draw_current(figure, axes, facets, graph=graph)
    else:
        draw_map(figure, axes, facets, facets.values["current_density"], CURRENT_DENSITY)
    _letter(axes, next(letters))
    write_caption(figure, text)
    return figure


def shown_fields(names: FieldNames) -> list[tuple[str, AxisQuantity, str]]:
    """Names of the nodal fields that are drawn, how they appear on an axis, and colours."""
    shown = [("potential", POTENTIAL, "viridis")]
    if names.concentration is not None:
        label = AxisQuantity(f"{names.ion} concentration", "mol L$^{-1}$", 1e-3)
        shown.append((names.concentration, label, "cividis"))
    return shown


def _finish(
    axes: Axes,
    section: Section,
    window: Window,
    metals: tuple[Metal, ...],
    letter: str,
    *,
    wide: bool,
) -> None:
    draw_cell(axes, section, window, metals)
    fit(axes, window, (2.0 if wide else 1.0) * 0.34 * WIDTH / (ROW_HEIGHT - ROOM), section.up)
    _letter(axes, letter)


def _letter(axes: Axes, letter: str) -> None:
    axes.set_title(letter, loc="left", fontsize=TEXT_SIZE + 1, fontweight="bold", pad=4)


def _caption(case: Case, section: Section, names: FieldNames, near: Window | None) -> str:
    where = "" if section.depth is None else f" in the plane y = {section.depth:.4g} µm"
    parts = [f"{case.title}, level {case.level}{where}: potential against the bulk"]
    lines = f"lines of the flux of {names.ion}"
    if names.concentration is None:
        parts[0] += " with lines of the current density"
        magnifies = "the potential"
    else:
        parts.append(f"concentration per pore volume with {lines}")
        magnifies = "the concentration"
    if near is not None:
        parts.append(f"{magnifies} in the red frame")
    parts.append("current density at the metal per metal area, cathodic negative")
    stack = ", ".join(
        f"{layer.name} {1e6 * layer.thickness:.3g}\N{NO-BREAK SPACE}µm" for layer in case.layers
    )
    return "; ".join(parts) + f". From below: {stack}."
