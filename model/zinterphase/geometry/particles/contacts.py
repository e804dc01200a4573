"""Particles that would touch in a point: a gap or a neck, as no mesh is finite at a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zinterphase.geometry.particles.packing import neighbours
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


def with_gaps(spheres: Spheres, planes: Sequence[Plane], gap: float) -> tuple[Spheres, int]:
    """Particles made smaller where they touch another one, or a plane, to within the gap, and how
    many; those that overlap by more than it stay as they are."""
    less = np.zeros(len(spheres))
    pairs, distance = neighbours(spheres, gap)
    touching = np.abs(distance) < gap
    for side in pairs[touching].T:
        np.maximum.at(less, side, 0.5 * (gap - distance[touching]))
    for plane in planes:
        away = np.abs(spheres.centres[:, plane.axis] - plane.place) - spheres.radii
        near = np.abs(away) < plane.clearance * (1.0 - 1e-9)
        less[near] = np.maximum(less[near], plane.clearance - away[near])
    return replace(spheres, radii=spheres.radii - less), int(np.count_nonzero(less))


def with_necks(spheres: Spheres, planes: Sequence[Plane], gap: float, neck: float) -> Spheres:
    """Particles joined where their surfaces are within one and a half gaps of each other, of their
    image in a mirror, or of the metal; ``neck`` is the neck's radius over the smaller one's."""
    pairs, _ = neighbours(spheres, _CONTACT * gap)
    axes = [spheres.centres[pairs]]
    radii = [neck * spheres.radii[pairs].min(axis=1)]
    for plane in planes:
        if plane.joins:
            near = _near(spheres, plane)
            feet = spheres.centres[near].copy()
            # Beyond the plane, so that the neck has no end on it.
            side = np.sign(plane.place - spheres.centres[near, plane.axis])
            feet[:, plane.axis] = plane.place + side * spheres.radii[near]
            axes.append(np.stack([spheres.centres[near], feet], axis=1))
            radii.append(neck * spheres.radii[near])
    return replace(spheres, necks=np.concatenate(axes), neck_radii=np.concatenate(radii))


def _near(spheres: Spheres, plane: Plane) -> np.ndarray:
    away = np.abs(spheres.centres[:, plane.axis] - plane.place) - spheres.radii
    return np.flatnonzero((away > 0.0) & (away < _CONTACT * plane.clearance))


def out_of(spheres: Spheres, height: float) -> Floats:
    """Heights [m] of the particles that end above ``height``, by more than rounding."""
    top = spheres.centres[:, -1] + spheres.radii
    return np.asarray(top[top > height * (1.0 + 1e-9)])
