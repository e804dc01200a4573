"""Growth of a corrugated electrode against an independent solution, and in its limits."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt

import numpy as np
import pytest
from scipy.sparse import diags_array
from scipy.sparse.linalg import spsolve

from zinterphase.physics.polarisation import (
    apparent_conductivity,
    apparent_conductivity_of_ions,
)
from zinterphase.physics.stability import (
    capillarity,
    current_response,
    growth_rate,
    polarisation_weight,
)
from zinterphase.physics.waves import Stratum, way
from zinterphase.scales import FARADAY

KAPPA, CURRENT, RESISTANCE = 5.65, 10.0, 25.7e-4
METAL = 9.157e-6 / (2 * FARADAY)
CAPILLARY = capillarity(0.9, METAL)
LENGTHS = np.array([2e-6, 10e-6, 60e-6, 400e-6])
WAVES = 2 * np.pi / LENGTHS
THICK = Stratum(inf, KAPPA)


def responses(
    k: np.ndarray, *strata: Stratum, resistance: float = RESISTANCE, capillary: float = CAPILLARY
) -> np.ndarray:
    return current_response(k, CURRENT, resistance, capillary, [(1.0, way(k, strata))])


def bare(k: np.ndarray, kappa: float = KAPPA) -> np.ndarray:
    return k * (CURRENT - kappa * CAPILLARY * k**2) / (1 + RESISTANCE * kappa * k)


# -- an independent solution: finite differences on the straightened cell ------------------------

CELLS = 3000


def straightened(
    k: float, strata: Sequence[Stratum], mean: float, wave: float
) -> tuple[float, float]:
    """Drop beside the metal, by finite differences, at a mean current and at an imposed wave of it.

    With y = Y + d(Y) cos kx the layers are straight and nothing jumps: to first order
    (ky v' - i d')' = k^2 kx (v - d i/ky) for v cos kX, the potential that moves along.
    """
    faces = [1.0, *(1.0 if s.rides else 0.0 for s in strata[:-1]), 0.0]
    nodes, across, along, lifted = [0.0], [], [], [1.0]
    for layer, low, high in zip(strata, faces, faces[1:], strict=False):
        # Cells that grow away from the lower face, where the wave is.
        part = np.sinh(6.0 * np.linspace(0, 1, CELLS + 1)[1:]) / np.sinh(6.0)
        nodes += list(nodes[-1] + layer.thickness * part)
        lifted += list(low + (high - low) * part)
        across += [layer.conductivity] * CELLS
        along += [layer.conductivity * layer.lateral] * CELLS
    y, d, ky, kx = map(np.array, (nodes, lifted, across, along))
    step = np.diff(y)
    flux = ky / step
    # Half of each cell belongs to either node.
    mass = np.zeros_like(y)
    mass[:-1] += k**2 * kx * step / 2
    mass[1:] += k**2 * kx * step / 2
    source = np.zeros_like(y)
    pulled = k**2 * kx / ky * mean * step / 2
    source[:-1] += pulled * d[:-1] - mean * np.diff(d) / step
    source[1:] += pulled * d[1:] + mean * np.diff(d) / step
    source[0] -= wave
    main = mass.copy()
    main[:-1] += flux
    main[1:] += flux
    matrix = diags_array([-flux[:-1], main[:-1], -flux[:-1]], offsets=[-1, 0, 1])
    return float(spsolve(matrix.tocsc(), source[:-1])[0]), float(y[-1])


def independent(k: float, ways: Sequence[tuple[float, Sequence[Stratum]]]) -> float:
    """i1/a from the drops of all ways at no wave of current and at one."""
    reached = sum(w * straightened(k, strata, CURRENT, 0.0)[0] for w, strata in ways)
    lost = sum(w * straightened(k, strata, 0.0, 1.0)[0] for w, strata in ways)
    return (reached - CAPILLARY * k**2) / (RESISTANCE - lost)


STACKS = {
    "bare": [Stratum(100e-6, KAPPA)],
    "conformal": [Stratum(3e-6, KAPPA / 50, rides=True), Stratum(50e-6, KAPPA)],
    "rigid": [Stratum(3e-6, KAPPA / 50), Stratum(50e-6, KAPPA)],
    "conducts along": [Stratum(3e-6, KAPPA / 50, 8.0, rides=True), Stratum(50e-6, KAPPA)],
    "conducts across": [Stratum(3e-6, KAPPA / 5, 0.1), Stratum(50e-6, KAPPA)],
    "two films, the upper a plane": [
        Stratum(0.4e-6, KAPPA / 5, rides=True),
        Stratum(2e-6, KAPPA / 50, 2.0),
        Stratum(50e-6, KAPPA),
    ],
}


@pytest.mark.parametrize("name", STACKS)
def test_against_finite_differences(name: str) -> None:
    strata = STACKS[name]
    found = responses(WAVES, *strata)
    exact = [independent(k, [(1.0, strata)]) for k in WAVES]
    assert found == pytest.approx(exact, rel=2e-5)


def test_two_ways_of_unlike_films_against_finite_differences() -> None:
    """A film that hinders diffusion more than conduction."""
    diffusivity, t, c = 0.6e-9, 0.3, 2000.0
    diffusion = 2 * FARADAY * diffusivity / (1 - t)
    potential, rate = 0.0257 * (1 - t) * 1.05, RESISTANCE * CURRENT * 0.25
    weight = polarisation_weight(potential, rate, c)
    stacks = [
        (1.0, [Stratum(3e-6, KAPPA / 10, rides=True), Stratum(50e-6, KAPPA)]),
        (weight, [Stratum(3e-6, diffusion / 40, rides=True), Stratum(50e-6, diffusion)]),
    ]
    ways = [(w, way(WAVES, strata)) for w, strata in stacks]
    found = current_response(WAVES, CURRENT, RESISTANCE, CAPILLARY, ways)
    assert found == pytest.approx([independent(k, stacks) for k in WAVES], rel=2e-5)


@pytest.mark.parametrize(
    ("film", "levelled", "sharpened"),
    [
        ([Stratum(1e-6, KAPPA / 1000, rides=True)], 1.108e-2, 1.046e-2),
        ([Stratum(1e-6, KAPPA / 1000)], 6.490e-2, 6.428e-2),
        ([], 6.886e-5, -5.87e-4),
    ],
)
def test_numbers_of_a_two_dimensional_solution(
    film: list[Stratum], levelled: float, sharpened: float
) -> None:
    """i1/(i a) [1/um] of 10 um waves below 1 um of film, without and with 4.27e-11 V m."""
    k = np.array([2 * np.pi / 10e-6])
    for capillary, known in ((0.0, levelled), (4.27e-11, sharpened)):
        found = responses(k, *film, THICK, capillary=capillary) / CURRENT * 1e-6
        assert found == pytest.approx([known], rel=1e-3)


# -- limits ----------------------------------------------------------------------------------------


def test_of_bare_metal_below_a_thick_electrolyte() -> None:
    assert responses(WAVES, THICK) == pytest.approx(bare(WAVES), rel=1e-12)


@pytest.mark.parametrize("rides", [False, True])
@pytest.mark.parametrize("lateral", [1.0, 5.0])
def test_single_film_in_closed_form(rides: bool, lateral: float) -> None:
    """i1 = k {m (i - ky G k^2)(S + r C) - i (kappa/ky - 1)} / {C + r S + R g k (S + r C)}."""
    across, h = KAPPA / 30, 2e-6
    m, g = sqrt(lateral), sqrt(lateral) * across
    r, s, c = KAPPA / g, np.sinh(m * WAVES * h), np.cosh(m * WAVES * h)
    driven = m * (CURRENT - across * CAPILLARY * WAVES**2) * (s + r * c)
    driven -= CURRENT * (KAPPA / across - 1) * rides
    exact = WAVES * driven / (c + r * s + RESISTANCE * g * WAVES * (s + r * c))
    film = Stratum(h, across, lateral, rides)
    assert responses(WAVES, film, THICK) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("rides", [False, True])
def test_film_of_the_liquid_is_none(rides: bool) -> None:
    film = Stratum(5e-6, KAPPA, rides=rides)
    assert responses(WAVES, film, THICK) == pytest.approx(bare(WAVES), rel=1e-12)


def test_thin_films() -> None:
    """One that rides does nothing; a rigid one is thinner above peaks, which capillarity is not."""
    ridden, rigid = Stratum(1e-13, KAPPA / 20, rides=True), Stratum(1e-13, KAPPA / 20)
    assert responses(WAVES, ridden, THICK) == pytest.approx(bare(WAVES), rel=1e-5)
    driven = WAVES * (20 * CURRENT - KAPPA * CAPILLARY * WAVES**2)
    exact = driven / (1 + RESISTANCE * KAPPA * WAVES)
    assert responses(WAVES, rigid, THICK) == pytest.approx(exact, rel=1e-5)


@pytest.mark.parametrize("rides", [False, True])
def test_thick_film_is_all_there_is(rides: bool) -> None:
    film = Stratum(1.0, KAPPA / 20, rides=rides)
    found = responses(WAVES, film, THICK)
    assert found == pytest.approx(bare(WAVES, KAPPA / 20), rel=1e-12)


def test_gap_to_an_equipotential_plane() -> None:
    """tanh(k L) of the electrolyte's impedance; a resistance behind a narrow gap is in series."""
    long = np.array([1e3])
    shunted = np.tanh(long * 200e-6) / (KAPPA * long)
    found = responses(long, Stratum(200e-6, KAPPA), capillary=0.0)
    assert found == pytest.approx(CURRENT / KAPPA / (RESISTANCE + shunted), rel=1e-12)
    narrow = way(np.array([1.0]), [Stratum(1e-6, KAPPA)], beyond=3e-3)
    assert narrow.impedance == pytest.approx([3e-3 + 1e-6 / KAPPA], rel=1e-6)


