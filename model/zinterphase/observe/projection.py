"""The anode as one map: Faradaic current per projected substrate area."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from matplotlib.tri import Triangulation

from zinterphase.observe.evaluate import CellExpressions, facet_corners, metal_potential
from zinterphase.observe.surface import SurfaceMap
from zinterphase.solve.problem import Problem
from zinterphase.solve.walls import Pores, WallState

Array = npt.NDArray[np.float64]
NO_GRAPH = "the reacting surface is no graph over the electrode plane: it has walls or overhangs"

_FLATTEST = np.cos(np.radians(80.0))
"""Projected over true area of the steepest facet on which a current per projected area is told."""

Finder = Callable[[Array], npt.NDArray[np.int64]]


def is_graph(problem: Problem, surface: SurfaceMap) -> bool:
    """Whether the surface has one height at each lateral position and is nowhere too steep.

    Not collective; the same on all ranks.
    """
    if np.any(surface.projected_area < _FLATTEST * surface.area):
        return False
    # An overhang is seen more than once along the stack, but covers its footprint once.
    seen = float(surface.projected_area.sum())
    return seen <= problem.projected_area * (1.0 + 1e-9)


def projected_map(problem: Problem, surface: SurfaceMap) -> SurfaceMap:
    """`current_density` [A/m2] of facets and of porous layers above them, per projected area.

    The surface is a graph (:func:`is_graph`).

    Without reacting volumes it lives on the points of ``surface``; with them on one point a facet,
    whose column of the porous layers is added to it. Collective.
    """
    seen = surface.projected_area > 0
    facets = SurfaceMap(
        surface.position[seen],
        surface.projected_area[seen],
        surface.projected_area[seen],
        surface.facet[seen],
        {
            "current_density": surface.values["current_density"][seen]
            * surface.area[seen]
            / surface.projected_area[seen]
        },
    )
    if not problem.working.pores:
        return facets
    footprints = facets.facet_means("current_density")
    columns = _column_currents(problem, footprints)
    current = footprints.values["current_density"] + columns / footprints.projected_area
    return SurfaceMap(
        footprints.position,
        footprints.area,
        footprints.projected_area,
        footprints.facet,
        {"current_density": current},
    )


def _column_currents(problem: Problem, footprints: SurfaceMap) -> Array:
    """Volumetric current above each facet of ``footprints`` [A]; collective."""
    comm = problem.domain.mesh.comm
    corners = np.concatenate(comm.allgather(facet_corners(problem)))[:, :, :-1]
    if corners.shape[2]:
        corners = corners[np.lexsort(corners.mean(axis=1).T[::-1])]
    find = footprint_finder(corners)
    total = np.zeros(len(corners))
    for wall in problem.working.pores:
        lateral, current = _points_of(problem, wall)
        np.add.at(total, find(lateral), current)
    # The facets of the map are found by where they lie: the two orders need not be the same.
    return np.asarray(comm.allreduce(total)[find(footprints.lateral)])


def footprint_finder(corners: Array) -> Finder:
    """Facet, in the order of ``corners``, whose footprint holds a lateral position."""
    if corners.shape[2] == 0:
        return lambda x: np.zeros(len(x), dtype=np.int64)
    if corners.shape[2] == 1:
        left = corners[:, :, 0].min(axis=1)
        return lambda x: np.clip(np.searchsorted(left, x[:, 0], side="right") - 1, 0, None)
    scale = np.ptp(corners.reshape(-1, 2), axis=0).max() * 1e-9
    keys = np.round(corners.reshape(-1, 2) / scale)
    points, index = np.unique(keys, axis=0, return_inverse=True)
    x, y = points.T * scale
    finder = Triangulation(x, y, index.reshape(-1, 3)).get_trifinder()
    return lambda at: np.asarray(finder(at[:, 0], at[:, 1]), dtype=np.int64)


def _points_of(problem: Problem, wall: Pores) -> tuple[Array, Array]:
    """Lateral positions and currents [A] of the cell quadrature points of this rank."""
    plane = problem.level.plane(problem.unknowns.liquid)
    at = WallState(metal_potential(problem, problem.working), plane)
    points = CellExpressions(problem, wall.layer, {"density": wall.current_density(at)})
    return points.position[:, :-1], points.evaluate()["density"] * points.weight
