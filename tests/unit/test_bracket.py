"""A change of sign is found in few values, whatever the function is like."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, tanh

import pytest

from zinterphase.march.bracket import Bracket


@pytest.mark.parametrize(
    ("function", "most"),
    [
        (lambda x: 3.0 * (x - 0.1234), 1),
        (lambda x: exp(12 * x) - exp(9.0), 11),
        (lambda x: tanh(30 * (x - 0.03)), 11),
        (lambda x: -1.0 if x < 0.3 else 1.0, 45),
        (lambda x: (x - 0.6) ** 9, 45),
    ],
)
def test_a_root_is_found(function: Callable[[float], float], most: int) -> None:
    bracket = Bracket((0.0, function(0.0)), (1.0, function(1.0)))
    tried = 0
    while bracket.above[1] > 1e-12 and bracket.width > 1e-12:
        x = bracket.guess()
        tried += 1
        assert bracket.below[0] < x < bracket.above[0]
        bracket.take((x, function(x)), is_above=function(x) >= -1e-15)
    assert tried <= most
    assert function(bracket.above[0]) >= -1e-15
