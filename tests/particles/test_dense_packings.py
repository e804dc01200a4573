"""Packings that jam where particles are dropped at full size: they grow."""

import numpy as np
import pytest

from zinterphase.errors import MeshError
from zinterphase.geometry.particles import packing
from zinterphase.geometry.particles.packing import Sizes, neighbours, packed
from zinterphase.geometry.particles.relief import Between, Relief
from zinterphase.geometry.particles.spheres import Spheres, ball
from zinterphase.geometry.surface import Sinusoidal

DIAMETER = 50e-9
FILM = (5 * DIAMETER, 5 * DIAMETER, 4 * DIAMETER)
SIZES, GAP, POROSITY = Sizes(DIAMETER, 0.2), 0.02 * DIAMETER, 0.48


def film(seed: int = 1) -> Spheres:
    return packed(FILM, (True, True, False), SIZES, POROSITY, GAP, seed)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_film_of_four_diameters_is_half_solid(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    spheres, box = film(seed), np.array(FILM)
    _, distance = neighbours(spheres, 2 * GAP)
    assert distance.min() >= GAP * (1 - 1e-9)
    below, above = spheres.centres, box - spheres.centres
    on_plane = np.column_stack([(below == 0.0) | (above == 0.0), np.zeros(len(below))])[:, :2] > 0
    for axis, clear in enumerate((0.5 * GAP, 0.5 * GAP, GAP)):
        away = np.minimum(below[:, axis], above[:, axis]) - spheres.radii
        free = ~on_plane[:, axis] if axis < 2 else np.ones(len(away), dtype=bool)
        assert away[free].min() >= clear * (1 - 1e-9)
    inside = ball(spheres.radii, 3) * 0.5 ** on_plane.sum(axis=1)
    assert inside.sum() == pytest.approx((1 - POROSITY) * np.prod(box), rel=1e-9)
    assert np.array_equal(film(seed).centres, spheres.centres)
    monkeypatch.setattr(packing, "GROWN", 0)
    with pytest.raises(MeshError, match="do not fit at a porosity"):
        film(seed)


def test_particles_grow_on_rough_metal_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "DRAWS", 0)
    box = (4e-7, 2e-7)
    surface = Sinusoidal(20e-9, 2e-7)
    relief = Relief.of(surface, box[:1], 2e-7 / 32)
    between = Between(relief, box[1], lower=True, upper=False)
    spheres = packed(box, (True, False), SIZES, 0.45, 2e-9, 3, between)
    _, distance = neighbours(spheres, 4e-9)
    assert distance.min() >= 2e-9 * (1 - 1e-9)
    x = np.linspace(0.0, box[0], 40_001)
    metal = np.column_stack([x, surface.height(x[:, None])])
    away = np.linalg.norm(spheres.centres[:, None] - metal[None], axis=2).min(axis=1)
    assert (away - spheres.radii).min() > 2e-9 * (1 - 1e-2)
    assert np.all(spheres.centres[:, 1] + spheres.radii <= box[1] - 2e-9 * (1 - 1e-9))
    on_mirror = np.isin(spheres.centres[:, 0], (0.0, box[0]))
    inside = ball(spheres.radii, 2) * np.where(on_mirror, 0.5, 1.0)
    assert inside.sum() == pytest.approx(0.55 * np.prod(box), rel=1e-6)
