"""The reacting surface facet by facet, with its corners: what can be drawn and coloured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from zinterphase.observe.evaluate import electrode_facets, facet_areas
from zinterphase.observe.surface import SurfaceMap
from zinterphase.routes import at_root
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FacetMap:
    """Facets of a surface with the means of its fields, SI units.

    Attributes
    ----------
    points : Corners by x, then y, then height, each once, shape (n, d) [m].
    facets : Corners of each facet, shape (f, d).
    area, projected_area : Of each facet, shape (f,) [m2; m2 per metre of depth in 2D;
        1 on a line].
    values : Mean of each field over each facet, shape (f,).
    nodal : The fields at the corners, shape (n,): the area-weighted mean of the facets around.
    """

    points: Array
    facets: Nodes
    area: Array
    projected_area: Array
    values: dict[str, Array]
    nodal: dict[str, Array]

    @property
    def corners(self) -> Array:
        """Corners of each facet, shape (f, d, d) [m]."""
        return np.asarray(self.points[self.facets])


def facet_map(problem: Problem, surface: SurfaceMap) -> FacetMap | None:
    """The working electrode's facets with the fields of ``surface``, its map; collective.

    On rank 0, the same for every partition; None on the others.
    """
    nodes = at_root(problem.domain.comm, electrode_facets(problem))
    if nodes is None:
        return None
    corners = nodes[:, : nodes.shape[2]]
    points, index = np.unique(corners.reshape(-1, corners.shape[2]), axis=0, return_inverse=True)
    facets = np.sort(index.reshape(corners.shape[:2]), axis=1)
    order = np.lexsort(facets.T[::-1])
    facets, (area, projected) = facets[order], facet_areas(nodes[order])
    turn = np.ones(len(facets))
    if problem.measures.axisymmetric:
        turn = 2 * np.pi * points[facets][:, :, 0].mean(axis=1)
    area, projected = area * turn, projected * turn
    if problem.equipotential:
        nodal = _at_nodes(surface, points)
        values = {name: field[facets].mean(axis=1) for name, field in nodal.items()}
    else:
        values = _on_facets(surface, points[facets].mean(axis=1))
        nodal = {name: _spread(facets, area, field, len(points)) for name, field in values.items()}
    return FacetMap(points, facets, area, projected, values, nodal)


def _at_nodes(surface: SurfaceMap, points: Array) -> dict[str, Array]:
    """Fields of a map that lives on nodes."""
    _, nearest = cKDTree(surface.position).query(points)
    return {name: values[nearest] for name, values in surface.values.items()}


def _on_facets(surface: SurfaceMap, centres: Array) -> dict[str, Array]:
    """Means over the points of each facet, by the facet's centre."""
    count = np.bincount(surface.facet)
    place = np.stack([np.bincount(surface.facet, x) / count for x in surface.position.T], axis=1)
    _, chosen = cKDTree(place).query(centres)
    # on the axis of rotation a facet's points still have areas above zero
    weight = np.bincount(surface.facet, surface.area)
    means = {n: np.bincount(surface.facet, surface.area * v) / weight
             for n, v in surface.values.items()}  # fmt: skip
    return {name: mean[chosen] for name, mean in means.items()}


def _spread(facets: Nodes, area: Array, values: Array, count: int) -> Array:
    """Area-weighted means over the facets around each of ``count`` corners."""
    weight, total = np.zeros(count), np.zeros(count)
    for column in facets.T:
        np.add.at(weight, column, area)
        np.add.at(total, column, area * values)
    return total / weight
