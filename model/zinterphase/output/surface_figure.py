"""Figure of the reacting surface of a run: the current density and the surface beneath it."""

from __future__ import annotations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.case import Case
from zinterphase.observe.facets import FacetMap
from zinterphase.observe.surface import SurfaceMap
from zinterphase.output.cell_panels import metals_of
from zinterphase.output.figures import CURRENT_DENSITY, AxisQuantity
from zinterphase.output.plotstyle import LINE_HEIGHT, WIDTH, dress, wrapped, write_caption
from zinterphase.output.surface_panels import draw_current, draw_map, draw_profile, draw_projected

HEIGHT = AxisQuantity("Height", "µm", 1e6)


def surface_figure(case: Case, facets: FacetMap, anode: SurfaceMap | None) -> Figure:
    """Current per metal area, and per projected area where that differs, over the surface.

    In 3D a map of the current beside one of the height. ``anode`` is the current per projected
    area; None where the surface is no graph: it is drawn as it lies then, in colours.
    """
    dimension = facets.points.shape[1]
    text = wrapped(_caption(case, anode, dimension), WIDTH)
    size = (WIDTH, 4.0 if dimension == 2 else 3.4)
    below = (LINE_HEIGHT * (text.count("\n") + 1) + 0.15) / size[1]
    figure = Figure(figsize=size, facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", rect=(0, below, 1, 1 - below))
    if dimension == 3:
        _maps(figure, facets)
    elif anode is None:
        axes = figure.add_subplot()
        draw_current(figure, axes, facets, graph=False)
        dress(axes, "")
    else:
        _lines(figure, case, facets, anode)
    write_caption(figure, text)
    return figure


def _maps(figure: Figure, facets: FacetMap) -> None:
    left, right = figure.subplots(1, 2)
    current = facets.values["current_density"]
    draw_map(figure, left, facets, current, CURRENT_DENSITY)
    draw_map(figure, right, facets, facets.corners[:, :, 2].mean(axis=1), HEIGHT)
    dress(left, "a")
    dress(right, "b")


def _lines(figure: Figure, case: Case, facets: FacetMap, anode: SurfaceMap) -> None:
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(2.0, 1.0))
    draw_current(figure, upper, facets, graph=True)
    if differs(facets, anode):
        draw_projected(upper, anode)
    metals = metals_of(case)
    draw_profile(lower, facets, metals[0] if metals else None)
    upper.set_xlabel("")
    dress(upper, "a")
    dress(lower, "b")


def differs(facets: FacetMap, anode: SurfaceMap) -> bool:
    """Whether the current per projected area is another one: slopes, or reacting volumes."""
    true = facets.values["current_density"] @ facets.area
    whole = anode.values["current_density"] @ anode.projected_area
    sloped = float(np.max(facets.area / np.maximum(facets.projected_area, 1e-300)))
    return sloped > 1.001 or bool(abs(whole - true) > 1e-3 * abs(whole))


def _caption(case: Case, anode: SurfaceMap | None, dimension: int) -> str:
    start = f"{case.title}, level {case.level}: current density at the metal per metal area"
    if dimension == 3:
        return f"{start} (a) and height of the surface (b), seen from above; cathodic is negative."
    if anode is None:
        return f"{start}, on the surface as it lies; cathodic is negative."
    return (
        f"{start}, and per projected area, with what reacts in porous layers, where that differs "
        f"(a); the surface beneath, its heights stretched (b). Cathodic is negative, deposition "
        f"upwards."
    )
