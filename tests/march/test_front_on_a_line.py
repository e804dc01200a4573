"""Fronts of a cell on a line, which translates as one electrode gains what the other loses."""

from __future__ import annotations

import pytest

from .marching import March, reference, symmetric
from .test_depletion_in_time import constant_salt

REFERENCE = reference("case15")
LENGTH, BULK = 200e-6, 2000.0


def expected(name: str) -> float:
    value: float = REFERENCE["expected"][f"moving|{name}"]["value"]
    return value


@pytest.mark.parametrize("current", [10, 50, 1000])
def test_the_liquid_that_the_metal_displaces(current: int) -> None:
    """Reference 15b: electrolyte at rest between fronts that move; `c_cathode` in time."""
    steps = [f"plate at {current} A/m^2 for {t} s" for t in (1, 9, 90, 300)]
    text = symmetric(
        "electroneutral", LENGTH, steps, cells=100, electrolyte=constant_salt(BULK),
        more="front = {}\ntime.rtol = 1e-5",
    )  # fmt: skip
    march = March(text)
    near = 1e-4 * (BULK - expected(f"i{current}|c_cathode"))
    for passed, name in zip(march.run(), ("t1|", "t10|", "t100|", ""), strict=True):
        low, high = passed.last.concentration_working, passed.last.concentration_counter
        assert low == pytest.approx(expected(f"i{current}|{name}c_cathode"), abs=near)
        assert high == pytest.approx(expected(f"i{current}|{name}c_anode"), abs=near)
    front = march.problem.storage.front
    assert front is not None
    speed = expected(f"i{current}|front_speed")  # the library rounds the molar volume to 2e-5
    assert front.rises["working"][0] == pytest.approx(400 * speed, rel=2e-5)
    assert front.rises["counter"][0] == pytest.approx(-400 * speed, rel=2e-5)
    assert front.gap() == pytest.approx(LENGTH, rel=1e-12)
