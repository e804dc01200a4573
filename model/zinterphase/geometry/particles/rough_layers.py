"""Layers over rough metal as bodies of Gmsh's OpenCASCADE kernel: faces are cubic splines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import gmsh
import numpy as np

from zinterphase.geometry.particles.recipe import ParticleRecipe
from zinterphase.geometry.particles.relief import Relief
from zinterphase.geometry.raw import Floats

type Entity = tuple[int, int]

_DEGREE = 3


@dataclass(frozen=True)
class _Face:
    """A face between layers: a curve with its two ends, or a surface with its four corners around
    the cell and the curves from each to the next."""

    body: int
    corners: tuple[int, ...]
    curves: tuple[int, ...] = ()


def rough_layers(recipe: ParticleRecipe, relief: Relief, unit: float) -> list[Entity]:
    """The layers of a recipe, bottom to top, in lengths of ``unit`` [m]; neighbours share faces."""
    heights = np.cumsum([0.0, *(layer.thickness for layer in recipe.layers)]) / unit
    flat, shaped, join = (
        (_line, _spline, _area) if recipe.dimension == 2 else (_plane, _spline_surface, _volume)
    )
    faces = [
        shaped(relief, height, unit) if rough else flat(relief, height, unit)
        for height, rough in zip(heights.tolist(), recipe.shaped, strict=True)
    ]
    return [join(lower, upper) for lower, upper in pairwise(faces)]


def _line(_: Relief, height: float, __: float) -> _Face:
    occ = gmsh.model.occ
    ends = (occ.addPoint(0.0, height, 0.0), occ.addPoint(1.0, height, 0.0))
    return _Face(occ.addLine(*ends), ends)


def _spline(relief: Relief, height: float, unit: float) -> _Face:
    occ = gmsh.model.occ
    knots, places = _knots(relief.axes[0] / unit)
    control = _interpolating(relief.axes[0] / unit, relief.heights / unit)
    points = [occ.addPoint(x, height + z, 0.0) for x, z in zip(places, control, strict=True)]
    curve = occ.addBSpline(points, degree=_DEGREE, knots=knots[0], multiplicities=knots[1])
    occ.synchronize()
    ends = {_place(tag)[0] < 0.5: tag for _, tag in gmsh.model.getBoundary([(1, curve)])}
    return _Face(curve, (abs(ends[True]), abs(ends[False])))


def _area(lower: _Face, upper: _Face) -> Entity:
    occ = gmsh.model.occ
    left, right = (
        occ.addLine(below, above) for below, above in zip(lower.corners, upper.corners, strict=True)
    )
    loop = occ.addCurveLoop([lower.body, right, upper.body, left])
    return 2, occ.addPlaneSurface([loop])


def _plane(relief: Relief, height: float, unit: float) -> _Face:
    occ, depth = gmsh.model.occ, relief.axes[1][-1] / unit
    places = [(0.0, 0.0), (1.0, 0.0), (1.0, depth), (0.0, depth)]
    corners = tuple(occ.addPoint(*place, height) for place in places)
    curves = tuple(occ.addLine(*ends) for ends in _around(corners))
    return _Face(occ.addPlaneSurface([occ.addCurveLoop(curves)]), corners, curves)


def _spline_surface(relief: Relief, height: float, unit: float) -> _Face:
    """The control points of an axis in the coordinate along it are the means of knots, so that the
    surface is a graph over the plane."""
    occ, (along, across) = gmsh.model.occ, (axis / unit for axis in relief.axes)
    control = _interpolating(across, _interpolating(along, relief.heights / unit).T).T
    (first, xs), (second, ys) = _knots(along), _knots(across)
    points = [
        occ.addPoint(x, y, height + control[i, j])
        for j, y in enumerate(ys)
        for i, x in enumerate(xs)
    ]
    surface = occ.addBSplineSurface(
        points,
        len(xs),
        degreeU=_DEGREE,
        degreeV=_DEGREE,
        knotsU=first[0],
        knotsV=second[0],
        multiplicitiesU=first[1],
        multiplicitiesV=second[1],
    )
    occ.synchronize()
    return _bounded(surface, float(across[-1]))


def _bounded(surface: int, depth: float) -> _Face:
    """With its corners and curves around the cell."""
    curves = [abs(tag) for _, tag in gmsh.model.getBoundary([(2, surface)], oriented=False)]
    ends = {c: {tag for _, tag in gmsh.model.getBoundary([(1, c)], oriented=False)} for c in curves}
    around = {(False, False): 0, (True, False): 1, (True, True): 2, (False, True): 3}
    corner = {tag: around[_beyond(tag, depth)] for tags in ends.values() for tag in tags}
    corners = tuple(sorted(corner, key=lambda tag: corner[tag]))
    found = {frozenset(tags): curve for curve, tags in ends.items()}
    return _Face(surface, corners, tuple(found[frozenset(pair)] for pair in _around(corners)))


def _beyond(point: int, depth: float) -> tuple[bool, bool]:
    """On which side of the middle a corner is, along both axes."""
    x, y, _ = _place(point)
    return x > 0.5, y > 0.5 * depth


def _volume(lower: _Face, upper: _Face) -> Entity:
    occ = gmsh.model.occ
    edges = [
        occ.addLine(below, above) for below, above in zip(lower.corners, upper.corners, strict=True)
    ]
    sides = [
        occ.addPlaneSurface([occ.addCurveLoop([below, right, above, left])])
        for below, above, (left, right) in zip(
            lower.curves, upper.curves, _around(tuple(edges)), strict=True
        )
    ]
    return 3, occ.addVolume([occ.addSurfaceLoop([lower.body, *sides, upper.body])])


def _around(corners: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(pairwise((*corners, corners[0])))


def _place(point: int) -> Sequence[float]:
    return [float(x) for x in gmsh.model.getValue(0, point, [])]


def _knots(axis: Floats) -> tuple[tuple[list[float], list[int]], list[float]]:
    """Knots of the spline through samples along an axis, each once with its multiplicity, and the
    coordinates of its control points along the axis."""
    from scipy.interpolate import make_interp_spline

    every = make_interp_spline(axis, axis, k=_DEGREE).t
    knots, times = np.unique(every, return_counts=True)
    means = [float(every[k + 1 : k + _DEGREE + 1].mean()) for k in range(len(axis))]
    return (knots.tolist(), times.tolist()), means


def _interpolating(axis: Floats, values: Floats) -> Floats:
    """Control values of the spline through samples along the first axis of ``values``."""
    from scipy.interpolate import make_interp_spline

    return np.asarray(make_interp_spline(axis, values, k=_DEGREE).c)
