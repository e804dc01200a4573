"""Liquid with particles cut out, or the particles themselves, by Gmsh's OpenCASCADE kernel.

Serial. The kernel has absolute tolerances, so it only ever sees lengths divided by the width.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import gmsh
import numpy as np
import numpy.typing as npt

from zinterphase.errors import MeshError
from zinterphase.geometry.gmsh_core import elements, gmsh_session, nodes
from zinterphase.geometry.particles.outlined import Regions, outlined
from zinterphase.geometry.particles.recipe import ParticleRecipe
from zinterphase.geometry.particles.rough_layers import Entity, rough_layers
from zinterphase.geometry.particles.sizing import SizeGrid
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.geometry.raw import Floats, Ints, Tags
from zinterphase.geometry.topology import compact

_HXT = 10
_OFF_METAL = 0.1
"""Of the least gap: mean distance from rough metal of what is on it at most."""


@dataclass(frozen=True, eq=False)
class Simplices:
    """Points (n, d) [m], cells (m, d + 1), the index of each cell's layer (m,), behind those of the
    layers those of their particles' insides, and facets (k, d) on rough metal."""

    points: Floats
    cells: Ints
    layer: Tags
    rough: Ints

    def part(self, kept: npt.NDArray[np.bool_]) -> Simplices:
        """Some of the cells, with the points they have."""
        used, cells = compact(self.cells[kept])
        number = np.full(len(self.points), -1, dtype=np.int64)
        number[used] = np.arange(len(used))
        rough = number[self.rough]
        return Simplices(
            self.points[used], cells, self.layer[kept], rough[np.all(rough >= 0, axis=1)]
        )


def mesh_between(
    recipe: ParticleRecipe, spheres: Spheres, regions: Regions, sizes: SizeGrid
) -> Simplices:
    """Mesh the layers of a recipe without the particles, with some of them, or these alone;
    ``regions`` are the liquid of layers from an image.

    Raises
    ------
    MeshError
        Gmsh fails, or nothing is left of a layer.
    """
    unit, dim = recipe.widths[0], recipe.dimension
    with gmsh_session(), tempfile.TemporaryDirectory() as folder:
        try:
            meshed = _entities(recipe, spheres, regions, unit)
            path = Path(folder) / "sizes.bin"
            sizes.write(path, unit)
            _ask_for_sizes(path)
            # Takes a sixth of the time of Delaunay's with Netgen's optimisation, for angles as
            # good; what it leaves flat on planes Gmsh's own swaps.
            gmsh.option.setNumber("Mesh.Algorithm3D", _HXT)
            gmsh.model.mesh.generate(dim)
            if dim == 3:
                gmsh.model.mesh.optimize()
        except MeshError:
            raise
        except Exception as error:  # Gmsh raises bare Exceptions with its last message
            raise MeshError(f"Gmsh could not mesh the liquid between particles: {error}") from error
        points, number = nodes()
        points = unit * points[:, :dim]
        parts = [elements(dim, tags, dim + 1, number) for tags in meshed]
        rough = _on_metal(recipe, points, number)
    layer = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts])
    cells = np.concatenate(parts)
    return Simplices(points, cells, layer, rough).part(np.ones(len(cells), dtype=bool))


def _on_metal(recipe: ParticleRecipe, points: Floats, number: Ints) -> Ints:
    """Facets on rough metal: of the curves or surfaces that lie on it."""
    dim, found = recipe.dimension, [np.zeros((0, recipe.dimension), dtype=np.int64)]
    if recipe.relief is not None:
        slack = _OFF_METAL * min(x.packing.gap for x in recipe.layers if x.packing is not None)
        for _, tag in gmsh.model.getEntities(dim - 1):
            facets = elements(dim - 1, [tag], dim, number)
            away, _ = recipe.relief.away(points[np.unique(facets)])
            if np.abs(away).mean() < slack:
                found.append(facets)
    return np.concatenate(found)


def _ask_for_sizes(path: Path) -> None:
    field = gmsh.model.mesh.field
    tag = field.add("Structured")
    field.setString(tag, "FileName", str(path))
    field.setNumber(tag, "TextFormat", 0)
    field.setAsBackgroundMesh(tag)


