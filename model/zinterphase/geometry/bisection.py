"""Error indicators of a cross-section sorted by the intervals of its recipe, and what to bisect."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zinterphase.geometry.build import lateral_points
from zinterphase.geometry.columns import lower_levels, stack
from zinterphase.geometry.faces import face_shapes
from zinterphase.geometry.raw import Floats, Ints
from zinterphase.geometry.specification import Bisections, Recipe

CORE = 8
"""Rows and columns of the core that are refined on their own."""
ON_LINE = 1e-6
"""A point this close to a line of the mesh, relative to the interval it is in, lies on it."""

SAME = 1e-6
"""Relative difference of what two bisections are worth that is rounding."""


@dataclass(frozen=True, eq=False)
class Indicators:
    """Sizes of error parts by what bisecting would reduce them.

    Attributes
    ----------
    lateral : By lateral interval of the recipe's unrefined mesh.
    levels : By its interval between levels.
    core : By row and column of the core.
    """

    lateral: Floats
    levels: Floats
    core: Floats

    def __add__(self, other: Indicators) -> Indicators:
        return Indicators(
            self.lateral + other.lateral, self.levels + other.levels, self.core + other.core
        )


class Layout:
    """Columns and levels of the mesh of a recipe in two dimensions."""

    def __init__(self, recipe: Recipe) -> None:
        """Find the lines of the mesh; cheap, the same on every rank."""
        samples = face_shapes(recipe, recipe.surface_samples())
        bare = replace(recipe, bisections=None)
        faces_and_core = stack(recipe, samples)
        self.recipe = recipe
        self.base_lateral = len(lateral_points(bare)) - 1
        self.base_levels = len(lower_levels(bare, faces_and_core, samples).layer)
        given = recipe.bisections
        self.bisections = given or Bisections(
            (0,) * self.base_lateral, (0,) * self.base_levels, ((0,) * CORE,) * CORE
        )
        self._ends = faces_and_core.core
        self._lateral = lateral_points(recipe)
        levels = lower_levels(recipe, faces_and_core, samples)
        self._heights = levels.heights(face_shapes(recipe, self._lateral[:, None]))
        # Interval of the bare recipe that each refined one belongs to.
        self._column = np.repeat(
            np.arange(self.base_lateral), 2 ** np.array(self.bisections.lateral)
        )
        self._row = np.repeat(np.arange(self.base_levels), 2 ** np.array(self.bisections.levels))

    def sort(self, position: Floats, size: Floats) -> Indicators:
        """Parts of the ``size`` at nodes, shape (n,), by the line of the mesh they lie on.

        Nodes within horizontal lines ask for lateral points, nodes within vertical ones for
        levels; vertices and what is in between are shared as the two are nearby.
        """
        x, y = position.T
        column, across = _interval(self._lateral, x)
        weight = across[None, :]
        heights = (1 - weight) * self._heights[:, column] + weight * self._heights[:, column + 1]
        slack = ON_LINE * np.diff(heights, axis=0).min(axis=0)
        level = np.clip((heights <= y + slack).sum(axis=0) - 1, 0, len(heights) - 2)
        here = np.arange(len(x))
        low, high = heights[level, here], heights[level + 1, here]
        up = (y - low) / (high - low)
        inside = up <= 1 + ON_LINE
        on_column = np.minimum(across, 1 - across) < ON_LINE
        on_level = np.minimum(abs(up), abs(1 - up)) < ON_LINE
        vertical, horizontal = inside & on_column & ~on_level, inside & on_level & ~on_column
        between = inside & ~vertical & ~horizontal
        shape = (len(heights) - 1, len(self._lateral) - 1)
        cell = (level, column)
        by_lateral, by_level = np.zeros(shape), np.zeros(shape)
        # A line of the mesh is shared by the intervals at its sides; the nearest one stands for it.
        np.add.at(by_lateral, cell, np.where(horizontal, size, 0.0))
        np.add.at(by_level, cell, np.where(vertical, size, 0.0))
        rest = np.zeros(shape)
        np.add.at(rest, cell, np.where(between, size, 0.0))
        both = by_lateral + by_level
        share = np.divide(by_lateral, both, out=np.full(shape, 0.5), where=both > 0)
        lateral = (by_lateral + share * rest).sum(axis=0)
        levels = (by_level + (1 - share) * rest).sum(axis=1)
        return Indicators(
            np.bincount(self._column, lateral, minlength=self.base_lateral),
            np.bincount(self._row, levels, minlength=self.base_levels),
            self._in_core(x[~inside], y[~inside], size[~inside]),
        )

    def along_surface(self, lateral: Floats, size: Floats) -> Indicators:
        """Parts that only lateral points reduce, at lateral positions, shape (n,)."""
        column, _ = _interval(self._lateral, lateral)
        found = np.bincount(self._column[column], size, minlength=self.base_lateral)
        return Indicators(found, np.zeros(self.base_levels), np.zeros((CORE, CORE)))

    def costs(self) -> Indicators:
        """Cells that bisecting each interval adds, up to a factor."""
        columns, rows = len(self._lateral) - 1, len(self._heights) - 1
        lateral = rows * 2.0 ** np.array(self.bisections.lateral)
        levels = columns * 2.0 ** np.array(self.bisections.levels)
        core = np.full((CORE, CORE), 3 * columns * rows / CORE**2)
        return Indicators(lateral, levels, core * 4.0 ** np.array(self.bisections.core))

    def refined(self, indicators: Indicators, fraction: float) -> Recipe:
        """The recipe with the intervals bisected that hold ``fraction`` of the error for the fewest
        cells (Dörfler, 1996, with costs); neighbours differ by one bisection at most."""
        parts = [indicators.lateral, indicators.levels, indicators.core.ravel()]
        costs = self.costs()
        price = np.concatenate([costs.lateral, costs.levels, costs.core.ravel()])
        size = np.concatenate(parts)
        worth = size / price
        order = np.argsort(-worth, kind="stable")
        enough = int(np.searchsorted(np.cumsum(size[order]), fraction * size.sum()))
        # Intervals that mirror each other go together, whichever rounding puts first.
        least = worth[order[min(enough, len(order) - 1)]]
        chosen = (worth >= least * (1 - SAME)).astype(np.int64)
        ends = np.cumsum([len(part) for part in parts])[:-1]
        lateral, levels, core = np.split(chosen, ends)
        old = self.bisections
        grid = np.array(old.core) + core.reshape(CORE, CORE)
        bisections = Bisections(
            _graded(np.array(old.lateral) + lateral),
            _graded(np.array(old.levels) + levels),
            tuple(tuple(int(n) for n in row) for row in grid),
        )
        return replace(self.recipe, bisections=bisections)

    def _in_core(self, x: Floats, y: Floats, size: Floats) -> Floats:
        found = np.zeros((CORE, CORE))
        if self._ends is None:
            return found
        low, high = self._ends
        row = np.clip((CORE * (y - low) / (high - low)).astype(int), 0, CORE - 1)
        column = np.clip((CORE * x / self.recipe.widths[0]).astype(int), 0, CORE - 1)
        # Above the core there is a blanket that is left as it is.
        kept = y < high
        np.add.at(found, (row[kept], column[kept]), size[kept])
        return found


def _interval(points: Floats, x: Floats) -> tuple[Ints, Floats]:
    """Interval each position lies in and how far along it, 0 to 1; on a point that behind it."""
    slack = ON_LINE * float(np.diff(points).min())
    column = np.clip(np.searchsorted(points, x + slack, side="right") - 1, 0, len(points) - 2)
    return column, (x - points[column]) / (points[column + 1] - points[column])


def _graded(times: Ints) -> tuple[int, ...]:
    """Raised where a neighbour has been bisected more than once more often."""
    result = times.copy()
    for _ in range(int(result.max(initial=0))):
        result[1:] = np.maximum(result[1:], result[:-1] - 1)
        result[:-1] = np.maximum(result[:-1], result[1:] - 1)
    return tuple(int(n) for n in result)
