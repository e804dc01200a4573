"""What Gmsh meshes: the lateral rectangle (3D) and the core of the electrolyte.

Serial. Gmsh has absolute tolerances, so it only ever sees lengths divided by the width.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import gmsh
import numpy as np

from zinterphase.errors import MeshError
from zinterphase.geometry.raw import Floats, Ints

# Wanted size [scaled] at a position (lateral..., stack) [scaled].
Size = Callable[..., float]

_OPTIONS = {
    "General.Terminal": 0,
    "General.NumThreads": 1,
    "Mesh.MaxNumThreads1D": 1,
    "Mesh.MaxNumThreads2D": 1,
    "Mesh.MaxNumThreads3D": 1,
    "Mesh.Algorithm": 6,
    "Mesh.Algorithm3D": 1,
    "Mesh.MeshSizeFromPoints": 0,
    "Mesh.MeshSizeFromCurvature": 0,
    "Mesh.MeshSizeExtendFromBoundary": 0,
    "Mesh.ElementOrder": 1,
    "Mesh.RandomSeed": 1,
}
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, eq=False)
class CoreMesh:
    """A simplicial mesh with its lower and upper face meshes, lengths scaled.

    Attributes
    ----------
    points : Shape (n, d).
    cells : Shape (m, d + 1).
    lower, upper : Facets on the two faces, shape (., d).
    """

    points: Floats
    cells: Ints
    lower: Ints
    upper: Ints


@contextmanager
def gmsh_session() -> Iterator[None]:
    """A fresh Gmsh model, quiet and single-threaded; leaves a session of the caller untouched."""
    with _signals_held_back():
        yield from _session()


def _session() -> Iterator[None]:
    ours = not gmsh.isInitialized()
    if ours:
        gmsh.initialize(readConfigFiles=False, interruptible=False)
        _reinstall_handlers()
    previous = "" if ours else gmsh.model.getCurrent()
    saved = {name: gmsh.option.getNumber(name) for name in _OPTIONS}
    for name, value in _OPTIONS.items():
        gmsh.option.setNumber(name, value)
    gmsh.model.add("zinterphase")
    try:
        yield
    finally:
        gmsh.model.mesh.removeSizeCallback()
        if ours:
            gmsh.finalize()
        else:
            gmsh.model.remove()
            for name, value in saved.items():
                gmsh.option.setNumber(name, value)
            if previous:
                gmsh.model.setCurrent(previous)


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Signals arrive afterwards: Gmsh would lose what a handler raises while it calls us back."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _reinstall_handlers() -> None:
    """Give signals back to Python's handlers, which Gmsh replaces by the system's defaults."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in _SIGNALS:
        handler = signal.getsignal(number)
        if handler is not None:
            signal.signal(number, handler)


def mesh_rectangle(depth: float, size: Size) -> tuple[Floats, Ints]:
    """Triangulate [0, 1] x [0, depth]; returns points (n, 2) and triangles (m, 3)."""
    with gmsh_session():
        surface, _ = _rectangle(0.0, depth)
        _generate(2, lambda x, y, z: size(x, y))
        points, number = nodes()
        triangles = elements(2, [surface], 3, number)
    return _snapped(points[:, :2], (1.0, depth)), triangles


def mesh_core_2d(lateral: Floats, lower: float, upper: float, size: Size) -> CoreMesh:
    """Triangulate [0, 1] x [lower, upper] with exactly the given points (n,) on the lower side."""
    with gmsh_session():
        geo = gmsh.model.geo
        corners = [geo.addPoint(x, lower, 0.0) for x in lateral]
        corners += [geo.addPoint(1.0, upper, 0.0), geo.addPoint(0.0, upper, 0.0)]
        ends = [*corners[1:], corners[0]]
        lines = [geo.addLine(a, b) for a, b in zip(corners, ends, strict=True)]
        area = geo.addPlaneSurface([geo.addCurveLoop(lines)])
        geo.synchronize()
        below = lines[: lateral.size - 1]
        for line in below:
            gmsh.model.mesh.setTransfiniteCurve(line, 2)
        _generate(2, lambda x, y, z: size(x, y))
        points, number = nodes()
        cells = elements(2, [area], 3, number)
        sides = [elements(1, group, 2, number) for group in (below, lines[-2:-1])]
    return CoreMesh(_snapped(points[:, :2], (1.0,), (lower, upper)), cells, sides[0], sides[1])


def mesh_core_3d(depth: float, lower: float, upper: float, size: Size) -> CoreMesh:
    """Fill [0, 1] x [0, depth] x [lower, upper] with tetrahedra."""
    with gmsh_session():
        surface, _ = _rectangle(lower, depth)
        bounds = gmsh.model.geo.extrude([(2, surface)], 0.0, 0.0, upper - lower)
        gmsh.model.geo.synchronize()
        top, volume = bounds[0][1], bounds[1][1]
        _generate(3, size)
        points, number = nodes()
        cells = elements(3, [volume], 4, number)
        faces = [elements(2, [tag], 3, number) for tag in (surface, top)]
    return CoreMesh(_snapped(points, (1.0, depth), (lower, upper)), cells, faces[0], faces[1])


def _rectangle(height: float, depth: float) -> tuple[int, list[int]]:
    geo = gmsh.model.geo
    corners = [(0.0, 0.0), (1.0, 0.0), (1.0, depth), (0.0, depth)]
    points = [geo.addPoint(x, y, height) for x, y in corners]
    lines = [geo.addLine(points[k], points[(k + 1) % 4]) for k in range(4)]
    surface = geo.addPlaneSurface([geo.addCurveLoop(lines)])
    geo.synchronize()
    return surface, lines


def _generate(dimension: int, size: Size) -> None:
    gmsh.model.mesh.setSizeCallback(lambda dim, tag, x, y, z, default: size(x, y, z))
    try:
        gmsh.model.mesh.generate(dimension)
    except Exception as error:  # Gmsh raises bare Exceptions with its last message
        raise MeshError(f"Gmsh could not mesh the electrolyte: {error}") from error


def nodes() -> tuple[Floats, Ints]:
    """Coordinates (n, 3) and the row of each node tag."""
    tags, coordinates, _ = gmsh.model.mesh.getNodes()
    number = np.full(int(tags.max()) + 1, -1, dtype=np.int64)
    number[tags.astype(np.int64)] = np.arange(tags.size)
    return np.asarray(coordinates, dtype=np.float64).reshape(-1, 3), number


def elements(dimension: int, entities: list[int], corners: int, number: Ints) -> Ints:
    parts = []
    for tag in entities:
        for nodes in gmsh.model.mesh.getElements(dimension, tag)[2]:
            parts.append(number[nodes.astype(np.int64)].reshape(-1, corners))
    return np.concatenate(parts)


def _snapped(
    points: Floats, widths: tuple[float, ...], heights: tuple[float, float] | None = None
) -> Floats:
    """Points with the coordinates on the outline made exact."""
    planes = [(axis, plane) for axis, width in enumerate(widths) for plane in (0.0, width)]
    if heights is not None:
        planes += [(len(widths), plane) for plane in heights]
    result = points.copy()
    for axis, plane in planes:
        result[np.abs(points[:, axis] - plane) < 1e-10, axis] = plane
    return result
