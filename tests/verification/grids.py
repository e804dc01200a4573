"""Structured triangulations with named groups, for convergence studies on nested meshes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zinterphase.geometry.raw import Floats, RawMesh, oriented
from zinterphase.geometry.topology import facet_table, interface_facets


def grid(columns: Floats, layers: Sequence[tuple[str, Floats]], *, all_around: bool) -> RawMesh:
    """Triangles between ``columns`` and the levels of ``layers`` (name, levels; bottom to top).

    Diagonals alternate like a chessboard's colours. The lowest facets are "base"; the highest are
    "counter", with ``all_around`` the sides of the uppermost layer too (Dirichlet data there).
    """
    levels = np.concatenate([layers[0][1], *(heights[1:] for _, heights in layers[1:])])
    nx, ny = len(columns) - 1, len(levels) - 1
    x, y = np.meshgrid(columns, levels)
    points = np.column_stack([x.ravel(), y.ravel()])
    i, j = (a.ravel() for a in np.meshgrid(np.arange(nx), np.arange(ny)))
    south_west = (j * (nx + 1) + i)[:, None]
    even = np.array([[0, 1, nx + 2], [0, nx + 2, nx + 1]])
    odd = np.array([[0, 1, nx + 1], [1, nx + 2, nx + 1]])
    pattern = np.where(((i + j) % 2 == 0)[:, None, None], even, odd)
    cells = oriented(points, (south_west[:, :, None] + pattern).reshape(-1, 3))
    count = [len(heights) - 1 for _, heights in layers]
    tag_of_row = np.repeat(np.arange(1, len(layers) + 1), count)
    tags = np.repeat(tag_of_row[j], 2).astype(np.int32)
    table = facet_table(cells)
    outline = table.exterior
    middle = points[table.vertices[outline]].mean(axis=1)
    lowest, highest = middle[:, 1] <= levels[0], middle[:, 1] >= levels[-1]
    dirichlet = highest | (all_around & ~lowest & (tags[table.cells[outline, 0]] == len(layers)))
    groups = np.where(lowest, 1, np.where(dirichlet, 2, 3)).astype(np.int32)
    names = {k: name for k, (name, _) in enumerate(layers, 1)}
    inner, inner_tags, inner_ids = interface_facets(table, tags, names, 4)
    return RawMesh(
        points,
        cells,
        tags,
        table.vertices[np.concatenate([outline, inner])],
        np.concatenate([groups, inner_tags]),
        {name: k for k, name in names.items()},
        {"base": 1, "counter": 2, "sides": 3} | inner_ids,
    )
