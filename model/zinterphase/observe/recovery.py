"""The reacting surface facet by facet as it is reported, with an error for each value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from zinterphase.observe.defects import wall_defects
from zinterphase.observe.evaluate import electrode_facets, quadrature
from zinterphase.observe.patches import Patches
from zinterphase.observe.surface import SurfaceMap
from zinterphase.routes import everywhere
from zinterphase.solve.measures import Measures
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
ERROR = "_error"
"""What a column with the estimated error of another one ends with."""


@dataclass(frozen=True, eq=False)
class RecoveredSurface:
    """The reacting surface, one point a facet; at level `primary` one a node.

    ``map`` has the fields without saw-tooth, with the areas and the area means of the plain ones.
    ``errors`` are by field and point the largest difference between the plain values on the facet,
    or on one that shares a corner with it, and the recovered field there; none on a line.
    """

    map: SurfaceMap
    errors: dict[str, Array]

    @property
    def table(self) -> SurfaceMap:
        """The map with the errors as fields of their own."""
        errors = {f"{name}{ERROR}": error for name, error in self.errors.items()}
        return replace(self.map, values={**self.map.values, **errors})


def patches_of(problem: Problem) -> Patches | None:
    """The working electrode's facets of all ranks, the same on each; None on a line; collective."""
    dim, comm = problem.domain.dimension, problem.domain.comm
    if dim == 1:
        return None
    nodes = electrode_facets(problem)
    whole = everywhere(comm, nodes)
    defects = everywhere(comm, wall_defects(problem, whole))
    order = np.lexsort(whole.mean(axis=1).T[::-1])
    largest = np.abs(defects).max(initial=np.finfo(np.float64).tiny)
    points, weights = quadrature(dim - 1, Measures.facet_degree(problem.case.mesh.order))
    axisymmetric = problem.measures.axisymmetric
    return Patches(points, weights, whole[order], defects[order] / largest, axisymmetric)


class SurfaceRecovery:
    """Recovers maps of a problem's working electrode, whose facets are read together again only
    when the mesh has moved."""

    def __init__(self, problem: Problem) -> None:
        """For states of the problem to come; collective."""
        self._problem = problem
        self._moves, self._patches = problem.domain.moves, patches_of(problem)

    def of(self, surface: SurfaceMap) -> RecoveredSurface:
        """From a map point by point at the present state; collective."""
        problem = self._problem
        if self._moves != problem.domain.moves:
            self._moves, self._patches = problem.domain.moves, patches_of(problem)
        return recovered(surface, self._patches, nodal=problem.equipotential)


def recovered_surface(problem: Problem, surface: SurfaceMap) -> RecoveredSurface:
    """The working electrode's surface from its map point by point; collective."""
    return SurfaceRecovery(problem).of(surface)


def recovered(surface: SurfaceMap, patches: Patches | None, *, nodal: bool) -> RecoveredSurface:
    """From the map point by point, or node by node where it is ``nodal``. Not collective."""
    if patches is None:
        return RecoveredSurface(surface.by_facet(), {})
    if nodal:
        return RecoveredSurface(surface, _around_nodes(surface, patches))
    plain = surface.by_facet()
    centres = np.einsum("fq,fqx->fx", patches.shares, patches.points)
    _, patch_of = cKDTree(centres).query(plain.position)
    _, row_of = cKDTree(plain.position).query(centres)
    where = np.zeros(surface.facet.max() + 1, dtype=np.int64)
    where[plain.facet] = np.arange(len(plain))
    row = where[surface.facet]
    means, points = (np.stack(list(m.values.values()), axis=1) for m in (plain, surface))
    slopes = patches.slopes(means[row_of])
    found = patches.recovered(means[row_of], slopes)[patch_of]
    found = found + plain.weights("area") @ (means - found)
    fit = found[row] + patches.deviations(patch_of[row], surface.position, slopes)
    off = np.zeros((len(patches), means.shape[1]))
    np.maximum.at(off, patch_of[row], np.abs(points - fit))
    errors = patches.largest_around(off)[patch_of]
    values = dict(zip(plain.values, found.T, strict=True))
    named = dict(zip(plain.values, errors.T, strict=True))
    return RecoveredSurface(replace(plain, values=values), named)


def _around_nodes(surface: SurfaceMap, patches: Patches) -> dict[str, Array]:
    """Difference of the value at each node and the mean over the facets around it."""
    corners = patches.nodes[:, : patches.dimension]
    _, node = cKDTree(surface.position).query(corners.reshape(-1, patches.dimension))
    node = node.reshape(corners.shape[:2])
    found = {}
    for name, values in surface.values.items():
        means = np.repeat(values[node].mean(axis=1), node.shape[1])
        count = np.bincount(node.ravel(), minlength=len(surface))
        sums = np.bincount(node.ravel(), means, minlength=len(surface))
        found[name] = np.abs(values - sums / np.maximum(count, 1))
    return found
