"""Smooth outlines of the liquid in a segmented image.

Pixels are averaged over a Gaussian as wide as one, between mirrors on all sides. The outline is the
level of that average which has the area of the solid pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zinterphase.geometry.particles.images import SegmentedImage
from zinterphase.geometry.raw import Floats

_BLUR = 1.0
"""Standard deviation of the average, in pixels."""
_SPACING = 1.0
"""Of the points that splines go through, in pixels."""
_HALVINGS = 30


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of an outline from end to end: ``straight`` along a side of the image, or smooth
    through its points (n, 2). A smooth closed one ends where it starts."""

    points: Floats
    straight: bool

    def placed(self, pixel: Floats, height: float) -> Piece:
        """From pixels to metres, with sides (2,) of pixels [m], higher by ``height`` [m]."""
        return Piece(self.points * pixel + np.array([0.0, height]), self.straight)


@dataclass(frozen=True)
class Region:
    """A connected part of the liquid: closed outlines, each in pieces, the outer one first."""

    outlines: tuple[tuple[Piece, ...], ...]

    def placed(self, pixel: Floats, height: float) -> Region:
        """As :meth:`Piece.placed`."""
        return Region(tuple(tuple(x.placed(pixel, height) for x in ring) for ring in self.outlines))

    @property
    def smooth(self) -> list[Floats]:
        """Points (n, 2) between liquid and solid by piece."""
        return [x.points for ring in self.outlines for x in ring if not x.straight]


def liquid_of(image: SegmentedImage) -> list[Region]:
    """The liquid of an image, (x, z) in pixels from its lower left."""
    axes, values = _averaged(image)
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        level = 0.5 * (low + high)
        liquid = sum(_area(rings) for rings in _polygons(axes, values, level))
        low, high = (low, level) if 1.0 - liquid / image.solid.size < image.share else (level, high)
    box = np.array(image.solid.shape, dtype=np.float64)
    return [
        Region(tuple(_pieces(ring, box) for ring in rings))
        for rings in _polygons(axes, values, 0.5 * (low + high))
    ]


def _averaged(image: SegmentedImage) -> tuple[tuple[Floats, Floats], Floats]:
    """At the middles of pixels and on the sides of the image: coordinates and values (x, z)."""
    from scipy.ndimage import gaussian_filter

    values = gaussian_filter(image.solid.astype(np.float64), _BLUR, mode="reflect")
    axes = tuple(np.concatenate([[0.0], np.arange(n) + 0.5, [float(n)]]) for n in values.shape)
    return (axes[0], axes[1]), np.pad(values, 1, mode="edge")


def _polygons(axes: tuple[Floats, Floats], values: Floats, level: float) -> list[list[Floats]]:
    """Where values are below a level: rings of points (n, 2), the first one again at the end, the
    outer one of each region first."""
    from contourpy import FillType, contour_generator

    generator = contour_generator(*axes, values.T, fill_type=FillType.OuterOffset)
    regions = generator.filled(-np.inf, level)
    return [
        [points[a:b] for a, b in pairwise(offsets)]
        for points, offsets in zip(*regions, strict=True)
    ]


def _area(rings: list[Floats]) -> float:
    """Of a region: holes run the other way round."""
    x, z = np.concatenate([[ring[:-1], ring[1:]] for ring in rings], axis=1).transpose(2, 0, 1)
    return abs(float(0.5 * np.sum(x[0] * z[1] - x[1] * z[0])))


def _pieces(ring: Floats, box: Floats) -> tuple[Piece, ...]:
    """A ring cut where it comes to a side of the image or leaves one."""
    side = _sides(ring, box)
    if np.all(side < 0):
        return (Piece(_even(ring), straight=False),)
    change = np.flatnonzero(side != np.roll(side, 1))
    turned = np.roll(ring[:-1], -change[0], axis=0)
    side = np.roll(side, -change[0])
    turned = np.vstack([turned, turned[:1]])
    starts = np.flatnonzero(np.append(True, side[1:] != side[:-1]))
    ends = [*starts[1:], len(side)]
    found = []
    for start, end in zip(starts, ends, strict=True):
        points = turned[start : end + 1]
        straight = bool(side[start] >= 0)
        found.append(Piece(points[[0, -1]] if straight else _even(points), straight))
    return tuple(found)


def _sides(ring: Floats, box: Floats) -> np.ndarray:
    """The side of the image each segment of a ring lies on, -1 within."""
    found = np.full(len(ring) - 1, -1)
    for axis in (0, 1):
        for number, place in enumerate((0.0, box[axis])):
            on = ring[:, axis] == place
            found[on[:-1] & on[1:]] = 2 * axis + number
    return found


def _even(points: Floats) -> Floats:
    """Points at equal distances along a line through some, about a pixel apart, with its ends."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    least = 8 if np.array_equal(points[0], points[-1]) else 2
    count = max(int(np.ceil(along[-1] / _SPACING)), least) + 1
    place = np.linspace(0.0, along[-1], count)
    found = np.column_stack([np.interp(place, along, column) for column in points.T])
    found[0], found[-1] = points[0], points[-1]
    return found
