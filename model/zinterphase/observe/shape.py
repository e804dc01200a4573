"""What facets in place of a curved surface do to the goals of the current."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.geometry.surface import Surface
from zinterphase.observe.goals import CURRENT, Goal
from zinterphase.observe.surface import FloatArray, SurfaceMap
from zinterphase.solve.problem import Problem

STEP = 1e-7
"""Distance over which slopes are taken, relative to the width."""


@dataclass(frozen=True, eq=False)
class ShapeError:
    """Change of a goal when exact slopes replace those of the facets, and where from.

    ``parts`` are its shares at the positions ``lateral``, shape (n, d - 1) [m], of all ranks.
    """

    error: float
    lateral: FloatArray
    parts: FloatArray


def shape_errors(
    problem: Problem, surface: SurfaceMap, asked: Sequence[Goal]
) -> dict[str, ShapeError]:
    """By goal, with the local current per true area of ``surface`` at the exact slopes there.

    What the surface's displacement does to the local current is not in it. Both are of second
    order in the lateral size. Empty for a mesh from a file and on a line. Not collective.
    """
    if problem.case.mesh.file is not None or problem.domain.dimension == 1:
        return {}
    shape, widths = recipe_from_case(problem.case).surface, problem.case.geometry.extents
    seen = surface.projected_area > 0.0
    projected, density = surface.projected_area[seen], surface.values[CURRENT][seen]
    lateral = surface.lateral[seen]
    areas = (surface.area[seen], projected * _stretch(shape, lateral, STEP * min(widths)))
    # Whatever the weight of the radius in the areas, it is in both.
    uneven = density**2 * (areas[1] - areas[0]) ** 2 / projected
    shares = uneven / max(float(uneven.sum()), np.finfo(np.float64).tiny)
    found = {}
    for goal in asked:
        ends = []
        for area in areas:
            current = density if goal.weight == "area" else density * area / projected
            values, facet = {CURRENT: current}, surface.facet[seen]
            chart = SurfaceMap(surface.position[seen], area, projected, facet, values)
            ends.append(goal.value(chart))
        error = ends[1] - ends[0]
        found[goal.name] = ShapeError(error, lateral, error * shares)
    return found


def _stretch(shape: Surface, lateral: FloatArray, step: float) -> FloatArray:
    """True over projected area of the surface at lateral positions (n, d - 1)."""
    square = np.ones(len(lateral))
    for axis in np.eye(lateral.shape[1]) * step:
        slope = (shape.height(lateral + axis) - shape.height(lateral - axis)) / (2 * step)
        square += slope**2
    return np.sqrt(square)
