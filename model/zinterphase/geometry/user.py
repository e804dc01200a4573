"""Meshes a user brings, as simplices with named groups. Serial."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.geometry.conformity import SIDE_TOLERANCE, require_conforming
from zinterphase.geometry.groups import OUTLINE, GroupMap, Named, named
from zinterphase.geometry.meshfile import FIELD, Malformed, read_mesh_file
from zinterphase.geometry.parabolas import corners_and_middles
from zinterphase.geometry.quadratic import bent
from zinterphase.geometry.raw import Floats, Ints, Middles, RawMesh, Tags, oriented
from zinterphase.geometry.topology import (
    FacetTable,
    compact,
    facet_keys,
    facet_table,
    with_interfaces,
)


def load_user_mesh(
    path: str | Path,
    layers: Sequence[str],
    dimension: int,
    unit: float = 1.0,
    groups: GroupMap | None = None,
    *,
    axisymmetric: bool = False,
) -> RawMesh:
    """Read a mesh with named groups, its lower lateral ends moved to zero; cells of second order
    keep their curved edges.

    Parameters
    ----------
    path : A file that `read_mesh_file` reads.
    layers : Names of the meshed layers, bottom to top; each cell must be in one of them.
    dimension : 2 or 3.
    unit : Length of the file's unit [m].
    groups : The file's groups of layers, "base", "counter" and "sides" where they have other
        names there.
    axisymmetric : Whether x is a radius and therefore stays.

    Raises
    ------
    CaseError
        A group is missing, a cell belongs to none, the file cannot be read.
    MeshError
        The mesh is not one conforming body whose ends are known.
    """
    try:
        file, middles = corners_and_middles(read_mesh_file(Path(path)))
        found = named(file, layers, dimension, groups or {})
        return _mesh(found, unit * file.points[:, :dimension], middles, layers, axisymmetric)
    except Malformed as error:
        raise CaseError(FIELD, str(path), str(error)) from error


def _mesh(
    found: Named, places: Floats, middles: Ints, layers: Sequence[str], axisymmetric: bool
) -> RawMesh:
    """``places`` are the file's points [m], ``middles`` rows (corner, corner, middle node)."""
    used, cells = compact(found.cells)
    points, notes = _at_origin(places[used], axisymmetric)
    cells, tags = oriented(points, cells), found.layers + np.int32(1)
    table = facet_table(cells)
    facets, facet_tags, facet_ids = _named_facets(found, used, table)
    require_conforming(points, cells, table, facets)
    layer_ids = {name: k + 1 for k, name in enumerate(layers)}
    return with_interfaces(
        points,
        cells,
        tags,
        table,
        (facets, facet_tags, facet_ids),
        layer_ids,
        notes=found.notes + notes,
        middles=_curved(points, places + (points[0] - places[used[0]]), used, middles),
    )


def _curved(points: Floats, places: Floats, used: Ints, middles: Ints) -> Middles | None:
    """Middle nodes of the edges of cells, those that are not straight."""
    number = np.full(len(places), -1, dtype=np.int64)
    number[used] = np.arange(used.size)
    edges = number[middles[:, :2]]
    kept = np.all(edges >= 0, axis=1)
    return bent(points, edges[kept], places[middles[kept, 2]])


def _at_origin(points: Floats, axisymmetric: bool) -> tuple[Floats, tuple[str, ...]]:
    """Points with the lowest lateral coordinates at zero, and what was done."""
    low, size = points[:, :-1].min(axis=0), np.ptp(points[:, :-1], axis=0)
    moved = np.abs(low) > SIDE_TOLERANCE * size
    if axisymmetric or not np.any(moved):
        return points, ()
    shift = np.append(np.where(moved, low, 0.0), 0.0)
    told = [f"{axis} by {-value:g} m" for axis, value in zip("xy", shift, strict=False) if value]
    return points - shift, (f"the mesh is moved along {' and '.join(told)} to begin at 0",)


def _named_facets(found: Named, used: Ints, table: FacetTable) -> tuple[Ints, Tags, dict[str, int]]:
    """Indices of the outline's named facets in the table, their tags, and the ids."""
    number = np.full(len(found.points), -1, dtype=np.int64)
    number[used] = np.arange(used.size)
    outline = table.exterior
    facets, tags = [], []
    names = [name for name in OUTLINE if name in found.facets]
    ids = {name: k + 1 for k, name in enumerate(names)}
    for name in names:
        wanted = np.sort(number[found.facets[name]], axis=1)
        place = _matches(table.vertices[outline], wanted, used.size)
        if np.any(place < 0):
            raise Malformed(f'a facet group "{name}" on the outline of the cells')
        facets.append(outline[place])
        tags.append(np.full(len(place), ids[name], dtype=np.int32))
    chosen = np.concatenate(facets)
    if np.unique(chosen).size < chosen.size:
        raise Malformed("each facet in one group only")
    return chosen, np.concatenate(tags), ids


def _matches(rows: Ints, wanted: Ints, vertex_count: int) -> Ints:
    """Index in ``rows`` of each wanted row of sorted vertices, -1 where there is none."""
    # Vertex -1 stands for one that no cell uses: shift, so that keys are not negative.
    keys = facet_keys(np.concatenate([rows, wanted]) + 1, vertex_count + 1)
    known, asked = keys[: len(rows)], keys[len(rows) :]
    order = np.argsort(known)
    place = order[np.minimum(np.searchsorted(known, asked, sorter=order), len(rows) - 1)]
    return np.where(known[place] == asked, place, -1)
