"""Adaptive meshes until a goal is known to the accuracy asked for."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.budget import Budget
from zinterphase.errors import CaseError
from zinterphase.meshstudy.adaptive import AdaptiveStep, adaptive_family
from zinterphase.meshstudy.convergence import percent
from zinterphase.meshstudy.driver import DEFAULT_ACCURACY, RECOVERABLE
from zinterphase.observe.errors import GOALS
from zinterphase.result import Result

GROWTH = 2.0
"""By what factor a next mesh is expected to have more unknowns."""


@dataclass(frozen=True)
class GoalMesh:
    """One mesh: counts, the goal's value, its estimated error (exact minus computed), and what the
    mesh took [s], [bytes]."""

    cells: int
    unknowns: int
    value: float
    error: float
    seconds: float
    memory: float

    @property
    def relative_error(self) -> float:
        """Size of the error over that of the value."""
        return abs(self.error / self.value) if self.value else float("inf")


@dataclass(frozen=True)
class GoalConvergence:
    """A goal over adaptive meshes; ``stopped`` is what ended them early, None otherwise."""

    goal: str
    unit: str
    tolerance: float
    meshes: tuple[GoalMesh, ...]
    stopped: str | None

    @property
    def met(self) -> bool:
        """Whether the estimated error on the last mesh is within the accuracy asked for."""
        return self.meshes[-1].relative_error <= self.tolerance

    @property
    def ending(self) -> str:
        """Why there are no more meshes, for a reader."""
        if self.stopped is not None:
            return self.stopped
        error = f"the estimated error, {percent(self.meshes[-1].relative_error)}, is"
        if self.met:
            return f"{error} within the accuracy of {percent(self.tolerance)}"
        limit = f"mesh {len(self.meshes)} is the last that --meshes allows"
        return f"{limit}; {error} above the accuracy of {percent(self.tolerance)}"


@dataclass(frozen=True, eq=False)
class GoalStudy:
    """The meshes of a goal with the result on the last of them."""

    convergence: GoalConvergence
    result: Result


def converge_goal(
    case: Case,
    goal: str,
    meshes: int,
    *,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    budget: Budget | None = None,
    on_mesh: Callable[[GoalMesh], None] = lambda mesh: None,
    checkpoint: Callable[[], None] = lambda: None,
) -> GoalStudy:
    """Refine where the error of ``goal`` comes from until it is within ``case.accuracy``;
    collective.

    A mesh beyond the first that cannot be solved, or that the budget does not allow, ends the study
    with what it has. Raises :class:`CaseError` for a goal that is none, has no estimate, or whose
    case has no adaptive meshes, :class:`SolveError` and the like on the first mesh.
    """
    if goal not in GOALS:
        raise CaseError("--goal", goal, f"one of {', '.join(GOALS)}")
    limits = budget or Budget(comm)

    def check() -> None:
        checkpoint()
        limits.check()

    found: list[GoalMesh] = []
    stopped: str | None = None
    last: AdaptiveStep | None = None
    family = adaptive_family(case, comm, goal=goal, checkpoint=check)
    tolerance = case.accuracy or DEFAULT_ACCURACY
    while len(found) < meshes:
        stopped = limits.objection(found, GROWTH)
        if stopped:
            break
        started = time.monotonic()
        try:
            step = next(family)
        except RECOVERABLE as error:
            if last is None:
                raise
            stopped = str(error)
            break
        last = step
        seconds = float(comm.bcast(time.monotonic() - started))
        found.append(
            GoalMesh(
                step.meshed.domain.cell_count,
                step.unknowns,
                step.estimate.value,
                step.error,
                seconds,
                limits.grown_memory(),
            )
        )
        on_mesh(found[-1])
        if found[-1].relative_error <= tolerance:
            break
    assert last is not None
    convergence = GoalConvergence(goal, last.estimate.unit, tolerance, tuple(found), stopped)
    return GoalStudy(convergence, last.result)
