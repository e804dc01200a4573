"""Figure of the mesh of a run: all of it, and where it is finest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from zinterphase.case import Case
from zinterphase.observe.facets import FacetMap
from zinterphase.observe.snapshot import MeshView, Snapshot
from zinterphase.output.cell_panels import Window, fit, magnified, mark
from zinterphase.output.plotstyle import (
    LINE_HEIGHT,
    TEXT_SIZE,
    TICK_SIZE,
    WIDTH,
    wrapped,
    write_caption,
)
from zinterphase.output.sections import MICROMETRE, Section

TINTS = ("#f5dfb8", "#cfe3f2", "#e3d3ea", "#d2ebdc", "#f7d4cc", "#e6e6e6")
HEIGHT = 3.6
CELLS_HIGH = 40.0
"""Heights of the lowest cells that a magnified window without thin layers shows."""
CELLS_WIDE = 6.0
"""Their widths that it shows at least."""

Nodes = npt.NDArray[np.int64]


def mesh_figure(case: Case, view: MeshView, facets: FacetMap) -> Figure:
    """In 2D the mesh and its part next to the metal; in 3D its front face and the surface."""
    text, mesh = wrapped(_caption(case, view), WIDTH), view.shown
    below = (LINE_HEIGHT * (text.count("\n") + 1) + 0.4) / HEIGHT
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", rect=(0, below, 1, 1 - below))
    left, right = figure.subplots(1, 2)
    face = _face(mesh)
    low, high = MICROMETRE * view.ends[:, [0, -1]]
    _draw(left, face, Window(low[0], high[0], low[1], high[1]), "a")
    if mesh.depth is None:
        near = magnified(face) or _lowest(face)
        _draw(right, face, near, "b")
        mark(left, near)
    else:
        _draw_from_above(right, facets)
    tints = [Patch(facecolor=TINTS[k % len(TINTS)], edgecolor="#808080") for k in view.seen]
    figure.legend(
        tints, [mesh.layers[k] for k in view.seen], loc="lower center", ncols=len(tints),
        frameon=False, fontsize=TICK_SIZE, bbox_to_anchor=(0.5, below - 0.25 / HEIGHT),
    )  # fmt: skip
    write_caption(figure, text)
    return figure


def _face(mesh: Snapshot) -> Section:
    """The triangles themselves in 2D; in 3D the triangles on the plane of the lowest y."""
    points = MICROMETRE * mesh.points
    if mesh.depth is None:
        return Section(points, mesh.cells, mesh.layer, mesh.layers, {}, {})
    on_plane = mesh.points[:, 1] <= mesh.depth
    triangles = mesh.cells[on_plane[mesh.cells]].reshape(-1, 3)
    depth = MICROMETRE * mesh.depth
    return Section(points[:, [0, 2]], triangles, mesh.layer, mesh.layers, {}, {}, depth)


def _lowest(face: Section) -> Window:
    """A window on the cells next to the metal."""
    low, high = face.frame
    heights = np.ptp(face.points[face.triangles][:, :, 1], axis=1)
    flat = heights <= np.quantile(heights, 0.02)
    tall = min(CELLS_HIGH * float(heights[flat].max()), 0.25 * float(high[1] - low[1]))
    across = float(np.median(np.ptp(face.points[face.triangles[flat]][:, :, 0], axis=1)))
    wide = min(max(2.0 * tall, CELLS_WIDE * across), float(high[0] - low[0]))
    outline = face.outline()
    seen = outline[outline[:, :, 0].min(axis=1) < low[0] + wide][:, :, 1]
    bottom = float(seen.min()) if seen.size else float(low[1])
    tall += float(seen.max()) - bottom if seen.size else 0.0
    return Window(low[0], low[0] + wide, bottom - 0.1 * tall, bottom + tall)


def _draw(axes: Axes, face: Section, window: Window, letter: str) -> None:
    colours = ListedColormap(TINTS)
    axes.tripcolor(
        face.triangulation, face.layer % len(TINTS), cmap=colours, vmin=-0.5,
        vmax=len(TINTS) - 0.5, edgecolors="#303030", linewidth=0.15,
    )  # fmt: skip
    axes.set_xlim(window.left, window.right)
    axes.set_ylim(window.low, window.high)
    fit(axes, window, 0.42 * WIDTH / (HEIGHT - 1.1), face.up)
    _plain(axes, letter)


def _draw_from_above(axes: Axes, facets: FacetMap) -> None:
    corners = MICROMETRE * facets.corners[:, :, :2]
    loops = np.concatenate([corners, corners[:, :1]], axis=1)
    axes.add_collection(LineCollection(list(loops), colors="#303030", linewidths=0.2))
    low, high = corners.reshape(-1, 2).min(axis=0), corners.reshape(-1, 2).max(axis=0)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.set_aspect("equal")
    axes.set_xlabel("Position $x$ (µm)", fontsize=TEXT_SIZE)
    axes.set_ylabel("Position $y$ (µm)", fontsize=TEXT_SIZE)
    _plain(axes, "b")


def _plain(axes: Axes, letter: str) -> None:
    axes.tick_params(labelsize=TICK_SIZE, length=2.5, width=0.6)
    axes.set_title(letter, loc="left", fontsize=TEXT_SIZE + 1, fontweight="bold", pad=4)


def _caption(case: Case, view: MeshView) -> str:
    count = f"{view.cells} cells, {view.nodes} nodes"
    if view.shown.depth is None:
        return f"{case.title}: the mesh, {count} (a), and its part in the red frame (b)."
    return (
        f"{case.title}: mesh of {count}; its face at the lowest y (a), the surface from above (b)."
    )
