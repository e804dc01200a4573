"""From a recipe to a mesh of the liquid between particles, with named groups. Serial."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

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
    """Mesh the liquid of a recipe.

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
    mesh, lost = _largest_piece(mesh)
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


def _largest_piece(mesh: Simplices) -> tuple[Simplices, float]:
    """What hangs together, without closed pockets, and the share of the volume these have: they
    carry no current, and nothing fixes their potential."""
    table = facet_table(mesh.cells)
    _, label = pieces(len(mesh.cells), table.cells[table.interior])
    volumes = np.bincount(label, np.abs(signed_volumes(mesh.points, mesh.cells)))
    kept = label == np.argmax(volumes)
    return mesh.part(kept), 1.0 - float(volumes.max() / volumes.sum())


def _filling(recipe: ParticleRecipe, mesh: Simplices, name: str, count: int) -> str:
    number = [layer.name for layer in recipe.layers].index(name)
    share = _liquid(recipe, mesh, number)
    return f"{name}: {count} particles, whole or cut by a mirror, leave {share:.3g} to the liquid"


def _liquid(recipe: ParticleRecipe, mesh: Simplices, number: int) -> float:
    """Share of the liquid in the layer of that number."""
    liquid = np.abs(signed_volumes(mesh.points, mesh.cells[mesh.layer == number])).sum()
    between = between_faces(recipe, number)
    thickness = recipe.layers[number].thickness if between is None else between.mean_thickness
    return float(liquid / (prod(recipe.widths) * thickness))


def _snapped(recipe: ParticleRecipe, mesh: Simplices) -> Simplices:
    """Coordinates on the planes of the box and on rough metal made exact."""
    points = mesh.points.copy()
    for axis, length in enumerate([*recipe.widths, recipe.height]):
        for place in (0.0, length):
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
    layer_ids = {layer.name: k + 1 for k, layer in enumerate(recipe.layers)}
    cells, cell_tags = oriented(mesh.points, mesh.cells), (mesh.layer + 1).astype(np.int32)
    table = facet_table(cells)
    outline = table.exterior
    tags, ids = _outline_tags(recipe, mesh, table, cell_tags, outline)
    _require_open(recipe, mesh, tags)
    middles = None
    if recipe.curved:
        on_metal, on_particles = (table.vertices[outline[k]] for k in (tags == 1, tags > 3))
        middles = curved(mesh.points, on_particles, spheres, recipe, on_metal)
    named = (outline, tags, ids)
    more = {"notes": notes, "middles": middles}
    return unfolded(with_interfaces(mesh.points, cells, cell_tags, table, named, layer_ids, **more))


def _require_open(recipe: ParticleRecipe, mesh: Simplices, tags: Tags) -> None:
    """From the metal to the far side, as current has to pass."""
    shut = [layer.name for k, layer in enumerate(recipe.layers) if not np.any(mesh.layer == k)]
    if not recipe.mirrored_ends and (shut or not {1, 2} <= set(tags.tolist())):
        packed = [layer.name for layer in recipe.layers if layer.packing is not None]
        raise MeshError(
            f"layers.{packed[-1]}.packing: its particles and those below close the way through the "
            "liquid to the metal: take thinner necks, wider gaps or a higher porosity"
        )


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
    for number, layer in enumerate(recipe.layers, 1):
        if layer.packing is not None:
            ids[f"{PARTICLES}{layer.name}"] = 3 + number
            tags[(tags == 0) & (side == number)] = 3 + number
    if np.any(tags == 0):
        raise MeshError(f"{np.count_nonzero(tags == 0)} facets of the outline belong to nothing")
    return tags, ids


def _solid_side(recipe: ParticleRecipe, heights: np.ndarray, own: Tags) -> Tags:
    """The layer on the other side of facets with ``heights`` of their corners, of cells in the
    layer ``own``: another one where solid that an image cuts off ends in a flat face."""
    found, height = own.copy(), 0.0
    for number, layer in enumerate(recipe.layers[:-1], 1):
        height += layer.thickness
        flat = np.all(np.abs(heights - height) < _PLANE * recipe.widths[0], axis=1)
        found[flat] = 2 * number + 1 - own[flat]
    return found


def _on_base(recipe: ParticleRecipe, mesh: Simplices, facets: Ints) -> np.ndarray:
    """Which facets, of sorted vertices, lie on the metal."""
    if recipe.relief is None:
        return np.asarray(np.all(mesh.points[facets, -1] == 0.0, axis=1))
    keys = facet_keys(np.concatenate([facets, np.sort(mesh.rough, axis=1)]), len(mesh.points))
    return np.isin(keys[: len(facets)], keys[len(facets) :])
