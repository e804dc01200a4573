"""A new mesh between the present curves of another one, in two dimensions. Serial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gmsh
import numpy as np

from zinterphase.errors import MeshError
from zinterphase.geometry.gmsh_core import gmsh_session
from zinterphase.geometry.raw import Floats, Ints, RawMesh, Tags, oriented
from zinterphase.geometry.topology import FacetTable, facet_keys, facet_table, with_interfaces

type Size = Callable[[float, float], float]
"""Wanted size of cells [m] at a place (x, y) [m]."""


@dataclass(frozen=True, eq=False)
class _Curves:
    """Facets on the outline and between layers: their vertices (k, 2), the group of each on the
    outline (0 of others), and the layers (k, 2) beside each (0 outside)."""

    ends: Ints
    groups: Tags
    layers: Tags


def meshed_between(mesh: RawMesh, size: Size, longest: Size) -> RawMesh:
    """The same layers and groups with new cells.

    Every vertex on the outline and between layers stays where it is, so that curves, areas and
    volumes are those of ``mesh``; long facets are cut into equal parts.

    Parameters
    ----------
    mesh : In two dimensions with straight edges, its points where they are now.
    size : Of the new cells.
    longest : Of a facet, about its middle.

    Raises
    ------
    MeshError
        The mesh is another, a layer touches itself at a vertex, or Gmsh fails.
    """
    if mesh.dimension != 2 or mesh.middles is not None:
        raise MeshError("a mesh between curves: allowed are two dimensions and straight edges")
    curves = _curves(mesh)
    scale = float(np.ptp(mesh.points, axis=0).max())
    with gmsh_session():
        try:
            lines = _drawn(mesh, curves, longest, scale)
            surfaces = _filled(mesh, curves, lines)
            gmsh.model.geo.synchronize()
            gmsh.model.mesh.setSizeCallback(
                lambda _d, _t, x, y, _z, _s: size(x * scale, y * scale) / scale
            )
            gmsh.model.mesh.generate(2)
            return _collected(mesh, curves, lines, surfaces, scale)
        except MeshError:
            raise
        except Exception as error:  # Gmsh raises nothing else
            raise MeshError(f"Gmsh finds no mesh between the curves: {error}") from error


def _curves(mesh: RawMesh) -> _Curves:
    table = facet_table(mesh.cells)
    outer, inner = table.exterior, table.interior
    beside = mesh.cell_tags[table.cells[inner]]
    inner, beside = inner[beside[:, 0] != beside[:, 1]], beside[beside[:, 0] != beside[:, 1]]
    ends = table.vertices[np.concatenate([outer, inner])]
    keys = facet_keys(np.concatenate([ends, mesh.facets]), len(mesh.points))
    known = dict(zip(keys[len(ends) :].tolist(), mesh.facet_tags.tolist(), strict=True))
    groups = np.array([known.get(key, 0) for key in keys[: len(ends)].tolist()], dtype=np.int32)
    groups[len(outer) :] = 0
    outside = np.column_stack([mesh.cell_tags[table.cells[outer, 0]], np.zeros(len(outer))])
    return _Curves(ends, groups, np.concatenate([outside, beside]).astype(np.int32))


def _drawn(mesh: RawMesh, curves: _Curves, longest: Size, scale: float) -> list[int]:
    """A line of Gmsh for each facet, cut where it is too long."""
    points = {}
    for vertex in np.unique(curves.ends).tolist():
        x, y = mesh.points[vertex] / scale
        points[vertex] = gmsh.model.geo.addPoint(x, y, 0.0)
    lines = []
    for a, b in curves.ends.tolist():
        line = gmsh.model.geo.addLine(points[a], points[b])
        length = float(np.linalg.norm(mesh.points[b] - mesh.points[a]))
        wanted = longest(*((mesh.points[a] + mesh.points[b]) / 2).tolist())
        parts = max(1, int(np.ceil(length / wanted * (1 - 1e-9))))
        gmsh.model.geo.mesh.setTransfiniteCurve(line, parts + 1)
        lines.append(line)
    return lines


def _filled(mesh: RawMesh, curves: _Curves, lines: list[int]) -> dict[int, int]:
    """Surfaces of Gmsh between the lines, each with the tag of its layer."""
    found = {}
    for tag in mesh.layer_ids.values():
        loops = _loops(mesh, curves, np.flatnonzero((curves.layers == tag).any(axis=1)), tag)
        outlines = [loop for loop in loops if _area(mesh.points[loop.vertices]) > 0.0]
        holes = [loop for loop in loops if _area(mesh.points[loop.vertices]) < 0.0]
        if len(outlines) > 1 and holes:
            raise MeshError("a layer in several pieces with holes: allowed is one piece")
        for outline in outlines:
            curve_loops = [
                gmsh.model.geo.addCurveLoop(
                    [sign * lines[k] for k, sign in zip(loop.facets, loop.senses, strict=True)]
                )
                for loop in [outline, *holes]
            ]
            found[gmsh.model.geo.addPlaneSurface(curve_loops)] = tag
    return found


@dataclass(frozen=True, eq=False)
class _Loop:
    """Facets around a piece of a layer, which lies on their left."""

    facets: list[int]
    senses: list[int]
    vertices: list[int]


def _loops(mesh: RawMesh, curves: _Curves, around: Ints, tag: int) -> list[_Loop]:
    """Of the curves beside a layer."""
    ends = _on_the_left(mesh, curves.ends[around], tag)
    senses = np.where((ends == curves.ends[around]).all(axis=1), 1, -1)
    following = {int(begin): k for k, begin in enumerate(ends[:, 0])}
    if len(following) < len(ends):
        raise MeshError("a layer touches itself at a vertex: allowed are curves apart")
    left, loops = set(range(len(ends))), []
    while left:
        k, loop = min(left), _Loop([], [], [])
        while k in left:
            left.remove(k)
            loop.facets.append(int(around[k]))
            loop.senses.append(int(senses[k]))
            loop.vertices.append(int(ends[k, 0]))
            k = following[int(ends[k, 1])]
        loops.append(loop)
    return loops


def _on_the_left(mesh: RawMesh, ends: Ints, tag: int) -> Ints:
    """The same facets, each with the layer's cell beside it on its left."""
    cells = mesh.cells[mesh.cell_tags == tag]
    count = len(mesh.points)
    # Around a cell, which is positively oriented.
    around = np.concatenate([cells[:, pair] for pair in ([0, 1], [1, 2], [2, 0])])
    forward = np.isin(ends[:, 0] * count + ends[:, 1], around[:, 0] * count + around[:, 1])
    return np.where(forward[:, None], ends, ends[:, ::-1])


