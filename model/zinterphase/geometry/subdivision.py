"""Every simplex into halves, quarters or eighths: nested meshes of the same shape."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from zinterphase.geometry.quadratic import SecondOrder, bent, second_order, shape_functions
from zinterphase.geometry.raw import Floats, Ints, RawMesh

# Children by their vertices: pairs of corners (i, j), the midpoint of i and j or the corner i = j.
# Tetrahedra: Bey, Computing 55 (1995) 355, whose children fall into at most three similarity
# classes however often they are divided.
_CHILDREN = {
    2: (("00", "01"), ("01", "11")),
    3: (("00", "01", "02"), ("01", "11", "12"), ("02", "12", "22"), ("01", "12", "02")),
    4: (
        ("00", "01", "02", "03"),
        ("01", "11", "12", "13"),
        ("02", "12", "22", "23"),
        ("03", "13", "23", "33"),
        ("01", "02", "03", "13"),
        ("01", "02", "12", "13"),
        ("02", "03", "13", "23"),
        ("02", "12", "13", "23"),
    ),
}


def subdivided(points: Floats, *simplices: Ints) -> tuple[Floats, list[Ints]]:
    """Divide simplices at the midpoints of their edges; shared edges share their midpoint.

    Parameters
    ----------
    points : Vertices, shape (n, d).
    simplices : Tables of segments (., 2), triangles (., 3) or tetrahedra (., 4) over them.

    Returns
    -------
    The points with the midpoints after them, and each table with the children of a simplex in
    consecutive rows (2, 4 or 8); orientation is not kept.
    """
    edges = np.concatenate([_edges(table) for table in simplices])
    unique, number = np.unique(edges, axis=0, return_inverse=True)
    middles = 0.5 * (points[unique[:, 0]] + points[unique[:, 1]])
    ends = np.cumsum([len(_edges(table)) for table in simplices])[:-1]
    parts = np.split(number.ravel() + len(points), ends)
    tables = [_children(table, middle) for table, middle in zip(simplices, parts, strict=True)]
    return np.concatenate([points, middles]), tables


def subdivided_mesh(mesh: RawMesh, times: int) -> RawMesh:
    """The mesh with every cell divided ``times`` times; the outline stays as it is."""
    for _ in range(times):
        points, (cells, facets) = subdivided(mesh.points, mesh.cells, mesh.facets)
        middles = None
        if mesh.middles is not None:
            whole = second_order(mesh)
            points = whole.points
            middles = bent(points, *_middles_within(whole, cells))
        mesh = replace(
            mesh,
            points=points,
            cells=_same_way_round(cells),
            middles=middles,
            cell_tags=np.repeat(mesh.cell_tags, 2**mesh.dimension),
            facets=np.sort(facets, axis=1),
            facet_tags=np.repeat(mesh.facet_tags, 2 ** (mesh.dimension - 1)),
        )
    return mesh


def children_places(corners: int) -> Floats:
    """Barycentric coordinates in a simplex of its children's corners, (child, corner, corner)."""
    ends = np.eye(corners)
    children = _CHILDREN[corners]
    return np.array([[ends[[int(k) for k in n]].mean(axis=0) for n in child] for child in children])


def _same_way_round(children: Ints) -> Ints:
    """Children of positively oriented cells, positively oriented too: by their place in the cell,
    as the corners of a curved one do not tell."""
    corners = children.shape[1]
    turned = np.linalg.det(children_places(corners)) < 0.0
    result = children.reshape(-1, len(turned), corners).copy()
    result[:, turned, -2:] = result[:, turned, -2:][:, :, ::-1]
    return result.reshape(-1, corners)


def _middles_within(whole: SecondOrder, children: Ints) -> tuple[Ints, Floats]:
    """Edges (k, 2) and middle nodes (k, d) of the children of cells, each cell's in a row."""
    corners = whole.points.shape[1] + 1
    pairs = np.array(list(combinations(range(corners), 2)))
    middle = children_places(corners)[:, pairs].mean(axis=2).reshape(-1, corners)
    nodes = whole.points[whole.cells]
    points = np.einsum("pk,mkx->mpx", shape_functions(middle), nodes)
    table = children.reshape(len(nodes), -1, corners)
    return table[:, :, pairs].reshape(-1, 2), points.reshape(-1, corners - 1)


def halved_intervals(values: Floats, times: int) -> Floats:
    """A sequence with the means of neighbours in between, ``times`` times."""
    for _ in range(times):
        result = np.empty(2 * values.size - 1)
        result[::2] = values
        result[1::2] = 0.5 * (values[:-1] + values[1:])
        values = result
    return values


def _edges(table: Ints) -> Ints:
    """Edges of all simplices, sorted vertices, those of a simplex in consecutive rows."""
    pairs = np.array(list(combinations(range(table.shape[1]), 2)))
    return np.asarray(np.sort(table[:, pairs].reshape(-1, 2), axis=1))


def _children(table: Ints, middles: Ints) -> Ints:
    corners = table.shape[1]
    vertices = {f"{k}{k}": table[:, k] for k in range(corners)}
    places = combinations(range(corners), 2)
    for (i, j), middle in zip(places, middles.reshape(len(table), -1).T, strict=True):
        vertices[f"{i}{j}"] = middle
    children = [np.stack([vertices[name] for name in child], 1) for child in _CHILDREN[corners]]
    return np.stack(children, axis=1).reshape(-1, corners)
