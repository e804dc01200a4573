"""When the mesh of a front is made anew, between two steps of time."""

from collections.abc import Callable

from zinterphase.march.stepper import Stepper
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.problem import Problem

STRETCH = 1.5
"""Of a facet of the working surface at most."""
DISTORTION = 2.0
"""Factor by which the volume of a cell may grow or shrink."""
SHEAR = 2.5
"""Of a cell between surfaces that may fold, as of :class:`Distortion`: one stretched 5 to 1."""
AGAIN = 1.1
"""How much the wear has to grow where no mesh could be made, before it is tried again."""

type Remesh = Callable[[Stepper, float], Stepper | None]
"""Makes a mesh of the front as it is, and a stepper that goes on there with a first step of so many
seconds; None where that cannot be done. Collective."""


def no_remesh(stepper: Stepper, step: float) -> None:
    """Keep the mesh."""


def wear(problem: Problem) -> float:
    """How far the mesh has gone from how it was made: above 1 it is to be made anew. 0 where the
    case does not ask for that. Collective."""
    front, case = problem.front, problem.case.front
    if front is None or case is None or not case.remesh:
        return 0.0
    stretched = (front.stretch - 1.0) / (STRETCH - 1.0)
    if isinstance(front, FreeFront):
        return max(stretched, (front.distortion() - 1.0) / (SHEAR - 1.0))
    return max(stretched, (problem.domain.distortion() - 1.0) / (DISTORTION - 1.0))


def renewed(stepper: Stepper, remesh: Remesh, step: float) -> Stepper:
    """What goes on: another stepper where the mesh was worn and has been made anew, else the same;
    ``step`` [s] is the length of the next step. Collective."""
    found = wear(stepper.problem)
    front = stepper.problem.front
    if front is None or found <= max(1.0, front.worn):
        return stepper
    other = remesh(stepper, step)
    if other is None:
        front.worn = AGAIN * found
    return other or stepper
