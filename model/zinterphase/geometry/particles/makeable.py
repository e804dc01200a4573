"""Whether the mesh between particles can be made in memory, before a particle is drawn."""

from __future__ import annotations

from math import prod

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.geometry import makeable
from zinterphase.geometry.particles.recipe import PackingSpec, ParticleRecipe, ResolvedLayer
from zinterphase.geometry.particles.relief import MOST_SAMPLES, samples
from zinterphase.geometry.particles.spheres import ball
from zinterphase.geometry.raw import Floats
from zinterphase.geometry.surface import Flat

MOST = {2: 20_000, 3: 3_000}
"""Particles of one layer, by dimension."""
_HALF_A_PIXEL = 0.5
_ROWS = 4.0
"""Of cells between a surface and where they have doubled in size."""
_CONTACTS = {2: 4.0, 3: 8.0}
"""Neighbours of a particle that it nearly touches."""


def require_makeable(recipe: ParticleRecipe) -> None:
    """Refuse a mesh that one rank cannot make: a mistyped length must not fill its memory.

    Raises
    ------
    CaseError
        Names the layer that makes the most of the cells, or what else does.
    """
    _require_covered(recipe)
    dim, largest = recipe.dimension, makeable.LARGEST_MESH
    packed = [(layer, layer.packing) for layer in recipe.layers if layer.packing is not None]
    counts = {layer.name: _cells(recipe, layer, spec) for layer, spec in packed}
    room = prod(recipe.widths)
    far = 4.0 * room * recipe.height / recipe.far_size**dim
    _require_shown(recipe)
    finest = min(recipe.near, recipe.surface_cell, recipe.widths[0])
    at_base = _ROWS * room / finest ** (dim - 1)
    cells = (sum(counts.values()) + far + at_base) * recipe.refinement**dim
    if cells > largest:
        allowed = f"sizes that make at most {largest:.0e} cells, and these make {cells:.1e}"
        if cells <= largest * recipe.refinement**dim:
            raise CaseError("mesh.refinement", recipe.refinement, allowed)
        worst = max(counts, key=lambda name: counts[name])
        if max(far, at_base) > counts[worst]:
            raise CaseError("mesh.far_size or first_cell", f"{recipe.far_size:g} m", allowed)
        raise CaseError(f"layers.{worst}.packing", "its particles and gaps", allowed)
    for layer, spec in packed:
        number = _radii(recipe, layer, spec)[1]
        if number > MOST[dim]:
            allowed = (
                f"particles of which a layer holds at most {MOST[dim]}, and these are {number:.1e}"
            )
            raise CaseError(f"layers.{layer.name}.packing", "its diameter", allowed)


def _require_covered(recipe: ParticleRecipe) -> None:
    """An image shows all of its layer."""
    for layer in recipe.layers:
        image = None if layer.packing is None else layer.packing.image
        if image is None:
            continue
        rows, columns = image.shape
        for count, length, what in (
            (columns, recipe.widths[0], "geometry.width"),
            (rows, layer.thickness, f"layers.{layer.name}.thickness"),
        ):
            if abs(count * image.pixel - length) > _HALF_A_PIXEL * image.pixel:
                allowed = f"{length / count:.6g} m, as {count} pixels are {what} = {length:g} m"
                field = f"layers.{layer.name}.packing.pixel"
                raise CaseError(field, f"{image.pixel:g} m", allowed)


def _require_shown(recipe: ParticleRecipe) -> None:
    """Rough metal is a spline of so many points at most."""
    most = MOST_SAMPLES[recipe.dimension]
    if recipe.surface == Flat():
        return
    counts = samples(recipe.surface, recipe.widths, recipe.surface_cell)
    for length, count, field in zip(recipe.widths, counts, ("width", "depth"), strict=False):
        if count > most:
            allowed = f"at most {length * most / count:.3g} m, as its shape takes {count} points"
            found = f"{length:g} m"
            raise CaseError(f"geometry.{field}", found, f"{allowed}, of which {most} are allowed")


def _radii(recipe: ParticleRecipe, layer: ResolvedLayer, spec: PackingSpec) -> tuple[Floats, float]:
    """Radii of particles and how many there are of each."""
    if spec.image is not None:
        return np.zeros(1), 0.0
    if spec.sizes is None:
        return np.array([row[-1] for row in spec.given]), float(len(spec.given))
    radius = np.array([0.5 * spec.sizes.diameter])
    room = prod(recipe.widths) * layer.thickness
    return radius, (1.0 - spec.porosity) * room / float(ball(radius, recipe.dimension)[0])


def _cells(recipe: ParticleRecipe, layer: ResolvedLayer, spec: PackingSpec) -> float:
    """About how many cells lie beside particles and in the gaps between them."""
    dim = recipe.dimension
    if spec.image is not None:
        return _ROWS * spec.image.sides * spec.gap / min(spec.gap, recipe.near)
    radii, number = _radii(recipe, layer, spec)
    size = np.minimum(recipe.share * radii, recipe.near)
    sides = 2.0 if layer.name in recipe.inside else 1.0
    surface = sides * 2.0 * (dim - 1) * np.pi * (radii / size) ** (dim - 1)
    in_gaps = _CONTACTS[dim] * np.maximum(radii / spec.gap, 1.0) ** (0.5 * (dim - 1))
    each = _ROWS * surface + _ROWS * in_gaps
    return float(each.mean() * number)
