"""The first potential of an imposed current, for kinetics in numbers."""

from math import exp, inf, tanh

import pytest

from zinterphase.solve.first_potential import CLOSE, MOST, first_potential


class Electrode:
    """Butler-Volmer kinetics with i0 = 2 A that count how often they are asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, potential: float) -> float:
        self.asked += 1
        return 2.0 * (exp(potential) - exp(-potential))


@pytest.mark.parametrize("wanted", [-1e4, -20.0, -0.02, 3.0, 1e6])
def test_kinetics_that_are_known_give_the_potential(wanted: float) -> None:
    electrode = Electrode()
    found = first_potential(electrode, wanted, 2.0, 0.0)
    assert electrode(found) == pytest.approx(wanted, rel=2 * CLOSE, abs=4 * CLOSE)
    assert electrode.asked <= MOST


def test_no_potential_carries_more_than_the_limit() -> None:
    found = first_potential(tanh, -5.0, 1.0, 0.0)
    assert found < -2.0
    assert tanh(found) == pytest.approx(-1.0, abs=0.05)


def test_a_current_that_is_no_number_ends_the_search() -> None:
    assert first_potential(lambda potential: inf if potential < 0 else 1.0, -1.0, 1.0, 0.0) == 0.0