def test_salt_that_films_hinder_as_they_do_the_current_is_a_conductivity() -> None:
    """With equal factors of conduction and diffusion both ways are one, of kappa_app."""
    diffusivity, t, slope, c, thermal = 0.6e-9, 0.3, 1.05, 2000.0, 0.0257
    order = 0.25
    rate = RESISTANCE * CURRENT * order
    apparent = apparent_conductivity(KAPPA, diffusivity, t, slope, c, (2, -2), thermal, rate)
    weight = polarisation_weight(thermal * (1 - t) * slope, rate, c)
    diffusion = 2 * FARADAY * diffusivity / (1 - t)

    def below(conductivity: float) -> list[Stratum]:
        return [Stratum(2e-6, conductivity / 30, 3.0, rides=True), Stratum(2e-4, conductivity)]

    ways = [(1.0, way(WAVES, below(KAPPA))), (weight, way(WAVES, below(diffusion)))]
    found = current_response(WAVES, CURRENT, RESISTANCE, CAPILLARY, ways)
    assert found == pytest.approx(responses(WAVES, *below(apparent)), rel=1e-12)


def test_ions_polarise_as_their_salt_does_and_less_with_others() -> None:
    """Nernst and Einstein's salt from single ions; in excess of others diffusion alone is left."""
    plus, minus, c, thermal, rate = 0.7e-9, 1.06e-9, 50.0, 0.0257, 4e-3
    total = plus + minus
    kappa = FARADAY * 4 * c * total / thermal
    salt = apparent_conductivity(
        kappa, 2 * plus * minus / total, plus / total, 1.0, c, (2, -2), thermal, rate
    )
    ions = apparent_conductivity_of_ions(plus, c, 2, 4 * c, thermal, rate)
    assert ions == pytest.approx(salt, rel=1e-12)
    supported = apparent_conductivity_of_ions(plus, c, 2, 1e9, thermal, rate)
    assert supported == pytest.approx(2 * FARADAY * plus * c / (thermal / 2 + rate), rel=1e-6)


