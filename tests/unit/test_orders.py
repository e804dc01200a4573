"""Observed orders and grid convergence indices, on sequences whose answer is known."""

import numpy as np
import pytest

from zinterphase.observe.orders import (
    CAUTIOUS_SAFETY,
    SAFETY,
    estimate,
    formal_orders,
    grid_convergence_index,
    observed_order,
    richardson,
)

HALVED = (1.0, 0.5, 0.25, 0.125)
UNEVEN = (1.0, 0.7, 0.37, 0.28)


def power(sizes: tuple[float, ...], order: float, limit: float = 3.0, factor: float = -0.4):
    """Values limit + factor h**order."""
    return [limit + factor * h**order for h in sizes]


@pytest.mark.parametrize("sizes", [HALVED, UNEVEN])
@pytest.mark.parametrize("order", [0.25, 2 / 3, 1.0, 4 / 3, 2.0, 4.0, 6.5])
def test_order_and_limit_are_recovered_for_any_ratios(sizes, order) -> None:
    values = power(sizes, order)
    for k in (0, 1):
        found = observed_order(sizes[k : k + 3], values[k : k + 3])
        assert found == pytest.approx(order, rel=1e-6)
        assert richardson(sizes[: k + 3], values[: k + 3], found) == pytest.approx(3.0, rel=1e-9)


def test_the_example_of_the_standard() -> None:
    """Celik et al. (2008), table 1, phi = reattachment length: p = 1.53, GCI = 2.2 %."""
    sizes = tuple(1 / np.sqrt(n) for n in (4500, 8000, 18000))
    values = (5.863, 5.972, 6.063)
    order = observed_order(sizes, values)
    assert order == pytest.approx(1.53, abs=0.01)
    assert richardson(sizes, values, order) == pytest.approx(6.1685, abs=5e-4)
    index = grid_convergence_index(sizes, values, order, SAFETY) / values[-1]
    assert index == pytest.approx(0.022, abs=1e-3)


def test_confirmed_order_gives_an_error_above_the_true_one() -> None:
    found = estimate(HALVED, power(HALVED, 2.0), degree=1, tolerance=1e-12)
    assert (found.behaviour, found.confirmed) == ("asymptotic", True)
    assert found.order == pytest.approx(2.0)
    assert found.slope == pytest.approx(2.0)
    assert found.extrapolated == pytest.approx(3.0)
    assert found.error == pytest.approx(SAFETY * abs(found.value - 3.0))


@pytest.mark.parametrize(
    ("order", "meshes", "behaviour"),
    [(2.0, 3, "asymptotic"), (1.0, 3, "asymptotic"), (4 / 3, 3, "not asymptotic"),
     (4 / 3, 4, "asymptotic"), (0.3, 4, "asymptotic"), (3.0, 3, "not asymptotic")],
)  # fmt: skip
def test_an_order_that_is_not_the_elements_needs_a_fourth_mesh(order, meshes, behaviour) -> None:
    sizes = HALVED[:meshes]
    found = estimate(sizes, power(sizes, order), degree=1, tolerance=1e-12)
    assert found.behaviour == behaviour
    assert found.order == pytest.approx(order)
    if behaviour == "not asymptotic":
        assert found.extrapolated is None
        assert found.error >= abs(found.value - 3.0)


def test_an_order_above_the_elements_does_not_shrink_the_error() -> None:
    values = power(HALVED, 3.0)
    found = estimate(HALVED, values, degree=1, tolerance=1e-12)
    assert found.error == pytest.approx(SAFETY * abs(values[-1] - values[-2]) / 3.0)


def test_order_that_still_changes_is_refused() -> None:
    """A coarse mesh of which a second term is the larger part."""
    values = [1.0 + 0.1 * h**2 + 0.4 * h**6 for h in HALVED]
    found = estimate(HALVED, values, degree=2, tolerance=1e-12)
    assert (found.behaviour, found.confirmed) == ("not asymptotic", False)
    step = abs(values[-1] - values[-2])
    assert found.error >= CAUTIOUS_SAFETY * step / 15


def test_logarithm_and_growth_have_no_order() -> None:
    """The square of a current density at an edge: its integral grows with log(1/h)."""
    root = [np.sqrt(2 - np.log(h)) for h in HALVED]
    for values in ([-np.log(h) for h in HALVED], power(HALVED, -0.5), root):
        found = estimate(HALVED, values, degree=1, tolerance=1e-12)
        assert (found.behaviour, found.confirmed, found.error) == ("diverging", False, None)


