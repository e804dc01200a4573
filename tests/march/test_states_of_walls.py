"""States of walls wherever walls are: derivative, balances, restart, means of what is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zinterphase.march.formula import bdf2
from zinterphase.output.march_state import MarchState, load_march, save_march
from zinterphase.solve.control import Drive
from zinterphase.solve.storage import combined
from zinterphase.verification.jacobian import remainders

from .marching import March
from .walls import KINDS, NEWTON, patchy


@pytest.mark.parametrize("kind", KINDS)
def test_the_equations_hold_their_derivative(kind: str) -> None:
    """In the midst of a step of time, with half of the surface covered."""
    march = March(patchy(kind, ("rest for 1 s",)))
    problem, storage = march.problem, march.problem.storage
    assert storage is not None
    random = np.random.default_rng(3)
    held = storage.amounts()
    surfaces = {
        name: random.uniform(0.3, 0.6, values.shape) for name, values in held.surfaces.items()
    }
    formula = bdf2(0.5, 0.4)
    now = replace(held, surfaces=surfaces)
    before = replace(held, surfaces={name: 0.9 * v for name, v in surfaces.items()})
    problem.remember(formula.rate, combined(formula.earlier, [now, before]))
    problem.steer(Drive.by_current(-10.0 * problem.projected_area))
    parts, left, sizes = remainders(problem, (1e-3, 1e-4), 0.3)
    for part, (coarse, fine), size in zip(parts, left.T, sizes, strict=True):
        if part == "solid" and coarse < 1e-11 * size:
            continue  # a good conductor's rows are linear but for rounding
        assert np.log10(coarse / fine) == pytest.approx(2.0, abs=0.2), part


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_held_is_what_came(kind: str) -> None:
    march = March(patchy(kind))
    plating, rest, stripping = march.run()
    for step in (plating, rest, stripping):
        assert all(sample.mismatch < NEWTON for sample in step.samples[1:])
        assert abs(step.last.side_current) < 1e-12
    for balance in march.probe.balances(march.stepper.now):
        if balance.name.startswith(("alloy", "deposit")):
            assert balance.mismatch < 1e-12, balance
    assert plating.last.alloyed > 0
    states = march.stepper.now.stored.surfaces
    assert len(states) == 2
    for name, values in states.items():
        shares = values[:, :1] if name.endswith("deposition") else values
        assert np.all((shares >= 0) & (shares <= 1)), name
        assert np.ptp(shares[:, 0]) > 1e-8, name


@pytest.mark.parametrize("kind", KINDS)
def test_a_march_from_a_file_goes_on_to_the_last_digit(kind: str, tmp_path: Path) -> None:
    march = March(patchy(kind, ("plate at 1 mA/cm^2 for 1 s",)))
    march.run()
    state = MarchState(march.stepper.points, march.driver.progress, {}, march.stepper.memory())
    save_march(march.problem, state, tmp_path / "march.npz")
    straight = march.stepper.attempt(0.05).points[0]
    found = load_march(march.problem, tmp_path / "march.npz")
    for point, was in zip(found.points, march.stepper.points, strict=True):
        for amounts in ("stored", "slope", "error"):
            held, surfaces = getattr(point, amounts).surfaces, getattr(was, amounts).surfaces
            assert all(np.array_equal(held[name], own) for name, own in surfaces.items())
            assert any(np.any(own) for own in surfaces.values()), amounts
    march.stepper.resume(found.points, found.reached)
    again = march.stepper.attempt(0.05).points[0]
    assert straight.stored.surfaces
    for name, values in straight.stored.surfaces.items():
        assert np.array_equal(again.stored.surfaces[name], values)
    assert again.state.scalars == straight.state.scalars


def test_surface_maps_mean_what_the_history_says() -> None:
    march = March(patchy("facets", ("plate at 1 mA/cm^2 for 4 s",)))
    (plating,) = march.run()
    walls, deposit = march.probe.walls["working"], march.probe.deposits["working"]
    maps = walls.maps(march.stepper.now.stored)
    assert set(maps) == {"coverage", "alloyed"}
    mean = np.average(maps["coverage"], weights=deposit.area)
    assert mean == pytest.approx(plating.last.coverage, rel=1e-2)
    assert np.ptp(maps["coverage"]) > 0.01