def _entities(
    recipe: ParticleRecipe, spheres: Spheres, regions: Regions, unit: float
) -> list[list[int]]:
    """Entities of what is meshed of each layer, then inside the particles of those that ask for
    it; all others are removed."""
    occ, dim = gmsh.model.occ, recipe.dimension
    bodies = _bodies(recipe, regions, unit)
    layers = [number for number, found in enumerate(bodies) for _ in found]
    solids = [*_balls(spheres, unit), *_cylinders(spheres, unit)]
    if len(spheres.necks):
        # Their ends lie inside particles: thin pieces there would be meshed for nothing.
        solids, _ = occ.fuse(solids[:1], solids[1:])
    cut = [entity for found in bodies for entity in found]
    # The kernel returns nothing where it has one body alone.
    children = occ.fragment(cut, solids)[1] if len(cut) + len(solids) > 1 else [cut]
    solid = {entity for found in children[len(layers) :] for entity in found}
    within: list[list[Entity]] = [[] for _ in bodies]
    for number, found in zip(layers, children, strict=False):
        within[number] += found
    # Necks that reach into the metal are metal there.
    parts = [
        [e for e in found if layer in recipe.metal or (e in solid) == recipe.solid]
        for layer, found in zip(recipe.stack, within, strict=True)
    ]
    insides = [
        [e for e in found if e in solid]
        for layer, found in zip(recipe.stack, within, strict=True)
        if layer.name in recipe.inside
    ]
    kept = {entity for found in (*parts, *insides) for entity in found}
    occ.remove([e for e in occ.getEntities(dim) if e not in kept], recursive=True)
    occ.synchronize()
    what = "particle" if recipe.solid else "liquid between particles"
    for layer, found in zip(recipe.stack, parts, strict=True):
        if not found:
            raise MeshError(f"layers.{layer.name}: no {what} is left in it")
    return [[tag for _, tag in found] for found in (*parts, *insides)]


def _bodies(recipe: ParticleRecipe, regions: Regions, unit: float) -> list[list[Entity]]:
    """What each layer is cut from: all of it, or the liquid of its image."""
    if recipe.relief is not None:
        return [[body] for body in rough_layers(recipe, recipe.relief, unit)]
    bodies, height = [], recipe.bottom
    for number, layer in enumerate(recipe.stack, -len(recipe.metal)):
        if number in regions:
            bodies.append([outlined(region, unit) for region in regions[number]])
        else:
            bodies.append([_box(recipe, height / unit, layer.thickness / unit)])
        height += layer.thickness
    return bodies


def _box(recipe: ParticleRecipe, low: float, thick: float) -> Entity:
    """A layer from a height on, in lengths of the width."""
    if recipe.dimension == 2:
        return 2, gmsh.model.occ.addRectangle(0.0, low, 0.0, 1.0, thick)
    depth = recipe.widths[1] / recipe.widths[0]
    return 3, gmsh.model.occ.addBox(0.0, 0.0, low, 1.0, depth, thick)


def _balls(spheres: Spheres, unit: float) -> list[Entity]:
    occ, dim = gmsh.model.occ, spheres.dimension
    found = []
    for centre, radius in zip(spheres.centres / unit, spheres.radii / unit, strict=True):
        if dim == 2:
            found.append((2, occ.addDisk(*centre, 0.0, radius, radius)))
        else:
            found.append((3, occ.addSphere(*centre, radius)))
    return found


def _cylinders(spheres: Spheres, unit: float) -> list[Entity]:
    occ, dim = gmsh.model.occ, spheres.dimension
    found = []
    for (start, end), radius in zip(spheres.necks / unit, spheres.neck_radii / unit, strict=True):
        axis = end - start
        if dim == 3:
            found.append((3, occ.addCylinder(*start, *axis, radius)))
            continue
        side = radius * np.array([-axis[1], axis[0]]) / np.linalg.norm(axis)
        corners = [start - side, end - side, end + side, start + side]
        points = [occ.addPoint(*corner, 0.0) for corner in corners]
        lines = [occ.addLine(points[k], points[(k + 1) % 4]) for k in range(4)]
        found.append((2, occ.addPlaneSurface([occ.addCurveLoop(lines)])))
    return found
