"""Wanted cell sizes between particles, tabulated on a regular grid that Gmsh interpolates."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np

from zinterphase.geometry.particles.recipe import ParticleRecipe
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.geometry.raw import Floats

_NEIGHBOURS = 4
_POINTS = 2_000_000
"""Most points of the grid."""
_ACROSS = 1.0
"""Largest cell over the distance of two surfaces from each other."""


@dataclass(frozen=True, eq=False)
class SizeGrid:
    """Sizes (n1, n2, n3) [m] from the origin on, with their spacing [m]; flat in 2D."""

    spacing: Floats
    sizes: Floats

    def write(self, path: Path, unit: float) -> None:
        """As a binary file of a Gmsh field ``Structured``, in lengths of ``unit`` [m]."""
        with path.open("wb") as file:
            np.concatenate([np.zeros(3), self.spacing / unit]).tofile(file)
            np.array(self.sizes.shape, dtype=np.int32).tofile(file)
            (self.sizes / unit).tofile(file)


def size_grid(recipe: ParticleRecipe, spheres: Spheres) -> SizeGrid:
    """Sizes over the liquid of a recipe; those in metal below follow from its faces."""
    box = np.array([*recipe.widths, recipe.height])
    finest = min(float(spheres.radii.min()) / 5.0, max(recipe.near, 1e-4 * recipe.widths[0]))
    spacing = max(finest, float(np.prod(box) / _POINTS) ** (1.0 / box.size))
    counts = [max(ceil(length / spacing), 1) + 1 for length in box]
    steps = [length / (n - 1) for length, n in zip(box, counts, strict=True)]
    axes = [step * np.arange(n) for step, n in zip(steps, counts, strict=True)]
    sizes = np.concatenate(
        [
            _sizes(recipe, spheres, _grid([part, *axes[1:]]))
            for part in np.array_split(axes[0], max(len(axes[0]) // 8, 1))
        ]
    ).reshape(counts)
    if box.size == 2:
        # Gmsh's third coordinate.
        return SizeGrid(
            np.array([*steps, recipe.widths[0]]), np.repeat(sizes[:, :, None], 2, axis=2)
        )
    return SizeGrid(np.array(steps), sizes)


def _grid(axes: list[Floats]) -> Floats:
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _sizes(recipe: ParticleRecipe, spheres: Spheres, points: Floats) -> Floats:
    from scipy.spatial import cKDTree

    count = min(_NEIGHBOURS, len(spheres))
    _, near = cKDTree(spheres.centres).query(points, k=count)
    near = near.reshape(len(points), count)
    offset = points[:, None, :] - spheres.centres[near]
    away = np.abs(np.linalg.norm(offset, axis=2) - spheres.radii[near])
    slope = recipe.growth - 1.0
    at_surface = np.minimum(recipe.share * spheres.radii[near], recipe.near)
    size = np.minimum((at_surface + slope * away).min(axis=1), recipe.far_size)
    if not recipe.mirrored_ends:
        height = points[:, -1]
        size = np.minimum(size, recipe.near + slope * height)
    across = _ACROSS * _narrowest(recipe, spheres, points, near, away)
    return np.asarray(np.minimum(size, across) / recipe.refinement)


def _narrowest(
    recipe: ParticleRecipe, spheres: Spheres, points: Floats, near: np.ndarray, away: Floats
) -> Floats:
    """Sum of the distances to the two nearest surfaces that do not cross each other [m]."""
    found = np.full(len(points), np.inf)
    centres, radii = spheres.centres[near], spheres.radii[near]
    for first in range(near.shape[1]):
        for second in range(first):
            apart = np.linalg.norm(centres[:, first] - centres[:, second], axis=1)
            separate = apart > radii[:, first] + radii[:, second]
            both = np.where(separate, away[:, first] + away[:, second], np.inf)
            found = np.minimum(found, both)
    for axis, length in enumerate([*recipe.widths, recipe.height]):
        for place in (0.0, length):
            free = np.abs(centres[:, :, axis] - place) > radii
            to_plane = np.abs(points[:, axis] - place)[:, None]
            both = np.where(free, away + to_plane, np.inf)
            found = np.minimum(found, both.min(axis=1))
    return found
