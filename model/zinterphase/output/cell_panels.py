"""Panels that show the cell itself: fields in its layers, the metal below, deposition upwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.tri import Triangulation

from zinterphase.case import Case
from zinterphase.output.figures import AxisQuantity
from zinterphase.output.plotstyle import TEXT_SIZE, TICK_SIZE, colour_scale, value_range
from zinterphase.output.sections import Section

Array = npt.NDArray[np.float64]

METAL_COLOURS = {"Zn": "#9aa1ab", "Ag": "#d9dee5"}
OTHER_METAL = "#b8b0a8"
MOST_STRETCH = 2.5
"""Beyond this ratio to the panel's shape a window is stretched to fill it, and says so."""
METAL_SHARE = 0.13
"""Height of metal shown below a window, over the window's height."""
THIN = 0.125
"""A layer below this share of the window's height is drawn magnified too."""
DEBYE_LENGTHS = 12.0
"""Height of a window on a double layer."""
SMALL_FRAME = 0.03
"""Share of a panel's width below which a frame in it needs a pointer."""
SEEN = 0.005
"""Share of a panel's area whose values may lie beyond each end of its colours."""
MOST_OF_ALL = 0.75
"""Above this share of the whole range the colours span all of it."""
LINES = 16
"""Lines of flux across a section."""
LEAST_SHARE = 0.05
"""A layer must take this share of the window's height to hold its name."""


@dataclass(frozen=True)
class Metal:
    """A dense metal below the surface; ``thickness`` in micrometres."""

    name: str
    material: str
    thickness: float

    @property
    def colour(self) -> str:
        return METAL_COLOURS.get(self.material, OTHER_METAL)


@dataclass(frozen=True)
class Window:
    """What a panel shows, in micrometres."""

    left: float
    right: float
    low: float
    high: float

    @property
    def height(self) -> float:
        return self.high - self.low

    @property
    def width(self) -> float:
        return self.right - self.left


def metals_of(case: Case) -> tuple[Metal, ...]:
    """The dense metals, from the surface downwards."""
    dense = [layer for layer in case.layers if layer.medium.kind == "dense_conductor"]
    return tuple(
        Metal(layer.name, layer.material, 1e6 * layer.thickness) for layer in reversed(dense)
    )


def whole(section: Section) -> Window:
    """The cell with some metal below it."""
    low, high = section.frame
    return Window(low[0], high[0], low[1] - METAL_SHARE * (high[1] - low[1]), high[1])


def magnified(section: Section, double_layer: float | None = None) -> Window | None:
    """Around the thin layers next to the metal, at the left side; None where there are none.

    Without thin layers around a ``double_layer`` of this thickness [um], where there is one.
    """
    low, high = section.frame
    thickness = _thin_layers(section)
    if thickness is None and double_layer is None:
        return None
    if thickness is not None:
        height, bottom = 1.6 * thickness, float(low[1])
    else:
        assert double_layer is not None
        outline = section.outline()
        nearest = np.argmin(outline[:, :, 0].min(axis=1))
        height, bottom = DEBYE_LENGTHS * double_layer, float(outline[nearest][:, 1].max())
    right = low[0] + min(high[0] - low[0], 2.0 * height)
    return Window(low[0], right, bottom - 0.25 * height, bottom + height)


def _thin_layers(section: Section) -> float | None:
    """Height up to which thin layers reach above the lowest point [um]."""
    low, high = section.frame
    heights = section.points[section.triangles][:, :, 1]
    top = None
    for layer in np.unique(section.layer)[:-1]:
        end = float(heights[section.layer == layer].max()) - low[1]
        if end > 2 * THIN * (high[1] - low[1]):
            break
        top = end
    return top


def draw_cell(axes: Axes, section: Section, window: Window, metals: Sequence[Metal]) -> None:
    """Frame, metals, borders of layers, names and scale bar; fields are drawn on top of it."""
    axes.set_facecolor(metals[-1].colour if metals else OTHER_METAL)
    outline, depth = section.outline(), 0.0
    for metal in metals[:-1]:
        bands = np.concatenate(
            [outline - (0.0, depth), (outline - (0.0, depth + metal.thickness))[:, ::-1]], axis=1
        )
        colour = metal.colour
        axes.add_collection(PolyCollection(list(bands), facecolor=colour, edgecolor=colour))
        depth += metal.thickness
    axes.add_collection(LineCollection(list(outline), colors="black", linewidths=0.9, zorder=4))
    borders = list(section.borders())
    axes.add_collection(LineCollection(borders, colors="white", linewidths=0.8, zorder=4))
    axes.set_xlim(window.left, window.right)
    axes.set_ylim(window.low, window.high)
    axes.tick_params(labelsize=TICK_SIZE, length=2.5, width=0.6)
    _name_layers(axes, section, window)
    _name_metals(axes, section, window, metals)
    _scale_bar(axes, window)


def fit(axes: Axes, window: Window, shape: float, up: str) -> None:
    """One scale on both axes where a panel of ``shape`` (width over height) can hold it."""
    stretch = window.width / window.height / shape
    small = max(window.width, window.height) < 1.0
    unit = "nm" if small else "µm"
    labels = {f"Position $x$ ({unit})": 1.0 / stretch, f"Height ${up}$ ({unit})": stretch}
    if max(labels.values()) < MOST_STRETCH:
        axes.set_aspect("equal", anchor="C")
        labels = dict.fromkeys(labels, 0.0)
    horizontal, vertical = (
        f"{label}, stretched {factor:.2g}\N{MULTIPLICATION SIGN}" if factor > 1.0 else label
        for label, factor in labels.items()
    )
    axes.set_xlabel(horizontal, fontsize=TEXT_SIZE)
    axes.set_ylabel(vertical, fontsize=TEXT_SIZE)
    if small:
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: f"{1e3 * value:g}".replace("-", "\u2212"))


