"""Cases solved between particles: currents, balances, limits."""

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.run import solve

from .patches import drawn, patch

SELF = MPI.COMM_SELF


def spread_over(material: str, **packing: float) -> tuple[float, float, float]:
    """True area of the surface over its projection, extremes of the current there [A/m2]."""
    result = solve(patch(drawn(**packing), material=material), SELF)
    surface = result.surface
    current = surface.values["current_density"]
    return float(surface.area.sum() / 2e-7), float(current.min()), float(current.max())


def test_no_current_passes_particles_that_do_not_conduct() -> None:
    area, low, high = spread_over("TiO2")
    assert area == pytest.approx(1.0)
    # Kinetics are slow against 200 nm of liquid: the current is that of a bare metal.
    assert low == pytest.approx(-10.0, rel=1e-3)
    assert high == pytest.approx(-10.0, rel=1e-3)


def test_particles_of_silver_share_the_current_with_the_metal() -> None:
    area, low, high = spread_over("Ag")
    assert area > 3.0
    assert low == pytest.approx(-10.0 / area, rel=1e-2)
    assert high == pytest.approx(-10.0 / area, rel=1e-2)


def test_faster_kinetics_are_on_the_particles_alone() -> None:
    case = patch(drawn(exchange_current_density_factor=4.0), material="Ag")
    surface = solve(case, SELF).surface
    current, height = surface.values["current_density"], surface.position[:, -1]
    on_metal, on_particles = current[height == 0.0], current[height > 1e-9]
    assert np.mean(on_particles) / np.mean(on_metal) == pytest.approx(4.0, rel=1e-2)
    assert current @ surface.area == pytest.approx(-10.0 * 2e-7, rel=1e-6)


def test_second_order_cells_give_the_same_voltage() -> None:
    values = []
    for order in (1, 2):
        case = patch(drawn(), level="concentrated", mesh={"order": order})
        values.append(solve(case, SELF).potential)
    assert values[1] == pytest.approx(values[0], rel=1e-4)
