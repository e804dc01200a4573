"""Liquid with particles cut out, or the particles themselves, by Gmsh's OpenCASCADE kernel.

Serial. The kernel has absolute tolerances, so it only ever sees lengths divided by the width.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import gmsh
import numpy as np

from zinterphase.errors import MeshError
from zinterphase.geometry.gmsh_core import elements, gmsh_session, nodes
from zinterphase.geometry.particles.recipe import ParticleRecipe
from zinterphase.geometry.particles.sizing import SizeGrid
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.geometry.raw import Floats, Ints, Tags
from zinterphase.geometry.topology import compact

type Entity = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Simplices:
    """Points (n, d) [m], cells (m, d + 1) and the index of each cell's layer (m,); behind those of
    the layers come those of their particles' insides."""

    points: Floats
    cells: Ints
    layer: Tags


def mesh_between(recipe: ParticleRecipe, spheres: Spheres, sizes: SizeGrid) -> Simplices:
    """Mesh the layers of a recipe without the particles, with some of them, or these alone.

    Raises
    ------
    MeshError
        Gmsh fails, or nothing is left of a layer.
    """
    unit, dim = recipe.widths[0], recipe.dimension
    with gmsh_session(), tempfile.TemporaryDirectory() as folder:
        try:
            meshed = _entities(recipe, spheres, unit)
            path = Path(folder) / "sizes.bin"
            sizes.write(path, unit)
            _ask_for_sizes(path)
            gmsh.model.mesh.generate(dim)
            if dim == 3:
                gmsh.model.mesh.optimize("Netgen")
        except MeshError:
            raise
        except Exception as error:  # Gmsh raises bare Exceptions with its last message
            raise MeshError(f"Gmsh could not mesh the liquid between particles: {error}") from error
        points, number = nodes()
        parts = [elements(dim, tags, dim + 1, number) for tags in meshed]
    cells = np.concatenate(parts)
    layer = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part) for part in parts])
    used, cells = compact(cells)
    return Simplices(unit * points[used, :dim], cells, layer)


def _ask_for_sizes(path: Path) -> None:
    field = gmsh.model.mesh.field
    tag = field.add("Structured")
    field.setString(tag, "FileName", str(path))
    field.setNumber(tag, "TextFormat", 0)
    field.setAsBackgroundMesh(tag)


def _entities(recipe: ParticleRecipe, spheres: Spheres, unit: float) -> list[list[int]]:
    """Entities of what is meshed of each layer, then inside the particles of those that ask for
    it; all others are removed."""
    occ, dim = gmsh.model.occ, recipe.dimension
    boxes = _boxes(recipe, unit)
    solids = [*_balls(spheres, unit), *_cylinders(spheres, unit)]
    if len(spheres.necks):
        # Their ends lie inside particles: thin pieces there would be meshed for nothing.
        solids, _ = occ.fuse(solids[:1], solids[1:])
    _, children = occ.fragment(boxes, solids)
    solid = {entity for found in children[len(boxes) :] for entity in found}
    within = dict(zip(recipe.stack, children[: len(boxes)], strict=True))
    # Necks that reach into the metal are metal there.
    layers = [
        [e for e in found if layer in recipe.metal or (e in solid) == recipe.solid]
        for layer, found in within.items()
    ]
    insides = [
        [e for e in found if e in solid]
        for layer, found in within.items()
        if layer.name in recipe.inside
    ]
    kept = {entity for found in (*layers, *insides) for entity in found}
    occ.remove([e for e in occ.getEntities(dim) if e not in kept], recursive=True)
    occ.synchronize()
    what = "particle" if recipe.solid else "liquid between particles"
    for layer, found in zip(recipe.stack, layers, strict=True):
        if not found:
            raise MeshError(f"layers.{layer.name}: no {what} is left in it")
    return [[tag for _, tag in found] for found in (*layers, *insides)]


def _boxes(recipe: ParticleRecipe, unit: float) -> list[Entity]:
    occ, found, height = gmsh.model.occ, [], recipe.bottom
    for layer in recipe.stack:
        low, thick = height / unit, layer.thickness / unit
        if recipe.dimension == 2:
            found.append((2, occ.addRectangle(0.0, low, 0.0, 1.0, thick)))
        else:
            depth = recipe.widths[1] / unit
            found.append((3, occ.addBox(0.0, 0.0, low, 1.0, depth, thick)))
        height += layer.thickness
    return found


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
