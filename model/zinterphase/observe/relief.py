"""The relief of a front: heights about their mean, as ISO 25178-2 has them.

Heights are piecewise linear between the corners of facets and are integrated as such, to rounding,
over the projected area, the ISO's evaluation area. The reference is the plane at the mean height:
sides are mirror planes, between which nothing is tilted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import sqrt

import numpy as np

from zinterphase.observe.surface import FloatArray, SurfaceMap

HEIGHT = "height"
_ONE = 1.0 - 1.0 / sqrt(3.0)
# Exact to the third degree on segments, to the second on triangles.
_BARYCENTRIC = {
    1: np.ones((1, 1)),
    2: np.array([[1.0 - _ONE / 2, _ONE / 2], [_ONE / 2, 1.0 - _ONE / 2]]),
    3: np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.5, 0.0, 0.5]]),
}


@dataclass(frozen=True, eq=False)
class Relief:
    """A surface that is a graph over the electrode plane, facet by facet.

    Attributes
    ----------
    corners : Of each facet, shape (m, d, d) with d = 1 to 3 [m]: facet, corner, coordinate, the
        height last.
    radial : Whether the first coordinate is the distance from an axis of rotation.
    """

    corners: FloatArray
    radial: bool = False

    @cached_property
    def points(self) -> SurfaceMap:
        """Points of a quadrature with their areas and the field ``height`` [m]."""
        count, corners, _ = self.corners.shape
        at = _BARYCENTRIC[corners]
        position = np.einsum("qc,mcx->mqx", at, self.corners).reshape(-1, corners)
        true, projected = (
            np.repeat(size / len(at), len(at)) for size in (_sizes(self.corners), self._projected)
        )
        around = 2.0 * np.pi * position[:, 0] if self.radial else 1.0
        facet = np.repeat(np.arange(count), len(at))
        height = position[:, -1].copy()
        return SurfaceMap(position, around * true, around * projected, facet, {HEIGHT: height})

    @property
    def _projected(self) -> FloatArray:
        flat = self.corners.copy()
        flat[:, :, -1] = 0.0
        return _sizes(flat)

    @cached_property
    def mean_height(self) -> float:
        """Over the projected area [m]."""
        return self.points.mean(HEIGHT, "projected")

    @property
    def arithmetic(self) -> float:
        """Sa, the mean distance from the mean plane [m]."""
        parts = Relief(_cut(self.corners, self.mean_height), self.radial).points
        distance = np.abs(parts.values[HEIGHT] - self.mean_height)
        return float(parts.weights("projected") @ distance)

    @property
    def root_mean_square(self) -> float:
        """Sq [m]."""
        square = (self.points.values[HEIGHT] - self.mean_height) ** 2
        return sqrt(float(self.points.weights("projected") @ square))

    @property
    def peak(self) -> float:
        """Sp, the highest point above the mean plane [m]."""
        return float(self.corners[:, :, -1].max()) - self.mean_height

    @property
    def valley(self) -> float:
        """Sv, the depth of the lowest point below it, not negative [m]."""
        return self.mean_height - float(self.corners[:, :, -1].min())


@dataclass(frozen=True)
class ReliefGrowth:
    """What a relief has become against the initial one [m]: mean rise, growth of Sa, Sq, and of
    the distances of peak and valley from the mean plane."""

    rise: float
    arithmetic: float
    root_mean_square: float
    peak: float
    valley: float


def relief_growth(now: Relief, before: Relief) -> ReliefGrowth:
    """Differences of two reliefs of one front."""
    return ReliefGrowth(
        now.mean_height - before.mean_height,
        now.arithmetic - before.arithmetic,
        now.root_mean_square - before.root_mean_square,
        now.peak - before.peak,
        now.valley - before.valley,
    )


def _sizes(corners: FloatArray) -> FloatArray:
    """Length or area of facets, 1 of a point; shape (m,)."""
    edges = corners[:, 1:] - corners[:, :1]
    if edges.shape[1] == 0:
        return np.ones(len(corners))
    if edges.shape[1] == 1:
        return np.asarray(np.linalg.norm(edges[:, 0], axis=1))
    return np.asarray(np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1) / 2.0)


def _cut(corners: FloatArray, level: float) -> FloatArray:
    """The facets in parts none of which crosses the plane at a height."""
    for a, b in combinations(range(corners.shape[1]), 2):
        above = corners[:, :, -1] - level
        crossing = above[:, a] * above[:, b] < 0.0
        whole, high, low = corners[~crossing], corners[crossing], corners[crossing].copy()
        share = above[crossing, a] / (above[crossing, a] - above[crossing, b])
        middle = high[:, a] + share[:, None] * (high[:, b] - high[:, a])
        middle[:, -1] = level
        high = high.copy()
        high[:, a], low[:, b] = middle, middle
        corners = np.concatenate([whole, high, low])
    return corners
