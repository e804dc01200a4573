"""Current at the highest against the lowest part of a shaped surface."""

import numpy as np

from zinterphase.observe.surface import SurfaceMap

PART = 0.1
"""Share of the height that counts as tip, and as base."""
FLAT = 1e-9
"""Height over lateral extent below which a surface has neither."""


def tip_to_base(surface: SurfaceMap, name: str = "current_density") -> float | None:
    """Mean of a field over the highest tenth of a surface's height over that over the lowest.

    Averages are over true area, of means over facets, with weights that fall to zero across the
    tenth: a facet that crosses its edge would make a jump of it. None where the surface is flat, or
    the mean at the base vanishes.
    """
    facets = surface.facet_means(name)
    height, values = facets.position[:, -1], facets.values[name]
    low, high = float(height.min()), float(height.max())
    if high - low <= FLAT * float(np.ptp(facets.lateral, axis=0).max()):
        return None
    reach = PART * (high - low)
    tip, base = (
        float(np.average(values, weights=facets.area * np.maximum(1.0 - distance / reach, 0.0)))
        for distance in (high - height, height - low)
    )
    return tip / base if base != 0.0 else None
