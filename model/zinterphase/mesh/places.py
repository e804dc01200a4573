"""From reference coordinates of cells and facets to places and back, straight or curved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zinterphase.fem_types import Mesh
from zinterphase.geometry.quadratic import EDGES, shape_functions, shape_slopes

Array = npt.NDArray[np.float64]
Cells = npt.NDArray[np.int32]

_ROUNDS, _EXACT = 30, 1e-14
"""Newton's iterations for a reference coordinate at most, and the last step that ends them."""
_LONGEST = 0.5
"""Newton's step at most, in the size of the reference cell."""


def cell_nodes(mesh: Mesh, cells: Cells) -> Array:
    """Nodes of cells, corners first, shape (n, nodes, dim) [m]."""
    return np.asarray(mesh.geometry.x[mesh.geometry.dofmaps[0][cells]][:, :, : mesh.geometry.dim])


def facet_nodes(mesh: Mesh, pairs: Cells) -> Array:
    """Nodes of facets given as rows (cell, local facet), corners first, (n, nodes, dim) [m].

    Facet k of a simplex lies opposite to vertex k, but is vertex k of an interval.
    """
    dim, table = mesh.geometry.dim, mesh.geometry.dofmaps[0]
    keep = [[j for j in range(dim + 1) if j != k] for k in range(dim + 1)]
    if dim == 1:
        keep = [[0], [1]]
    if table.shape[1] > dim + 1:
        number = {edge: dim + 1 + place for place, edge in enumerate(EDGES[dim])}
        keep = [
            [*corners, *(number[corners[i], corners[j]] for i, j in EDGES[dim - 1])]
            for corners in keep
        ]
    nodes = np.take_along_axis(table[pairs[:, 0]], np.array(keep)[pairs[:, 1]], axis=1)
    return np.asarray(mesh.geometry.x[nodes][:, :, :dim])


def places(nodes: Array, reference: Array) -> Array:
    """Points (n, q, dim) of simplices with ``nodes`` at each of the reference points (q, r)."""
    barycentric = _barycentric(reference)
    first = nodes.shape[1] == barycentric.shape[1]
    shapes = barycentric if first else shape_functions(barycentric)
    return np.asarray(np.einsum("qk,nkx->nqx", shapes, nodes))


def tangents(nodes: Array, reference: Array) -> Array:
    """Their derivatives by the reference coordinates, shape (n, q, dim, r)."""
    return np.asarray(np.einsum("qkr,nkx->nqxr", _slopes(nodes, reference), nodes))


def stretches(nodes: Array, reference: Array) -> tuple[Array, Array]:
    """True and projected area of facets over that of the reference facet, (n, q) each."""
    if nodes.shape[2] == 1:
        return np.ones((len(nodes), len(reference))), np.ones((len(nodes), len(reference)))
    along = tangents(nodes, reference)
    if nodes.shape[2] == 2:
        return np.linalg.norm(along[..., 0], axis=2), np.abs(along[:, :, 0, 0])
    normal = np.cross(along[..., 0], along[..., 1])
    return np.linalg.norm(normal, axis=2), np.abs(normal[..., 2])


def facet_stretches(mesh: Mesh, pairs: Cells, points: Array) -> tuple[Array, Array]:
    """True and projected area of facets over that of the reference facet at points on them.

    By Nanson's formula, n da = det(J) J^-T N dA, from the place of each point alone: whichever way
    round a facet was parametrised.

    Parameters
    ----------
    pairs : Rows (cell, local facet), shape (n, 2).
    points : As many on each, facet by facet, shape (n q, dim) [m].
    """
    dim = points.shape[1]
    each = len(points) // max(len(pairs), 1)
    if dim == 1:
        return np.ones(len(points)), np.ones(len(points))
    if mesh.geometry.dofmaps[0].shape[1] == dim + 1:
        true, projected = stretches(facet_nodes(mesh, pairs), np.zeros((1, dim - 1)))
        return np.repeat(true, each), np.repeat(projected, each)
    pairs = np.repeat(pairs, each, axis=0)
    normals = np.vstack([np.ones(dim), -np.eye(dim)])
    nodes = cell_nodes(mesh, pairs[:, 0])
    _, slope = _local(nodes, reference_of(nodes, points))
    normal = np.swapaxes(np.linalg.inv(slope), 1, 2) @ normals[pairs[:, 1]][:, :, None]
    area = np.linalg.det(slope)[:, None] * normal[:, :, 0]
    return np.linalg.norm(area, axis=1), np.abs(area[:, -1])


def reference_of(nodes: Array, points: Array) -> Array:
    """Reference coordinates (n, dim) of a point (n, dim) for each of n cells, inside it or not.

    By Newton's method from the centre where cells are curved; a point that a curved cell never
    reaches gets coordinates outside the cell.
    """
    found = np.full(points.shape, 1.0 / (points.shape[1] + 1))
    for _ in range(_ROUNDS if nodes.shape[1] > points.shape[1] + 1 else 1):
        here, slope = _local(nodes, found)
        step = np.linalg.solve(slope, (points - here)[:, :, None])[:, :, 0]
        if nodes.shape[1] > points.shape[1] + 1:
            size = np.linalg.norm(step, axis=1, keepdims=True)
            step *= np.minimum(1.0, _LONGEST / np.maximum(size, _LONGEST))
        found = found + step
        if np.abs(step).max(initial=0.0) < _EXACT:
            break
    return found


def barycentric_of(nodes: Array, points: Array) -> Array:
    """Barycentric coordinates (n, dim + 1) of a point (n, dim) for each of n cells."""
    return _barycentric(reference_of(nodes, points))


def _local(nodes: Array, reference: Array) -> tuple[Array, Array]:
    """Place and slope of each simplex at a reference point of its own."""
    barycentric = _barycentric(reference)
    first = nodes.shape[1] == barycentric.shape[1]
    shapes = barycentric if first else shape_functions(barycentric)
    slopes = _slopes(nodes, reference)
    return np.einsum("nk,nkx->nx", shapes, nodes), np.einsum("nkr,nkx->nxr", slopes, nodes)


def _slopes(nodes: Array, reference: Array) -> Array:
    if nodes.shape[1] > reference.shape[1] + 1:
        return shape_slopes(_barycentric(reference))
    dim = reference.shape[1]
    unit = np.vstack([-np.ones(dim), np.eye(dim)])
    return np.broadcast_to(unit, (len(reference), *unit.shape))


def _barycentric(reference: Array) -> Array:
    return np.column_stack([1.0 - reference.sum(axis=1), reference])
