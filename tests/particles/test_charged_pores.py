"""Ions in charged pores against Poisson and Boltzmann's closed forms."""

from dataclasses import replace

import numpy as np
import pytest
import scipy
from mpi4py import MPI

from zinterphase.geometry.particles.build import build_particles
from zinterphase.geometry.raw import PARTICLES, Floats, RawMesh, oriented
from zinterphase.mesh import Domain
from zinterphase.upscale.poisson_boltzmann import charged_pores, thin_layers
from zinterphase.upscale.walls import Walls

from .cells import HALF, lattice

SELF = MPI.COMM_SELF


def slit(half_width: float, count: int = 60) -> Domain:
    """From a charged wall at x = 0 to the middle of a slit; cells are finer at the wall."""
    x = half_width * np.linspace(0.0, 1.0, count + 1) ** 2
    points = np.array([[a, b] for b in (0.0, half_width) for a in x])
    k = np.arange(count)
    n = count + 1
    cells = np.concatenate(
        [np.column_stack([k, k + 1, k + n]), np.column_stack([k + 1, k + n + 1, k + n])]
    )
    return Domain.create(
        SELF,
        RawMesh(
            points,
            oriented(points, cells.astype(np.int64)),
            np.ones(2 * count, dtype=np.int32),
            np.array([[0, n]]),
            np.array([1], dtype=np.int32),
            {"film": 1},
            {f"{PARTICLES}film": 1},
        ),
    )


def cylinder(radius_over_half: float) -> Domain:
    """The inside of a quarter of a disk, whose arc is charged."""
    solid = np.pi * radius_over_half**2 / 4.0
    recipe = replace(lattice(2, solid, 2.0), solid=True)
    return Domain.create(SELF, build_particles(recipe))


@pytest.mark.parametrize("wide", [0.2, 1.0, 5.0])
def test_a_weakly_charged_slit_has_a_hyperbolic_cosine(wide: float) -> None:
    walls = 1e-3
    found = charged_pores(slit(wide), "film", Walls(walls), 1.0)
    assert found.mean_potential == pytest.approx(walls / wide, rel=1e-5)  # the sum of charges
    # <psi^2> of walls cosh(x)/sinh(wide), seen in both ions together
    x = np.linspace(0.0, wide, 20001)
    psi = walls * np.cosh(x) / np.sinh(wide)
    square = scipy.integrate.simpson(psi**2, x=x) / wide
    assert 0.5 * (found.co_ions + found.counter_ions) - 1.0 == pytest.approx(0.5 * square, rel=1e-4)


@pytest.mark.parametrize("ratio", [0.5, 3.0])
def test_a_weakly_charged_cylinder_has_bessel_functions(ratio: float) -> None:
    walls, radius = 1e-3, 0.8 * HALF
    length = radius / ratio
    found = charged_pores(cylinder(0.8), "film", Walls(walls), length)
    assert found.mean_potential == pytest.approx(2.0 * walls / ratio, rel=1e-5)
    r = np.linspace(0.0, ratio, 20001)
    psi = walls * scipy.special.iv(0, r) / scipy.special.iv(1, ratio)
    square = 2.0 * scipy.integrate.simpson(psi**2 * r, x=r) / ratio**2
    assert 0.5 * (found.co_ions + found.counter_ions) - 1.0 == pytest.approx(0.5 * square, rel=1e-3)


def exact_slit(wide: float, walls: Walls) -> Floats:
    """Potential of a slit over x from the wall, by collocation on psi'' = sinh psi."""
    x = wide * np.linspace(0.0, 1.0, 400) ** 2
    guess = np.zeros((2, x.size))
    solution = scipy.integrate.solve_bvp(
        lambda _, y: np.vstack([y[1], np.sinh(y[0])]),
        lambda a, b: np.array([a[1] + walls.density(a[0], np.tanh), b[1]]),
        x,
        guess,
        tol=1e-9,
        max_nodes=100_000,
    )
    fine = np.linspace(0.0, wide, 40001)
    return np.asarray(solution.sol(fine)[0])


def test_a_strongly_charged_slit_has_the_nonlinear_solution() -> None:
    wide, walls = 2.0, 6.0
    found = charged_pores(slit(wide), "film", Walls(walls), 1.0)
    psi = exact_slit(wide, Walls(walls))
    co = scipy.integrate.simpson(np.exp(-psi), dx=wide / 40000) / wide
    assert found.co_ions == pytest.approx(co, rel=1e-5)
    assert found.counter_ions - found.co_ions == pytest.approx(2.0 * found.smeared, rel=1e-8)


def test_thin_double_layers_keep_out_what_gouy_and_chapman_say() -> None:
    wide, walls = 40.0, 4.0
    found = charged_pores(slit(wide, 200), "film", Walls(walls), 1.0)
    potential = 2.0 * np.arcsinh(walls / 2.0)
    lost = 2.0 * (1.0 - np.exp(-potential / 2.0))  # negative adsorption over c length
    assert 1.0 - found.co_ions == pytest.approx(lost / wide, rel=1e-4)
    assert found.smeared / found.apparent > 2.0
    closed = thin_layers(Walls(walls), 1.0, 1.0 / wide)
    assert closed.co_ions == pytest.approx(found.co_ions, rel=1e-4)
    assert closed.counter_ions == pytest.approx(found.counter_ions, rel=1e-3)
    assert closed.mean_potential == pytest.approx(found.mean_potential, rel=1e-3)
    assert closed.apparent == pytest.approx(found.apparent, rel=1e-3)


def test_narrow_pores_have_one_potential() -> None:
    found = charged_pores(slit(0.05), "film", Walls(0.05), 1.0)
    assert found.smeared == pytest.approx(1.0)
    assert found.apparent == pytest.approx(1.0, rel=1e-3)
    assert found.mean_potential == pytest.approx(found.donnan_shift, rel=1e-3)


SITES = Walls(0.5, 12.0, -4.0, 0.5)
"""Of both signs; those with a proton are few, and the charge is that of the others."""


@pytest.mark.parametrize("wide", [0.3, 2.0])
def test_sites_of_a_slit_take_up_what_its_potential_leaves_them(wide: float) -> None:
    walls = SITES.turned()
    psi = exact_slit(wide, walls)
    found = charged_pores(slit(wide), "film", walls, 1.0)
    assert found.walls == pytest.approx(walls.density(psi[0]), rel=1e-5)
    assert 0.0 < found.walls < walls.at_plane < walls.density(0.0)
    co = scipy.integrate.simpson(np.exp(-psi), dx=wide / 40000) / wide
    assert found.co_ions == pytest.approx(co, rel=1e-5)
    assert found.smeared == pytest.approx(found.walls / wide, rel=1e-6)


@pytest.mark.parametrize("excess", [-30.0, -4.0, 0.2, 4.0])
def test_walls_at_a_plane_are_those_of_a_wide_slit(excess: float) -> None:
    walls = replace(SITES, excess=excess)
    assert walls.turned().at_plane == pytest.approx(-walls.at_plane, rel=1e-9)
    upwards = walls if walls.at_plane > 0.0 else walls.turned()
    found = charged_pores(slit(30.0, 400), "film", upwards, 1.0)
    assert found.walls == pytest.approx(upwards.at_plane, rel=1e-4)
