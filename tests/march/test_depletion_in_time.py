"""How the salt is used up at constant current: closed forms."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest

from zinterphase.scales import FARADAY

from .marching import marched, symmetric

DIFFUSIVITY, TRANSFERENCE = 4.2e-10, 0.3
PLUS = DIFFUSIVITY / (2 * (1 - TRANSFERENCE))
MINUS = DIFFUSIVITY / (2 * TRANSFERENCE)


def constant_salt(concentration: float) -> str:
    """A 2:2 salt of :data:`DIFFUSIVITY` and :data:`TRANSFERENCE` as its ions."""
    ions = (("Zn2+", 2, PLUS), ("SO4 2-", -2, MINUS))
    tables = ", ".join(
        f'{{name = "{name}", charge = {charge}, diffusivity = "{diffusivity!r} m^2/s", '
        f'concentration = "{concentration!r} mol/m^3"}}'
        for name, charge, diffusivity in ions
    )
    return f"species = [{tables}]"


@pytest.mark.parametrize("current", [10.0, 50.0, 1000.0])
def test_plated_and_stripped_until_steady(current: float) -> None:
    """Reference 15b, `c_cathode_without_cVm_term`: electrodes at rest, D, t+ constant."""
    expected = {10.0: 1991.3631086197815, 50.0: 1956.8155430989077, 1000.0: 1136.310861978152}
    length, bulk = 200e-6, 2000.0
    text = symmetric(
        "electroneutral",
        length,
        [
            f"plate at {current} A/m^2 for 400 s",
            "rest for 400 s",
            f"strip at {current} A/m^2 for 400 s",
        ],
        cells=60,
        electrolyte=constant_salt(bulk),
    )
    plated, rested, stripped = marched(text)
    near = 1e-4 * (bulk - expected[current])
    assert plated.last.concentration_working == pytest.approx(expected[current], abs=near)
    assert rested.last.concentration_working == pytest.approx(bulk, abs=near)
    assert stripped.last.concentration_counter == pytest.approx(expected[current], abs=near)
    assert stripped.last.thickness == pytest.approx(0.0, abs=1e-12 * plated.last.thickness)


def test_time_of_sand() -> None:
    """Depletion of half and of 99 % of the salt at the electrode, c0 - c = c0 sqrt(t/tau) with
    tau = pi D (z F c0/(2 (1 - t+) i))^2, the cell so long that it looks endless (e^-20)."""
    bulk, current = 100.0, 200.0
    tau = pi * DIFFUSIVITY * (FARADAY * bulk / ((1 - TRANSFERENCE) * current)) ** 2
    length = 10 * np.sqrt(DIFFUSIVITY * tau)
    steps = [
        f"plate at {current} A/m^2 until concentration <= {share * bulk} mol/m^3"
        for share in (0.5, 0.01)
    ]
    text = symmetric(
        "electroneutral",
        float(length),
        steps,
        cells=800,
        electrolyte=constant_salt(bulk),
    )
    half, nearly = marched(text)
    assert half.duration == pytest.approx(0.25 * tau, rel=1e-3)
    assert half.duration + nearly.duration == pytest.approx(0.99**2 * tau, rel=1e-3)


def test_square_wave_is_periodic() -> None:
    """After a few periods of plating and stripping the concentration at the electrode repeats;
    the sum over the modes of a finite cell, of which the slowest forgets e^-13 in that time."""
    bulk, current, half = 100.0, 20.0, 1.0
    length = 50e-6
    text = symmetric(
        "electroneutral",
        length,
        [
            f'{{label = "wave", repeat = 4, steps = ["plate at {current} A/m^2 for {half} s", '
            f'"strip at {current} A/m^2 for {half} s"]}}'
        ],
        cells=100,
        electrolyte=constant_salt(bulk),
        more="time.rtol = 2e-5",
    )
    passed = marched(text)
    gradient = current * (1 - TRANSFERENCE) / (2 * FARADAY * DIFFUSIVITY)
    odd = np.arange(1, 4001, 2)
    rates = odd**2 * pi**2 * DIFFUSIVITY / length**2
    # Each mode: a' = -r (a + b s) with s = +-1 has the periodic end value -b tanh(r T/2).
    end = gradient * 4 * length / pi**2 * np.sum(np.tanh(rates * half / 2) / odd**2)
    near = 1e-3 * end
    assert passed[-2].last.concentration_working == pytest.approx(bulk - end, abs=near)
    assert passed[-1].last.concentration_working == pytest.approx(bulk + end, abs=near)
