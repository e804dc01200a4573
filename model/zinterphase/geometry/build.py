"""From a recipe to a mesh: Gmsh core, extruded columns, named groups. Serial, deterministic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zinterphase.geometry.columns import FaceStack, Levels, lower_levels, stack, upper_levels
from zinterphase.geometry.extrusion import extrude, split_order
from zinterphase.geometry.faces import face_shapes, nominal_heights
from zinterphase.geometry.gmsh_core import CoreMesh, mesh_core_2d, mesh_core_3d, mesh_rectangle
from zinterphase.geometry.grading import bisected_points, points_of_size
from zinterphase.geometry.quadratic import bent, edges_of, unfolded
from zinterphase.geometry.quality import require_valid
from zinterphase.geometry.raw import Floats, Ints, RawMesh, Tags, oriented
from zinterphase.geometry.specification import Recipe
from zinterphase.geometry.subdivision import halved_intervals, subdivided
from zinterphase.geometry.surface import Traced, height_entry
from zinterphase.geometry.topology import facet_table, with_interfaces

BASE, COUNTER, SIDES = "base", "counter", "sides"


@dataclass(frozen=True, eq=False)
class _Part:
    """Points (n, d), cells (m, d + 1), the index of each cell's layer (m,), and middle nodes (k, d)
    of some edges (k, 2)."""

    points: Floats
    cells: Ints
    layer: Tags
    edges: Ints
    middles: Floats


def build(recipe: Recipe) -> RawMesh:
    """Mesh the cell described by a recipe.

    Raises
    ------
    CaseError
        The surface pierces a layer, or does not cover the width.
    MeshError
        Gmsh fails, or the mesh has an inverted or hopelessly sheared cell.
    """
    samples = face_shapes(recipe, recipe.surface_samples())
    faces_and_core = stack(recipe, samples)
    levels = lower_levels(recipe, faces_and_core, samples)
    if faces_and_core.core is None:
        lateral, simplices = _lateral_mesh(recipe)
        part = _columns(recipe, lateral, simplices, levels)
    else:
        part = _with_core(recipe, faces_and_core, faces_and_core.core, levels)
    mesh = unfolded(_named(recipe, part))
    require_valid(mesh, " = ".join(height_entry(recipe.surface)))
    return mesh


def _lateral_mesh(recipe: Recipe) -> tuple[Floats, Ints]:
    """Lateral vertices (n, d - 1) [m] and simplices (p, d); a single point under a line."""
    if recipe.dimension == 1:
        return np.zeros((1, 0)), np.zeros((1, 1), dtype=np.int64)
    width = recipe.widths[0]
    if recipe.dimension == 2:
        points = halved_intervals(lateral_points(recipe), recipe.subdivisions)
        index = np.arange(points.size - 1, dtype=np.int64)
        return points[:, None], np.column_stack([index, index + 1])
    depth, scale = recipe.widths[1] / width, width * recipe.fineness
    points, triangles = mesh_rectangle(
        depth, lambda x, y: recipe.lateral_cell(x * width, y * width) / scale
    )
    for _ in range(recipe.subdivisions):
        points, (triangles,) = subdivided(points, triangles)
    return width * points, triangles


def lateral_points(recipe: Recipe) -> Floats:
    """Lateral vertices [m] of a cross-section before its subdivision."""
    if isinstance(recipe.surface, Traced):
        return np.array(recipe.surface.lateral)
    fineness = recipe.fineness
    smallest = recipe.smallest_lateral_cell / fineness
    points = points_of_size(recipe.widths[0], lambda x: recipe.lateral_cell(x) / fineness, smallest)
    if recipe.bisections is None:
        return points
    return bisected_points(points, recipe.bisections.lateral)


def _columns(recipe: Recipe, lateral: Floats, simplices: Ints, levels: Levels) -> _Part:
    """Extrude a lateral mesh; vertex j of level k is row k * n + j."""
    shapes = face_shapes(recipe, lateral)
    heights = levels.heights(shapes)
    order = split_order(shapes[recipe.solid_layers], lateral)
    cells, interval = extrude(simplices, order, len(levels.layer))
    points = np.column_stack([np.tile(lateral, (len(heights), 1)), heights.ravel()])
    edges, middles = _straight(recipe)
    if recipe.curved:
        edges, _ = edges_of(cells)
        middles = levels.middles(edges, lateral, lambda at: face_shapes(recipe, at))
    return _Part(points, cells, levels.layer[interval], edges, middles)


def _straight(recipe: Recipe) -> tuple[Ints, Floats]:
    """No middle nodes."""
    return np.zeros((0, 2), dtype=np.int64), np.zeros((0, recipe.dimension))


def _with_core(
    recipe: Recipe, faces_and_core: FaceStack, ends: tuple[float, float], levels: Levels
) -> _Part:
    core = _core(recipe, ends)
    width, top = recipe.widths[0], np.int32(len(recipe.layers) - 1)
    layer = np.full(len(core.cells), top)
    part = _Part(width * core.points, core.cells, layer, *_straight(recipe))
    part = _extended(recipe, part, core.lower, levels, level=len(levels.layer))
    above = upper_levels(recipe, faces_and_core)
    return part if above is None else _extended(recipe, part, core.upper, above, level=0)


def _core(recipe: Recipe, ends: tuple[float, float]) -> CoreMesh:
    width = recipe.widths[0]
    lower, upper = ends[0] / width, ends[1] / width
    slope = recipe.growth - 1.0
    far, scale = recipe.far_size, width * recipe.fineness

    def size(*position: float) -> float:
        lateral = recipe.lateral_cell(*(x * width for x in position[:-1]))
        return min(lateral + slope * (position[-1] - lower) * width, far) / scale

    if recipe.dimension == 2:
        core = _core_2d(recipe, ends)
    else:
        core = mesh_core_3d(recipe.widths[1] / width, lower, upper, size)
    for _ in range(recipe.subdivisions):
        points, tables = subdivided(core.points, core.cells, core.lower, core.upper)
        core = CoreMesh(points, *tables)
    return core


def _core_2d(recipe: Recipe, ends: tuple[float, float]) -> CoreMesh:
    """Cells grow upwards from the lateral intervals; bisections act by rows and columns."""
    width, points = recipe.widths[0], lateral_points(recipe)
    middles, widths = 0.5 * (points[1:] + points[:-1]), np.diff(points)
    given = None if recipe.bisections is None else recipe.bisections.core
    times = np.zeros((1, 1)) if given is None else np.array(given)
    rows, columns = times.shape

    def size(x: float, z: float) -> float:
        lateral = recipe.lateral_cell(x * width)
        if given is not None:
            lateral = float(np.interp(x * width, middles, widths)) * recipe.fineness
        height = z * width - ends[0]
        row = min(int(rows * height / (ends[1] - ends[0])), rows - 1)
        column = min(int(columns * x), columns - 1)
        grown = min(lateral + (recipe.growth - 1.0) * height, recipe.far_size)
        return float(grown / recipe.fineness / width / 2 ** times[max(row, 0), max(column, 0)])

    return mesh_core_2d(points / width, ends[0] / width, ends[1] / width, size)


def _extended(recipe: Recipe, part: _Part, face: Ints, levels: Levels, level: int) -> _Part:
    """Grow columns on one flat face of a mesh; its vertices are those of the given level."""
    corners, simplices = np.unique(face, return_inverse=True)
    columns = _columns(recipe, part.points[corners, :-1], simplices.reshape(face.shape), levels)
    shared = np.arange(level * corners.size, (level + 1) * corners.size)
    fresh = np.ones(len(columns.points), dtype=bool)
    fresh[shared] = False
    number = np.empty(len(columns.points), dtype=np.int64)
    number[shared] = corners
    number[fresh] = len(part.points) + np.arange(np.count_nonzero(fresh))
    return _Part(
        np.concatenate([part.points, columns.points[fresh]]),
        np.concatenate([part.cells, number[columns.cells]]),
        np.concatenate([part.layer, columns.layer]),
        np.concatenate([part.edges, number[columns.edges]]),
        np.concatenate([part.middles, columns.middles]),
    )


def _is_at_counter(recipe: Recipe, places: Floats) -> npt.NDArray[np.bool_]:
    """Whether facets of the base or the counter, by their middles (n, d) [m], are the latter's."""
    counter = nominal_heights(recipe)[-1]
    if isinstance(recipe.surface, Traced):
        shapes = recipe.surface.shapes(places[:, :-1])
        return np.asarray(
            places[:, -1] > (shapes[recipe.surface.number] + counter + shapes[-1]) / 2
        )
    # No surface comes this close to the counter: such a layer counts as pierced.
    return np.asarray(places[:, -1] > counter - 0.01 * recipe.layers[-1].thickness)


def _named(recipe: Recipe, part: _Part) -> RawMesh:
    """Orient the cells and name the layers, the outline and the interfaces."""
    layer_ids = {layer.name: k + 1 for k, layer in enumerate(recipe.layers)}
    cells, cell_tags = oriented(part.points, part.cells), (part.layer + 1).astype(np.int32)
    table = facet_table(cells)
    facet_ids = {BASE: 1, COUNTER: 2} | ({SIDES: 3} if recipe.widths else {})
    outline = table.exterior
    on_side = np.zeros(outline.size, dtype=bool)
    for axis, width in enumerate(recipe.widths):
        share = part.points[table.vertices[outline], axis] / width
        on_side |= np.all(share < 1e-9, axis=1) | np.all(share > 1.0 - 1e-9, axis=1)
    above = _is_at_counter(recipe, part.points[table.vertices[outline]].mean(axis=1))
    tags = np.where(on_side, 3, np.where(above, 2, 1)).astype(np.int32)
    return with_interfaces(
        part.points,
        cells,
        cell_tags,
        table,
        (outline, tags, facet_ids),
        layer_ids,
        generated=True,
        middles=bent(part.points, part.edges, part.middles),
    )
