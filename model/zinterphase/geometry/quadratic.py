"""Simplices of second order: a node on every edge, the middle of a parabola through its ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from zinterphase.geometry.raw import Floats, Ints, Middles, RawMesh, by_parts, signed_volumes

EDGES = {
    1: ((0, 1),),
    2: ((1, 2), (0, 2), (0, 1)),
    3: ((2, 3), (1, 3), (1, 2), (0, 3), (0, 2), (0, 1)),
}
"""Edge of each middle node of a segment, triangle and tetrahedron, as Basix numbers them."""

STRAIGHT = 1e-9
"""Distance of a middle node from the mean of its ends, relative to the edge, that is rounding."""

# Exact for polynomials of degree d, as the Jacobian determinant of a cell of second order is.
_RULE_POINTS = {
    2: 0.5 * (1.0 - np.eye(3)),
    3: np.vstack([np.full(4, 0.25), (1.0 + 2.0 * np.eye(4)) / 6.0]),
}
_RULE_WEIGHTS = {2: np.full(3, 1.0 / 6.0), 3: np.array([-0.8, 0.45, 0.45, 0.45, 0.45]) / 6.0}


@dataclass(frozen=True, eq=False)
class SecondOrder:
    """A mesh with all its nodes.

    Attributes
    ----------
    points : Vertices, then a middle node for each of ``edges``, shape (n, d) [m].
    edges : Sorted vertices of every edge, sorted, shape (k, 2).
    cells : Nodes of each cell in Basix's order, vertices first, shape (m, 6 or 10).
    """

    points: Floats
    edges: Ints
    cells: Ints


def edges_of(simplices: Ints) -> tuple[Ints, Ints]:
    """Every edge of some simplices once, sorted, and the edges of each one in Basix's order."""
    pairs = np.array(EDGES[simplices.shape[1] - 1])
    every = np.sort(simplices[:, pairs].reshape(-1, 2), axis=1)
    edges, number = np.unique(every, axis=0, return_inverse=True)
    return edges, number.reshape(len(simplices), len(pairs))


def second_order(mesh: RawMesh) -> SecondOrder:
    """The nodes of a mesh, those of straight edges included."""
    edges, number = edges_of(mesh.cells)
    middles = mesh.points[edges].mean(axis=1)
    if mesh.middles is not None:
        place = row_of(edges, mesh.middles.edges, len(mesh.points))
        middles[place] = mesh.middles.points
    points = np.concatenate([mesh.points, middles])
    return SecondOrder(points, edges, np.column_stack([mesh.cells, len(mesh.points) + number]))


def row_of(edges: Ints, wanted: Ints, vertex_count: int) -> Ints:
    """Row of each wanted edge among sorted ``edges`` that hold it."""
    keys, asked = (table[:, 0] * vertex_count + table[:, 1] for table in (edges, wanted))
    return np.asarray(np.searchsorted(keys, asked), dtype=np.int64)


def bent(points: Floats, edges: Ints, middles: Floats) -> Middles | None:
    """The middle nodes that do not lie halfway between their ends; None where all do.

    ``edges`` may name an edge more than once, in any order.
    """
    ends = points[edges]
    away = np.linalg.norm(middles - ends.mean(axis=1), axis=1)
    curved = away > STRAIGHT * np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
    if not curved.any():
        return None
    kept, first = np.unique(np.sort(edges[curved], axis=1), axis=0, return_index=True)
    return Middles(kept, middles[curved][first])


def shape_functions(barycentric: Floats) -> Floats:
    """Of all nodes of a simplex at points (n, d + 1), shape (n, nodes)."""
    corners = barycentric * (2.0 * barycentric - 1.0)
    edges = np.array(EDGES[barycentric.shape[1] - 1])
    middles = 4.0 * barycentric[:, edges[:, 0]] * barycentric[:, edges[:, 1]]
    return np.column_stack([corners, middles])


