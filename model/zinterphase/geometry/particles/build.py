"""From a recipe to a mesh of the liquid between particles, with named groups. Serial."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

import numpy as np
import numpy.typing as npt

from zinterphase.case.packing import INSIDE
from zinterphase.errors import CaseError, MeshError
from zinterphase.geometry.conformity import pieces
from zinterphase.geometry.particles.contacts import out_of, planes_of, with_gaps, with_necks
from zinterphase.geometry.particles.curving import curved
from zinterphase.geometry.particles.packing import packed
from zinterphase.geometry.particles.recipe import PackingSpec, ParticleRecipe
from zinterphase.geometry.particles.shapes import Simplices, mesh_between
from zinterphase.geometry.particles.sizing import size_grid
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.geometry.quadratic import unfolded
from zinterphase.geometry.raw import (
    PARTICLES,
    Floats,
    Ints,
    RawMesh,
    Tags,
    oriented,
    signed_volumes,
)
from zinterphase.geometry.topology import FacetTable, compact, facet_table, with_interfaces

_PLANE = 1e-9
"""Of the width: how far from a plane a vertex on it may lie."""


@dataclass(frozen=True, eq=False)
class Settled:
    """Particles of one layer in its place, and what was done to them."""

    spheres: Spheres
    notes: tuple[str, ...]


def build_particles(recipe: ParticleRecipe) -> RawMesh:
    """Mesh the liquid of a recipe, and the particles in which it asks for cells.

    Raises
    ------
    CaseError
        A particle of a list reaches out of its layer.
    MeshError
        Particles do not fit or leave no way through the liquid, or Gmsh fails.
    """
    placed = particles_of(recipe)
    spheres = united([found.spheres for found in placed.values()])
    mesh = _snapped(recipe, mesh_between(recipe, spheres, size_grid(recipe, spheres)))
    mesh, lost = _largest_piece(mesh, range(len(recipe.metal), len(recipe.stack)))
    notes = [f"{lost:.2g} of it, closed off by particles, is left out"] if lost else []
    notes += [
        note
        for name, found in placed.items()
        for note in (_filling(recipe, mesh, name, len(found.spheres)), *found.notes)
    ]
    return _named(recipe, spheres, mesh, tuple(notes))


def _largest_piece(mesh: Simplices, layers: range) -> tuple[Simplices, float]:
    """What hangs together of the liquid, without closed pockets, and the share of the volume these
    have: they carry no current, and nothing fixes their potential, nor that in particles there."""
    table = facet_table(mesh.cells)
    pairs, liquid = table.cells[table.interior], np.isin(mesh.layer, layers)
    volumes = np.abs(signed_volumes(mesh.points, mesh.cells))
    main = _heaviest(pairs[np.all(liquid[pairs], axis=1)], np.where(liquid, volumes, 0.0))
    share = 1.0 - float(volumes[main].sum() / volumes[liquid].sum())
    kept = main | ~liquid
    if not np.all(liquid):
        kept = _heaviest(pairs[np.all(kept[pairs], axis=1)], np.where(main, volumes, 0.0))
    used, cells = compact(mesh.cells[kept])
    return Simplices(mesh.points[used], cells, mesh.layer[kept]), share


def _heaviest(pairs: Ints, weights: Floats) -> npt.NDArray[np.bool_]:
    """Which cells belong to the piece of the largest weight, of those that pairs join."""
    _, label = pieces(len(weights), pairs)
    return np.asarray(label == np.argmax(np.bincount(label, weights)))


def _filling(recipe: ParticleRecipe, mesh: Simplices, name: str, count: int) -> str:
    number = [layer.name for layer in recipe.stack].index(name)
    liquid = np.abs(signed_volumes(mesh.points, mesh.cells[mesh.layer == number])).sum()
    share = liquid / (prod(recipe.widths) * recipe.stack[number].thickness)
    return f"{name}: {count} particles, whole or cut by a mirror, leave {share:.3g} to the liquid"


def particles_of(recipe: ParticleRecipe) -> dict[str, Settled]:
    """The particles of each layer that has some, in their place in the cell."""
    found, height = {}, 0.0
    for number, layer in enumerate(recipe.layers):
        if layer.packing is not None:
            box = (*recipe.widths, layer.thickness)
            ends = recipe.mirrored_ends
            settled = _settled(layer.name, layer.packing, box, ends, joins_base=number == 0)
            found[layer.name] = Settled(settled.spheres.moved(height), settled.notes)
        height += layer.thickness
    return found


def _settled(
    name: str, spec: PackingSpec, box: tuple[float, ...], ends: bool, *, joins_base: bool
) -> Settled:
    mirrored = (*(True for _ in box[1:]), ends)
    planes = planes_of(box, mirrored, spec.gap, joins_base)
    try:
        spheres, smaller = with_gaps(_raw(name, spec, box, mirrored), planes, spec.gap)
    except MeshError as error:
        raise MeshError(f"layers.{name}.packing: {error}") from None
    notes = []
    if smaller:
        told = f"{smaller} of them would touch: made smaller, to gaps of {1e9 * spec.gap:.3g} nm"
        notes.append(f"{name}: {told}")
    if spec.neck:
        spheres = with_necks(spheres, planes, spec.gap, spec.neck)
        notes.append(f"{name}: {len(spheres.neck_radii)} necks join particles that nearly touch")
    return Settled(spheres, tuple(notes))


def _raw(
    name: str, spec: PackingSpec, box: tuple[float, ...], mirrored: tuple[bool, ...]
) -> Spheres:
    if spec.sizes is not None:
        return packed(box, mirrored, spec.sizes, spec.porosity, spec.gap, spec.seed)
    rows = np.array(spec.given)
    spheres = Spheres.apart(rows[:, :-1], rows[:, -1])
    if not mirrored[-1] and len(high := out_of(spheres, box[-1])):
        allowed = f"particles below the layer's upper face, {box[-1]:g} m"
        raise CaseError(f"layers.{name}.packing.file", f"one up to {high.max():g} m", allowed)
    return spheres


def united(parts: list[Spheres]) -> Spheres:
    """All of several sets."""
    return Spheres(
        np.concatenate([part.centres for part in parts]),
        np.concatenate([part.radii for part in parts]),
        np.concatenate([part.necks for part in parts]),
        np.concatenate([part.neck_radii for part in parts]),
    )


def _snapped(recipe: ParticleRecipe, mesh: Simplices) -> Simplices:
    """Coordinates on the planes of the box made exact."""
    points = mesh.points.copy()
    for axis, length in enumerate([*recipe.widths, recipe.height]):
        for place in {0.0, length, recipe.bottom if axis == len(recipe.widths) else 0.0}:
            points[np.abs(points[:, axis] - place) < _PLANE * recipe.widths[0], axis] = place
    flat = signed_volumes(points, mesh.cells) == 0.0
    if np.any(flat):
        raise MeshError(f"{np.count_nonzero(flat)} cells between particles have no volume")
    return Simplices(points, mesh.cells, mesh.layer)


def _named(
    recipe: ParticleRecipe, spheres: Spheres, mesh: Simplices, notes: tuple[str, ...]
) -> RawMesh:
    """Orient the cells and name the layers, the outline, the particles and the interfaces."""
    inside = [layer.name for layer in recipe.layers if layer.name in recipe.inside]
    names = [*(layer.name for layer in recipe.stack), *(f"{INSIDE}{name}" for name in inside)]
    layer_ids = {name: k + 1 for k, name in enumerate(names)}
    cells, cell_tags = oriented(mesh.points, mesh.cells), (mesh.layer + 1).astype(np.int32)
    table = facet_table(cells)
    outline = _outline(recipe, mesh.points, table, cell_tags)
    tags, ids = _outline_tags(recipe, mesh.points, table, cell_tags, outline)
    groups = (outline, tags, ids)
    raw = with_interfaces(mesh.points, cells, cell_tags, table, groups, layer_ids, notes=notes)
    _require_open(recipe, mesh, raw)
    on_both = {f"{name}|{INSIDE}{name}": f"{PARTICLES}{name}" for name in inside}
    raw = replace(raw, facet_ids={on_both.get(name, name): k for name, k in raw.facet_ids.items()})
    if not recipe.curved:
        return raw
    particles = [k for name, k in raw.facet_ids.items() if name.startswith(PARTICLES)]
    on_particles = raw.facets[np.isin(raw.facet_tags, particles)]
    return unfolded(replace(raw, middles=curved(mesh.points, on_particles, spheres, recipe)))


def _require_open(recipe: ParticleRecipe, mesh: Simplices, raw: RawMesh) -> None:
    """From the metal to the far side, as current has to pass."""
    shut = [layer.name for k, layer in enumerate(recipe.stack) if not np.any(mesh.layer == k)]
    faces = {1, 2}
    if recipe.metal:
        name = f"{recipe.metal[-1].name}|{recipe.layers[0].name}"
        faces = {2, raw.facet_ids.get(name, -1)}
    if not recipe.mirrored_ends and (shut or not faces <= set(raw.facet_tags.tolist())):
        packed = [layer.name for layer in recipe.layers if layer.packing is not None]
        raise MeshError(
            f"layers.{packed[-1]}.packing: its particles and those below close the way through the "
            "liquid to the metal: take thinner necks, wider gaps or a higher porosity"
        )


def _outline(recipe: ParticleRecipe, points: Floats, table: FacetTable, cell_tags: Tags) -> Ints:
    """Facets around liquid and metal. What particles have of them, and metal in pockets that are
    left out, is in no group: nothing passes there."""
    found = table.exterior
    layer = cell_tags[table.cells[found, 0]]
    of_metal = layer <= len(recipe.metal)
    in_pocket = of_metal & np.all(points[table.vertices[found], -1] == 0.0, axis=1)
    return np.asarray(found[(layer <= len(recipe.stack)) & ~in_pocket])


def _outline_tags(
    recipe: ParticleRecipe, points: Floats, table: FacetTable, cell_tags: Tags, outline: Ints
) -> tuple[Tags, dict[str, int]]:
    corner = points[table.vertices[outline]]
    tags = np.zeros(outline.size, dtype=np.int32)
    for axis, width in enumerate(recipe.widths):
        for place in (0.0, width):
            tags[np.all(corner[:, :, axis] == place, axis=1)] = 3
    tags[np.all(corner[:, :, -1] == recipe.bottom, axis=1)] = 1
    tags[np.all(corner[:, :, -1] == recipe.height, axis=1)] = 2
    ids = {"base": 1, "counter": 2, "sides": 3}
    for number, layer in enumerate(recipe.stack, 1):
        if layer.packing is not None and layer.name not in recipe.inside:
            ids[f"{PARTICLES}{layer.name}"] = 3 + number
            own = cell_tags[table.cells[outline, 0]] == number
            tags[(tags == 0) & own] = 3 + number
    if np.any(tags == 0):
        raise MeshError(f"{np.count_nonzero(tags == 0)} facets of the outline belong to nothing")
    return tags, ids
