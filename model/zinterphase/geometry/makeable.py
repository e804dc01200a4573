"""Whether a mesh can be made in memory, and which entry of the case it is that forbids it."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, prod
from typing import TYPE_CHECKING

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.surface import height_entry

if TYPE_CHECKING:
    from zinterphase.case import Case

LARGEST_MESH = 2e7
"""Cells at most."""


@dataclass(frozen=True)
class Entry:
    """A length of the case [m] by its field."""

    field: str
    length: float


@dataclass(frozen=True)
class LateralSize:
    """A lateral cell size [m] and the entry of the case that asks for it."""

    size: float
    entry: Entry


def require_makeable(case: Case, recipe: Recipe, lateral: LateralSize) -> None:
    """Refuse a mesh that one rank cannot make: a mistyped length must not fill its memory.

    Raises
    ------
    CaseError
        Names the entry that makes the most of the cells.
    """
    columns = [width / recipe.lateral_size for width in recipe.widths]
    # Even cells fill the height in which the shape of a rough surface fades.
    highest = float(np.abs(recipe.surface.height(recipe.surface_samples())).max())
    rough = 4.0 * highest / recipe.lateral_size
    levels = [_levels_of(layer, recipe.growth) for layer in recipe.layers]
    coarse = _per_prism(recipe) * prod(columns) * (rough + sum(levels))
    core = _core_cells(recipe)
    cells = max(coarse, core) * recipe.refinement**recipe.dimension
    if cells <= LARGEST_MESH:
        return
    allowed = f"sizes that make at most {LARGEST_MESH:.0e} cells, and these make {cells:.1e}"
    if max(coarse, core) <= LARGEST_MESH:
        raise CaseError("mesh.refinement", recipe.refinement, allowed)
    if core > coarse:
        raise CaseError("mesh.far_size", f"{recipe.far_size:g} m", allowed)
    if rough > max(*columns, *levels):
        field, value = height_entry(recipe.surface)
        raise CaseError(field, value, allowed)
    entry = lateral.entry
    if max(levels) > max(columns, default=0.0):
        entry = _of_layer(case, recipe.layers[levels.index(max(levels))])
    raise CaseError(entry.field, f"{entry.length:g} m", allowed)


def _per_prism(recipe: Recipe) -> float:
    """About how many cells a box as wide as a lateral cell is split into."""
    return {1: 1.0, 2: 2.0, 3: 4.0}[recipe.dimension]


def _core_cells(recipe: Recipe) -> float:
    """Cells of the electrolyte where they are smaller far from the surface than along it."""
    far = recipe.far_size
    if far >= recipe.lateral_size:
        return 0.0
    share = prod(width / far for width in recipe.widths)
    return _per_prism(recipe) * share * recipe.layers[-1].thickness / far


def _levels_of(layer: LayerSpec, growth: float) -> float:
    """About how many cells a layer has from face to face, graded from both ends."""
    largest = layer.largest
    ends = [min(first, largest) for first in (layer.first_lower, layer.first_upper)]
    graded = sum(log(largest / end) / log(growth) for end in ends)
    return min(graded + layer.thickness / largest, layer.thickness / min(ends))


def _of_layer(case: Case, layer: LayerSpec) -> Entry:
    """What sets the number of levels in a layer."""
    for field, size in (
        ("mesh.far_size", case.mesh.far_size),
        ("mesh.first_cell", case.mesh.first_cell),
    ):
        if size is not None and size <= max(layer.largest, layer.first_lower):
            return Entry(field, size)
    return Entry(f"layers.{layer.name}.thickness", layer.thickness)
