"""What a polygon in place of a curved surface does to the current per projected area."""

from dataclasses import dataclass

import numpy as np

from zinterphase.geometry.specification import Recipe
from zinterphase.observe.goals import CURRENT, goals
from zinterphase.observe.surface import FloatArray, SurfaceMap
from zinterphase.result import Result

STEP = 1e-7
"""Distance over which slopes are taken, relative to the width."""


@dataclass(frozen=True, eq=False)
class ShapeError:
    """Change of a goal when the exact slopes replace those of the facets, and where from.

    ``parts`` are its shares at the lateral positions ``lateral`` [m].
    """

    error: float
    lateral: FloatArray
    parts: FloatArray


def shape_error(result: Result, recipe: Recipe, goal: str) -> ShapeError:
    """With the local current of a cross-section kept, per true area, at its exact slopes.

    What the surface's displacement does to the local current is not in it, and nothing is where
    the current is not a rate law per area: an electrode without kinetic resistance, its potential,
    porous conductors. All of it is of second order in the lateral size. Not collective.
    """
    surface = result.surface
    offered = {g.name: g for g in goals(recipe.widths, result.case.metrics.smoothing_radius)}
    seen = surface.projected_area > 0.0
    x, projected = surface.lateral[seen], surface.projected_area[seen]
    if goal not in offered or result.problem.equipotential or result.problem.volumes:
        return ShapeError(0.0, x[:, 0], np.zeros(len(x)))
    step = STEP * recipe.widths[0]
    slope = (recipe.surface.height(x + step) - recipe.surface.height(x - step)) / (2 * step)
    density = surface.values["current_density"][seen]
    straight = density * surface.area[seen] / projected
    exact = density * np.sqrt(1.0 + slope**2)

    def value(current: FloatArray) -> float:
        position, facet = surface.position[seen], surface.facet[seen]
        chart = SurfaceMap(position, projected, projected, facet, {CURRENT: current})
        return offered[goal].value(chart)

    error = value(exact) - value(straight)
    weight = projected * (exact - straight) ** 2
    total = float(weight.sum())
    parts = error * weight / total if total > 0.0 else np.zeros(len(x))
    return ShapeError(error, x[:, 0], parts)
