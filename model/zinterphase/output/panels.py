"""Panels that several figures share: a field along the surface, and along lines into the liquid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from scipy.interpolate import griddata

from zinterphase.observe.smoothing import reflected
from zinterphase.observe.spectrum import lateral_widths, widest_facet
from zinterphase.observe.surface import FloatArray, SurfaceMap
from zinterphase.output.plotstyle import AxisQuantity, Look, length_unit

PROFILE_POINTS = 400
# A profile whose finest step is this far below its length needs a logarithmic distance.
SCALE_RANGE = 1e-3


@dataclass(frozen=True, eq=False)
class ProfileLine:
    """Fields along a line normal to the substrate.

    Attributes:
        label: Where the line stands, for the legend.
        distance: Distance along the line, increasing, shape (n,) [m].
        values: Fields on it, each of shape (n,), SI; not finite where a field does not exist.
    """

    label: str
    distance: FloatArray
    values: dict[str, FloatArray]


def along_surface(
    surface: SurfaceMap, name: str, width: float | Sequence[float]
) -> tuple[FloatArray, FloatArray, float]:
    """Field against x and the extent of x; in 3D along the middle line y = D/2."""
    means = surface.facet_means(name)
    widths = lateral_widths(surface, width)
    if len(widths) == 1:
        return means.lateral[:, 0], means.values[name], float(widths[0])
    x = np.linspace(0.0, widths[0], PROFILE_POINTS)
    line = np.stack([x, np.full_like(x, 0.5 * widths[1])], axis=1)
    # mirror images carry the interpolation from the outer centroids to the mirror planes
    points, source = reflected(means.lateral, widths, 2.0 * widest_facet(means))
    return x, griddata(points, means.values[name][source], line), float(widths[0])


def label_profile(axes: Axes, unit: AxisQuantity, extent: float, quantity: AxisQuantity) -> None:
    axes.set_xlim(0.0, unit.scale * extent)
    axes.set_xlabel(f"Position $x$ ({unit.unit})")
    axes.set_ylabel(quantity.axis_label)


def draw_lines(
    axes: Axes,
    lines: Sequence[ProfileLine],
    styles: Mapping[str, Look],
    field: str,
    shown: AxisQuantity,
) -> None:
    extent = max(float(line.distance.max()) for line in lines)
    finest = min(float(np.diff(line.distance).min()) for line in lines)
    unit = length_unit(extent)
    for line in lines:
        if field in line.values:
            look = styles[line.label]
            axes.plot(
                unit.scale * line.distance, shown.scale * line.values[field], label=line.label,
                color=look.colour, linestyle=look.dashes, linewidth=look.width,
            )  # fmt: skip
    if finest < SCALE_RANGE * extent:
        axes.set_xscale("log")
    axes.set_xlabel(f"Height $y$ ({unit.unit})")
    axes.set_ylabel(shown.axis_label)
