"""Which particle a facet on particles belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zinterphase.geometry.particles.from_case import particle_recipe
from zinterphase.geometry.particles.settling import particles_of
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.geometry.raw import PARTICLES, Floats, Ints, RawMesh

if TYPE_CHECKING:
    from zinterphase.case import Case

_AT_ONCE = 2_000_000
"""Distances of places from particles."""


def told_particles(case: Case) -> dict[str, Spheres]:
    """The particles of the layers that ask for numbers by particle, in their place in the cell.
    Serial.

    Raises
    ------
    CaseError, MeshError
        As what makes the mesh.
    """
    asked = {
        layer.name
        for layer in case.packed_layers
        if layer.packing is not None and layer.packing.by_particle
    }
    if not asked:
        return {}
    placed = particles_of(particle_recipe(case))
    return {name: found.spheres for name, found in placed.items() if name in asked}


def nearest_particle(spheres: Spheres, places: Floats) -> Ints:
    """The particle (n,) whose surface is nearest to each of some places (n, d) [m]: on a neck the
    nearer one of the two it joins."""
    count = max(1, _AT_ONCE // max(len(spheres), 1))
    parts = [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(places), count):
        apart = places[start : start + count, None, :] - spheres.centres
        away = np.abs(np.linalg.norm(apart, axis=2) - spheres.radii)
        parts.append(np.argmin(away, axis=1))
    return np.concatenate(parts)


def groups_by_particle(mesh: RawMesh, told: dict[str, Spheres]) -> dict[str, dict[str, Ints]]:
    """By name of a group on particles, the facets (rows of the mesh's) of each particle that has
    some, called ``particle LAYER NUMBER``, from 1 on."""
    found = {}
    for layer, spheres in told.items():
        group = f"{PARTICLES}{layer}"
        rows = np.flatnonzero(mesh.facet_tags == mesh.facet_ids[group])
        owner = nearest_particle(spheres, mesh.points[mesh.facets[rows]].mean(axis=1))
        found[group] = {
            f"particle {layer} {number + 1}": rows[owner == number] for number in np.unique(owner)
        }
    return found
