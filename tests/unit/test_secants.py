"""A Jacobian that serves again is corrected by the steps that were taken with it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from zinterphase.solve.secants import Secants

SIZE = 8
SYSTEM: Any = SimpleNamespace(local_size=SIZE - 1, dot=lambda a, b: float(a @ b))
COUPLING = 0.25 * np.random.default_rng(1).standard_normal((SIZE, SIZE)) / np.sqrt(SIZE)


def residual(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.asarray(x + COUPLING @ np.tanh(x) + 0.1 * x**2 - 0.5)


def iterations(*, corrected: bool) -> tuple[int, np.ndarray[Any, Any]]:
    """With the unit matrix for a Jacobian all along, from zero to a step of 1e-12."""
    x, secants = np.zeros(SIZE), Secants(SYSTEM)
    for number in range(1, 100):
        step = -residual(x)
        if corrected:
            step = secants.corrected(step, again=number > 1)
        x = x + step
        if np.abs(step).max() < 1e-12:
            return number, x
    raise AssertionError("no convergence")


def test_steps_fall_faster_and_lead_to_the_same() -> None:
    plain, expected = iterations(corrected=False)
    found, x = iterations(corrected=True)
    assert found <= 0.7 * plain
    assert x == pytest.approx(expected, abs=1e-12)


def test_a_new_jacobian_begins_anew_and_no_step_is_no_harm() -> None:
    secants, ones = Secants(SYSTEM), np.ones(SIZE)
    for again in (False, True):
        assert not secants.corrected(0 * ones, again=again).any()
    secants.corrected(ones, again=True)
    assert secants.corrected(0.3 * ones, again=True) == pytest.approx(0.3 * ones / 0.7)
    assert secants.corrected(0.3 * ones, again=False) == pytest.approx(0.3 * ones)
