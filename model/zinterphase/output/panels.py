"""What several figures share: a field along the surface."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy
from matplotlib.axes import Axes

from zinterphase.observe.smoothing import reflected
from zinterphase.observe.spectrum import lateral_widths, widest_facet
from zinterphase.observe.surface import FloatArray, SurfaceMap
from zinterphase.output.figures import AxisQuantity

PROFILE_POINTS = 400


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
    return x, scipy.interpolate.griddata(points, means.values[name][source], line), float(widths[0])


def label_profile(axes: Axes, unit: AxisQuantity, extent: float, quantity: AxisQuantity) -> None:
    axes.set_xlim(0.0, unit.scale * extent)
    axes.set_xlabel(f"Position $x$ ({unit.unit})")
    axes.set_ylabel(quantity.axis_label)
