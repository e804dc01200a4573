"""Particles of a recipe in their place, with gaps or necks between them. Serial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zinterphase.errors import CaseError, MeshError
from zinterphase.geometry.particles.contacts import (
    below,
    out_of,
    planes_of,
    walls_of,
    with_gaps,
    with_necks,
)
from zinterphase.geometry.particles.packing import packed
from zinterphase.geometry.particles.recipe import PackingSpec, ParticleRecipe
from zinterphase.geometry.particles.relief import Between
from zinterphase.geometry.particles.spheres import Spheres


@dataclass(frozen=True, eq=False)
class Settled:
    """Particles of one layer in its place, and what was done to them."""

    spheres: Spheres
    notes: tuple[str, ...]


def particles_of(recipe: ParticleRecipe) -> dict[str, Settled]:
    """The particles of each layer that has some with a place each, in their place in the cell."""
    found, height = {}, 0.0
    for number, layer in enumerate(recipe.layers):
        if layer.packing is not None and layer.packing.image is None:
            settled = _settled(recipe, number, layer.packing)
            found[layer.name] = Settled(settled.spheres.moved(height), settled.notes)
        height += layer.thickness
    return found


def _settled(recipe: ParticleRecipe, number: int, spec: PackingSpec) -> Settled:
    """The particles of the layer of that number, in its own coordinates."""
    layer, mirrored = recipe.layers[number], (*(True for _ in recipe.widths), recipe.mirrored_ends)
    box, between = (*recipe.widths, layer.thickness), between_faces(recipe, number)
    planes = planes_of(box, mirrored, spec.gap, joins_base=number == 0)
    walls = walls_of(planes, between, spec.gap)
    try:
        raw = _raw(layer.name, spec, box, mirrored, between, on_metal=number == 0)
        spheres, smaller = with_gaps(raw, walls, spec.gap)
    except MeshError as error:
        raise MeshError(f"layers.{layer.name}.packing: {error}") from None
    notes = []
    if smaller:
        told = f"{smaller} of them would touch: made smaller, to gaps of {1e9 * spec.gap:.3g} nm"
        notes.append(f"{layer.name}: {told}")
    if spec.neck:
        spheres = with_necks(spheres, walls, spec.gap, spec.neck)
        necks = f"{len(spheres.neck_radii)} necks join particles that nearly touch"
        notes.append(f"{layer.name}: {necks}")
    return Settled(spheres, tuple(notes))


def between_faces(recipe: ParticleRecipe, number: int) -> Between | None:
    """The faces of the layer of that number; None where both are flat."""
    lower, upper = recipe.shaped[number : number + 2]
    if recipe.relief is None or not (lower or upper):
        return None
    return Between(recipe.relief, recipe.layers[number].thickness, lower, upper)


def _raw(
    name: str,
    spec: PackingSpec,
    box: tuple[float, ...],
    mirrored: tuple[bool, ...],
    between: Between | None,
    *,
    on_metal: bool,
) -> Spheres:
    if spec.sizes is not None:
        return packed(box, mirrored, spec.sizes, spec.porosity, spec.gap, spec.seed, between)
    rows = np.array(spec.given)
    centres = rows[:, :-1] if between is None else between.lifted(rows[:, :-1], stretched=False)
    spheres = Spheres.apart(centres, rows[:, -1])
    if not mirrored[-1] and len(high := out_of(spheres, box[-1], between)):
        allowed = f"particles below the layer's upper face, {box[-1]:g} m"
        raise CaseError(f"layers.{name}.packing.file", f"one up to {high.max():g} m", allowed)
    if not on_metal and len(low := below(spheres, between)):
        allowed = "particles above the layer's lower face, as another layer is below it"
        raise CaseError(f"layers.{name}.packing.file", f"one down to {low.min():g} m", allowed)
    return spheres


def require_clear(recipe: ParticleRecipe) -> None:
    """A flat face has to clear rough metal below it."""
    for number, layer in enumerate(recipe.layers):
        between = between_faces(recipe, number)
        if between is not None and between.least_thickness <= 0.0:
            raise CaseError(
                f"layers.{layer.name}.thickness",
                f"{layer.thickness:g} m",
                "a layer the surface does not pierce: thicken it, lower the surface or make its "
                "top conformal",
            )


def united(dimension: int, parts: list[Spheres]) -> Spheres:
    """All of several sets."""
    parts = [Spheres.apart(np.zeros((0, dimension)), np.zeros(0)), *parts]
    return Spheres(
        np.concatenate([part.centres for part in parts]),
        np.concatenate([part.radii for part in parts]),
        np.concatenate([part.necks for part in parts]),
        np.concatenate([part.neck_radii for part in parts]),
    )
