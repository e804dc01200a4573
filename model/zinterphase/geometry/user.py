"""Meshes a user brings, as simplices with named groups. Serial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.geometry.meshfile import FIELD, read_mesh_file
from zinterphase.geometry.quality import require_valid
from zinterphase.geometry.raw import Floats, Ints, RawMesh, Tags, oriented
from zinterphase.geometry.topology import FacetTable, facet_keys, facet_table, interface_facets

_SIMPLEX = {2: ("line", "triangle"), 3: ("triangle", "tetra")}


@dataclass(eq=False)
class _Groups:
    """Named simplices found in a file: name -> vertices (., d + 1) or (., d)."""

    points: Floats
    cells: dict[str, Ints] = field(default_factory=dict)
    facets: dict[str, Ints] = field(default_factory=dict)


def load_user_mesh(
    path: str | Path, layers: Sequence[str], dimension: int, unit: float = 1.0
) -> RawMesh:
    """Read a simplicial mesh with named groups.

    Args:
        path: A Gmsh .msh file with physical names, or anything meshio reads whose groups have
            names (``field_data`` or ``cell_sets``).
        layers: Names of the meshed layers, bottom to top; the cell groups must be exactly these.
        dimension: 2 or 3.
        unit: Length of the file's unit [m].

    Raises:
        CaseError: A group is missing or unknown, a cell belongs to none or is no simplex, or the
            file cannot be read.
        MeshError: A cell has no volume or an interface is too steep.
    """
    found = _read(Path(path), dimension)
    _require_groups(str(path), found, layers)
    cells = np.concatenate([found.cells[name] for name in layers])
    sizes = [len(found.cells[name]) for name in layers]
    tags = np.repeat(np.arange(1, len(layers) + 1, dtype=np.int32), sizes)
    used, cells = _compact(cells)
    points = unit * found.points[used]
    table = facet_table(cells)
    facets, facet_tags, facet_ids = _named_facets(str(path), found, used, table)
    layer_ids = {name: k + 1 for k, name in enumerate(layers)}
    by_tag = {tag: name for name, tag in layer_ids.items()}
    inner, inner_tags, inner_ids = interface_facets(table, tags, by_tag, len(facet_ids) + 1)
    mesh = RawMesh(
        points,
        oriented(points, cells),
        tags,
        table.vertices[np.concatenate([facets, inner])],
        np.concatenate([facet_tags, inner_tags]),
        layer_ids,
        facet_ids | inner_ids,
    )
    require_valid(mesh)
    return mesh


def _read(path: Path, dimension: int) -> _Groups:
    file = read_mesh_file(path)
    facet, cell = _SIMPLEX[dimension]
    kinds = {block.kind for block in file.blocks}
    if cell not in kinds or kinds - {facet, cell, "line", "vertex"}:
        raise CaseError(FIELD, str(path), f"first-order {cell} cells only")
    found = _Groups(file.points[:, :dimension])
    for block in file.blocks:
        groups = {facet: found.facets, cell: found.cells}.get(block.kind, {})
        for name in block.groups:
            parts = [groups[name]] if name in groups else []
            groups[name] = np.concatenate([*parts, block.nodes])
    return found


def _require_groups(path: str, found: _Groups, layers: Sequence[str]) -> None:
    present = f"present are cells {sorted(found.cells)}, facets {sorted(found.facets)}"
    if set(found.cells) != set(layers):
        raise CaseError(FIELD, path, f"cell groups exactly {list(layers)}; {present}")
    missing = [name for name in ("base", "counter") if name not in found.facets]
    if missing:
        raise CaseError(FIELD, path, f'facet groups "base" and "counter"; {present}')


def _compact(cells: Ints) -> tuple[Ints, Ints]:
    """Vertices in use, and the cells with these numbered from 0."""
    used, numbered = np.unique(cells, return_inverse=True)
    return used, numbered.reshape(cells.shape).astype(np.int64)


def _named_facets(
    path: str, found: _Groups, used: Ints, table: FacetTable
) -> tuple[Ints, Tags, dict[str, int]]:
    """Indices of the outline's named facets in the table, their tags, and the ids."""
    number = np.full(len(found.points), -1, dtype=np.int64)
    number[used] = np.arange(used.size)
    outline = table.exterior
    facets, tags = [], []
    names: list[str] = [name for name in ("base", "counter", "sides") if name in found.facets]
    ids = {name: k + 1 for k, name in enumerate(names)}
    for name in names:
        wanted = np.sort(number[found.facets[name]], axis=1)
        place = _matches(table.vertices[outline], wanted, used.size)
        if np.any(place < 0):
            raise CaseError(FIELD, path, f'a facet group "{name}" on the outline of the cells')
        facets.append(outline[place])
        tags.append(np.full(len(place), ids[name], dtype=np.int32))
    chosen = np.concatenate(facets)
    if np.unique(chosen).size < chosen.size:
        raise CaseError(FIELD, path, "each facet in one group only")
    return chosen, np.concatenate(tags), ids


def _matches(rows: Ints, wanted: Ints, vertex_count: int) -> Ints:
    """Index in ``rows`` of each wanted row of sorted vertices, -1 where there is none."""
    # Vertex -1 stands for one that no cell uses: shift, so that keys are not negative.
    keys = facet_keys(np.concatenate([rows, wanted]) + 1, vertex_count + 1)
    known, asked = keys[: len(rows)], keys[len(rows) :]
    order = np.argsort(known)
    place = order[np.minimum(np.searchsorted(known, asked, sorter=order), len(rows) - 1)]
    return np.where(known[place] == asked, place, -1)
