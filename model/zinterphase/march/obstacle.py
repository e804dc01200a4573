"""Where a front comes to an end: other surfaces, and what its motion can follow."""

from math import atan, degrees

from zinterphase.mesh.riding import STIFF
from zinterphase.solve.free_front import FreeFront, mean_of
from zinterphase.solve.front import SIDES
from zinterphase.solve.problem import Problem

NEAR = 2.5 * STIFF
"""Of the first distance between two surfaces, at which they are told to touch: the mesh between
them cannot be compressed much further."""
RESOLVED = 2.0
"""Of its facets' length: distance of a surface from itself at which it is told to touch."""
DISTORTED = 20.0
"""Of a cell, see :class:`Distortion`: one stretched 40 to 1 is the last."""
STEEPEST = 80.0
"""Slope [degrees] up to which a surface is followed along the stack."""


def obstacle(problem: Problem) -> str:
    """What the present front has met, in words; empty where it may go on. The same on all ranks."""
    front = problem.front
    if front is None:
        return ""
    if isinstance(front, FreeFront):
        return _obstacle_to_free(front)
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


def _obstacle_to_free(front: FreeFront) -> str:
    """The same of a front that may fold."""
    gap = front.gap()
    if gap <= NEAR * front.first_gap:
        met = "the working electrode comes to the counter electrode"
        return f"{met}, {gap * 1e6:.3g} um from touching"
    for name in SIDES:
        clearance, facets = front.clearance(name)
        if facets <= RESOLVED:
            met = f"the {name} electrode's surface meets itself"
            return f"{met}, {clearance * 1e6:.3g} um from touching"
        if float(front.rises[mean_of(name)][0]) < -front.foil:
            return f"the {name} electrode's zinc is used up"
    distortion = front.distortion()
    if distortion > DISTORTED:
        text = "a cell between the surfaces is distorted as one stretched"
        return f"{text} {2 * distortion:.3g} to 1 (allowed: {2 * DISTORTED:g})"
    return ""
