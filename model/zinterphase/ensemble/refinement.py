"""The same case on a finer mesh."""

from zinterphase.case import Case


def refined(case: Case, factor: float) -> Case:
    """The case with every cell smaller by ``factor``: nested cells for powers of 2."""
    refinement = case.mesh.refinement * factor
    return case.model_copy(update={"mesh": case.mesh.model_copy(update={"refinement": refinement})})
