"""How many unknowns the liquid of a case has, and where they are."""

from zinterphase.case import IDEAL_LEVELS, Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.bulk import Bulk


def liquid_components(case: Case, bulk: Bulk) -> int:
    """Number of unknowns in the liquid."""
    at_walls = 0 if case.wall_law == "none" else 1
    if case.level in IDEAL_LEVELS:
        return len(bulk.species) + 1 + at_walls + bool(donnan_layers(case))
    return len(bulk.species) + at_walls if case.level == "concentrated" else 1


def donnan_layers(case: Case) -> tuple[str, ...]:
    """Layers whose pores have a potential of their own among the unknowns."""
    if not LEVELS[case.level].donnan:
        return ()
    return tuple(layer.name for layer in case.layers if layer.fixed_charge != 0.0)
