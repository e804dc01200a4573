"""All known problems, and which of them a name or a suite means."""

from __future__ import annotations

from collections.abc import Sequence

from zinterphase.errors import CaseError
from zinterphase.verification import (
    binary_cell,
    charged_layer,
    chloride,
    concentrated_cell,
    corrugation,
    diffuse_layer,
    edges,
    jacobian,
    jumps,
    parallel_reactions,
    ranks,
    stacks,
    thin_film,
)
from zinterphase.verification.known import KnownProblem, Suite
from zinterphase.verification.manufactured import studies as manufactured

PROBLEMS: tuple[KnownProblem, ...] = (
    *diffuse_layer.PROBLEMS,
    *thin_film.PROBLEMS,
    *stacks.PROBLEMS,
    *parallel_reactions.PROBLEMS,
    *jumps.PROBLEMS,
    *corrugation.PROBLEMS,
    *edges.PROBLEMS,
    *binary_cell.PROBLEMS,
    *concentrated_cell.PROBLEMS,
    *chloride.PROBLEMS,
    *charged_layer.PROBLEMS,
    *manufactured.PROBLEMS,
    *jacobian.PROBLEMS,
    *ranks.PROBLEMS,
)
"""In the order they run."""


def select(names: Sequence[str] = (), suite: Suite = "full") -> tuple[KnownProblem, ...]:
    """The problems of a suite that ``names`` mean; all of them without names.

    A name is that of a problem or of a family, the part before the dot. Raises
    :class:`CaseError` where it is neither.
    """
    chosen = [problem for problem in PROBLEMS if suite == "full" or problem.fast]
    if not names:
        return tuple(chosen)
    for name in names:
        if not any(name in (p.name, p.family) for p in PROBLEMS):
            families = ", ".join(dict.fromkeys(p.family for p in PROBLEMS))
            raise CaseError(
                "NAME", name, f"a problem of `zinterphase verify --list`, or {families}"
            )
    meant = tuple(p for p in chosen if p.name in names or p.family in names)
    if not meant:
        raise CaseError("NAME", " ".join(names), f"a problem of the suite {suite}; see --list")
    return meant
