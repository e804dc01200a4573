"""Edges on particles as arcs: middle nodes of cells of second order."""

from __future__ import annotations

import numpy as np

from zinterphase.geometry.particles.recipe import ParticleRecipe
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.geometry.quadratic import bent, edges_of
from zinterphase.geometry.raw import Floats, Ints, Middles

_ON_SPHERE = 1e-6
"""Of its radius: how far from a sphere a vertex on it may lie."""


def curved(
    points: Floats, facets: Ints, spheres: Spheres, recipe: ParticleRecipe, on_metal: Ints
) -> Middles | None:
    """Middle nodes of the edges of some facets that lie on one sphere each, and of those facets on
    rough metal; those in a plane of the box stay in it. Edges of necks are straight."""
    edges, _ = edges_of(facets)
    ends = points[edges]
    sphere = _sphere_of(ends, spheres)
    edges, ends, sphere = edges[sphere >= 0], ends[sphere >= 0], sphere[sphere >= 0]
    offset = ends.mean(axis=1) - spheres.centres[sphere]
    held = _in_plane(ends, recipe)
    fixed = (np.where(held, offset, 0.0) ** 2).sum(axis=1)
    free = (np.where(held, 0.0, offset) ** 2).sum(axis=1)
    stretch = np.sqrt((spheres.radii[sphere] ** 2 - fixed) / free)
    middles = spheres.centres[sphere] + np.where(held, offset, stretch[:, None] * offset)
    if recipe.relief is not None:
        below, _ = edges_of(on_metal)
        place = points[below].mean(axis=1)
        place[:, -1] = recipe.surface.height(place[:, :-1])
        edges, middles = np.concatenate([edges, below]), np.concatenate([middles, place])
    return bent(points, edges, middles)


def _sphere_of(ends: Floats, spheres: Spheres) -> Ints:
    """The sphere both ends of each edge lie on, -1 where there is none."""
    from scipy.spatial import cKDTree

    found = np.full(len(ends), -1, dtype=np.int64)
    if not len(spheres):
        return found
    count = min(6, len(spheres))
    _, near = cKDTree(spheres.centres).query(ends.mean(axis=1), k=count)
    for choice in near.reshape(len(ends), count).T:
        distance = np.linalg.norm(ends - spheres.centres[choice][:, None, :], axis=2)
        off = np.abs(distance / spheres.radii[choice][:, None] - 1.0).max(axis=1)
        found = np.where((found < 0) & (off < _ON_SPHERE), choice, found)
    return found


def _in_plane(ends: Floats, recipe: ParticleRecipe) -> np.ndarray:
    """Coordinates (n, d) in which both ends lie on a plane of the box."""
    held = np.zeros((len(ends), ends.shape[2]), dtype=bool)
    for axis, length in enumerate([*recipe.widths, recipe.height]):
        for place in (0.0, length):
            held[:, axis] |= np.all(ends[:, :, axis] == place, axis=1)
    return held
