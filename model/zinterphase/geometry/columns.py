"""Heights of the vertices in a column, from the base to the counter.

Every height is ``nominal + sum over faces of weight * shape(x)``: weight 1 of its own shape on a
face, in between where a layer relaxes from the shape of its lower face to that of the upper one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.geometry.faces import nominal_heights
from zinterphase.geometry.grading import bisected_points, graded, growth_length
from zinterphase.geometry.raw import Floats, Ints, Tags
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.subdivision import halved_intervals
from zinterphase.geometry.surface import Traced

# A flat-topped layer must keep this part of its thickness everywhere.
_PIERCED = 0.05
# A core is worth while from this many lateral cells on; above this ratio of height to width, cells
# as wide as the domain are better stretched than isotropic.
_CORE_CELLS = 4.0
_CORE_ASPECT = 20.0


@dataclass(frozen=True, eq=False)
class Levels:
    """A stack of intervals shared by every column.

    Attributes
    ----------
    nominal : Height of each level [m], shape (n + 1,), ascending.
    weight : Share of the shape of each face in each level, shape (n + 1, faces).
    layer : Index of the recipe's layer of each interval, shape (n,).
    """

    nominal: Floats
    weight: Floats
    layer: Tags

    def heights(self, shapes: Floats) -> Floats:
        """Heights [m], shape (levels, columns), over columns with shapes (faces, columns) [m]."""
        return np.asarray(self.nominal[:, None] + self.weight @ shapes)

    def middles(
        self, edges: Ints, lateral: Floats, shapes_at: Callable[[Floats], Floats]
    ) -> Floats:
        """Middle nodes (k, d) of edges (k, 2): halfway between columns and levels.

        There the faces have the shapes ``shapes_at`` lateral positions (n, d - 1), (faces, n). A
        column's place is linear in a cell, its height quadratic: no cell folds where the layers'
        thickness in it varies by less than a factor of 2.
        """
        level, column = np.divmod(edges, len(lateral))
        pairs, which = np.unique(np.sort(column, axis=1), axis=0, return_inverse=True)
        places = lateral[pairs].mean(axis=1)
        rise = np.einsum("kf,fk->k", self.weight[level].mean(axis=1), shapes_at(places)[:, which])
        return np.column_stack([places[which], self.nominal[level].mean(axis=1) + rise])


@dataclass(frozen=True)
class FaceStack:
    """Faces of the layers and the extent of the core.

    Attributes
    ----------
    nominal : Height [m] of each face over a flat surface, one more than layers.
    core : Lower and upper end [m] of the part Gmsh meshes, None when all is extruded.
    """

    nominal: tuple[float, ...]
    core: tuple[float, float] | None


def stack(recipe: Recipe, shapes: Floats) -> FaceStack:
    """Faces of the layers and the core, given samples of the faces' shapes [m], (faces, n).

    Raises
    ------
    CaseError
        The surface pierces a layer.
    """
    nominal = nominal_heights(recipe)
    for index, layer in enumerate(recipe.layers):
        local = layer.thickness + shapes[index + 1] - shapes[index]
        if local.min() <= _PIERCED * layer.thickness:
            raise CaseError(
                f"layers.{layer.name}.thickness",
                f"{layer.thickness:g} m",
                f"a layer the surface does not pierce; here its local thickness falls to "
                f"{local.min():g} m, allowed is more than {_PIERCED:.0%} of the nominal one "
                f"everywhere (thicken it, smooth the surface or make its top conformal)",
            )
    return FaceStack(nominal, _core(recipe, nominal, shapes[-2]))


def _core(
    recipe: Recipe, nominal: tuple[float, ...], outermost: Floats
) -> tuple[float, float] | None:
    """Ends of the core; ``outermost`` is the shape of the face below the last layer."""
    if recipe.dimension == 1 or isinstance(recipe.surface, Traced):
        return None
    top = recipe.layers[-1]
    lateral = recipe.lateral_size
    relaxation = 4.0 * float(np.abs(outermost).max())
    lower = max(_blanket(top.first_lower, lateral, recipe.growth), relaxation)
    upper = 0.0
    if top.first_upper < lateral:
        upper = _blanket(top.first_upper, lateral, recipe.growth)
    thick_enough = top.thickness - lower - upper > _CORE_CELLS * lateral
    if not thick_enough or top.thickness > _CORE_ASPECT * min(recipe.widths):
        return None
    return nominal[-2] + lower, nominal[-1] - upper


def _blanket(first: float, lateral: float, growth: float) -> float:
    return growth_length(min(first, lateral), lateral, growth) + lateral


def lower_levels(recipe: Recipe, faces_and_core: FaceStack, shapes: Floats) -> Levels:
    """Levels from the base to the core, or to the counter when there is no core."""
    nominal = faces_and_core.nominal
    parts: list[tuple[Floats, Floats]] = []
    for index, layer in enumerate(recipe.layers[:-1]):
        ends = (nominal[index], nominal[index + 1])
        parts.append(_segment(layer, recipe, ends, shapes, index))
    top = recipe.layers[-1]
    if faces_and_core.core is None:
        parts.append(_segment(top, recipe, nominal[-2:], shapes, len(parts)))
    else:
        lateral = recipe.lateral_size
        blanket = LayerSpec(top.name, top.thickness, top.top, top.first_lower, lateral, lateral)
        ends = (nominal[-2], faces_and_core.core[0])
        parts.append(_segment(blanket, recipe, ends, shapes, len(parts)))
    levels = _joined(parts)
    return levels if recipe.bisections is None else bisected(levels, recipe.bisections.levels)


def bisected(levels: Levels, times: Sequence[int]) -> Levels:
    """The levels with each interval bisected the given number of times."""
    number = bisected_points(np.arange(len(levels.nominal), dtype=np.float64), times)
    index = np.arange(len(levels.nominal))
    return Levels(
        np.interp(number, index, levels.nominal),
        np.column_stack([np.interp(number, index, share) for share in levels.weight.T]),
        np.repeat(levels.layer, 2 ** np.asarray(times)),
    )


def upper_levels(recipe: Recipe, faces_and_core: FaceStack) -> Levels | None:
    """Levels from the core to the counter, None when the core reaches it."""
    top, core = recipe.layers[-1], faces_and_core.core
    end = faces_and_core.nominal[-1]
    if core is None or core[1] >= end:
        return None
    lateral = recipe.lateral_size
    blanket = LayerSpec(top.name, top.thickness, top.top, lateral, top.first_upper, lateral)
    flat = np.zeros((len(recipe.layers) + 1, 1))
    part = _segment(blanket, recipe, (core[1], end), flat, len(recipe.layers) - 1)
    levels = _joined([part])
    straight = np.zeros_like(levels.weight)
    return Levels(levels.nominal, straight, levels.layer + np.int32(len(recipe.layers) - 1))


def _segment(
    layer: LayerSpec, recipe: Recipe, ends: tuple[float, ...], shapes: Floats, index: int
) -> tuple[Floats, Floats]:
    """Nominal heights and weights of one segment, of the layer with this index."""
    length = ends[1] - ends[0]
    change = shapes[index + 1] - shapes[index]
    roughness = float(np.abs(change).max())
    # Smoothstep keeps the cells at both faces as thick as asked for, but squeezes the middle by
    # up to 1.5 changes / length; where that is too much, cells follow the local thickness instead
    # and the grading is made for the thickest place.
    smooth = 1.5 * roughness < 0.5 * length
    thickest = length if smooth else length + float(change.max())
    finer = recipe.fineness
    sizes = (size / finer for size in (layer.first_lower, layer.first_upper, layer.largest))
    lower, upper, largest = sizes
    coarse = graded(thickest, lower, upper, recipe.growth ** (1.0 / finer), largest)
    fraction = halved_intervals(coarse, recipe.subdivisions)
    blend = fraction**2 * (3.0 - 2.0 * fraction) if smooth else fraction
    weight = np.zeros((len(fraction), len(shapes)))
    weight[:, index], weight[:, index + 1] = 1.0 - blend, blend
    return ends[0] + length * fraction, weight


def _joined(parts: list[tuple[Floats, Floats]]) -> Levels:
    """One stack of levels; the faces between segments appear once."""
    nominal = np.concatenate([parts[0][0][:1], *(part[0][1:] for part in parts)])
    weight = np.concatenate([parts[0][1][:1], *(part[1][1:] for part in parts)])
    layer = np.concatenate([np.full(len(part[0]) - 1, k) for k, part in enumerate(parts)])
    return Levels(nominal, weight, layer.astype(np.int32))
