"""Facets of a simplicial mesh and their groups, found from the cells alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zinterphase.errors import MeshError
from zinterphase.geometry.raw import Floats, Ints, RawMesh, Tags


@dataclass(frozen=True, eq=False)
class FacetTable:
    """Every facet once.

    Attributes
    ----------
    vertices : Sorted vertices of each facet, shape (nf, d).
    cells : The one or two cells of each facet, shape (nf, 2); -1 where there is no second.
    """

    vertices: Ints
    cells: Ints

    @property
    def exterior(self) -> Ints:
        """Indices of the facets with one cell."""
        return np.flatnonzero(self.cells[:, 1] < 0)

    @property
    def interior(self) -> Ints:
        """Indices of the facets with two cells."""
        return np.flatnonzero(self.cells[:, 1] >= 0)


def facet_keys(facets: Ints, vertex_count: int) -> Ints:
    """One integer per row of sorted vertices, equal for equal rows."""
    key = facets[:, 0].astype(np.int64)
    bound = vertex_count
    for column in facets.T[1:]:
        if bound > np.iinfo(np.int64).max // max(vertex_count, 1):
            unique, key = np.unique(key, return_inverse=True)
            bound = unique.size
        key = key * vertex_count + column
        bound *= vertex_count
    return np.asarray(key, dtype=np.int64)


def facet_table(cells: Ints) -> FacetTable:
    """All facets of the cells, shape (m, d + 1).

    Raises
    ------
    MeshError
        A facet belongs to more than two cells.
    """
    count, corners = cells.shape
    keep = np.array([[j for j in range(corners) if j != i] for i in range(corners)])
    facets = np.sort(cells[:, keep].reshape(count * corners, corners - 1), axis=1)
    key = facet_keys(facets, int(cells.max()) + 1 if cells.size else 1)
    order = np.argsort(key, kind="stable")
    same = key[order][1:] == key[order][:-1]
    if np.any(same[1:] & same[:-1]):
        raise MeshError("a facet is shared by more than two cells")
    first = np.concatenate([[True], ~same]) if order.size else np.zeros(0, dtype=bool)
    owner = order // corners
    second = np.full(order.size, -1, dtype=np.int64)
    second[:-1][same] = owner[1:][same]
    return FacetTable(facets[order[first]], np.column_stack([owner[first], second[first]]))


def compact(cells: Ints) -> tuple[Ints, Ints]:
    """Vertices in use, and the cells with these numbered from 0."""
    used, numbered = np.unique(cells, return_inverse=True)
    return used, numbered.reshape(cells.shape).astype(np.int64)


def interface_facets(
    table: FacetTable, cell_tags: Tags, layer_names: dict[int, str], first_id: int
) -> tuple[Ints, Tags, dict[str, int]]:
    """Facets between two layers, their tags, and the ids of the groups "lower|upper".

    Layer ids grow upwards, so the lower id of a pair is the lower layer.

    Returns
    -------
    Facet indices into the table, their group ids, and name -> id starting at ``first_id``.
    """
    inner = table.interior
    pairs = np.sort(cell_tags[table.cells[inner]], axis=1)
    across = pairs[:, 0] != pairs[:, 1]
    facets, pairs = inner[across], pairs[across]
    tags = np.zeros(facets.size, dtype=np.int32)
    names: dict[str, int] = {}
    for offset, (lower, upper) in enumerate(np.unique(pairs, axis=0)):
        names[f"{layer_names[int(lower)]}|{layer_names[int(upper)]}"] = first_id + offset
        tags[(pairs[:, 0] == lower) & (pairs[:, 1] == upper)] = first_id + offset
    return facets, tags, names


def with_interfaces(
    points: Floats,
    cells: Ints,
    cell_tags: Tags,
    table: FacetTable,
    outline: tuple[Ints, Tags, dict[str, int]],
    layer_ids: dict[str, int],
    **more: Any,
) -> RawMesh:
    """A mesh whose layers meet in groups of their own, behind those of its ``outline``: facet
    indices into the table, their group ids, and the ids by name. ``more`` are fields of the mesh.
    """
    facets, tags, ids = outline
    names = {tag: name for name, tag in layer_ids.items()}
    inner, inner_tags, inner_ids = interface_facets(table, cell_tags, names, max(ids.values()) + 1)
    return RawMesh(
        points,
        cells,
        cell_tags,
        table.vertices[np.concatenate([facets, inner])],
        np.concatenate([tags, inner_tags]),
        layer_ids,
        ids | inner_ids,
        **more,
    )