def shape_slopes(barycentric: Floats) -> Floats:
    """Derivatives by the reference coordinates, the last d barycentric ones, (n, nodes, d)."""
    dim = barycentric.shape[1] - 1
    unit = np.vstack([-np.ones(dim), np.eye(dim)])
    corners = (4.0 * barycentric - 1.0)[:, :, None] * unit
    i, j = np.array(EDGES[dim]).T
    middles = barycentric[:, i, None] * unit[j] + barycentric[:, j, None] * unit[i]
    return np.concatenate([corners, 4.0 * middles], axis=1)


def determinants(points: Floats, cells: npt.NDArray[np.integer[Any]]) -> Floats:
    """Jacobian determinants of cells of first or second order [m^d], (m, n).

    Those of second order are taken at their corners, at the middles of their edges, a quarter along
    them and at their centroid, n points in all.
    """
    axes = points.T.copy()
    return by_parts(partial(_determinants, axes), cells)


def _determinants(axes: Floats, cells: npt.NDArray[np.integer[Any]]) -> Floats:
    """By the nodes' coordinates, axis by axis (d, n)."""
    dim = len(axes)
    along = [axis[cells] for axis in axes]
    corners = np.eye(dim + 1)
    if cells.shape[1] == dim + 1:
        return _det([each[:, 1:] - each[:, :1] for each in along])[:, None]
    places = [*corners, np.full(dim + 1, 1.0 / (dim + 1))]
    for a, b in combinations(corners, 2):
        places += [0.5 * (a + b), 0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b]
    slopes = shape_slopes(np.array(places))
    found = [_det([each @ slope for each in along]) for slope in slopes]
    return np.stack(found, axis=1)


def _det(rows: Sequence[Floats]) -> Floats:
    """Determinants of m small matrices by their d rows (m, d), far quicker than by factors."""
    if len(rows) == 1:
        return rows[0][:, 0]
    first, second = rows[0].T, rows[1].T
    if len(rows) == 2:
        return np.asarray(first[0] * second[1] - first[1] * second[0])
    crossed = [first[i - 2] * second[i - 1] - first[i - 1] * second[i - 2] for i in range(3)]
    return np.asarray(sum(a * b for a, b in zip(crossed, rows[2].T, strict=True)))


def folded(mesh: RawMesh) -> Ints:
    """Cells whose Jacobian is not positive everywhere."""
    if mesh.middles is None:
        found = determinants(mesh.points, mesh.cells)
    else:
        whole = second_order(mesh)
        found = determinants(whole.points, whole.cells)
    return np.flatnonzero(found.min(axis=1) <= 0.0)


def unfolded(mesh: RawMesh) -> RawMesh:
    """The mesh with the edges of folded cells straightened, where cells of first order are valid.

    A straightened edge may fold a neighbour in its turn: each round straightens some more.
    """
    while mesh.middles is not None and len(cells := folded(mesh)):
        edges, _ = edges_of(mesh.cells[cells])
        both = np.concatenate([mesh.middles.edges, edges])
        _, first, count = np.unique(both, axis=0, return_index=True, return_counts=True)
        kept = first[(count == 1) & (first < len(mesh.middles.edges))]
        if len(kept) == len(mesh.middles.edges):
            return mesh
        middles = Middles(mesh.middles.edges[kept], mesh.middles.points[kept])
        mesh = replace(mesh, middles=middles if len(kept) else None)
    return mesh


def volume(mesh: RawMesh) -> float:
    """Area or volume of all cells [m^d]."""
    dim = mesh.dimension
    if mesh.middles is None:
        return float(signed_volumes(mesh.points, mesh.cells).sum())
    whole = second_order(mesh)
    slopes, nodes = shape_slopes(_RULE_POINTS[dim]), whole.points[whole.cells]
    parts = [np.linalg.det(np.einsum("mkx,kr->mxr", nodes, slope)).sum() for slope in slopes]
    return float(_RULE_WEIGHTS[dim] @ np.array(parts))
