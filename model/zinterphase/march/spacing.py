"""When the nodes of a front slide along it, or go on from where they are, between two steps."""

from zinterphase.errors import MeshError
from zinterphase.march.stepper import Stepper
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.sliding import even_out

ALLOWED = 1.5
"""Largest over smallest stretch of the distances of neighbours along the surface."""

AGAIN = 1.1
"""How much that has to grow where the mesh could not follow, before it is tried again."""

STRAINED = 1.25
"""Of a cell since the mesh was measured, as of :class:`Distortion`: one stretched 2 to 1."""


def keep_even(stepper: Stepper, step: float) -> bool:
    """Even the working surface's nodes out where the case wants that and their distances differ;
    whether they have slid. Where the mesh cannot follow it stays as it is; ``step`` [s] is the
    length of the next one. Collective."""
    problem = stepper.problem
    front, case = problem.front, problem.case.front
    if isinstance(front, FreeFront):
        return _measured_anew(stepper, front)
    if front is None or case is None or not case.even_nodes:
        return False
    if front.unevenness <= max(ALLOWED, front.refused):
        return False
    try:
        stored, missed = even_out(problem, stepper.now.stored)
    except MeshError:
        front.refused = AGAIN * front.unevenness
        stepper.go_back()  # fields may lie where nodes were to go
        return False
    front.missed = max(front.missed, missed)
    stepper.renew(stored, step)
    return True


def _measured_anew(stepper: Stepper, front: FreeFront) -> bool:
    """Let the mesh follow a front from where it is once cells are strained; whether it does so.

    How nodes inside move is another then: formulas in time begin anew.
    """
    if front.strained <= STRAINED:
        return False
    front.measure()
    stepper.restart()
    return True
