"""The reacting surface for a viewer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from zinterphase.errors import FileError
from zinterphase.observe.facets import FacetMap
from zinterphase.output.files import is_whole
from zinterphase.output.vtk_data import add, polygons, save

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
    surface = polygons(points, facets.facets)
    for name, values in facets.nodal.items():
        add(surface.GetPointData(), name, values)
    geometry = {"area": facets.area, "projected_area": facets.projected_area}
    for name, values in {**facets.values, **geometry}.items():
        add(surface.GetCellData(), name, values)
    for data in (surface.GetPointData(), surface.GetCellData()):
        data.SetActiveScalars(FIRST)
    save(surface, path)
    if not is_whole(path):
        raise FileError(f"{path.parent}: surface.vtp was cut short")
