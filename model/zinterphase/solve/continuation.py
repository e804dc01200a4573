"""Continuation in the load: the whole load at once, smaller steps where Newton fails."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from zinterphase.errors import Interrupted, SolveError
from zinterphase.solve.newton import NewtonFailure, NewtonReport
from zinterphase.solve.state import State

SMALLEST_STEP = 1.0 / 1024
PATIENCE = 90
"""Newton iterations of steps that got nowhere, on a tenth of the load, before giving up."""
PROGRESS = 0.1


class Loadable(Protocol):
    """What continuation needs of a problem."""

    def set_load(self, fraction: float) -> None:
        """Apply ``fraction`` of the load (control, potential of zero charge, fixed charge)."""

    def begin(self) -> None:
        """Go near the solution at the present load where that costs little."""

    def solve_here(self) -> NewtonReport:
        """Newton from the present state at the present load."""

    def state(self) -> State:
        """Copy of the unknowns."""

    def restore(self, state: State) -> None:
        """Put unknowns and load back."""


@dataclass(frozen=True)
class Attempt:
    """One Newton solve of the continuation."""

    load: float
    converged: bool
    reason: str
    report: NewtonReport | NewtonFailure


class Restartable(Loadable, Protocol):
    """What can go back to equilibrium too."""

    def rest(self) -> None:
        """Take the state without current."""


class ContinuationFailure(SolveError):
    """The full load was not reached; the problem holds the last good state at ``load``."""

    def __init__(self, reason: str, load: float, attempts: list[Attempt]) -> None:
        """Say how far it got."""
        super().__init__(f"{reason}; last good state at {load:.2%} of the load is kept")
        self.reason = reason
        self.load = load
        self.attempts = attempts

    def because(self, limit: str) -> "ContinuationFailure":
        """The same with what limits the last good state."""
        return ContinuationFailure(f"{limit} ({self.reason})", self.load, self.attempts)


def continue_to_full_load(
    problem: Loadable,
    first_step: float = 1.0,
    on_attempt: Callable[[Attempt], None] = lambda a: None,
) -> list[Attempt]:
    """March the load from where it is to 1.

    A failed step restores the state and is retried at a quarter.

    It gives up when steps become too small or `PATIENCE` is spent. A step after two good ones
    starts on the straight line through them: on the plateau of the limiting current what is
    depleted follows the potential exactly so.

    Raises :class:`ContinuationFailure`, or lets :class:`Interrupted` pass, with the last good state
    put back. Collective.
    """
    attempts: list[Attempt] = []
    step = first_step
    good = problem.state()
    load = since = good.load
    former: State | None = None
    spent = 0
    while load < 1.0:
        target = min(1.0, load + step)
        if former is not None:
            problem.restore(good.continued(former, (target - load) / (load - former.load)))
        problem.set_load(target)
        if load == 0.0:
            problem.begin()
        try:
            report = problem.solve_here()
        except NewtonFailure as failure:
            attempts.append(Attempt(target, False, str(failure), failure))
            on_attempt(attempts[-1])
            problem.restore(good)
            step = (target - load) / 4
            spent += 0 if failure.progressing else len(failure.iterations)
            if step < SMALLEST_STEP or spent >= PATIENCE:
                raise ContinuationFailure(str(failure), load, attempts) from failure
            continue
        except Interrupted:
            problem.restore(good)
            raise
        attempts.append(Attempt(target, True, "converged", report))
        on_attempt(attempts[-1])
        # From rest the way is not straight.
        former = good if load > 0.0 else None
        load, good = target, problem.state()
        if load > since + PROGRESS:
            spent, since = 0, load
        step *= 2
    return attempts


def continue_from_solution(
    problem: Restartable,
    first_step: float = 1.0,
    on_attempt: Callable[[Attempt], None] = lambda a: None,
) -> list[Attempt]:
    """The full load from the solution of a neighbouring problem; from rest where Newton fails.

    A state on the way, at a part of the load, goes on from there. Raises
    :class:`ContinuationFailure` as :func:`continue_to_full_load` does. Collective.
    """
    if 0.0 < problem.state().load < 1.0:
        try:
            return continue_to_full_load(problem, first_step, on_attempt)
        except ContinuationFailure as failure:
            problem.rest()
            return failure.attempts + continue_to_full_load(problem, first_step, on_attempt)
    problem.set_load(1.0)
    given = problem.state()
    problem.begin()
    try:
        attempts = [Attempt(1.0, True, "converged", problem.solve_here())]
    except Interrupted:
        problem.restore(given)
        raise
    except NewtonFailure as failure:
        attempts = [Attempt(1.0, False, str(failure), failure)]
    on_attempt(attempts[0])
    if attempts[0].converged:
        return attempts
    problem.rest()
    return attempts + continue_to_full_load(problem, first_step, on_attempt)
