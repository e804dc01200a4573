"""Is a user's mesh one body without holes, cracks, folds or unnamed ends? Serial."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from zinterphase.errors import MeshError
from zinterphase.geometry.raw import Floats, Ints, signed_volumes
from zinterphase.geometry.topology import FacetTable

SIDE_TOLERANCE = 1e-6
"""How far from a mirror plane a facet on it may lie, relative to the width."""

_SAME_PLACE = 1e-12
"""Distance of nodes in one place, relative to the size of the mesh."""

_FLATTEST = 1e-14
"""Least volume of a cell, relative to the power of its longest edge."""


def require_conforming(points: Floats, cells: Ints, table: FacetTable, named: Ints) -> None:
    """Refuse what is not one body whose whole outline is known.

    Parameters
    ----------
    points : Shape (n, d) [m]; all are corners of cells.
    cells : Shape (m, d + 1), positively oriented.
    table : Facets of the cells.
    named : Facets of the table that are in a group.

    Raises
    ------
    MeshError
        Nodes in one place, a cell without volume, cells on the same side of their
        common facet, parts that do not touch, or a facet of the outline that is neither in
        a group nor on a mirror plane: a hole, a hanging node, or part of an electrode.
    """
    _require_single_nodes(points, table)
    _require_volume(points, cells)
    _require_no_folds(points, cells, table)
    _require_one_piece(points, cells, table)
    _require_covered(points, table, named)


def place(point: Floats) -> str:
    """A point in words."""
    axes = zip("xyz" if point.size == 3 else "xy", point, strict=True)
    return ", ".join(f"{axis} = {value:.4g} m" for axis, value in axes)


def _require_single_nodes(points: Floats, table: FacetTable) -> None:
    # Where nodes are doubled, the facets between them have one cell each.
    outline = np.unique(table.vertices[table.exterior])
    size = float(np.ptp(points, axis=0).max())
    pairs = cKDTree(points[outline] / size).query_pairs(_SAME_PLACE, output_type="ndarray")
    if len(pairs):
        where = points[outline[pairs.min(axis=0)[0]]]
        raise MeshError(
            f"mesh.file: parts are not connected, as {len(pairs)} nodes are doubled, one at "
            f"{place(where)}: make the layers share their nodes"
        )


def _require_volume(points: Floats, cells: Ints) -> None:
    corner = points[cells]
    longest = np.ptp(corner, axis=1).max(axis=1)
    flat = signed_volumes(points, cells) <= _FLATTEST * longest ** points.shape[1]
    if np.any(flat):
        where = place(corner[flat][0].mean(axis=0))
        number = int(np.count_nonzero(flat))
        raise MeshError(f"mesh.file: {number} of {len(cells)} cells have no volume, one at {where}")


def _require_no_folds(points: Floats, cells: Ints, table: FacetTable) -> None:
    inner = table.interior
    facets = table.vertices[inner]
    beyond = cells[table.cells[inner]].sum(axis=2) - facets.sum(axis=1)[:, None]
    first, second = (
        signed_volumes(points, np.column_stack([facets, beyond[:, side]])) for side in (0, 1)
    )
    folded = np.sign(first) == np.sign(second)
    if np.any(folded):
        where = place(points[facets[folded][0]].mean(axis=0))
        number = int(np.count_nonzero(folded))
        raise MeshError(f"mesh.file: cells overlap at {number} facets, one at {where}")


def _require_one_piece(points: Floats, cells: Ints, table: FacetTable) -> None:
    count, label = pieces(len(cells), table.cells[table.interior])
    if count > 1:
        smallest = np.argmin(np.bincount(label))
        lost = np.flatnonzero(label == smallest)
        where = place(points[cells[lost[0]]].mean(axis=0))
        raise MeshError(
            f"mesh.file: {count} parts that share no facet, one of {lost.size} cells at {where}"
        )


def pieces(count: int, pairs: Ints) -> tuple[int, Ints]:
    """Number of connected parts of ``count`` cells joined by ``pairs``, and each cell's part."""
    ones = np.ones(len(pairs), dtype=bool)
    graph = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    number, label = connected_components(graph, directed=False)
    return int(number), np.asarray(label, dtype=np.int64)


def _require_covered(points: Floats, table: FacetTable, named: Ints) -> None:
    outline = np.setdiff1d(table.exterior, named, assume_unique=True)
    corner = points[table.vertices[outline]]
    bare = np.ones(outline.size, dtype=bool)
    for axis in range(points.shape[1] - 1):
        low, high = points[:, axis].min(), points[:, axis].max()
        for plane in (low, high):
            distance = np.abs(corner[:, :, axis] - plane).max(axis=1)
            bare &= distance > SIDE_TOLERANCE * (high - low)
    if np.any(bare):
        where = place(corner[bare][0].mean(axis=0))
        number = int(np.count_nonzero(bare))
        raise MeshError(
            f"mesh.file: {number} facets of the outline are neither on a mirror plane nor in "
            f'"base", "counter" or "sides" (insulating), one at {where}: a hole, a hanging node '
            "or a part of an end"
        )
