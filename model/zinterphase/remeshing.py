"""A march that goes on with a mesh made anew of the front as it is; everything collective."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from zinterphase.errors import CaseError, MeshError, SolveError
from zinterphase.geometry.raw import RawMesh
from zinterphase.march.stepper import Stepper
from zinterphase.mesh import Domain
from zinterphase.observe.beginning import at_rest
from zinterphase.observe.probe import Probe
from zinterphase.solve.cells_anew import cells_anew
from zinterphase.solve.columns_anew import columns_anew
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.problem import Problem
from zinterphase.solve.remeshing import error_there, take_over
from zinterphase.solve.storage import combined

type Maker = Callable[[Problem], RawMesh | None]
"""Makes a mesh of a problem's front as it is, with the groups of the present one, on rank 0.
Collective. Raises :class:`CaseError` or :class:`MeshError`."""


@dataclass(frozen=True, eq=False)
class Remeshed:
    """What a march goes on with; ``mesh`` is on rank 0, None on the others."""

    mesh: RawMesh | None
    probe: Probe
    stepper: Stepper


def remeshed(
    probe: Probe, stepper: Stepper, step: float, make: Maker | None = None
) -> Remeshed | None:
    """Go on where ``stepper`` is, observed by ``probe``, on a new mesh with a first step of so many
    seconds; None where no such mesh can be made or solved on. The former problem stays as it is.

    ``make`` is by default that of columns, or of any cells where the front may fold.
    """
    old = stepper.problem
    is_free = isinstance(old.front, FreeFront)
    try:
        mesh = (make or (cells_anew if is_free else columns_anew))(old)
        domain = Domain.create(old.domain.comm, mesh, old.domain.coordinates)
        problem = Problem(old.case, domain)
    except (CaseError, MeshError):
        return None
    problem.checkpoint = old.checkpoint
    try:
        return Remeshed(mesh, *_taken_over(probe, stepper, problem, step))
    except (MeshError, SolveError):
        problem.close()
        return None


def _taken_over(
    probe: Probe, stepper: Stepper, problem: Problem, step: float
) -> tuple[Probe, Stepper]:
    other_probe, other = at_rest(problem)
    last = stepper.now
    stored = take_over(stepper.problem, problem, last.stored)
    other_probe.recall(probe.origins())
    point = replace(
        last,
        state=replace(problem.state(), time=last.time),
        stored=stored,
        slope=combined([0.0], [stored]),
        error=error_there(stepper.problem, problem, last.error),
    )
    other.succeed(stepper, point, step)
    return other_probe, other
