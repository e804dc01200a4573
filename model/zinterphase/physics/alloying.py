"""A metal that takes up the metal plated on it: activity by composition, and the surface."""

from collections.abc import Sequence
from itertools import pairwise

from zinterphase.expressions import Expr
from zinterphase.physics.functions import below, exp

type Piece = tuple[float, float]
"""Offset b and slope s of an activity b + s x."""


def activity_pieces(phases: Sequence[tuple[float, float]], electrons: int) -> list[Piece]:
    """Activity a of the plated metal by composition x, as the largest of some straight lines.

    ``phases`` are compositions, rising, with the potential of each against the plated metal
    [RT/F], a = exp(-n U): from pure host (0, 0) to the last phase, with the lever rule for a
    between them. Raises ValueError where a is not convex in x: then it is not the largest.
    """
    points = [(0.0, 0.0), *((x, float(exp(-electrons * u))) for x, u in phases)]
    slopes = [(b - a) / (y - x) for (x, a), (y, b) in pairwise(points)]
    if any(later <= former for former, later in pairwise(slopes)):
        raise ValueError("activity is not convex in composition")
    return [(a - s * x, s) for (x, a), s in zip(points, slopes, strict=False)]


def surface_composition(
    dissolving: Expr, depositing: Expr, resting: Expr, resistance: Expr, pieces: Sequence[Piece]
) -> Expr:
    """Composition x at the surface, 1 at most, in balance with diffusion behind it.

    Current i = a(x) ``dissolving`` - ``depositing`` [A/m2] with x = ``resting`` - ``resistance`` i,
    linear as an implicit step of diffusion is. ``pieces`` of a convex a: the least root of all. A
    saturated surface takes up what diffusion carries away, i = (``resting`` - 1)/``resistance``.
    """
    found: Expr = 1.0
    for offset, slope in pieces:
        above = resting + resistance * (depositing - offset * dissolving)
        root = above / (1 + resistance * slope * dissolving)
        found = below(root - found, 0.0, root, found)
    return found
