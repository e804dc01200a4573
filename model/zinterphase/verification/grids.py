"""Meshes with named groups: structured ones for convergence studies, drawn ones by Gmsh."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path
from shutil import rmtree

import gmsh
import numpy as np
from mpi4py import MPI

from zinterphase.geometry.raw import Floats, Ints, RawMesh, Tags, oriented
from zinterphase.geometry.topology import facet_table, with_interfaces
from zinterphase.parallel import on_root

BASE, COUNTER, SIDES = 1, 2, 3
Places = Callable[[Floats], Floats]


def named(
    points: Floats, cells: Ints, tags: Tags, layers: Sequence[str], group_of: Places
) -> RawMesh:
    """A mesh whose outline is sorted into groups by ``group_of`` the facets' middles (n, dim)."""
    cells = oriented(points, cells)
    table = facet_table(cells)
    outline = table.exterior
    groups = group_of(points[table.vertices[outline]].mean(axis=1)).astype(np.int32)
    ids = {"base": BASE, "counter": COUNTER, "sides": SIDES}
    layer_ids = {name: k for k, name in enumerate(layers, 1)}
    return with_interfaces(points, cells, tags, table, (outline, groups, ids), layer_ids)


def triangles(columns: int, rows: int) -> Ints:
    """Cells of a grid of points numbered row by row; diagonals alternate as on a chessboard."""
    i, j = (a.ravel() for a in np.meshgrid(np.arange(columns), np.arange(rows)))
    south_west = (j * (columns + 1) + i)[:, None, None]
    even = np.array([[0, 1, columns + 2], [0, columns + 2, columns + 1]])
    odd = np.array([[0, 1, columns + 1], [1, columns + 2, columns + 1]])
    pattern = np.where(((i + j) % 2 == 0)[:, None, None], even, odd)
    return np.asarray((south_west + pattern).reshape(-1, 3), dtype=np.int64)


def grid(columns: Floats, layers: Sequence[tuple[str, Floats]], *, all_around: bool) -> RawMesh:
    """Triangles between ``columns`` and the levels of ``layers`` (name, levels; bottom to top).

    The lowest facets are "base"; the highest are "counter", with ``all_around`` the sides of the
    uppermost layer too (Dirichlet data there).
    """
    levels = np.concatenate([layers[0][1], *(heights[1:] for _, heights in layers[1:])])
    x, y = np.meshgrid(columns, levels)
    points = np.column_stack([x.ravel(), y.ravel()])
    cells = triangles(len(columns) - 1, len(levels) - 1)
    height = points[cells].mean(axis=1)[:, 1]
    faces = [heights[-1] for _, heights in layers[:-1]]
    tags = (1 + np.searchsorted(faces, height)).astype(np.int32)
    floor = layers[-1][1][0]

    def group_of(middle: Floats) -> Floats:
        top = (middle[:, 1] >= levels[-1]) | (all_around & (middle[:, 1] > floor))
        return np.asarray(np.where(middle[:, 1] <= levels[0], BASE, np.where(top, COUNTER, SIDES)))

    return named(points, cells, tags, [name for name, _ in layers], group_of)


def box(lateral: Floats, layers: Sequence[tuple[str, Floats]]) -> RawMesh:
    """Bricks on a square base in six tetrahedra each; groups and ``layers`` as for :func:`grid`."""
    levels = np.concatenate([layers[0][1], *(heights[1:] for _, heights in layers[1:])])
    axes = (lateral, lateral, levels)
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    shape = tuple(len(axis) for axis in axes)
    corner = np.indices([n - 1 for n in shape]).reshape(3, -1)
    tetrahedra = []
    for order in permutations(range(3)):
        path = [corner]
        for axis in order:
            path.append(path[-1] + np.eye(3, dtype=int)[:, axis : axis + 1])
        numbers = [np.ravel_multi_index(tuple(step), shape) for step in path]
        tetrahedra.append(np.stack(numbers, axis=1))
    cells = np.concatenate(tetrahedra).astype(np.int64)
    faces = [heights[-1] for _, heights in layers[:-1]]
    tags = (1 + np.searchsorted(faces, points[cells].mean(axis=1)[:, 2])).astype(np.int32)

    def group_of(middle: Floats) -> Floats:
        top = np.where(middle[:, 2] >= levels[-1], COUNTER, SIDES)
        return np.asarray(np.where(middle[:, 2] <= levels[0], BASE, top))

    return named(points, cells, tags, [name for name, _ in layers], group_of)


def drawn(
    path: Path,
    corners: Sequence[tuple[float, float]],
    edges: Sequence[str],
    size: Callable[[float, float], float],
    *,
    layer: str = "liquid",
) -> Path:
    """A polygon meshed by Gmsh and saved with named groups, as a user brings it.

    ``edges`` names the edge behind each corner "base", "counter" or "sides"; ``size(x, y)`` is the
    size of the triangles [m].
    """
    gmsh.initialize(readConfigFiles=False, interruptible=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        for name in ("ExtendFromBoundary", "FromPoints", "FromCurvature"):
            gmsh.option.setNumber(f"Mesh.MeshSize{name}", 0)
        points = [gmsh.model.geo.addPoint(x, y, 0.0) for x, y in corners]
        following = [*points[1:], points[0]]
        lines = [gmsh.model.geo.addLine(a, b) for a, b in zip(points, following, strict=True)]
        area = gmsh.model.geo.addPlaneSurface([gmsh.model.geo.addCurveLoop(lines)])
        gmsh.model.geo.synchronize()
        gmsh.model.addPhysicalGroup(2, [area], name=layer)
        for group in set(edges):
            members = [line for line, name in zip(lines, edges, strict=True) if name == group]
            gmsh.model.addPhysicalGroup(1, members, name=group)
        gmsh.model.mesh.setSizeCallback(lambda _d, _t, x, y, _z, _lc: size(x, y))
        gmsh.model.mesh.generate(2)
        gmsh.write(str(path))
    finally:
        gmsh.finalize()
    return path


@contextmanager
def shared_folder(comm: MPI.Intracomm) -> Iterator[Path]:
    """Made and removed by rank 0; collective.

    Use it for what every rank has read before the next collective step of rank 0 ends.
    """
    path = on_root(comm, lambda: Path(tempfile.mkdtemp(prefix="zinterphase-")))
    try:
        yield path
    finally:
        if comm.rank == 0:
            rmtree(path, ignore_errors=True)
