"""Values on facets read together with their neighbours': what a surface says without saw-tooth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from zinterphase.mesh.places import places, tangents

Array = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

RINGS = {2: 3, 3: 2}
"""Neighbours of neighbours in a patch, by dimension: 7 facets in 2D, some 39 in 3D."""
_CUTOFF = 1e-3
"""Singular values below this part of the largest say nothing."""
_SAME_SIDE = 0.5
"""Cosine between the normals of facets that can be read together."""
CHUNK = 2048


@dataclass(frozen=True, eq=False)
class Patches:
    """Facets with the facets around them.

    Means v of a field over facets are fitted around each one by

        v_j = v + b . (mean of (s, s s) over facet j - that over the own one) + k (g_j - g),

    s being tangential coordinates and g the defect of a facet, which a saw-tooth follows. The fit
    is by least squares, and exact for the facet itself; a column of facets that all have the same
    defect has no k. What is read from it is the field at defect zero: right to third order where
    the field is smooth, unchanged where there is no defect.

    Attributes
    ----------
    reference, weights : Quadrature on the reference facet, shapes (q, d - 1) and (q,).
    nodes : Nodes of the facets, corners first, shape (f, nodes, d) [m].
    defects : At the corners, shape (f, d), in units of the largest.
    axisymmetric : Whether areas grow with the first coordinate.
    """

    reference: Array
    weights: Array
    nodes: Array
    defects: Array
    axisymmetric: bool = False

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def dimension(self) -> int:
        """Of the cells, 2 or 3."""
        return int(self.nodes.shape[2])

    @cached_property
    def points(self) -> Array:
        """Quadrature points, shape (f, q, d) [m]."""
        return places(self.nodes, self.reference)

    @cached_property
    def shares(self) -> Array:
        """Their shares in the area of the facet, shape (f, q)."""
        along = tangents(self.nodes, self.reference)
        size = np.sqrt(np.linalg.det(np.swapaxes(along, 2, 3) @ along)) * self.weights
        if self.axisymmetric:
            size = size * self.points[:, :, 0]
        return np.asarray(size / size.sum(axis=1, keepdims=True))

    @cached_property
    def defect(self) -> Array:
        """Of each facet, shape (f,)."""
        return np.asarray(self.defects.mean(axis=1))

    @cached_property
    def _frames(self) -> tuple[Array, Array, Array]:
        """Centres (f, d), tangents over the size of the patch (f, d - 1, d), normals (f, d)."""
        corners = self.nodes[:, : self.dimension]
        edges = corners[:, 1:] - corners[:, :1]
        frame = np.linalg.qr(np.swapaxes(edges, 1, 2), mode="complete")[0]
        size = (RINGS[self.dimension] + 1) * np.abs(edges).max(axis=(1, 2))
        along = np.swapaxes(frame, 1, 2)[:, : self.dimension - 1] / size[:, None, None]
        return corners.mean(axis=1), along, frame[:, :, -1]

    @cached_property
    def _touching(self) -> csr_array:
        """Facets that share a corner, each with itself too."""
        corners = self.nodes[:, : self.dimension].reshape(-1, self.dimension)
        _, vertex = np.unique(corners, axis=0, return_inverse=True)
        rows = np.repeat(np.arange(len(self)), self.dimension)
        corner_of = csr_array((np.ones(len(rows)), (rows, vertex.ravel())))
        return csr_array(corner_of @ corner_of.T)

    def largest_around(self, values: Array) -> Array:
        """Largest of values (f, k) on each facet and those that share a corner with it."""
        touching = self._touching
        return np.asarray(np.maximum.reduceat(values[touching.indices], touching.indptr[:-1]))

    @cached_property
    def neighbours(self) -> tuple[Numbers, npt.NDArray[np.bool_]]:
        """Facets of each patch but its own, shape (f, n), and which of them count."""
        around = self._touching
        for _ in range(RINGS[self.dimension] - 1):
            around = csr_array(around @ self._touching)
        count = np.diff(around.indptr)
        place = np.arange(len(around.indices)) - np.repeat(around.indptr[:-1], count)
        table = np.repeat(np.arange(len(self))[:, None], count.max(), axis=1)
        table[np.repeat(np.arange(len(self)), count), place] = around.indices
        normals = self._frames[2]
        turned = np.abs(np.einsum("fx,fnx->fn", normals, normals[table]))
        return table, (table != np.arange(len(self))[:, None]) & (turned > _SAME_SIDE)

    def slopes(self, values: Array) -> Array:
        """Coefficients (f, m, k) of the fits to means of k fields, shape (f, k); the last of the m
        is that of the defect."""
        table, found = self.neighbours[0], []
        for start in range(0, len(self), CHUNK):
            own = np.arange(start, min(start + CHUNK, len(self)))
            found.append(self._slopes_of(own) @ (values[table[own]] - values[own, None]))
        return np.concatenate(found)

    def recovered(self, values: Array, slopes: Array) -> Array:
        """Means (f, k) over the facets without what follows the defect."""
        return np.asarray(values - slopes[:, -1] * self.defect[:, None])

    def deviations(self, facets: Numbers, points: Array, slopes: Array) -> Array:
        """The fits at points (n, d) on ``facets`` (n,) over their recovered means, (n, k)."""
        offset = self._monomials(facets, points[:, None])[:, 0] - self._own_means[facets]
        return np.asarray(np.einsum("nm,nmk->nk", offset, slopes[facets, :-1]))

    def stencil(self, facet: int, point: Array) -> tuple[Numbers, Array]:
        """Facets and weights whose means give a value at a point (d,) on a facet."""
        own = np.array([facet])
        table, counts = self.neighbours
        target = self._monomials(own, point[None, None])[0, 0] - self._own_means[facet]
        target = np.append(target, -self.defect[facet])
        weights = target @ self._slopes_of(own)[0]
        chosen = counts[facet]
        others, parts = table[facet][chosen], weights[chosen]
        return np.append(others, facet), np.append(parts, 1.0 - parts.sum())

    def _slopes_of(self, own: Numbers) -> Array:
        """What makes slopes of the neighbours' differences, shape (len(own), m, n)."""
        table, counts = self.neighbours
        around = table[own]
        shape = around.shape
        repeated = np.repeat(own, shape[1])
        monomials = self._monomials(repeated, self.points[around.ravel()])
        means = np.einsum("nq,nqk->nk", self.shares[around.ravel()], monomials)
        offset = means.reshape(*shape, -1) - self._own_means[own][:, None]
        defect = self.defect[around] - self.defect[own][:, None]
        matrix = np.concatenate([offset, defect[:, :, None]], axis=2) * counts[own][:, :, None]
        return np.linalg.pinv(matrix, rcond=_CUTOFF)

    @cached_property
    def _own_means(self) -> Array:
        monomials = self._monomials(np.arange(len(self)), self.points)
        return np.asarray(np.einsum("fq,fqk->fk", self.shares, monomials))

    def _monomials(self, own: Numbers, points: Array) -> Array:
        """Of degree one and two at points (n, q, d) in the frames of facets (n,)."""
        centres, along, _ = self._frames
        s = np.einsum("nqx,nkx->nqk", points - centres[own][:, None], along[own])
        upper = np.triu_indices(self.dimension - 1)
        return np.concatenate([s, s[..., upper[0]] * s[..., upper[1]]], axis=2)
