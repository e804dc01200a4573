"""From a recipe to a mesh of the liquid between particles, with named groups. Serial."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np
import numpy.typing as npt

from zinterphase.case.packing import INSIDE
from zinterphase.errors import MeshError
from zinterphase.geometry.conformity import pieces
from zinterphase.geometry.particles.curving import curved
from zinterphase.geometry.particles.images import LEAST_ISLAND
from zinterphase.geometry.particles.outlines import Region, liquid_of
from zinterphase.geometry.particles.recipe import ParticleRecipe
from zinterphase.geometry.particles.settling import (
    between_faces,
    particles_of,
    require_clear,
    united,
)
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
from zinterphase.geometry.topology import FacetTable, facet_keys, facet_table, with_interfaces

_SOLID = 0.01
"""Of a layer: how far the solid of a mesh may be off that of its image."""
_PLANE = 1e-9
"""Of the width: how far from a plane a vertex on it may lie."""


def build_particles(recipe: ParticleRecipe) -> RawMesh:
    """Mesh the liquid of a recipe, and the particles in which it asks for cells.

    Raises
    ------
    CaseError
        A particle of a list reaches out of its layer, or rough metal does.
    MeshError
        Particles do not fit or leave no way through the liquid, or Gmsh fails.
    """
    require_clear(recipe)
    placed, regions = particles_of(recipe), _liquid_of_images(recipe)
    spheres = united(recipe.dimension, [found.spheres for found in placed.values()])
    sizes = size_grid(recipe, spheres, regions)
    mesh = _snapped(recipe, mesh_between(recipe, spheres, regions, sizes))
    of_images = [_seen(recipe, mesh, number) for number in regions]
    mesh, lost = _largest_piece(mesh, range(len(recipe.metal), len(recipe.stack)))
    notes = [f"{lost:.2g} of it, closed off by particles, is left out"] if lost else []
    notes += [
        note
        for name, found in placed.items()
        for note in (_filling(recipe, mesh, name, len(found.spheres)), *found.notes)
    ]
    return _named(recipe, spheres, mesh, (*notes, *of_images))


def _liquid_of_images(recipe: ParticleRecipe) -> dict[int, list[Region]]:
    """By number of the layer, in its place in the cell."""
    found, height = {}, 0.0
    for number, layer in enumerate(recipe.layers):
        image = None if layer.packing is None else layer.packing.image
        if image is not None:
            box = np.array([recipe.widths[0], layer.thickness])
            pixel = box / np.array(image.solid.shape)
            found[number] = [region.placed(pixel, height) for region in liquid_of(image)]
        height += layer.thickness
    return found


def _seen(recipe: ParticleRecipe, mesh: Simplices, number: int) -> str:
    """How much solid of an image is in the mesh."""
    layer = recipe.layers[number]
    image = None if layer.packing is None else layer.packing.image
    assert image is not None
    rows, columns = image.shape
    solid = 1.0 - _liquid(recipe, mesh, number)
    if abs(solid - image.share) > _SOLID:
        raise MeshError(
            f"layers.{layer.name}.packing.image: the mesh has {solid:.3g} of solid, the image "
            f"{image.share:.3g}, allowed is {_SOLID:g} more or less: take finer pixels"
        )
    lost = f", {image.islands} islands below {LEAST_ISLAND} of them left out"
    return (
        f"{layer.name}: {columns} x {rows} pixels of {1e9 * image.pixel:.3g} nm"
        f"{lost if image.islands else ''}; solid is {image.share:.4g} of them and {solid:.4g} of "
        "the mesh"
    )


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
    return mesh.part(kept), share


def _heaviest(pairs: Ints, weights: Floats) -> npt.NDArray[np.bool_]:
    """Which cells belong to the piece of the largest weight, of those that pairs join."""
    _, label = pieces(len(weights), pairs)
    return np.asarray(label == np.argmax(np.bincount(label, weights)))


def _filling(recipe: ParticleRecipe, mesh: Simplices, name: str, count: int) -> str:
    number = [layer.name for layer in recipe.layers].index(name)
    share = _liquid(recipe, mesh, number)
    return f"{name}: {count} particles, whole or cut by a mirror, leave {share:.3g} to the liquid"


def _liquid(recipe: ParticleRecipe, mesh: Simplices, number: int) -> float:
    """Share of the liquid in the layer of that number."""
    cells = mesh.cells[mesh.layer == len(recipe.metal) + number]
    liquid = np.abs(signed_volumes(mesh.points, cells)).sum()
    between = between_faces(recipe, number)
    thickness = recipe.layers[number].thickness if between is None else between.mean_thickness
    return float(liquid / (prod(recipe.widths) * thickness))


def _snapped(recipe: ParticleRecipe, mesh: Simplices) -> Simplices:
    """Coordinates on the planes of the box and on rough metal made exact."""
    points = mesh.points.copy()
    for axis, length in enumerate([*recipe.widths, recipe.height]):
        for place in {0.0, length, recipe.bottom if axis == len(recipe.widths) else 0.0}:
            points[np.abs(points[:, axis] - place) < _PLANE * recipe.widths[0], axis] = place
    if recipe.relief is not None:
        on_metal = np.unique(mesh.rough)
        points[on_metal, -1] = recipe.surface.height(points[on_metal, :-1])
    flat = signed_volumes(points, mesh.cells) == 0.0
    if np.any(flat):
        raise MeshError(f"{np.count_nonzero(flat)} cells between particles have no volume")
    return replace(mesh, points=points)


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
    tags, ids = _outline_tags(recipe, mesh, table, cell_tags, outline)
    groups = (outline, tags, ids)
    raw = with_interfaces(mesh.points, cells, cell_tags, table, groups, layer_ids, notes=notes)
    _require_open(recipe, mesh, raw)
    on_both = {f"{name}|{INSIDE}{name}": f"{PARTICLES}{name}" for name in inside}
    raw = replace(raw, facet_ids={on_both.get(name, name): k for name, k in raw.facet_ids.items()})
    if not recipe.curved:
        return raw
    particles = [k for name, k in raw.facet_ids.items() if name.startswith(PARTICLES)]
    on_particles = raw.facets[np.isin(raw.facet_tags, particles)]
    on_metal = raw.facets[raw.facet_tags == raw.facet_ids["base"]]
    middles = curved(mesh.points, on_particles, spheres, recipe, on_metal)
    return unfolded(replace(raw, middles=middles))


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
    recipe: ParticleRecipe, mesh: Simplices, table: FacetTable, cell_tags: Tags, outline: Ints
) -> tuple[Tags, dict[str, int]]:
    corner = mesh.points[table.vertices[outline]]
    tags = np.zeros(outline.size, dtype=np.int32)
    for axis, width in enumerate(recipe.widths):
        for place in (0.0, width):
            tags[np.all(corner[:, :, axis] == place, axis=1)] = 3
    tags[_on_base(recipe, mesh, table.vertices[outline])] = 1
    tags[np.all(corner[:, :, -1] == recipe.height, axis=1)] = 2
    ids = {"base": 1, "counter": 2, "sides": 3}
    side = _solid_side(recipe, corner[:, :, -1], cell_tags[table.cells[outline, 0]])
    for number, layer in enumerate(recipe.stack, 1):
        if layer.packing is not None and layer.name not in recipe.inside:
            ids[f"{PARTICLES}{layer.name}"] = 3 + number
            tags[(tags == 0) & (side == number)] = 3 + number
    if np.any(tags == 0):
        raise MeshError(f"{np.count_nonzero(tags == 0)} facets of the outline belong to nothing")
    return tags, ids


def _solid_side(recipe: ParticleRecipe, heights: np.ndarray, own: Tags) -> Tags:
    """The layer on the other side of facets with ``heights`` of their corners, of cells in the
    layer ``own``: another one where solid that an image cuts off ends in a flat face."""
    found, height = own.copy(), 0.0
    for number, layer in enumerate(recipe.layers[:-1], len(recipe.metal) + 1):
        height += layer.thickness
        flat = np.all(np.abs(heights - height) < _PLANE * recipe.widths[0], axis=1)
        found[flat] = 2 * number + 1 - own[flat]
    return found


def _on_base(recipe: ParticleRecipe, mesh: Simplices, facets: Ints) -> np.ndarray:
    """Which facets, of sorted vertices, lie on the metal."""
    if recipe.relief is None:
        return np.asarray(np.all(mesh.points[facets, -1] == recipe.bottom, axis=1))
    keys = facet_keys(np.concatenate([facets, np.sort(mesh.rough, axis=1)]), len(mesh.points))
    return np.isin(keys[: len(facets)], keys[len(facets) :])
