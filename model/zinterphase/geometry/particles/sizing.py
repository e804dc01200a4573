"""Wanted cell sizes between particles, tabulated on a regular grid that Gmsh interpolates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np

from zinterphase.geometry.particles.outlined import Regions
from zinterphase.geometry.particles.recipe import ParticleRecipe
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.geometry.raw import Floats
from zinterphase.geometry.surface import Protrusion

_NEIGHBOURS = 4
_POINTS = 2_000_000
"""Most points of the grid."""
_PIXELS = 1.0
"""Largest cell at the outline of an image, in pixels."""
_ACROSS = 1.0
"""Largest cell over the distance of two surfaces from each other."""


@dataclass(frozen=True, eq=False)
class SizeGrid:
    """Sizes (n1, n2, n3) [m] from ``origin`` (3,) [m] on, with their spacing [m]; flat in 2D."""

    origin: Floats
    spacing: Floats
    sizes: Floats

    def write(self, path: Path, unit: float) -> None:
        """As a binary file of a Gmsh field ``Structured``, in lengths of ``unit`` [m]."""
        with path.open("wb") as file:
            np.concatenate([self.origin / unit, self.spacing / unit]).tofile(file)
            np.array(self.sizes.shape, dtype=np.int32).tofile(file)
            (self.sizes / unit).tofile(file)


def size_grid(recipe: ParticleRecipe, spheres: Spheres, regions: Regions) -> SizeGrid:
    """Sizes over the liquid of a recipe; those in metal below follow from its faces."""
    outlines = _outlines(recipe, regions)
    bottom = 0.0 if recipe.relief is None else float(recipe.relief.heights.min())
    low = np.array([*(0.0 for _ in recipe.widths), bottom])
    box = np.array([*recipe.widths, recipe.height]) - low
    smallest = float(spheres.radii.min(initial=np.inf)) / 5.0
    smallest = min([smallest, *(size for _, size in outlines)])
    finest = min(smallest, max(recipe.near, 1e-4 * recipe.widths[0]))
    spacing = max(finest, float(np.prod(box) / _POINTS) ** (1.0 / box.size))
    counts = [max(ceil(length / spacing), 1) + 1 for length in box]
    steps = [length / (n - 1) for length, n in zip(box, counts, strict=True)]
    axes = [start + step * np.arange(n) for start, step, n in zip(low, steps, counts, strict=True)]
    sizes = np.concatenate(
        [
            _sizes(recipe, spheres, outlines, _grid([part, *axes[1:]]))
            for part in np.array_split(axes[0], max(len(axes[0]) // 8, 1))
        ]
    ).reshape(counts)
    if box.size == 2:
        # Gmsh's third coordinate.
        low, steps = np.append(low, 0.0), [*steps, recipe.widths[0]]
        sizes = np.repeat(sizes[:, :, None], 2, axis=2)
    return SizeGrid(low, np.array(steps), sizes)


def _grid(axes: list[Floats]) -> Floats:
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _outlines(recipe: ParticleRecipe, regions: Regions) -> list[tuple[Floats, float]]:
    """Points (n, 2) on the outlines of each image, and the largest cell there [m]."""
    found = []
    for number, liquid in regions.items():
        packing = recipe.layers[number].packing
        assert packing is not None
        points = np.concatenate([part for region in liquid for part in region.smooth])
        found.append((points, min(_PIXELS * packing.gap, recipe.near)))
    return found


def _sizes(
    recipe: ParticleRecipe,
    spheres: Spheres,
    outlines: Sequence[tuple[Floats, float]],
    points: Floats,
) -> Floats:
    from scipy.spatial import cKDTree

    slope = recipe.growth - 1.0
    size = np.full(len(points), recipe.far_size)
    if not recipe.mirrored_ends:
        size = np.minimum(size, _at_metal(recipe, points) + slope * _from_metal(recipe, points))
    for places, at_outline in outlines:
        size = np.minimum(size, at_outline + slope * cKDTree(places).query(points)[0])
    if len(spheres):
        size = np.minimum(size, _beside_spheres(recipe, spheres, points))
    return np.asarray(size / recipe.refinement)


def _beside_spheres(recipe: ParticleRecipe, spheres: Spheres, points: Floats) -> Floats:
    """Largest cells that particles ask for [m]."""
    from scipy.spatial import cKDTree

    count = min(_NEIGHBOURS, len(spheres))
    _, near = cKDTree(spheres.centres).query(points, k=count)
    near = near.reshape(len(points), count)
    offset = points[:, None, :] - spheres.centres[near]
    away = np.abs(np.linalg.norm(offset, axis=2) - spheres.radii[near])
    slope = recipe.growth - 1.0
    at_surface = np.minimum(recipe.share * spheres.radii[near], recipe.near)
    across = _ACROSS * _narrowest(recipe, spheres, points, near, away)
    return np.asarray(np.minimum((at_surface + slope * away).min(axis=1), across))


def _from_metal(recipe: ParticleRecipe, places: Floats) -> Floats:
    """Distance from the metal, on either side [m]."""
    if recipe.relief is None:
        return np.abs(places[:, -1])
    return np.abs(recipe.relief.away(places)[0])


def _at_metal(recipe: ParticleRecipe, points: Floats) -> Floats:
    """Largest cell on the metal below some points [m]: its shape is to be seen."""
    size = np.full(len(points), min(recipe.near, recipe.surface_cell))
    if isinstance(recipe.surface, Protrusion):
        away = np.linalg.norm(points[:, :-1] - np.array(recipe.surface.position), axis=1)
        size = np.minimum(size, recipe.surface.cell(away))
    return size


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

    def beside(distance: Floats, to_face: Floats) -> None:
        """From a face and a particle that it does not cut."""
        free = np.abs(distance) > radii
        both = np.where(free, away + np.abs(to_face)[:, None], np.inf)
        np.minimum(found, both.min(axis=1), out=found)

    for axis, length in enumerate([*recipe.widths, recipe.height]):
        last = axis == len(recipe.widths)
        for place in (length,) if last else (0.0, length):
            beside(centres[:, :, axis] - place, points[:, axis] - place)
    beside(_from_metal(recipe, spheres.centres)[near], _from_metal(recipe, points))
    return found
