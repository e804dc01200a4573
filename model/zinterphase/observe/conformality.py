"""How evenly a deposit covers a relief: its thickness across itself, not along the stack.

The thickness at a point of the deposit's surface is its distance to the surface it was plated on.
A deposit that is as thick everywhere along the normal, as by atomic layers, has a conformality of
one; one that rises by the same height everywhere has the cosine of the steepest slope.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from zinterphase.observe.relief import Relief
from zinterphase.observe.surface import FloatArray

NEAREST = 12
"""Facets whose middles are nearest to a point, among which the nearest facet is looked for."""


@dataclass(frozen=True)
class Conformality:
    """Thickness of a deposit across itself [m]: its mean over the true area, ``cv`` standard
    deviation over mean, ``ratio`` of the least to the largest."""

    mean: float
    cv: float
    least: float
    largest: float

    @property
    def ratio(self) -> float:
        """1 where the deposit is as thick everywhere."""
        return self.least / self.largest if self.largest > 0.0 else 1.0


def conformality(now: Relief, before: Relief) -> Conformality:
    """Of what lies between two reliefs of one front, at the middles of the later one's facets."""
    facets = now.points.by_facet()
    thickness = distances(facets.position, before.corners)
    weights = facets.weights("area")
    mean = float(weights @ thickness)
    spread = float(np.sqrt(weights @ (thickness - mean) ** 2))
    cv = spread / mean if mean > 0.0 else 0.0
    return Conformality(mean, cv, float(thickness.min()), float(thickness.max()))


def distances(points: FloatArray, corners: FloatArray) -> FloatArray:
    """Distance of each point, shape (n, d), to the nearest facet of ``corners`` (m, d, d) [m].

    Sides are mirror planes: what is nearest lies on this side of them.
    """
    count = min(NEAREST, len(corners))
    _, near = cKDTree(corners.mean(axis=1)).query(points, k=count)
    candidates = corners[np.reshape(near, (len(points), count))]
    return np.asarray(_to_simplex(points[:, None], candidates).min(axis=1))


def _to_simplex(point: FloatArray, corners: FloatArray) -> FloatArray:
    """Distance to facets; ``point`` (..., x) broadcast against ``corners`` (..., c, x)."""
    count = corners.shape[-2]
    origin = corners[..., 0, :]
    if count == 1:
        return np.asarray(np.linalg.norm(point - origin, axis=-1))
    edges = corners[..., 1:, :] - origin[..., None, :]
    gram = edges @ np.swapaxes(edges, -1, -2)
    side = np.einsum("...cx,...x->...c", edges, point - origin)
    share = np.linalg.solve(gram, side[..., None])[..., 0]
    foot = origin + np.einsum("...c,...cx->...x", share, edges)
    inside = (share >= 0.0).all(axis=-1) & (share.sum(axis=-1) <= 1.0)
    across = np.linalg.norm(point - foot, axis=-1)
    faces = [np.delete(corners, k, axis=-2) for k in range(count)]
    beside = np.min([_to_simplex(point, face) for face in faces], axis=0)
    return np.asarray(np.where(inside, across, beside))
