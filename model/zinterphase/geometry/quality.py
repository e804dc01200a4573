"""Is a mesh usable, and what does it look like layer by layer. Serial, works on any ``RawMesh``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from zinterphase.errors import MeshError
from zinterphase.geometry.angles import angles
from zinterphase.geometry.quadratic import folded, volume
from zinterphase.geometry.raw import PARTICLES, Floats, RawMesh, by_parts

# A boundary-layer cell may be a thousand times wider than high, so angles do not say whether it
# is usable. Volume and shear do: facets of a column steeper than this are refused.
STEEPEST_SLOPE = 80.0


@dataclass(frozen=True)
class LayerQuality:
    """One layer.

    Attributes
    ----------
    name : Layer.
    cells : Number of cells.
    smallest_angle : Smallest angle within a face of any cell [degrees]; tiny in boundary
        layers by intention; NaN on a line.
    largest_angle : Largest angle within a face, or between two faces, of any cell [degrees];
        NaN on a line.
    lowest_cell : Lowest cell in the stack direction [m].
    lateral_size : Largest lateral extent of any cell [m]; 0 on a line.
    first_lower, first_upper : Highest cell with a facet on its lower and upper end [m].
    lower_facet : Largest lateral extent of a facet on its lower end [m]; 0 on a line.
    """

    name: str
    cells: int
    smallest_angle: float
    largest_angle: float
    lowest_cell: float
    lateral_size: float
    first_lower: float
    first_upper: float
    lower_facet: float


@dataclass(frozen=True)
class MeshQuality:
    """The whole mesh.

    Attributes
    ----------
    vertices, cells : Counts.
    volume : Length, area or volume of all cells [m^d].
    inverted_cells : Cells without positive volume, or folded by curved edges.
    steepest_slope : Steepest facet of the base or of an interior interface [degrees].
    lowest_cell : Lowest cell anywhere [m].
    lowest_cell_over_debye_length : The same over the Debye length, None without one.
    layers : Layer by layer from the bottom.
    notes : What was done to a user's mesh, one line each.
    """

    vertices: int
    cells: int
    volume: float
    inverted_cells: int
    steepest_slope: float
    lowest_cell: float
    lowest_cell_over_debye_length: float | None
    layers: tuple[LayerQuality, ...]
    notes: tuple[str, ...] = ()

    @property
    def has_angles(self) -> bool:
        """Whether cells have angles and a width: not on a line."""
        return not any(isnan(layer.smallest_angle) for layer in self.layers)


def mesh_quality(mesh: RawMesh, debye_length: float | None = None) -> MeshQuality:
    """Measure a mesh.

    Parameters
    ----------
    mesh : The mesh, or a part of one, which may lack layers.
    debye_length : lambda_D of the bulk electrolyte [m], where double layers are resolved.
    """
    lateral, height = by_parts(partial(_extents, mesh.points), mesh.cells).T
    smallest, largest = angles(mesh.points, mesh.cells)
    layers, ends = [], _ends(mesh)
    for (name, tag), (lower, upper) in zip(mesh.layer_ids.items(), pairwise(ends), strict=True):
        here = mesh.cell_tags == tag
        layers.append(
            LayerQuality(
                name,
                int(here.sum()),
                smallest_angle=float(smallest[here].min(initial=np.inf)),
                largest_angle=float(largest[here].max(initial=0.0)),
                lowest_cell=float(height[here].min(initial=np.inf)),
                lateral_size=float(lateral[here].max(initial=0.0)),
                first_lower=_highest_at(mesh, here, height, lower),
                first_upper=_highest_at(mesh, here, height, upper),
                lower_facet=_widest_on(mesh, lower),
            )
        )
    lowest = min(layer.lowest_cell for layer in layers)
    return MeshQuality(
        vertices=len(mesh.points),
        cells=len(mesh.cells),
        volume=volume(mesh),
        inverted_cells=folded(mesh).size,
        steepest_slope=steepest_slope(mesh),
        lowest_cell=lowest,
        lowest_cell_over_debye_length=None if debye_length is None else lowest / debye_length,
        layers=tuple(layers),
        notes=mesh.notes,
    )


def _ends(mesh: RawMesh) -> list[str]:
    """Groups of facets at the ends of the layers, from the bottom."""
    return ["base", *map("|".join, pairwise(mesh.layer_ids)), "counter"]


def _widest_on(mesh: RawMesh, end: str) -> float:
    """Largest lateral extent [m] of a facet on an end of a layer."""
    corner = mesh.points[mesh.facets[mesh.facet_tags == mesh.facet_ids.get(end, -1)]]
    if not corner.size:
        return 0.0
    extent = corner.max(axis=1) - corner.min(axis=1)
    return float(extent[:, :-1].max(initial=0.0))


def _highest_at(mesh: RawMesh, layer: npt.NDArray[np.bool_], height: Floats, end: str) -> float:
    """Height [m] of the highest cell of a layer with a facet on one of its ends."""
    on_end = np.zeros(len(mesh.points), dtype=bool)
    on_end[mesh.facets[mesh.facet_tags == mesh.facet_ids.get(end, -1)]] = True
    touching = on_end[mesh.cells].sum(axis=1) == mesh.dimension
    return float(height[layer & touching].max(initial=0.0))


def require_valid(mesh: RawMesh, shape: str = "mesh.file") -> None:
    """Refuse a mesh that no solution can be computed on.

    Parameters
    ----------
    mesh : The mesh.
    shape : Entry of the case that gives the surface its shape, for errors.

    Raises
    ------
    MeshError
        A cell without positive volume, or a facet of the base or of an interface
        steeper than 80 degrees.
    """
    inverted = folded(mesh)
    if inverted.size:
        tag = mesh.cell_tags[inverted[0]]
        layer = next(name for name, number in mesh.layer_ids.items() if number == tag)
        count = f"{inverted.size} of {len(mesh.cells)} cells"
        raise MeshError(
            f"{shape}: {count} have no positive volume, the first in layers.{layer}: "
            "thicken the layer or lower the surface"
        )
    slope = steepest_slope(mesh)
    if slope > STEEPEST_SLOPE:
        raise MeshError(
            f"{shape}: the surface is inclined by up to {slope:.1f} degrees, allowed "
            f"{STEEPEST_SLOPE:g}: lower its height or smooth it"
        )


def _extents(points: Floats, cells: npt.NDArray[np.integer[Any]]) -> Floats:
    """Lateral extent of each cell and its height over its vertices' lateral positions [m], (m, 2).

    For a cell of a column the height is the length of its vertical edge; else its extent.
    """
    corner = points[cells]
    extent = corner.max(axis=1) - corner.min(axis=1)
    best = extent[:, -1]
    for a, b in combinations(range(cells.shape[1]), 2):
        lateral = np.abs(corner[:, a, :-1] - corner[:, b, :-1]).max(axis=1, initial=0.0)
        height = np.abs(corner[:, a, -1] - corner[:, b, -1])
        best = np.where(lateral == 0.0, np.minimum(best, height), best)
    return np.stack([extent[:, :-1].max(axis=1, initial=0.0), best], axis=1)


def steepest_slope(mesh: RawMesh) -> float:
    """Steepest facet of the base or of an interior interface [degrees]."""
    if mesh.dimension == 1:
        return 0.0
    left_out = [
        tag
        for name, tag in mesh.facet_ids.items()
        if name in ("sides", "counter") or name.startswith(PARTICLES)
    ]
    kept = ~np.isin(mesh.facet_tags, left_out)
    if not kept.any():
        return 0.0
    corner = mesh.points[mesh.facets[kept]]
    edges = corner[:, 1:] - corner[:, :1]
    if mesh.dimension == 2:
        rise, run = np.abs(edges[:, 0, 1]), np.abs(edges[:, 0, 0])
    else:
        normal = np.cross(edges[:, 0], edges[:, 1])
        rise, run = np.linalg.norm(normal[:, :2], axis=1), np.abs(normal[:, 2])
    return float(np.degrees(np.arctan2(rise, run)).max())
