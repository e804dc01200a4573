"""A surface seen along the stack: its facets in the electrode plane, and functions of its nodes."""

from __future__ import annotations

from functools import cached_property
from math import pi

import basix
import numpy as np
import numpy.typing as npt
from mpi4py import MPI
from scipy.sparse import csc_array, csr_array
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

from zinterphase.geometry.quadratic import shape_functions, shape_slopes
from zinterphase.routes import everywhere

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_SHAPES = {1: basix.CellType.interval, 2: basix.CellType.triangle}
_DEGREE = 8
"""Of the quadrature: exact for masses, and of slopes of order 4 at least."""


class LateralMesh:
    """Facets of a surface over the electrode plane, known to all ranks.

    Attributes
    ----------
    position : Lateral positions of the nodes in lateral order, shape (n, dim - 1) [m].
    height : Of the nodes [m].
    facets : Nodes of each facet, corners first, in lateral order of the facets.
    corners : Of the facets, shape (f, dim, dim - 1) [m].
    weights : Of the points of a quadrature on each facet, shape (f, q).
    values : Of a facet's nodal functions there, shape (q, nodes).
    gradients : Of these, shape (f, q, nodes, dim - 1) [1/m].
    """

    def __init__(self, nodes: Array, *, axisymmetric: bool) -> None:
        """``nodes`` of the facets of all ranks, corners first, (facet, node, dim) [m].

        Facets of second order have straight edges in the plane, with middle nodes halfway.
        """
        count, _, dim = nodes.shape
        every = nodes.reshape(-1, dim)
        self._dim = dim - 1
        if self._dim == 0:
            first, inverse = np.zeros(1, dtype=np.intp), np.zeros(len(every), dtype=np.int64)
            self.position: Array = np.zeros((1, 0))
        else:
            self.position, first, inverse = np.unique(
                every[:, :-1], axis=0, return_index=True, return_inverse=True
            )
        self.height: Array = every[first, -1]
        self._is_single = bool(np.all(self.height[inverse.ravel()] == every[:, -1]))
        self.facets: Ints = inverse.reshape(count, -1)
        self.corners: Array = self.position[self.facets[:, : self._dim + 1]]
        self.is_radial = axisymmetric
        order = np.lexsort(self.corners.mean(axis=1).T[::-1]) if self._dim else np.arange(count)
        self.facets, self.corners = self.facets[order], self.corners[order]
        self._prepare()

    @classmethod
    def gathered(cls, comm: MPI.Intracomm, own: Array, *, axisymmetric: bool) -> LateralMesh:
        """From this rank's facets; collective."""
        return cls(everywhere(comm, own), axisymmetric=axisymmetric)

    def is_graph(self, area: float) -> bool:
        """Whether there is one height at each place of a plane of this ``area``."""
        return self._is_single and float(self.weights.sum()) <= area * (1.0 + 1e-9)

    def mass(self) -> csc_array:
        """Integrals of products of two nodal functions over the plane."""
        return self.assembled(np.einsum("fq,qi,qj->fij", self.weights, self.values, self.values))

    def assembled(self, local: Array) -> csc_array:
        """A matrix of the nodes from those (facet, node, node) of the facets."""
        size, width = len(self.position), self.facets.shape[1]
        rows = np.repeat(self.facets, width, axis=1).ravel()
        columns = np.tile(self.facets, (1, width)).ravel()
        return csc_array((local.ravel(), (rows, columns)), shape=(size, size))

    def curvature(self, height: Array) -> Array:
        """Sum of the principal curvatures at the nodes [1/m], positive on a hill: weakly
        -div(grad h / sqrt(1 + |grad h|^2)), with side walls at right angles to the surface."""
        if self._dim == 0:
            return np.zeros(1)
        slope = self.slopes(height)
        weight = self.weights / np.sqrt(1.0 + (slope**2).sum(axis=2))
        load = self._summed(np.einsum("fq,fqr,fqir->fi", weight, slope, self.gradients))
        if not self.is_linear:
            return np.asarray(splu(self.mass()).solve(load))
        # Slopes are exact halfway between nodes: over dual cells, not over nodal functions, this
        # is pointwise right on an axis too.
        return load / self._nearest

    def slopes(self, height: Array) -> Array:
        """Gradient at the points of the quadrature, shape (f, q, dim - 1)."""
        return np.asarray(np.einsum("fqir,fi->fqr", self.gradients, height[self.facets]))

    def roughness(self, height: Array) -> float:
        """Sa, the mean distance from the mean plane, at the points of the quadrature [m]."""
        points = np.einsum("qi,fi->fq", self.values, height[self.facets])
        share = self.weights / self.weights.sum()
        return float((share * np.abs(points - (share * points).sum())).sum())

    @property
    def sizes(self) -> Array:
        """Length of each facet, or root of twice its area [m]."""
        sides = self.corners[:, 1:] - self.corners[:, :1]
        return np.asarray(np.abs(np.linalg.det(sides)) ** (1.0 / self._dim))

    def steepest(self, height: Array) -> float:
        """Largest slope, at the points of the quadrature."""
        if self._dim == 0:
            return 0.0
        slope = self.slopes(height)
        return float(np.sqrt((slope**2).sum(axis=2)).max())

    def at(self, lateral: Array) -> csr_array:
        """Weights of the nodes at lateral positions (n, dim - 1), rows that sum to one."""
        count, columns = len(lateral), len(self.position)
        if self._dim == 0:
            return csr_array(np.ones((count, 1)))
        facets = self._holding(lateral)
        corners = self.corners[facets]
        edges = np.swapaxes(corners[:, 1:] - corners[:, :1], 1, 2)
        away = (lateral - corners[:, 0])[:, :, None]
        found = np.clip(np.linalg.solve(edges, away)[:, :, 0], 0.0, 1.0)
        barycentric = np.column_stack([1.0 - found.sum(axis=1), found])
        shapes = self._shapes(barycentric)
        rows = np.repeat(np.arange(count), shapes.shape[1])
        places = rows, self.facets[facets].ravel()
        return csr_array((shapes.ravel(), places), shape=(count, columns))

    # -- details --------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Nodal functions, their gradients and weights at the points of a quadrature."""
        count = len(self.facets)
        if self._dim == 0:
            self.weights: Array = np.ones((count, 1))
            self.values: Array = np.ones((1, 1))
            self.gradients: Array = np.zeros((count, 1, 1, 0))
            return
        points, weights = (
            np.asarray(part, dtype=np.float64)
            for part in basix.make_quadrature(_SHAPES[self._dim], _DEGREE)
        )
        barycentric = np.column_stack([1.0 - points.sum(axis=1), points])
        self.values = self._shapes(barycentric)
        edges = np.swapaxes(self.corners[:, 1:] - self.corners[:, :1], 1, 2)
        footprint = np.abs(np.linalg.det(edges))
        self.weights = footprint[:, None] * weights
        if not footprint.all():  # walls, which are no graph
            self._is_single = False
            edges[footprint == 0.0] = np.eye(self._dim)
        if self.is_radial:
            self.weights *= 2 * pi * (barycentric @ self.corners[:, :, 0].T).T
        slopes = self._slopes(barycentric)
        self.gradients = np.einsum("qir,frs->fqis", slopes, np.linalg.inv(edges))

    @cached_property
    def _nearest(self) -> Array:
        """Area of the plane that is nearest to each node of linear facets."""
        return self._summed(self._dual())

    def _dual(self) -> Array:
        """Area of each linear facet that is nearest to each of its corners."""
        if self._dim == 2:
            return _voronoi(self.corners)
        if not self.is_radial:
            return np.repeat(self.weights.sum(axis=1, keepdims=True) / 2, 2, axis=1)
        radius = self.corners[:, :, 0]
        return pi * np.abs(radius.mean(axis=1, keepdims=True) ** 2 - radius**2)

    def _summed(self, local: Array) -> Array:
        """By node, of values (facet, node)."""
        return np.bincount(self.facets.ravel(), local.ravel(), minlength=len(self.position))

    def _shapes(self, barycentric: Array) -> Array:
        return barycentric if self.is_linear else shape_functions(barycentric)

    def _slopes(self, barycentric: Array) -> Array:
        if not self.is_linear:
            return shape_slopes(barycentric)
        unit = np.vstack([-np.ones(self._dim), np.eye(self._dim)])
        return np.broadcast_to(unit, (len(barycentric), *unit.shape))

    @property
    def is_linear(self) -> bool:
        """Whether facets have nodes at their corners alone."""
        return bool(self.facets.shape[1] == self._dim + 1)

    def _holding(self, lateral: Array) -> Ints:
        """The facet below or above each position; the nearest one for rounding at the rim."""
        if self._dim == 1:
            left = self.corners[:, :, 0].min(axis=1)
            found = np.searchsorted(left, lateral[:, 0], side="right") - 1
            return np.clip(found, 0, len(left) - 1)
        from matplotlib.tri import Triangulation

        x, y = self.position.T
        # A trifinder takes the corners alone: middle nodes are no points of its triangles.
        used, corner = np.unique(self.facets[:, :3], return_inverse=True)
        finder = Triangulation(x[used], y[used], corner.reshape(-1, 3)).get_trifinder()
        held = np.asarray(finder(*lateral.T), dtype=np.int64)
        lost = held < 0
        if lost.any():
            _, near = cKDTree(self.corners.mean(axis=1)).query(lateral[lost])
            held[lost] = near
        return held


