"""Rough metal under particles: how far from it a place is, and walls with its shape."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.geometry.raw import Floats
from zinterphase.geometry.surface import Protrusion, Surface

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

MOST_SAMPLES = {2: 10_000, 3: 200}
"""Along one axis, by dimension."""
_FEWEST_SAMPLES = 16
_SAMPLES_PER_CELL = 2.0


@dataclass(frozen=True, eq=False)
class Relief:
    """The shape of the metal, and samples of it on a regular grid.

    Attributes
    ----------
    surface : The shape.
    axes : Lateral coordinates of the samples by axis [m].
    """

    surface: Surface
    axes: tuple[Floats, ...]

    @classmethod
    def of(cls, surface: Surface, widths: tuple[float, ...], cell: float) -> Relief:
        """Of a surface over a cell, whose lateral cells are at most ``cell`` [m]."""
        counts = samples(surface, widths, cell)
        axes = (np.linspace(0.0, w, n) for w, n in zip(widths, counts, strict=True))
        return cls(surface, tuple(axes))

    @cached_property
    def heights(self) -> Floats:
        """At the samples, one axis each [m]."""
        lateral = np.stack(np.meshgrid(*self.axes, indexing="ij"), axis=-1)
        flat = self.surface.height(lateral.reshape(-1, len(self.axes)))
        return np.asarray(flat.reshape(lateral.shape[:-1]))

    @property
    def mean(self) -> float:
        """Mean height [m]."""
        found = self.heights
        for axis in reversed(self.axes):
            found = np.trapezoid(found, axis, axis=-1) / axis[-1]
        return float(found)

    def away(self, places: Floats) -> tuple[Floats, Floats]:
        """Distance of places (n, d) from the surface [m], positive above it, and the upward normal
        (n, d) of the surface there: that to the plane through the nearest sample."""
        _, near = self._tree.query(places)
        normal = self._normals[near]
        return np.einsum("nd,nd->n", places - self._points[near], normal), normal

    @cached_property
    def _points(self) -> Floats:
        grids = np.meshgrid(*self.axes, indexing="ij")
        return np.stack([*grids, self.heights], axis=-1).reshape(-1, len(grids) + 1)

    @cached_property
    def _normals(self) -> Floats:
        found = np.gradient(self.heights, *self.axes, edge_order=2)
        slopes = found if isinstance(found, (list, tuple)) else [found]
        normals = np.stack([*(-slope for slope in slopes), np.ones_like(self.heights)], axis=-1)
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
        return np.asarray(normals.reshape(self._points.shape))

    @cached_property
    def _tree(self) -> cKDTree:
        from scipy.spatial import cKDTree

        return cKDTree(self._points)


def samples(surface: Surface, widths: tuple[float, ...], cell: float) -> tuple[int, ...]:
    """How many samples along each axis show a surface with lateral cells of ``cell`` [m]."""
    if isinstance(surface, Protrusion):
        cell = min(cell, surface.smallest_cell)
    return tuple(max(ceil(_SAMPLES_PER_CELL * w / cell), _FEWEST_SAMPLES) + 1 for w in widths)


@dataclass(frozen=True, eq=False)
class ShapedWall:
    """The metal's surface, ``raised`` [m] in a layer's own coordinates, which particles on its
    ``side`` (1 above, -1 below) keep ``clearance`` [m] from or are cut by; ``joins`` tells whether
    necks reach it."""

    relief: Relief
    raised: float
    side: int
    clearance: float
    joins: bool

    def away(self, spheres: Spheres) -> Floats:
        """Distance of the wall from particles [m], negative where it cuts them."""
        return np.asarray(np.abs(self._distance(spheres.centres)[0]) - spheres.radii)

    def feet(self, spheres: Spheres) -> Floats:
        """Points (n, d) a radius behind the wall, seen from the particles [m]."""
        distance, normal = self._distance(spheres.centres)
        reach = np.sign(distance) * (np.abs(distance) + spheres.radii)
        return np.asarray(spheres.centres - reach[:, None] * normal)

    def excess(self, spheres: Spheres) -> Floats:
        """How far particles reach through the wall [m], negative where they do not."""
        return np.asarray(spheres.radii - self.side * self._distance(spheres.centres)[0])

    def pushed(self, centres: Floats, keep: Floats) -> Floats:
        """Centres (n, d) moved along the normal to at least ``keep`` (n,) [m] from the wall."""
        distance, normal = self._distance(centres)
        missing = np.maximum(keep - self.side * distance, 0.0)
        return np.asarray(centres + self.side * missing[:, None] * normal)

    def keeps(self, centres: Floats, keep: Floats) -> bool:
        """Whether all centres (n, d) are ``keep`` (n,) [m] from the wall."""
        return bool(np.all(self.side * self._distance(centres)[0] >= keep))

    def _distance(self, centres: Floats) -> tuple[Floats, Floats]:
        shift = np.append(np.zeros(centres.shape[1] - 1), self.raised)
        return self.relief.away(centres - shift)


@dataclass(frozen=True, eq=False)
class Between:
    """A layer with one or two faces of the metal's shape, in its own coordinates: z from the mean
    plane of its lower face.

    Attributes
    ----------
    relief : The metal's.
    thickness : Nominal [m].
    lower, upper : Whether that face has its shape.
    """

    relief: Relief
    thickness: float
    lower: bool
    upper: bool

    @property
    def mean_thickness(self) -> float:
        """Volume over projected area [m]."""
        return self.thickness + (self.upper - self.lower) * self.relief.mean

    @property
    def least_thickness(self) -> float:
        """Along the stack [m]."""
        change = (self.upper - self.lower) * self.relief.heights
        return self.thickness + float(change.min())

    def lifted(self, centres: Floats, *, stretched: bool) -> Floats:
        """Centres whose height is from the lower face in their place; ``stretched``, that in an
        even layer of the mean thickness is meant."""
        shape = self.relief.surface.height(centres[:, :-1])
        height = centres[:, -1]
        if stretched:
            local = self.thickness + (self.upper - self.lower) * shape
            height = height * local / self.mean_thickness
        return np.column_stack([centres[:, :-1], height + self.lower * shape])

    def walls(self, gap: float, *, joins_base: bool) -> tuple[ShapedWall, ...]:
        """The faces with the metal's shape, from which particles keep a ``gap`` [m]."""
        found = [ShapedWall(self.relief, 0.0, 1, gap, joins_base)] if self.lower else []
        if self.upper:
            found.append(ShapedWall(self.relief, self.thickness, -1, gap, joins=False))
        return tuple(found)
