"""Runs that start from the solution at another current."""

from __future__ import annotations

import pytest

from zinterphase.case import Case
from zinterphase.ensemble.compare import compare
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.solve.continuation import continue_from_solution
from zinterphase.solve.newton import NewtonFailure, NewtonReport
from zinterphase.solve.state import State

from .comparisons import SELF, case


class Stubborn:
    """A problem that converges from rest only."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.at_rest = False

    def set_load(self, fraction: float) -> None:
        self.calls.append(f"load {fraction:g}")

    def begin(self) -> None:
        self.calls.append("begin")

    def solve_here(self) -> NewtonReport:
        if not self.at_rest:
            raise NewtonFailure("no convergence", ())
        return NewtonReport((), {})

    def state(self) -> State:
        return State({}, {})

    def restore(self, state: State) -> None:
        self.calls.append("back")

    def rest(self) -> None:
        self.calls.append("rest")
        self.at_rest = True


def test_a_neighbouring_solution_that_does_not_help_is_left() -> None:
    problem = Stubborn()
    attempts = continue_from_solution(problem, 0.5)
    assert problem.calls == ["load 1", "begin", "rest", "load 0.5", "begin", "load 1"]
    assert [(a.load, a.converged) for a in attempts] == [(1.0, False), (0.5, True), (1.0, True)]


@pytest.mark.parametrize("level", ["secondary", "primary"])
def test_a_problem_takes_another_current_without_new_forms(level: str) -> None:
    run = case("titania", f"level={level}")
    results: list[Result] = []

    def keep(result: Result, k: int, current: float, seed: int) -> None:
        results.append(result)
        assert result.potential == pytest.approx(potential(run.with_current(current)), rel=1e-9)

    compare([run], currents=[-10.0, 20.0, -50.0], comm=SELF, on_result=keep)
    assert len({id(result.problem) for result in results}) == 1


def potential(run: Case) -> float:
    return solve(run, SELF).potential


def test_without_a_current_there_is_no_mean_to_compare() -> None:
    comparison = compare([case("bare")], currents=[-10.0, 0.0], comm=SELF)
    still = comparison.members[1]
    assert still.converged
    assert still.scalars["working.potential"] == pytest.approx(0.0, abs=1e-9)