def test_an_order_that_sinks_is_not_confirmed() -> None:
    """CV on a re-entrant corner of an equipotential: order 1/3, reached slowly from above."""
    sizes = tuple(0.5**k for k in range(5))
    values = [0.95062, 0.96445, 0.97323, 0.97935, 0.98391]
    found = estimate(sizes, values, degree=1, tolerance=1e-12)
    assert (found.behaviour, found.extrapolated) == ("not asymptotic", None)
    assert "0.52" in found.reason


def test_oscillation_that_shrinks_has_a_cautious_error() -> None:
    values = [1.0 + 0.1 * (-0.4) ** k for k in range(4)]
    found = estimate(HALVED, values, degree=1, tolerance=1e-12)
    assert (found.behaviour, found.order, found.extrapolated) == ("oscillating", None, None)
    assert found.error >= CAUTIOUS_SAFETY * abs(found.value - 1.0)
    assert not found.confirmed


def test_two_equal_values_after_a_change_are_not_an_oscillation() -> None:
    found = estimate(HALVED[:3], [1.1, 1.0, 1.0], degree=1, tolerance=1e-12)
    assert (found.behaviour, found.confirmed) == ("not asymptotic", False)


def test_oscillation_that_grows_diverges() -> None:
    found = estimate(HALVED[:3], [1.0, 1.1, 0.9], degree=1, tolerance=1e-12)
    assert (found.behaviour, found.error) == ("diverging", None)


def test_constant_is_exact_to_the_tolerance_of_the_solver() -> None:
    random = np.random.default_rng(1)
    values = 2.0 + 1e-10 * random.uniform(-0.5, 0.5, 4)
    found = estimate(HALVED, values, degree=1, tolerance=1e-10)
    assert (found.behaviour, found.confirmed, found.error) == ("exact", True, 1e-10)
    assert estimate(HALVED, [0.0] * 4, degree=1, tolerance=0.0).behaviour == "exact"


@pytest.mark.parametrize("seed", range(20))
def test_noise_below_the_differences_changes_the_order_little(seed) -> None:
    random = np.random.default_rng(seed)
    clean = np.array(power(HALVED, 2.0))
    noise = 0.01 * (clean[-1] - clean[-2]) * random.uniform(-1, 1, 4)
    found = estimate(HALVED, clean + noise, degree=1, tolerance=1e-12)
    assert found.behaviour == "asymptotic"
    assert found.order == pytest.approx(2.0, abs=0.06)
    assert found.error >= abs(found.value - 3.0)


def test_pure_noise_is_never_asymptotic_by_more_than_chance() -> None:
    random = np.random.default_rng(3)
    found = [
        estimate(HALVED, random.normal(1.0, 0.1, 4), degree=1, tolerance=1e-12).behaviour
        for _ in range(400)
    ]
    assert found.count("asymptotic") / 400 < 0.05


def test_quantiles_and_few_meshes_have_differences_only() -> None:
    values = power(HALVED, 2.0)
    found = estimate(HALVED, values, degree=1, tolerance=1e-12, has_order=False)
    assert (found.behaviour, found.order) == ("difference", None)
    assert found.error == pytest.approx(abs(values[-1] - values[-2]))
    two = estimate(HALVED[:2], values[:2], degree=1, tolerance=1e-12)
    assert (two.behaviour, two.confirmed) == ("unknown", False)
    assert two.error == pytest.approx(CAUTIOUS_SAFETY * abs(values[1] - values[0]))
    one = estimate(HALVED[:1], values[:1], degree=1, tolerance=1e-12)
    assert (one.behaviour, one.error) == ("unknown", None)


def test_formal_orders_and_misuse() -> None:
    assert formal_orders(1) == (1, 2)
    assert formal_orders(2) == (2, 3, 4)
    with pytest.raises(ValueError, match="fall"):
        estimate((1.0, 1.0), (1.0, 2.0), degree=1, tolerance=0.0)
    with pytest.raises(ValueError, match="as many"):
        estimate((1.0, 0.5), (1.0,), degree=1, tolerance=0.0)
