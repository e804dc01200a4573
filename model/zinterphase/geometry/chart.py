"""Places in a mesh of columns by lateral position and number of level, and back.

In these coordinates the cells of a recipe are straight, and what lies halfway in a cell is halfway
in both; the heights then follow from the formulas that made the mesh.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zinterphase.geometry.columns import Levels, lower_levels, stack, upper_levels
from zinterphase.geometry.faces import face_shapes
from zinterphase.geometry.raw import Floats
from zinterphase.geometry.specification import Recipe

# Of a point to the end of the core, over the core's height.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Chart:
    """Of the mesh of a recipe whose cells are divided ``times`` times more.

    Numbers count the levels of the divided mesh from the base; between the ends of a core they
    rise by one, in proportion to the height.

    Attributes
    ----------
    recipe : Of the mesh before its division.
    times : How often its cells are divided.
    lower : Levels of the divided mesh from the base to the core, or to the counter without one.
    core : Ends of the core [m].
    upper : Levels from the core to the counter.
    """

    recipe: Recipe
    times: int
    lower: Levels
    core: tuple[float, float] | None
    upper: Levels | None

    @classmethod
    def of(cls, recipe: Recipe, times: int) -> Chart:
        """Chart of a recipe without bisections.

        Raises
        ------
        CaseError
            The surface pierces a layer.
        """
        assert recipe.bisections is None
        finer = recipe.divided(times)
        samples = face_shapes(recipe, recipe.surface_samples())
        faces = stack(finer, samples)
        lower, upper = lower_levels(finer, faces, samples), upper_levels(finer, faces)
        return cls(recipe, times, lower, faces.core, upper)

    def numbers(self, points: Floats) -> Floats:
        """Number of the level of each vertex (n, d) [m] of the mesh before its division."""
        if not len(points):
            return np.zeros(0)
        height, count = points[:, -1], float(len(self.lower.layer))
        columns, which = _columns(points[:, :-1])
        shapes = face_shapes(self.recipe, columns)
        found = self._nearest(self.lower, height, shapes, which)
        if self.core is None:
            return found
        lower, upper = self.core
        share = (height - lower) / (upper - lower)
        share[np.abs(share) < _ROUNDING] = 0.0
        share[np.abs(share - 1.0) < _ROUNDING] = 1.0
        found = np.where(share > 0.0, count + share, found)
        if self.upper is not None:
            above = self._nearest(self.upper, height, shapes, which)
            found = np.where(share > 1.0, count + 1.0 + above, found)
        return found

    def points(self, lateral: Floats, number: Floats) -> Floats:
        """Points (n, d) [m] at lateral positions (n, d - 1) [m] and numbers of level (n,).

        Between two levels, where the middles of curved edges are, a weight is that of both.
        """
        if not len(number):
            return np.zeros((0, self.recipe.dimension))
        columns, which = _columns(lateral)
        shapes, count = face_shapes(self.recipe, columns), float(len(self.lower.layer))
        height = _heights(self.lower, np.minimum(number, count), shapes, which)
        if self.core is not None:
            lower, upper = self.core
            share = number - count
            height = np.where(share > 0.0, lower + (upper - lower) * share, height)
            if self.upper is not None:
                above = _heights(self.upper, np.maximum(share - 1.0, 0.0), shapes, which)
                height = np.where(share > 1.0, above, height)
        return np.column_stack([lateral, height])

    def _nearest(
        self, levels: Levels, height: Floats, shapes: Floats, which: npt.NDArray[np.intp]
    ) -> Floats:
        """Number of the nearest level of the mesh before its division, by bisection."""
        step = 2**self.times
        low = np.zeros(len(height), dtype=np.int64)
        high = np.full_like(low, len(levels.layer) // step)
        while np.any(high - low > 1):
            middle = (low + high) // 2
            is_above = height >= _heights(levels, step * middle.astype(float), shapes, which)
            low, high = np.where(is_above, middle, low), np.where(is_above, high, middle)
        ends = [_heights(levels, step * end.astype(float), shapes, which) for end in (low, high)]
        is_lower = np.abs(height - ends[0]) < np.abs(height - ends[1])
        return np.asarray(step * np.where(is_lower, low, high), dtype=np.float64)


def _columns(lateral: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Lateral positions that occur (m, d - 1), and that of each point."""
    # Complex numbers are sorted by both parts, quicker than rows.
    pairs = (
        np.ascontiguousarray(lateral)
        .view(np.complex128 if lateral.shape[1] == 2 else float)
        .ravel()
    )
    found, which = np.unique(pairs, return_inverse=True)
    return found[:, None].view(np.float64), which


def _heights(levels: Levels, number: Floats, shapes: Floats, which: npt.NDArray[np.intp]) -> Floats:
    """Heights [m] at numbers of level in columns with shapes (faces, columns) [m]."""
    below = np.minimum(number.astype(np.int64), len(levels.layer) - 1)
    part = number - below
    height = (1.0 - part) * levels.nominal[below] + part * levels.nominal[below + 1]
    for weight, shape in zip(levels.weight.T, shapes, strict=True):
        height += ((1.0 - part) * weight[below] + part * weight[below + 1]) * shape[which]
    return np.asarray(height)
