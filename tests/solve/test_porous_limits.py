"""The current of a porous electrode far from equilibrium, even and confined by ohmic drops.

Newman & Tobias, J. Electrochem. Soc. 109 (1962) 1183: of Tafel's law in closed form; what lies
between that and the linear law by an independent integration.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, cos, log, pi, sqrt
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_bvp
from scipy.optimize import brentq

from zinterphase.cell.electrodes import cell_of
from zinterphase.run import solve

from .test_full_cell import CONDUCTIVITY, THICKNESS, ohmic

ALPHA = 0.5


@dataclass(frozen=True)
class Host:
    """Conductivities of liquid and solid [S/m], a i0 [A/m3], RT/F [V]; what was found [V]."""

    k: float
    s: float
    exchange: float
    voltage: float
    drop: float


def solved(law: dict[str, Any], solid: str, current: float) -> Host:
    """``current`` [A/m2] oxidises iodide; the drop is from the collector to the separator."""
    case = ohmic(law, solid, -current)
    found = solve(case).voltage
    assert found is not None
    cell, medium = cell_of(case), case.layer("host").medium
    assert cell.counter is not None
    exchange = cell.counter.surface.main.equilibrium.exchange_current_density
    return Host(
        CONDUCTIVITY * medium.ionic_conductivity_factor,
        medium.electronic_conductivity,
        medium.specific_area * exchange,
        cell.bulk.thermal_voltage,
        -(found.counter_kinetic + found.ohmic["host"] + found.electronic),
    )


def across(host: Host, current: float, front: float, back: float) -> float:
    """Drop by the overpotentials at the separator and at the collector."""
    ohmic_part = front - back + current * THICKNESS / host.s
    return back + ohmic_part / (1 + host.k / host.s)


def tafel(exchange: float) -> dict[str, Any]:
    return {
        "form": "tafel", "alpha_a": ALPHA, "alpha_c": 0.0, "orders": {},
        "exchange_current_density": f"{exchange} A/m^2",
    }  # fmt: skip


def by_newman_and_tobias(host: Host, current: float) -> tuple[float, float]:
    """Overpotentials at both ends: u = alpha eta f with u'' = beta e^u has e^u = 2 t^2/beta
    sec^2(t x - psi), where the ends fix t and psi."""
    steep = ALPHA / host.voltage
    beta = steep * host.exchange * (1 / host.k + 1 / host.s)
    front, back = steep * current / host.k, steep * current / host.s

    def open_by(t: float) -> float:
        return t * THICKNESS - atan(front / (2 * t)) - atan(back / (2 * t))

    t = brentq(open_by, 1e-9 / THICKNESS, pi / THICKNESS, rtol=1e-14)
    psi = atan(front / (2 * t))
    ends = (-psi, t * THICKNESS - psi)
    at_front, at_back = (log(2 * t**2 / beta / cos(angle) ** 2) / steep for angle in ends)
    return at_front, at_back


@pytest.mark.parametrize(
    ("current", "solid"),
    [(10.0, "1e4 S/m"), (100.0, "50 S/m"), (3000.0, "1e4 S/m"), (3000.0, "1 S/m")],
)
def test_tafel_s_law_with_and_without_ohmic_control(current: float, solid: str) -> None:
    host = solved(tafel(1e-3), solid, current)
    expected = across(host, current, *by_newman_and_tobias(host, current))
    assert host.drop == pytest.approx(expected, rel=1e-3)


def test_slopes_are_tafel_s_and_twice_that_under_ohmic_control() -> None:
    for low, high, slope in ((0.1, 1.0, 1.0), (2e4, 6e4, 2.0)):
        first, second = (solved(tafel(1e-3), "1e6 S/m", i) for i in (low, high))
        found = ALPHA * (second.drop - first.drop) / (second.voltage * log(high / low))
        assert found == pytest.approx(slope, rel=5e-2)
    # The thickness counts no more: i = sqrt(2 k a i0 V/alpha) e^(alpha eta/2V).
    deep = sqrt(2 * second.k * second.exchange * second.voltage / ALPHA)
    expected = 2 * second.voltage / ALPHA * log(6e4 / deep)
    assert second.drop == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize(("current", "solid"), [(50.0, "50 S/m"), (1000.0, "5 S/m")])
def test_between_linear_and_tafel_as_integrated_independently(current: float, solid: str) -> None:
    host = solved({"exchange_current_density": "0.1 A/m^2"}, solid, current)

    def slopes(x: Any, y: Any) -> Any:
        eta = y[0] / host.voltage
        source = host.exchange * (np.exp(ALPHA * eta) - np.exp(-(1 - ALPHA) * eta))
        return np.vstack([y[1], (1 / host.k + 1 / host.s) * source])

    def ends(left: Any, right: Any) -> Any:
        return np.array([left[1] + current / host.k, right[1] - current / host.s])

    grid = np.linspace(0.0, THICKNESS, 201)
    guess = np.vstack([np.full_like(grid, 0.05), np.zeros_like(grid)])
    found = solve_bvp(slopes, ends, grid, guess, tol=1e-8, max_nodes=20000)
    assert found.success
    expected = across(host, current, found.y[0, 0], found.y[0, -1])
    assert host.drop == pytest.approx(expected, rel=1e-3)
