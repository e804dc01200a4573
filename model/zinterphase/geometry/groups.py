"""From a mesh file to simplices under the names of the case. Serial."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from zinterphase.geometry.meshfile import Block, Malformed, MeshFile
from zinterphase.geometry.meshfile.content import DIMENSION
from zinterphase.geometry.raw import Floats, Ints, Tags
from zinterphase.geometry.simplices import SIMPLEX, simplices_of
from zinterphase.geometry.topology import facet_keys

GroupMap = Mapping[str, Sequence[str]]
"""Groups of a file that make up a layer or "base", "counter", "sides"; absent: the same name."""

ENDS = ("base", "counter")
OUTLINE = (*ENDS, "sides")
_LONGEST_LIST = 12
_PLANE_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Named:
    """Simplices with the names of the case.

    Attributes
    ----------
    points : Shape (n, d), in the file's unit.
    cells : Shape (m, d + 1); each once.
    layers : Index of each cell's layer, shape (m,).
    facets : Vertices of each group of `OUTLINE` that is there, each facet once, shape (., d).
    notes : What was done to the file's elements, one line each.
    """

    points: Floats
    cells: Ints
    layers: Tags
    facets: dict[str, Ints]
    notes: tuple[str, ...]


@dataclass(eq=False)
class _Simplices:
    """Simplices of one dimension by block."""

    parts: list[tuple[Ints, tuple[str, ...]]] = field(default_factory=list)

    def names(self) -> list[str]:
        return sorted({name for _, groups in self.parts for name in groups})


def named(file: MeshFile, layers: Sequence[str], dimension: int, groups: GroupMap) -> Named:
    """Give the elements of a file the names of the case; groups of one name are united.

    Raises
    ------
    Malformed
        A group is missing, a cell is in no layer or in two, an element is not of
        first order, or the dimension is not that of the case.
    """
    _require_plane(file, dimension)
    cells, facets = _Simplices(), _Simplices()
    notes = []
    for block in file.blocks:
        level = _dimension(block, dimension)
        if level >= dimension - 1:
            simplices = simplices_of(block.kind, block.nodes)
            (cells if level == dimension else facets).parts.append((simplices, block.groups))
    for kind in sorted({block.kind for block in file.blocks} - set(SIMPLEX.values()) - {"vertex"}):
        number = sum(len(block.nodes) for block in file.blocks if block.kind == kind)
        notes.append(f"{number} cells or facets of kind {kind} are split into simplices")
    present = f"present are cells {_listed(cells.names())}, facets {_listed(facets.names())}"
    if not cells.parts:
        raise Malformed(f"{SIMPLEX[dimension]} cells or such as can be split into them")
    found = {name: _united(facets, _wanted(groups, name)) for name in OUTLINE}
    rows, index = _cells(file.points, cells, [_wanted(groups, name) for name in layers], present)
    missing = [name for name in ENDS if not len(found[name])]
    if missing or ("sides" in groups and not len(found["sides"])):
        asked = [name for name in OUTLINE if name in ENDS or name in groups]
        names = " and ".join(f'"{n}"' for name in asked for n in _wanted(groups, name))
        raise Malformed(f"facet groups {names}; {present}")
    outline = {name: part for name, part in found.items() if len(part)}
    return Named(file.points[:, :dimension], rows, index, outline, tuple(notes))


def _wanted(groups: GroupMap, name: str) -> tuple[str, ...]:
    return tuple(groups.get(name, (name,)))


def _require_plane(file: MeshFile, dimension: int) -> None:
    if dimension == 2 and len(file.points):
        height = np.ptp(file.points[:, 2])
        if height > _PLANE_TOLERANCE * np.ptp(file.points, axis=0).max():
            raise Malformed("points in the plane of x and y, as geometry.dimension = 2")


def _dimension(block: Block, highest: int) -> int:
    """Topological dimension of a block.

    Raises
    ------
    Malformed
        Not of first order, or of more dimensions than the case has.
    """
    if block.kind not in DIMENSION:
        allowed = "elements of first order or simplices of second order"
        raise Malformed(f"{allowed}, not {block.kind} (Gmsh: Mesh.ElementOrder = 1)")
    if DIMENSION[block.kind] > highest:
        raise Malformed(f"cells of geometry.dimension = {highest}, not {block.kind}")
    return DIMENSION[block.kind]


def _united(simplices: _Simplices, names: Sequence[str]) -> Ints:
    """Elements in any of the groups, each once."""
    chosen = [rows for rows, groups in simplices.parts if set(groups) & set(names)]
    if not chosen:
        return np.zeros((0, 0), dtype=np.int64)
    return np.asarray(np.unique(np.sort(np.concatenate(chosen), axis=1), axis=0))


def _cells(
    points: Floats, cells: _Simplices, wanted: Sequence[Sequence[str]], present: str
) -> tuple[Ints, Tags]:
    """Every cell of the file once, and the index of its layer."""
    known = set(cells.names())
    if any(name not in known for names in wanted for name in names):
        names = [name for group in wanted for name in group]
        raise Malformed(f"cell groups exactly {_listed(names)}; {present}")
    claims = [
        [k for k, names in enumerate(wanted) if set(names) & set(groups)]
        for _, groups in cells.parts
    ]
    rows = np.concatenate([part for part, _ in cells.parts])
    layer = np.repeat(
        [own[0] if own else -1 for own in claims], [len(part) for part, _ in cells.parts]
    )
    keys = facet_keys(np.sort(rows, axis=1), len(points))
    # Of the copies of a cell that is listed once per group, one with a layer comes last.
    order = np.lexsort((layer, keys))
    last = np.append(keys[order][1:] != keys[order][:-1], True)
    unlike = (layer[order][1:] != layer[order][:-1]) & (layer[order][:-1] >= 0) & ~last[:-1]
    if np.any(unlike) or any(len(own) > 1 for own in claims):
        raise Malformed("each cell in one layer only")
    chosen = order[last]
    rows, layer = rows[chosen], layer[chosen]
    lost = np.flatnonzero(layer < 0)
    if lost.size:
        place = _place(points[rows[lost[0]], :].mean(axis=0))
        allowed = f"every cell in a layer, not {lost.size} of {len(rows)} in none, as at {place}"
        raise Malformed(f"{allowed} (in the file's unit); {present}")
    return rows, layer.astype(np.int32)


def _place(point: Floats) -> str:
    return "(" + ", ".join(f"{x:.4g}" for x in point) + ")"


def _listed(names: Sequence[str]) -> str:
    shown = [repr(name[:40]) for name in names[:_LONGEST_LIST]]
    more = len(names) - len(shown)
    return "[" + ", ".join(shown) + (f", and {more} more]" if more > 0 else "]")
