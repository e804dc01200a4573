"""The anode as one map: Faradaic current per projected substrate area."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from zinterphase.expressions import Expr
from zinterphase.observe.evaluate import CellExpressions, facet_corners, metal_potential
from zinterphase.observe.surface import SurfaceMap
from zinterphase.routes import everywhere
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.pores import Pores
from zinterphase.solve.problem import Problem
from zinterphase.solve.walls import WallState

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


class PoreColumns:
    """A density in reacting pores, summed in the columns above the facets of their electrode.

    ``find`` gives the facet whose footprint holds a lateral position.
    """

    def __init__(
        self,
        problem: Problem,
        electrode: Electrode,
        corners: Array,
        density: Callable[[Pores], Expr],
    ) -> None:
        """``corners`` of all facets, in lateral order, (facet, corner, coordinate); collective."""
        self._comm, self._count = problem.domain.comm, len(corners)
        self.find = _footprint_finder(corners[:, :, :-1])
        self._parts = []
        for wall in electrode.pores:
            points = CellExpressions(problem, wall.layer, {"density": density(wall)})
            self._parts.append((points, self.find(points.position[:, :-1])))

    def follow_mesh(self) -> None:
        """Measure again where nodes have moved along the stack."""
        for points, _ in self._parts:
            points.follow_mesh()

    def now(self) -> Array:
        """By facet at the present state; collective."""
        total = np.zeros(self._count)
        for points, facets in self._parts:
            np.add.at(total, facets, points.evaluate()["density"] * points.weight)
        return np.asarray(self._comm.allreduce(total))


def _column_currents(problem: Problem, footprints: SurfaceMap) -> Array:
    """Volumetric current above each facet of ``footprints`` [A]; collective."""
    corners = everywhere(problem.domain.comm, facet_corners(problem))
    corners = corners[np.lexsort(corners.mean(axis=1).T[::-1])]
    plane = problem.level.plane(problem.unknowns.liquid)
    at = WallState(metal_potential(problem, problem.working), plane)
    columns = PoreColumns(problem, problem.working, corners, lambda wall: wall.current_density(at))
    # The facets of the map are found by where they lie: the two orders need not be the same.
    return np.asarray(columns.now()[columns.find(footprints.lateral)])


def _footprint_finder(corners: Array) -> Finder:
    """Facet, in the order of ``corners``, whose footprint holds a lateral position."""
    if corners.shape[2] == 0:
        return lambda x: np.zeros(len(x), dtype=np.int64)
    if corners.shape[2] == 1:
        left = corners[:, :, 0].min(axis=1)
        return lambda x: np.clip(np.searchsorted(left, x[:, 0], side="right") - 1, 0, None)
    from matplotlib.tri import Triangulation

    scale = np.ptp(corners.reshape(-1, 2), axis=0).max() * 1e-9
    keys = np.round(corners.reshape(-1, 2) / scale)
    points, index = np.unique(keys, axis=0, return_inverse=True)
    x, y = points.T * scale
    finder = Triangulation(x, y, index.reshape(-1, 3)).get_trifinder()
    return lambda at: np.asarray(finder(at[:, 0], at[:, 1]), dtype=np.int64)
