"""Nuclei that are born, grow and meet: limits at constant potential, statistics of their places."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from zinterphase.case import Case
from zinterphase.physics.nuclei import clustering, places, scharifker_hills
from zinterphase.solve.control import Drive

from .marching import March, symmetric
from .walls import NEWTON, patchy

DENSITY = 1e12
BEGIN = 1e-9


def march_of(rate: float, more: str = "") -> March:
    """Zinc on a substrate that overcomes its barrier at 80 mV, against a reservoir."""
    nuclei = f'nuclei = {{density = "{DENSITY} 1/m^2", rate = "{rate} 1/s"{more}}}'
    text = symmetric(
        "secondary",
        1e-6,
        ["rest for 1 s"],
        cells=2,
        kinetics=f'nucleation = {{overpotential = "20 mV", coverage = {BEGIN}, {nuclei}}}',
        more="time.rtol = 1e-5",
    )
    return March(text.replace('counter.type = "electrode"', 'counter.type = "reservoir"'))


def covered(march: March, overpotential: float, duration: float, count: int) -> np.ndarray:
    """Time, coverage and current [A/m2] after each step at a potential [V]."""
    problem, stepper = march.problem, march.stepper
    potential = overpotential / problem.bulk.thermal_voltage
    stepper.switch(lambda time: Drive.by_potential(potential), duration / count, 1)
    rows = []
    for _ in range(count):
        stepper.accept(stepper.attempt(duration / count))
        (held,) = stepper.now.stored.surfaces.values()
        current = problem.terminal_current / problem.projected_area
        rows.append((stepper.now.time, held[0, 0], current, held[0, 5]))
    return np.array(rows)


def growth(march: March, overpotential: float) -> float:
    """Of radii over the distance of sites [1/s], the liquid's resistance left out."""
    law = march.problem.working.surface.main.reaction
    eta = overpotential / march.problem.bulk.thermal_voltage
    current = law.equilibrium.exchange_current_density * (np.exp(1.5 * eta) - np.exp(-0.5 * eta))
    return float(-current * march.probe.deposits["working"].volume * DENSITY**0.5)


@pytest.mark.parametrize("kind", ["instantaneous", "progressive"])
def test_coverage_follows_avrami(kind: str) -> None:
    """theta = 1 - exp(-pi N v^2 t^2), or with t^3 A/3 where births are few: Avrami (1939)."""
    rate = 1e6 if kind == "instantaneous" else 1e-6
    march = march_of(rate)
    speed = growth(march, -0.08)
    power, factor = (2, np.pi * speed**2) if rate > 1 else (3, np.pi * speed**2 * rate / 3)
    duration = (2.0 / factor) ** (1 / power)
    rows = covered(march, -0.08, duration, 200)
    expected = 1 - np.exp(-factor * rows[:, 0] ** power)
    assert np.abs(rows[:, 1] - expected).max() < 1e-2
    # The current that covers all is met from below, without a maximum: no diffusion here.
    assert np.all(np.diff(rows[1:, 2]) < 0)
    born = rows[-1, 3] * DENSITY
    if kind == "instantaneous":
        assert born == pytest.approx(DENSITY, rel=2e-2)
    else:
        visible = np.trapezoid(1 - expected, rows[:, 0]) * rate * DENSITY
        assert born == pytest.approx(visible, rel=2e-2)


def test_births_follow_the_overpotential() -> None:
    """exp(-(V/eta)^2): twice the overpotential, a quarter of the exponent."""
    numbers = []
    for overpotential in (-0.1, -0.2):
        march = march_of(1e-9, ', activation = "200 mV"')
        rows = covered(march, overpotential, 1e-3, 10)
        numbers.append(rows[-1, 3])
    assert np.log(numbers[1] / numbers[0]) == pytest.approx(4.0 - 1.0, abs=0.1)


def test_places_come_from_the_seed_and_keep_their_distance() -> None:
    extents, density = (60e-6, 60e-6), 1e12
    free = places(extents, density, 0.0, 5)
    assert np.array_equal(free, places(extents, density, 0.0, 5))
    assert len(free) == pytest.approx(3600, abs=5 * 60)
    # Of points at random the mean nearest distance is half of density^-1/2 (Clark & Evans 1954).
    nearest = cKDTree(free).query(free, k=2)[0][:, 1]
    assert nearest.mean() == pytest.approx(0.5 * density**-0.5, rel=0.05)
    apart = places(extents, density, 0.5e-6, 5)
    assert cKDTree(apart).query(apart, k=2)[0][:, 1].min() >= 0.5e-6
    field = clustering(np.random.default_rng(1).random((20000, 2)) * 60e-6, free, extents, 2e-6)
    assert field.mean() == pytest.approx(1.0, abs=0.02)


def test_the_union_of_discs_is_that_of_the_extended_area() -> None:
    """Seeded places with growing diffusion zones give Scharifker & Hills' reduced transient."""
    extents, density = (100e-6, 100e-6), 1e12
    points = places(extents, density, 0.0, 3)
    samples = np.random.default_rng(4).random((20000, 2)) * extents
    distance = cKDTree(np.concatenate([points + shift for shift in _images(extents)])).query(
        samples
    )[0]
    time = np.linspace(0.02, 4.0, 400)  # zones of area k D t, in units of 1/N
    theta = np.array([(np.pi * distance**2 * density < t).mean() for t in time])
    current = theta / np.sqrt(time)
    largest = current.max()
    at = time[current.argmax()]
    expected = scharifker_hills(time / at, progressive=False)
    assert at == pytest.approx(1.2564, rel=0.06)
    assert np.abs((current / largest) ** 2 - expected).max() < 0.03


def _images(extents: tuple[float, float]) -> list[tuple[float, float]]:
    return [(i * extents[0], j * extents[1]) for i in (-1, 0, 1) for j in (-1, 0, 1)]


@pytest.mark.parametrize("progressive", [False, True])
def test_reduced_transients_have_their_maximum_at_one(progressive: bool) -> None:
    time = np.linspace(0.5, 1.5, 2001)
    found = scharifker_hills(time, progressive=progressive)
    assert found.max() == pytest.approx(1.0, abs=1e-4)
    assert time[found.argmax()] == pytest.approx(1.0, abs=2e-3)


def test_seeds_give_other_maps_of_the_same_mean() -> None:
    nuclei = 'nuclei = {density = "1 1/um^2", rate = "1 1/s"}'
    text = patchy("facets").replace("growth = 0.2", nuclei)
    text = "\n".join(line for line in text.splitlines() if not line.startswith("alloying"))
    assert nuclei in text
    march = March(text)
    march.run()
    held = march.stepper.now.stored.surfaces["working.silver.deposition"]
    assert np.ptp(held[:, 2]) > 0.05
    assert all(sample.mismatch < NEWTON for sample in march.journal.passed[-1].samples[1:])
    case: Case = march.case
    again = case.with_seed(7).kinetics["silver"].nuclei
    assert again is not None
    assert again.seed == 7
