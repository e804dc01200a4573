"""Particles that would touch in a point: a gap or a neck, as no mesh is finite at a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zinterphase.geometry.particles.packing import neighbours
from zinterphase.geometry.particles.relief import Between, ShapedWall
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.geometry.raw import Floats

_CONTACT = 1.5
"""Surfaces within so many gaps of each other are joined by a neck."""


@dataclass(frozen=True)
class Plane:
    """A plane across an axis, which particles keep ``clearance`` [m] from or are cut by; ``joins``
    tells whether necks reach it."""

    axis: int
    place: float
    clearance: float
    joins: bool

    def away(self, spheres: Spheres) -> Floats:
        """Distance of the plane from particles [m], negative where it cuts them."""
        return np.asarray(np.abs(spheres.centres[:, self.axis] - self.place) - spheres.radii)

    def feet(self, spheres: Spheres) -> Floats:
        """Points (n, d) a radius behind the plane, seen from the particles [m]."""
        found = spheres.centres.copy()
        side = np.sign(self.place - found[:, self.axis])
        found[:, self.axis] = self.place + side * spheres.radii
        return found


type Wall = Plane | ShapedWall


def planes_of(
    box: Sequence[float], mirrored: Sequence[bool], gap: float, joins_base: bool
) -> tuple[Plane, ...]:
    """The planes of a box: half a gap is kept from a mirror, as the image keeps the other half."""
    found = []
    for axis, (length, mirror) in enumerate(zip(box, mirrored, strict=True)):
        clearance = 0.5 * gap if mirror else gap
        found += [
            Plane(axis, 0.0, clearance, mirror or joins_base),
            Plane(axis, length, clearance, mirror),
        ]
    return tuple(found)


def walls_of(planes: Sequence[Plane], between: Between | None, gap: float) -> tuple[Wall, ...]:
    """The planes of a box, but for those across the last axis that have the metal's shape."""
    if between is None:
        return tuple(planes)
    across = max(plane.axis for plane in planes)
    base, top = (plane for plane in planes if plane.axis == across)
    flat = [base] * (not between.lower) + [top] * (not between.upper)
    aside = [plane for plane in planes if plane.axis != across]
    return (*aside, *flat, *between.walls(gap, joins_base=base.joins))


def with_gaps(spheres: Spheres, walls: Sequence[Wall], gap: float) -> tuple[Spheres, int]:
    """Particles made smaller where they touch another one, or a wall, to within the gap, and how
    many; those that overlap by more than it stay as they are."""
    less = np.zeros(len(spheres))
    pairs, distance = neighbours(spheres, gap)
    touching = np.abs(distance) < gap
    for side in pairs[touching].T:
        np.maximum.at(less, side, 0.5 * (gap - distance[touching]))
    for wall in walls:
        away = wall.away(spheres)
        near = np.abs(away) < wall.clearance * (1.0 - 1e-9)
        less[near] = np.maximum(less[near], wall.clearance - away[near])
    return replace(spheres, radii=spheres.radii - less), int(np.count_nonzero(less))


def with_necks(spheres: Spheres, walls: Sequence[Wall], gap: float, neck: float) -> Spheres:
    """Particles joined where their surfaces are within one and a half gaps of each other, of their
    image in a mirror, or of the metal; ``neck`` is the neck's radius over the smaller one's."""
    pairs, _ = neighbours(spheres, _CONTACT * gap)
    axes = [spheres.centres[pairs]]
    radii = [neck * spheres.radii[pairs].min(axis=1)]
    for wall in walls:
        if wall.joins:
            away = wall.away(spheres)
            near = np.flatnonzero((away > 0.0) & (away < _CONTACT * wall.clearance))
            # Beyond the wall, so that the neck has no end on it.
            ends = spheres.centres[near], wall.feet(spheres)[near]
            axes.append(np.stack(ends, axis=1))
            radii.append(neck * spheres.radii[near])
    return replace(spheres, necks=np.concatenate(axes), neck_radii=np.concatenate(radii))


def below(spheres: Spheres, between: Between | None) -> Floats:
    """Heights [m] of the particles that reach out of a layer's lower face, at height 0 where it is
    flat, by more than rounding."""
    low = spheres.centres[:, -1] - spheres.radii
    if between is None or not between.lower:
        return np.asarray(low[low < -1e-9 * spheres.radii])
    lower = between.walls(0.0, joins_base=False)[0]
    return np.asarray(low[lower.excess(spheres) > 1e-9 * spheres.radii])


def out_of(spheres: Spheres, height: float, between: Between | None) -> Floats:
    """Heights [m] of the particles that reach out of a layer's upper face, at ``height`` where it
    is flat, by more than rounding."""
    top = spheres.centres[:, -1] + spheres.radii
    if between is None or not between.upper:
        return np.asarray(top[top > height * (1.0 + 1e-9)])
    upper = between.walls(0.0, joins_base=False)[-1]
    return np.asarray(top[upper.excess(spheres) > 1e-9 * height])
