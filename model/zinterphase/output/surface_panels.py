"""Panels of the reacting surface: lines over x in 2D, maps seen from above in 3D."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import Collection, LineCollection, PolyCollection
from matplotlib.figure import Figure

from zinterphase.observe.facets import FacetMap
from zinterphase.observe.surface import SurfaceMap
from zinterphase.output.cell_panels import Metal
from zinterphase.output.figures import CURRENT_DENSITY, AxisQuantity
from zinterphase.output.plotstyle import TEXT_SIZE, TICK_SIZE, colour_scale, value_range
from zinterphase.output.sections import MICROMETRE

Array = npt.NDArray[np.float64]


def deposition_upwards(axes: Axes, values: Array) -> None:
    """Turn the axis where the current is cathodic, so that more deposition lies higher."""
    if float(np.mean(values)) < 0.0 and not axes.yaxis_inverted():
        axes.invert_yaxis()


def draw_current(figure: Figure, axes: Axes, facets: FacetMap, *, graph: bool) -> None:
    """Current per metal area of a 2D surface over x; of one that is no ``graph`` where it lies."""
    current = facets.values["current_density"]
    if not graph:
        draw_coloured_outline(figure, axes, facets, current, CURRENT_DENSITY)
        return
    centres = MICROMETRE * facets.corners[:, :, 0].mean(axis=1)
    order = np.argsort(centres)
    density = CURRENT_DENSITY.scale * current[order]
    axes.plot(centres[order], density, color="black", linewidth=1.2, label="per metal area")
    axes.set_xlim(MICROMETRE * facets.points[:, 0].min(), MICROMETRE * facets.points[:, 0].max())
    _label(axes, "Position $x$ (µm)", CURRENT_DENSITY.axis_label)
    _leave_room(axes, density)
    deposition_upwards(axes, current)


def draw_projected(axes: Axes, anode: SurfaceMap) -> None:
    """Current per projected area over x on the axes of the current per metal area."""
    means = anode.facet_means("current_density")
    density = CURRENT_DENSITY.scale * means.values["current_density"]
    axes.plot(
        MICROMETRE * means.lateral[:, 0], density, color="#0072B2", linewidth=1.0,
        linestyle=(0, (5, 1.5)), label="per projected area",
    )  # fmt: skip
    _leave_room(axes, np.concatenate([line.get_ydata() for line in axes.lines]))
    axes.legend(frameon=False, fontsize=TICK_SIZE)


def draw_map(
    figure: Figure, axes: Axes, facets: FacetMap, values: Array, shown: AxisQuantity
) -> None:
    """Facets of a 3D surface from above, the highest on top, each in the colour of its value."""
    corners = MICROMETRE * facets.corners
    order = np.argsort(corners[:, :, 2].mean(axis=1), kind="stable")
    polygons = PolyCollection(list(corners[order][:, :, :2]), edgecolor="face", linewidth=0.2)
    _coloured(figure, axes, polygons, shown.scale * values[order], shown)
    _label(axes, "Position $x$ (µm)", "Position $y$ (µm)")
    _frame(axes, corners[:, :, :2])
    axes.set_aspect("equal")


def draw_coloured_outline(
    figure: Figure, axes: Axes, facets: FacetMap, values: Array, shown: AxisQuantity
) -> None:
    """Facets of a 2D surface where they lie, each in the colour of its value."""
    corners = MICROMETRE * facets.corners
    lines = LineCollection(list(corners), linewidths=2.5, capstyle="round")
    _coloured(figure, axes, lines, shown.scale * values, shown)
    _label(axes, "Position $x$ (µm)", "Height $y$ (µm)")
    _frame(axes, corners, 0.05)
    axes.set_aspect("equal")


def draw_profile(axes: Axes, facets: FacetMap, metal: Metal | None) -> None:
    """Height of a 2D surface over x with the metal below it."""
    x, y = (MICROMETRE * facets.points).T
    low, high = float(y.min()), float(y.max())
    span = max(high - low, 0.02 * float(np.ptp(x)))
    floor = low - 0.6 * span
    axes.fill_between(x, floor, y, color=metal.colour if metal else "#9aa1ab", linewidth=0)
    axes.plot(x, y, color="black", linewidth=1.0)
    axes.set_ylim(floor, high + 0.4 * span)
    _label(axes, "Position $x$ (µm)", "Height $y$ (µm)")
    if metal is not None:
        place = (0.015, 0.06)
        axes.annotate(metal.name, place, xycoords="axes fraction", fontsize=TICK_SIZE)


def _coloured(
    figure: Figure,
    axes: Axes,
    shapes: Collection,
    values: Array,
    shown: AxisQuantity,
) -> None:
    """Strong deposition is bright, and at the upper end of the scale."""
    shapes.set_array(values)
    turned = shown is CURRENT_DENSITY and float(values.mean()) < 0.0
    shapes.set_cmap("viridis_r" if turned else "viridis")
    shapes.set_clim(*value_range(values))
    axes.add_collection(shapes)
    bar = colour_scale(figure, axes, shapes, shown)
    if turned:
        bar.ax.invert_yaxis()


def _frame(axes: Axes, corners: Array, margin: float = 0.0) -> None:
    flat = corners.reshape(-1, 2)
    low, high = flat.min(axis=0), flat.max(axis=0)
    room = margin * float((high - low).max())
    axes.set_xlim(low[0] - room, high[0] + room)
    axes.set_ylim(low[1] - room, high[1] + room)


def _leave_room(axes: Axes, shown: Array) -> None:
    """Limits around values; rounding of an even current is not blown up to the panel's height."""
    low, high = float(shown.min()), float(shown.max())
    room = max(0.05 * (high - low), 1e-3 * max(abs(low), abs(high))) or 1.0
    turned = axes.yaxis_inverted()
    axes.set_ylim(*((high + room, low - room) if turned else (low - room, high + room)))


def _label(axes: Axes, across: str, up: str) -> None:
    axes.set_xlabel(across, fontsize=TEXT_SIZE)
    axes.set_ylabel(up, fontsize=TEXT_SIZE)
    axes.tick_params(labelsize=TICK_SIZE, length=2.5, width=0.6)
