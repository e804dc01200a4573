"""What an experiment asks about and a case says nothing of, from the library."""

from typing import Literal

from zinterphase.case import Case, Draft
from zinterphase.case.levels import LEVELS
from zinterphase.ensemble.corroding import corroding

Need = Literal["hydrogen", "substrate", "host"]
"""A reaction that takes electrons at rest; a substrate that deposit has yet to cover, of whatever
metal, or of another metal than zinc."""
GROWTH = 0.1
"""Share of the metal plated on a substrate that covers more of it: an assumption, as in studies of
mechanisms."""


def completed(draft: Draft, needs: tuple[Need, ...]) -> tuple[Draft, tuple[str, ...]]:
    """The case with what it lacks, and a line for each thing added.

    Raises :class:`CaseError` where the case is refused.
    """
    notes: list[str] = []
    if "hydrogen" in needs:
        with_hydrogen = corroding(draft)
        if with_hydrogen is not draft:
            notes.append("hydrogen evolution of the library")
        draft = with_hydrogen
    case = draft.case()
    metal = case.layers[case.dense_count - 1]
    asked = "substrate" in needs or ("host" in needs and metal.material != "Zn")
    if asked and _may_be_covered(case, metal.name):
        draft = draft.changed(_fresh(case, metal.name))
        notes.append("a fresh substrate that deposit covers as it grows")
    return draft, tuple(notes)


def _may_be_covered(case: Case, metal: str) -> bool:
    own = case.kinetics.get(metal)
    return own is not None and own.nucleation is None and not own.blocking


def _fresh(case: Case, metal: str) -> dict[str, float | str]:
    """The library's barrier; between the last deposit and the bare substrate no reaction answers,
    and the double layer carries the current."""
    found: dict[str, float | str] = {f"kinetics.{metal}.nucleation.growth": GROWTH}
    stores = LEVELS[case.level].double_layer
    if not stores and case.kinetics[metal].double_layer_capacitance is None:
        found[f"kinetics.{metal}.double_layer_capacitance"] = "library"
    return found
