"""A march in a file holds what its points store, not what their states say of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zinterphase.march.point import Point
from zinterphase.output.march_state import MarchState, load_march, save_march
from zinterphase.solve.control import Drive

from .marching import March, symmetric


def saved(march: March, path: Path) -> MarchState:
    """The march as it comes back from a file."""
    memory = march.stepper.memory()
    state = MarchState(march.stepper.points, march.driver.progress, {}, memory)
    save_march(march.problem, state, path)
    return load_march(march.problem, path)


def amounts(point: Point) -> list[np.ndarray]:
    held = point.stored
    return [held.liquid, *held.walls, np.array(list(held.charges.values()))]


@pytest.mark.parametrize("level", ["concentrated", "electroneutral", "pnp"])
def test_amounts_at_a_switch_are_those_before_it(level: str, tmp_path: Path) -> None:
    """The jump takes an instant, in which amounts move a little: that is not kept."""
    march = March(symmetric(level, 20e-6, ["plate at 5 mA/cm^2 for 1 s"], cells=10))
    current = -50.0 * march.problem.projected_area
    march.stepper.switch(lambda time: Drive.by_current(current), 1e-3, 1)
    before = amounts(march.stepper.now)
    assert march.problem.storage is not None
    jumped = replace(march.stepper.now, stored=march.problem.storage.amounts())
    assert any(not np.array_equal(a, b) for a, b in zip(before, amounts(jumped), strict=True))
    (point,) = saved(march, tmp_path / "march.npz").points
    for kept, was in zip(amounts(point), before, strict=True):
        assert np.array_equal(kept, was)


def test_three_states_come_back_to_the_last_digit(tmp_path: Path) -> None:
    march = March(symmetric("concentrated", 20e-6, ["plate at 5 mA/cm^2 for 10 ms"], cells=10))
    march.run()
    points = saved(march, tmp_path / "march.npz").points
    assert len(points) == 3
    for found, was in zip(points, march.stepper.points, strict=True):
        assert found.time == was.time
        assert found.state.scalars == was.state.scalars
        for kept, held in zip(amounts(found), amounts(was), strict=True):
            assert np.array_equal(kept, held)
        for name, values in was.sums.items():
            assert np.array_equal(found.sums[name], values)
