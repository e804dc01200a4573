"""Rough metal, images and numbers by particle on any number of ranks."""

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.observe.particles import particle_sums
from zinterphase.run import solve

from ..particles.patches import drawn, patch
from ..particles.test_by_particle import silver
from ..particles.test_images import pixels
from ..particles.test_rough_metal import WAVE, WIDTH, rough, stretched


@pytest.mark.parallel([1, 2, 3])
def test_currents_of_particles_and_metal_are_that_of_the_electrode() -> None:
    result = solve(silver(), MPI.COMM_WORLD)
    metal, film = particle_sums(result.problem)
    assert (metal.layer, film.layer) == ("zinc", "film")
    whole = float(metal.integrals["current"].sum() + film.integrals["current"].sum())
    assert whole == pytest.approx(-10.0 * 2e-7, rel=1e-6)
    assert metal.area == pytest.approx([2e-7], rel=1e-9)
    assert metal.area.sum() + film.area.sum() == pytest.approx(result.surface.area.sum(), rel=1e-9)
    density = film.integrals["current"] / film.area
    on_metal = float(metal.integrals["current"][0] / metal.area[0])
    assert density / on_metal == pytest.approx(np.full(len(density), 4.0), rel=1e-2)


@pytest.mark.parallel([1, 2, 3])
def test_current_passes_solid_that_reaches_both_faces(shared_tmp_path: Path) -> None:
    # A pillar from the metal to the upper face, and a disk that the upper face cuts.
    solid = pixels(80, ((1.2e-7, 1e-7, 2.5e-8),))
    solid[:, 8:24] = True
    if MPI.COMM_WORLD.rank == 0:
        np.save(shared_tmp_path / "image.npy", solid.astype(np.uint8))
    MPI.COMM_WORLD.barrier()
    packing = {"image": "image.npy", "pixel": "2.5 nm"}
    result = solve(patch(packing, shared_tmp_path), MPI.COMM_WORLD)
    surface = result.surface
    assert surface.area.sum() == pytest.approx(WIDTH - 4e-8, rel=1e-2)
    current = surface.values["current_density"]
    # Of the metal that a pillar leaves free.
    assert current @ surface.area == pytest.approx(-10.0 * surface.area.sum(), rel=1e-6)
    assert surface.position[:, 1].max() == 0.0
    balance = max(abs(b.mismatch) for b in result.balances)
    assert balance < 1e-9


@pytest.mark.parallel([1, 2, 3])
def test_slow_kinetics_spread_the_current_over_the_true_area() -> None:
    case = rough(WAVE, drawn())
    surface = solve(case, MPI.COMM_WORLD).surface
    length, _ = stretched(case)
    assert surface.area.sum() == pytest.approx(length, rel=2e-3)
    assert surface.projected_area.sum() == pytest.approx(WIDTH, rel=1e-9)
    current = surface.values["current_density"]
    assert current @ surface.area == pytest.approx(-10.0 * WIDTH, rel=1e-6)
    assert current == pytest.approx(-10.0 * WIDTH / length, rel=5e-3)