def test_capillarity_cuts_off_and_stripping_levels() -> None:
    cut = sqrt(CURRENT / (KAPPA * CAPILLARY))
    assert 2 * np.pi / cut == pytest.approx(31e-6, rel=0.02)
    around = responses(cut * np.array([0.999, 1.0, 1.001]), THICK)
    assert around[0] > 0 > around[2]
    assert abs(around[1]) < 1e-6 * abs(around[0])
    away = current_response(WAVES, -CURRENT, RESISTANCE, CAPILLARY, [(1.0, way(WAVES, [THICK]))])
    assert (away < 0).all()


def test_rate_of_primary_distribution_and_of_pores() -> None:
    """Bare zinc at 1 mA/cm2 without kinetic resistance grows fastest at 54 um, by e in 7.5 h."""
    k = np.geomspace(1e3, 1e6, 4001)
    rates = growth_rate(responses(k, THICK, resistance=0.0), METAL)
    best = int(np.argmax(rates))
    assert 2e6 * np.pi / k[best] == pytest.approx(54, rel=0.01)
    assert 1 / rates[best] / 3600 == pytest.approx(7.5, rel=0.01)
    assert growth_rate(np.ones(1), METAL, 0.4) == pytest.approx(METAL / 0.4)


def test_waves_of_any_length_are_numbers() -> None:
    k = np.geomspace(1e-3, 1e12, 61)
    film = Stratum(1e-5, KAPPA / 1e5, 100.0, rides=True)
    assert np.isfinite(responses(k, film, Stratum(2e-4, KAPPA))).all()
