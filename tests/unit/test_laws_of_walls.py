"""Closed forms of a wall's state at the end of a step of time, against the equations they solve."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from zinterphase.physics.alloying import activity_pieces, surface_composition
from zinterphase.physics.coverage import grown_share, left_share

PHASES = [(0.16, 3.9), (0.533, 1.36), (1.0, 0.39)]


def activity(x: float) -> float:
    """The lever rule between pure host and the phases."""
    points = [(0.0, 0.0), *((c, np.exp(-2 * u)) for c, u in PHASES)]
    return float(np.interp(x, *zip(*points, strict=True)))


@pytest.mark.parametrize("x", [0.0, 0.1, 0.16, 0.3, 0.533, 0.9, 1.0])
def test_activity_is_the_largest_of_its_lines(x: float) -> None:
    lines = activity_pieces(PHASES, 2)
    assert max(b + s * x for b, s in lines) == pytest.approx(activity(x), rel=1e-12)


def test_an_activity_that_is_not_convex_is_refused() -> None:
    with pytest.raises(ValueError, match="convex"):
        activity_pieces([(0.16, 0.5), (0.533, 0.4), (1.0, 0.39)], 2)


@pytest.mark.parametrize("eta", [-4.0, -1.0, 0.0, 1.0, 3.0, 6.0])
@pytest.mark.parametrize("resting", [1e-3, 0.2, 0.7, 0.999])
def test_the_surface_balances_diffusion_and_rate_law(eta: float, resting: float) -> None:
    dissolving, depositing = 15 * np.exp(1.5 * eta), 15 * np.exp(-0.5 * eta)
    resistance = 0.01
    found = surface_composition(
        float(dissolving), float(depositing), resting, resistance, activity_pieces(PHASES, 2)
    )

    def excess(x: float) -> float:
        return float(x - resting + resistance * (activity(x) * dissolving - depositing))

    expected = 1.0 if excess(1.0) < 0 else brentq(excess, -1.0, 1.0, xtol=1e-15)
    assert found == pytest.approx(expected, abs=1e-12)


def test_coverage_grows_as_its_equation_says() -> None:
    growth, rate, earlier = 2.0, 5.0, -1.5
    share = grown_share(growth, rate, earlier)
    assert rate * share + earlier == pytest.approx((1 - share) * growth)


@pytest.mark.parametrize("earlier", [-10.0, 10.0])
def test_coverage_stays_between_none_and_all(earlier: float) -> None:
    assert grown_share(0.1, 5.0, earlier) == (1.0 if earlier < 0 else 0.0)


def test_the_last_monolayer_uncovers_the_substrate() -> None:
    rate, earlier, loss = 5.0, -3.0, 2.0
    share = left_share(0.9, loss, 0.0, rate, earlier)
    metal = (-share * loss - earlier) / rate
    assert share == pytest.approx(metal)
    assert left_share(0.9, loss, 0.0, rate, -50.0) == 0.9
    assert left_share(0.9, loss, 0.0, rate, 1.0) == 0.0
