"""Where a front comes to an end: other surfaces, and what its motion can follow."""

from math import atan, degrees

from zinterphase.mesh.riding import STIFF
from zinterphase.solve.problem import Problem

NEAR = 2.5 * STIFF
"""Of the first distance between two surfaces, at which they are told to touch: the mesh between
them cannot be compressed much further."""
STEEPEST = 80.0
"""Slope [degrees] up to which a surface is followed along the stack."""


def obstacle(problem: Problem) -> str:
    """What the present front has met, in words; empty where it may go on. The same on all ranks."""
    front = problem.front
    if front is None:
        return ""
    for room in front.rooms:
        left = room.left()
        if left <= NEAR * room.first:
            return f"{room.met}, {left * 1e6:.3g} um from touching"
    for name in front.faces:
        if degrees(atan(front.steepest(name))) > STEEPEST:
            return f"the {name} electrode is steeper than {STEEPEST:g} degrees"
        if float(front.rises[name].min()) < -front.foil:
            return f"the {name} electrode's zinc is used up at its thinnest place"
    return ""