def _area(corners: Floats) -> float:
    """Of a polygon, positive where it is on the left of its edges."""
    x, y = (corners - corners[0]).T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def _collected(
    mesh: RawMesh, curves: _Curves, lines: list[int], surfaces: dict[int, int], scale: float
) -> RawMesh:
    """Gmsh's cells as a mesh."""
    numbers, places, _ = gmsh.model.mesh.getNodes()
    index = np.zeros(int(numbers.max()) + 1, dtype=np.int64)
    index[numbers] = np.arange(len(numbers))
    points = places.reshape(-1, 3)[:, :2] * scale
    pieces, tags = [], []
    for surface, tag in surfaces.items():
        corners = gmsh.model.mesh.getElementsByType(2, surface)[1]
        pieces.append(index[corners].reshape(-1, 3))
        tags.append(np.full(len(pieces[-1]), tag, dtype=np.int32))
    segments, groups = [], []
    for line, ends, group in zip(lines, curves.ends, curves.groups.tolist(), strict=True):
        parts = index[gmsh.model.mesh.getElementsByType(1, line)[1]].reshape(-1, 2)
        points[parts[0, 0]], points[parts[-1, 1]] = mesh.points[ends]
        if group:
            segments.append(np.sort(parts, axis=1))
            groups.append(np.full(len(parts), group, dtype=np.int32))
    cells, cell_tags = oriented(points, np.concatenate(pieces)), np.concatenate(tags)
    table = facet_table(cells)
    facets = _numbers(table, np.concatenate(segments), len(points))
    names = {name: tag for name, tag in mesh.facet_ids.items() if tag in curves.groups}
    outline = facets, np.concatenate(groups), names
    return with_interfaces(points, cells, cell_tags, table, outline, dict(mesh.layer_ids))


def _numbers(table: FacetTable, facets: Ints, count: int) -> Ints:
    """Places of facets in a table."""
    keys = facet_keys(np.concatenate([table.vertices, facets]), count)
    known, wanted = keys[: len(table.vertices)], keys[len(table.vertices) :]
    order = np.argsort(known)
    return np.asarray(order[np.searchsorted(known, wanted, sorter=order)])
