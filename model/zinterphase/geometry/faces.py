"""Shapes of the faces between layers, as deviations from their nominal heights."""

from __future__ import annotations

from typing import Literal

import numpy as np

from zinterphase.geometry.offset import offset_height
from zinterphase.geometry.raw import Floats
from zinterphase.geometry.specification import Recipe
from zinterphase.geometry.surface import Traced

Top = Literal["conformal", "normal", "flat"]
FLAT = None
"""Offset of a flat face."""


def nominal_heights(recipe: Recipe) -> tuple[float, ...]:
    """Return the height [m] of every face over a flat surface, from the base to the counter."""
    heights = np.concatenate([[0.0], np.cumsum([layer.thickness for layer in recipe.layers])])
    heights -= heights[recipe.solid_layers]
    return tuple(float(height) for height in heights)


def offsets(recipe: Recipe) -> tuple[float | None, ...]:
    """Return the distance of every face from a copy of the reacting surface [m].

    0 for the surface itself and where it is shifted upwards, the thickness of the film, or films,
    that follow it along the normal; None for flat faces.
    """
    solid, liquid = recipe.layers[: recipe.solid_layers], recipe.layers[recipe.solid_layers :]
    below = [recipe.base, *(layer.top for layer in solid)]
    found: list[float | None] = [FLAT if top == "flat" else 0.0 for top in below]
    found[-1] = 0.0
    for layer in liquid:
        found.append(offset_above(found[-1], layer.top, layer.thickness))
    found[-1] = FLAT
    return tuple(found)


def offset_above(below: float | None, top: Top, thickness: float) -> float | None:
    """Return the offset of a layer's upper face from that of its lower one.

    Over a flat face a conformal one has the shape of the reacting surface again.
    """
    if top == "conformal":
        return 0.0 if below is FLAT else below
    return FLAT if top == "flat" or below is FLAT else below + thickness


def face_shapes(recipe: Recipe, lateral: Floats) -> Floats:
    """Return the deviation of every face from its nominal height [m], shape (faces, n), at
    lateral positions (n, d - 1)."""
    if isinstance(recipe.surface, Traced):
        return recipe.surface.shapes(lateral)
    found: dict[float | None, Floats] = {
        FLAT: np.zeros(len(lateral)),
        0.0: recipe.surface.height(lateral),
    }
    for distance in offsets(recipe):
        if distance is not None and distance not in found:
            spacing = recipe.smallest_lateral_cell
            outer = offset_height(recipe.surface.height, lateral, distance, recipe.widths, spacing)
            found[distance] = outer - distance
    return np.array([found[distance] for distance in offsets(recipe)])
