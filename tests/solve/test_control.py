"""The control equation: current, potential, power and rest on one problem, compiled once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase import forms
from zinterphase.errors import SolveError
from zinterphase.observe.currents import currents_of
from zinterphase.solve.control import Control, Drive
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import VT, current, potential, problem_of
from zinterphase.verification.jacobian import SOLID, coarse_case, remainders

SELF = MPI.COMM_SELF
METALS: dict[str, dict[str, Any]] = {"equipotential": {}, "resolved": {"metal_layer": SOLID}}
LEVELS = ["secondary", "electroneutral", "pnp"]


def driven(problem: Problem, drive: Drive) -> tuple[float, float]:
    """Current [A] and potential [RT/F] under a drive, from the state before; compiles nothing."""
    problem.drive_by(drive)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forms, "_compiled", lambda *_: pytest.fail("a form is compiled"))
        attempts = problem.solve(problem.state())
    assert attempts[-1].converged
    return currents_of(problem).total, problem.potential.value


@pytest.mark.parametrize("metal", METALS)
@pytest.mark.parametrize("level", LEVELS)
def test_current_potential_power_and_rest_in_turn(level: str, metal: str) -> None:
    problem = problem_of(coarse_case(level, METALS[metal]), SELF)
    problem.solve()
    wanted = -20.0 * problem.projected_area
    drawn, height = driven(problem, Drive.by_current(wanted))
    assert drawn == pytest.approx(wanted, rel=1e-10)
    assert height < 0.0
    deeper = 1.5 * height
    more, reached = driven(problem, Drive.by_potential(deeper))
    assert reached == deeper
    assert more < drawn
    between = 0.5 * (drawn * height + more * deeper)
    middle, found = driven(problem, Drive.by_power(between))
    assert middle * found == pytest.approx(between, rel=1e-10)
    assert more < middle < drawn
    assert deeper < found < height
    nothing, level_at_rest = driven(problem, Drive.by_current(0.0))
    assert abs(nothing) < 1e-10 * abs(drawn)
    assert abs(level_at_rest) < 1e-10
    # And the first again: nothing of the others is left.
    again, back = driven(problem, Drive.by_current(wanted))
    assert again == pytest.approx(drawn, rel=1e-10)
    assert back == pytest.approx(height, rel=1e-9)


def test_power_from_rest_says_what_it_needs() -> None:
    """I U - P has no slope where both are zero, and either sign of the current gives the power."""
    problem = problem_of(coarse_case("secondary", {}), SELF)
    problem.drive_by(Drive.by_power(40.0 * problem.projected_area))
    with pytest.raises(SolveError, match="start from a state with a current"):
        problem.solve()


def test_a_mixed_drive_is_a_load_line() -> None:
    """a (I - I*) + b (U - U*) = 0 is a source with an inner resistance."""
    problem = problem_of(coarse_case("secondary", {}), SELF)
    problem.solve()
    whole, height = -20.0 * problem.projected_area, problem.potential.value
    resistance = 2.0 * height / whole  # [RT/F/A]
    drawn, reached = driven(problem, Drive(a=resistance, b=1.0, potential=-3.0))
    assert -resistance * drawn == pytest.approx(reached + 3.0, rel=1e-10)
    assert drawn < 0.0


@pytest.mark.parametrize("level", LEVELS)
def test_a_case_with_a_potential_takes_over_exactly(level: str) -> None:
    problem = problem_of(coarse_case(level, {"control": current(-20.0)}), SELF)
    problem.solve()
    given = coarse_case(level, {"control": potential(-0.05)})
    problem.retarget(given)
    problem.solve(problem.state())
    assert problem.potential.value * VT + problem.gauge == pytest.approx(-0.05, abs=1e-15)
    alone = problem_of(given, SELF)
    alone.solve()
    total = currents_of(alone).total
    assert currents_of(problem).total == pytest.approx(total, rel=1e-8)


@pytest.mark.parametrize("level", LEVELS)
def test_the_jacobian_with_power(level: str) -> None:
    """Taylor remainders of second order, those of the constraint too."""
    problem = problem_of(coarse_case(level, {"metal_layer": SOLID}), SELF)
    size = 20.0 * problem.projected_area
    problem.drive_by(Drive(a=0.3, b=0.2 * size, p=1.0, current=-size, power=2.0 * size))
    problem.set_load(1.0)
    parts, left, _ = remainders(problem, (1e-2, 1e-3), 0.3)
    assert parts == ["liquid", "solid", "constraints"]
    assert np.log10(left[0] / left[1]) == pytest.approx(2.0, abs=0.1)


def test_a_wrong_derivative_by_the_potential_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of(coarse_case("secondary", {}), SELF)
    problem.drive_by(Drive.by_power(40.0 * problem.projected_area))
    problem.set_load(1.0)
    monkeypatch.setattr(Control, "by_scalar", lambda self, current: self.drive.b)
    _, left, _ = remainders(problem, (1e-2, 1e-3), 0.3)
    assert np.log10(left[0, -1] / left[1, -1]) < 1.5
