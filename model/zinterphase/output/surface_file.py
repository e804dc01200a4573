"""The reacting surface for a viewer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyvista as pv

from zinterphase.errors import FileError
from zinterphase.observe.facets import FacetMap
from zinterphase.output.files import is_whole

FIRST = "current_density"
"""The array a viewer shows first."""


def write_surface(path: Path, facets: FacetMap) -> None:
    """Write facets with their means as cell data and the fields at their corners as point data.

    SI units, lengths in metres; a 2D surface is a line at z = 0, that of a line a point. Cells
    carry `area` and `projected_area` too. Not collective. Raises :class:`FileError`.
    """
    count, dimension = facets.points.shape
    points = np.zeros((count, 3))
    points[:, :dimension] = facets.points
    cells = np.column_stack([np.full(len(facets.facets), dimension), facets.facets]).ravel()
    if dimension == 3:
        surface = pv.PolyData(points, cells)
    elif dimension == 2:
        surface = pv.PolyData(points, lines=cells)
    else:
        surface = pv.PolyData(points, verts=cells)
    for name, values in facets.nodal.items():
        surface.point_data[name] = values
    geometry = {"area": facets.area, "projected_area": facets.projected_area}
    for name, values in {**facets.values, **geometry}.items():
        surface.cell_data[name] = values
    surface.point_data.active_scalars_name = FIRST
    surface.cell_data.active_scalars_name = FIRST
    surface.save(path)
    if not is_whole(path):
        raise FileError(f"{path.parent}: surface.vtp was cut short")
