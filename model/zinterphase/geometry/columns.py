"""Heights of the vertices in a column, from the base to the counter.

Every height is ``nominal + weight * s(x)``, with s the reacting surface: weight 1 on conformal
faces, 0 on flat ones, in between where a layer relaxes from one to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.geometry.grading import bisected_points, graded, growth_length
from zinterphase.geometry.raw import Floats, Tags
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.subdivision import halved_intervals

# A flat-topped layer must keep this part of its thickness everywhere.
_PIERCED = 0.05
# A core is worth while from this many lateral cells on; above this ratio of height to width, cells
# as wide as the domain are better stretched than isotropic.
_CORE_CELLS = 4.0
_CORE_ASPECT = 20.0


@dataclass(frozen=True, eq=False)
class Levels:
    """A stack of intervals shared by every column.

    Attributes:
        nominal: Height of each level [m], shape (n + 1,), ascending.
        weight: Share of the surface height in each level, shape (n + 1,).
        layer: Index of the recipe's layer of each interval, shape (n,).
    """

    nominal: Floats
    weight: Floats
    layer: Tags

    def heights(self, surface: Floats) -> Floats:
        """Heights [m], shape (levels, columns), over columns with surface heights s [m]."""
        return np.asarray(self.nominal[:, None] + self.weight[:, None] * surface[None, :])


@dataclass(frozen=True)
class FaceStack:
    """Faces of the layers and the extent of the core.

    Attributes:
        nominal, weight: Height [m] and share of s of each face, one more than layers.
        core: Lower and upper end [m] of the part Gmsh meshes, None when all is extruded.
    """

    nominal: tuple[float, ...]
    weight: tuple[float, ...]
    core: tuple[float, float] | None


def faces(recipe: Recipe) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Nominal height [m] and share of s of every face from the base to the counter."""
    heights = np.concatenate([[0.0], np.cumsum([layer.thickness for layer in recipe.layers])])
    heights -= heights[recipe.solid_layers]
    shapes = [recipe.base, *(layer.top for layer in recipe.layers)]
    shapes[recipe.solid_layers] = "conformal"
    shapes[-1] = "flat"
    weights = tuple(1.0 if shape == "conformal" else 0.0 for shape in shapes)
    return tuple(float(height) for height in heights), weights


def stack(recipe: Recipe, samples: Floats) -> FaceStack:
    """Faces of the layers and the core, given sampled surface heights [m].

    Raises:
        CaseError: The surface pierces a layer.
    """
    nominal, weight = faces(recipe)
    for index, layer in enumerate(recipe.layers):
        local = layer.thickness + (weight[index + 1] - weight[index]) * samples
        if local.min() <= _PIERCED * layer.thickness:
            raise CaseError(
                f"layers.{layer.name}.thickness",
                f"{layer.thickness:g} m",
                f"a layer the surface does not pierce; here its local thickness falls to "
                f"{local.min():g} m, allowed is more than {_PIERCED:.0%} of the nominal one "
                f"everywhere (thicken it, smooth the surface or make its top conformal)",
            )
    return FaceStack(nominal, weight, _core(recipe, nominal, weight, samples))


def _core(
    recipe: Recipe, nominal: tuple[float, ...], weight: tuple[float, ...], samples: Floats
) -> tuple[float, float] | None:
    top = recipe.layers[-1]
    lateral = recipe.lateral_size
    relaxation = 4.0 * weight[-2] * float(np.abs(samples).max())
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


def lower_levels(recipe: Recipe, faces_and_core: FaceStack, samples: Floats) -> Levels:
    """Levels from the base to the core, or to the counter when there is no core."""
    nominal, weight = faces_and_core.nominal, faces_and_core.weight
    parts: list[tuple[Floats, Floats]] = []
    for index, layer in enumerate(recipe.layers[:-1]):
        ends = (nominal[index], nominal[index + 1])
        parts.append(_segment(layer, recipe, ends, weight[index : index + 2], samples))
    top = recipe.layers[-1]
    if faces_and_core.core is None:
        parts.append(_segment(top, recipe, nominal[-2:], weight[-2:], samples))
    else:
        lateral = recipe.lateral_size
        blanket = LayerSpec(top.name, top.thickness, top.top, top.first_lower, lateral, lateral)
        ends = (nominal[-2], faces_and_core.core[0])
        parts.append(_segment(blanket, recipe, ends, (weight[-2], 0.0), samples))
    levels = _joined(parts)
    return levels if recipe.bisections is None else bisected(levels, recipe.bisections.levels)


def bisected(levels: Levels, times: Sequence[int]) -> Levels:
    """The levels with each interval bisected the given number of times."""
    number = bisected_points(np.arange(len(levels.nominal), dtype=np.float64), times)
    index = np.arange(len(levels.nominal))
    return Levels(
        np.interp(number, index, levels.nominal),
        np.interp(number, index, levels.weight),
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
    part = _segment(blanket, recipe, (core[1], end), (0.0, 0.0), np.zeros(1))
    levels = _joined([part])
    return Levels(levels.nominal, levels.weight, levels.layer + np.int32(len(recipe.layers) - 1))


def _segment(
    layer: LayerSpec,
    recipe: Recipe,
    ends: tuple[float, ...],
    weights: tuple[float, ...],
    samples: Floats,
) -> tuple[Floats, Floats]:
    """Nominal heights and weights of one segment between two faces."""
    length = ends[1] - ends[0]
    change = weights[1] - weights[0]
    roughness = abs(change) * float(np.abs(samples).max())
    # Smoothstep keeps the cells at both faces as thick as asked for, but squeezes the middle by
    # up to 1.5 s / length; where that is too much, cells follow the local thickness instead and
    # the grading is made for the thickest place.
    smooth = 1.5 * roughness < 0.5 * length
    thickest = length if smooth else length + float((change * samples).max())
    finer = recipe.fineness
    sizes = (size / finer for size in (layer.first_lower, layer.first_upper, layer.largest))
    lower, upper, largest = sizes
    coarse = graded(thickest, lower, upper, recipe.growth ** (1.0 / finer), largest)
    fraction = halved_intervals(coarse, recipe.subdivisions)
    blend = fraction**2 * (3.0 - 2.0 * fraction) if smooth else fraction
    return ends[0] + length * fraction, weights[0] + change * blend


def _joined(parts: list[tuple[Floats, Floats]]) -> Levels:
    """One stack of levels; the faces between segments appear once."""
    nominal = np.concatenate([parts[0][0][:1], *(part[0][1:] for part in parts)])
    weight = np.concatenate([parts[0][1][:1], *(part[1][1:] for part in parts)])
    layer = np.concatenate([np.full(len(part[0]) - 1, k) for k, part in enumerate(parts)])
    return Levels(nominal, weight, layer.astype(np.int32))