def draw_field(
    figure: Figure,
    axes: Axes,
    section: Section,
    values: Array,
    shown: AxisQuantity,
    colours: str,
    window: Window | None = None,
) -> None:
    """Colours at the corners of the triangles, with their scale beside; of ``window`` alone."""
    field = shown.scale * values
    kept = section.triangles if window is None else _inside(section, window)
    low, high = value_range(_visible(section.points, kept, field))
    triangles = Triangulation(section.points[:, 0], section.points[:, 1], kept)
    image = axes.tripcolor(triangles, field, shading="gouraud", cmap=colours, vmin=low, vmax=high)
    beyond = bool(field[kept].min() < low), bool(field[kept].max() > high)
    colour_scale(figure, axes, image, shown, beyond)


def draw_lines_of(axes: Axes, section: Section, name: str) -> None:
    """Lines along a flux, evenly spaced where they start below the far side; none without flux."""
    x, y, across, up = (np.ma.masked_invalid(a) for a in section.on_grid(name))
    if not np.hypot(across, up).max() > 0.0:
        return
    low, high = section.frame
    start = low[0] + (high[0] - low[0]) * (np.arange(LINES) + 0.5) / LINES
    height = np.full(LINES, high[1] - 0.03 * (high[1] - low[1]))
    axes.streamplot(
        x, y, across, up, color="white", linewidth=0.6, arrowsize=0.6, zorder=3,
        start_points=np.column_stack([start, height]), broken_streamlines=False, density=4,
    )  # fmt: skip


def mark(axes: Axes, near: Window) -> None:
    """Frame what another panel magnifies; point at it where the frame is too small to see."""
    frame = (near.left, near.low, near.width, near.height)
    axes.indicate_inset(frame, edgecolor="red", linewidth=0.9, alpha=1.0)
    if near.width < SMALL_FRAME * abs(np.ptp(axes.get_xlim())):
        axes.plot(
            near.left, near.low + 0.5 * near.height, marker=4, color="red", markersize=7,
            clip_on=False, zorder=7,
        )  # fmt: skip


def _visible(points: Array, triangles: npt.NDArray[np.int64], field: Array) -> Array:
    """Ends of what is seen of a field: a thin double layer takes no colours from the rest."""
    corners = points[triangles]
    size = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1]))
    middle = field[triangles].mean(axis=1)
    order = np.argsort(middle)
    share = np.cumsum(size[order]) / size.sum()
    ends = np.searchsorted(share, (SEEN, 1.0 - SEEN))
    seen = middle[order][np.minimum(ends, len(order) - 1)]
    everything = field[triangles]
    return np.asarray(seen if np.ptp(seen) < MOST_OF_ALL * np.ptp(everything) else everything)


def _inside(section: Section, window: Window) -> npt.NDArray[np.int64]:
    """Triangles that reach into the window."""
    corners = section.points[section.triangles]
    first, last = corners.min(axis=1), corners.max(axis=1)
    seen = (last[:, 0] >= window.left) & (first[:, 0] <= window.right)
    seen &= (last[:, 1] >= window.low) & (first[:, 1] <= window.high)
    return section.triangles[seen]


def _name_layers(axes: Axes, section: Section, window: Window) -> None:
    corners = section.points[section.triangles]
    near = corners[:, :, 0].min(axis=1) <= window.left + 0.15 * window.width
    for number in np.unique(section.layer):
        heights = corners[near & (section.layer == number)][:, :, 1]
        if not heights.size:
            continue
        low, high = float(heights.min()), min(float(heights.max()), window.high)
        if high - low < LEAST_SHARE * window.height:
            continue
        _write(axes, window, 0.5 * (low + high), section.layers[number])


def _name_metals(axes: Axes, section: Section, window: Window, metals: Sequence[Metal]) -> None:
    outline = section.outline()
    near = outline[outline[:, :, 0].min(axis=1) <= window.left + 0.15 * window.width]
    surface = float(near[:, :, 1].mean()) if near.size else window.low
    for number, metal in enumerate(metals):
        bottom = window.low if number == len(metals) - 1 else surface - metal.thickness
        bottom = max(bottom, window.low)
        if surface - bottom >= LEAST_SHARE * window.height:
            _write(axes, window, 0.5 * (surface + bottom), f"{metal.name} ({metal.material})")
        surface = bottom


def _write(axes: Axes, window: Window, height: float, text: str) -> None:
    axes.text(
        window.left + 0.03 * window.width, height, text, fontsize=TICK_SIZE, color="white",
        va="center", zorder=6,
        path_effects=[patheffects.withStroke(linewidth=1.6, foreground="#202020")],
    )  # fmt: skip


def _scale_bar(axes: Axes, window: Window) -> None:
    """A round length in the metal at the lower right."""
    aim = 0.25 * window.width
    decade = 10.0 ** np.floor(np.log10(aim))
    length = max(step * decade for step in (1.0, 2.0, 5.0) if step * decade <= aim)
    right = window.right - 0.04 * window.width
    height = window.low + 0.025 * window.height
    axes.plot(
        [right - length, right], [height, height], color="black", linewidth=2.0,
        solid_capstyle="butt", zorder=6,
    )  # fmt: skip
    text = f"{1e3 * length:g} nm" if length < 1.0 else f"{length:g} µm"
    axes.text(
        right - 0.5 * length, height + 0.012 * window.height, text, fontsize=TICK_SIZE,
        ha="center", va="bottom", zorder=6,
    )  # fmt: skip
