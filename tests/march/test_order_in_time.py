"""Steps of equal length, halved again and again: the formulas' order at every level."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from zinterphase.march import stepper as stepping
from zinterphase.march.formula import Formula, bdf2
from zinterphase.march.stepper import Stepper
from zinterphase.solve.control import Drive
from zinterphase.solve.storage import Stored

from .marching import March, symmetric
from .test_blocking_cell import blocking
from .test_depletion_in_time import constant_salt

SLOW = 20e-6**2 / 4.2e-10
"""Diffusion across 20 um [s]."""
LAYER = 'double_layer_capacitance = "0.3 F/m^2"'


def plain(level: str, kinetics: str = "", electrolyte: str = 'salt = "ZnSO4"') -> str:
    """A short symmetric cell; the protocol is driven by hand."""
    return symmetric(
        level, 20e-6, ["rest for 1 s"], cells=20, kinetics=kinetics, electrolyte=electrolyte
    )


CELLS: dict[str, tuple[str, float, float]] = {
    "electroneutral": (plain("electroneutral", electrolyte=constant_salt(100.0)), SLOW, 0.0),
    "electroneutral, double layer": (
        plain("electroneutral", LAYER, constant_salt(100.0)),
        SLOW,
        0.0,
    ),
    "concentrated": (plain("concentrated"), SLOW, 0.0),
    "concentrated, double layer": (plain("concentrated", LAYER), 1e-3, 0.0),
    "secondary, double layer": (plain("secondary", LAYER), 1e-3, 0.0),
    "pnp": (
        blocking(1, 1.0, (1e-9, 2e-9), 1e-7, 0.7, -0.1, 1.0, 60),
        1e-6,
        -4.0,
    ),
}
"""Text of a case, a time in which it changes [s], and potential [RT/F] it is driven to (none where
the current is)."""
CURRENT = -20.0
COUNTS = (32, 64, 128)


def smooth(time: float, duration: float) -> float:
    """From 0 to 1 with all the derivatives that matter zero at the beginning."""
    return float(np.sin(0.5 * np.pi * time / duration) ** 4)


def walked(march: March, name: str, count: int, *, uneven: bool) -> Stored:
    """What is held after ``count`` steps of equal length; ``uneven``: those of the middle half
    are twice as long."""
    _, duration, potential = CELLS[name]
    problem, area = march.problem, march.problem.projected_area
    stepper = Stepper(problem, march.probe.rates, march.tolerances)
    begin = stepper.now

    def drive(time: float) -> Drive:
        share = smooth(time, duration)
        if potential:
            return Drive.by_potential(share * potential)
        return Drive.by_current(share * CURRENT * area)

    length = duration / count
    stepper.switch(drive, length, 1)
    steps = [length] * count
    if uneven:
        quarter = count // 4
        steps = [length] * quarter + [2 * length] * quarter + [length] * quarter
    for step in steps:
        trial = stepper.attempt(step)
        assert trial.solved, trial.reason
        stepper.accept(trial)
    assert stepper.now.time == pytest.approx(duration)
    problem.put(begin.state)
    problem.remember(0.0, None)
    return stepper.now.stored


def distance(one: Stored, other: Stored) -> float:
    """Between rows of amounts and charges of metals [A s]."""
    liquid = np.linalg.norm(one.liquid - other.liquid)
    charges = [one.charges[name] - other.charges[name] for name in one.charges]
    return float(np.linalg.norm([liquid, *charges]))


def order(name: str, *, uneven: bool = False) -> float:
    """Power of the step with which the error falls."""
    march = March(CELLS[name][0])
    coarse, middle, fine = (walked(march, name, n, uneven=uneven) for n in COUNTS)
    return float(np.log2(distance(coarse, middle) / distance(middle, fine)))


@pytest.mark.parametrize("uneven", [False, True], ids=["even", "uneven"])
@pytest.mark.parametrize("name", CELLS)
def test_second_order(name: str, uneven: bool) -> None:
    assert order(name, uneven=uneven) == pytest.approx(2.0, abs=0.25)


Weights = tuple[float, ...]


def planted(change: Callable[[Weights], Weights]) -> Callable[[float, float], Formula]:
    """The formula with other weights."""

    def formula(step: float, last: float) -> Formula:
        right = bdf2(step, last)
        rate, *earlier = change(tuple(step * weight for weight in (right.rate, *right.earlier)))
        return Formula(step, rate / step, tuple(weight / step for weight in earlier))

    return formula


@pytest.mark.parametrize(
    "change",
    [lambda w: (1.0, -1.0, 0.0), lambda w: (1.5, -2.0, 0.5)],
    ids=["first order", "equal steps"],
)
def test_weights_of_another_order_are_noticed(
    change: Callable[[Weights], Weights], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepping, "bdf2", planted(change))
    assert order("electroneutral", uneven=True) != pytest.approx(2.0, abs=0.25)


def test_one_per_cent_of_a_weight_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It solves another equation to second order: the solution is another."""
    march = March(CELLS["electroneutral"][0])
    coarse, right = (walked(march, "electroneutral", n, uneven=False) for n in COUNTS[-2:])
    change = planted(lambda w: (w[0] * 1.01, w[1] - 0.01 * w[0], w[2]))
    monkeypatch.setattr(stepping, "bdf2", change)
    wrong = walked(march, "electroneutral", COUNTS[-1], uneven=False)
    assert distance(wrong, right) > 10 * distance(coarse, right)