class Clearance:
    """How far two surfaces are from each other along the stack, at the nodes of both."""

    def __init__(self, lower: LateralMesh, upper: LateralMesh) -> None:
        self._upper_there, self._lower_there = upper.at(lower.position), lower.at(upper.position)

    def least(self, below: Array, above: Array) -> float:
        """Of surfaces of heights ``below`` and ``above`` at their own nodes [m]."""
        first = float((self._upper_there @ above - below).min())
        return min(first, float((above - self._lower_there @ below).min()))


def _voronoi(corners: Array) -> Array:
    """Shares of triangles (n, 3, 2) around their corners: Voronoi regions, and a half at an obtuse
    corner (Meyer, Desbrun, Schroeder & Barr, 2003, section 3.3)."""
    edges = np.roll(corners, -2, axis=1) - np.roll(corners, -1, axis=1)  # opposite to each corner
    squares = (edges**2).sum(axis=2)
    doubled = np.abs(edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0])[:, None]
    cosines = (squares.sum(axis=1, keepdims=True) - 2 * squares) / 2
    parts = squares * cosines / doubled / 8  # |e|^2 cot of the corner opposite to it
    acute = parts.sum(axis=1, keepdims=True) - parts
    obtuse = np.where(cosines < 0.0, doubled / 4, doubled / 8)
    return np.where((cosines < 0.0).any(axis=1, keepdims=True), obtuse, acute)
