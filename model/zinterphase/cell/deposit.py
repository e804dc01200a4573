"""How much metal a charge makes."""

from math import nan

from zinterphase.cell.reaction import Reaction
from zinterphase.materials.electrolyte import CATION
from zinterphase.materials.library import parameter
from zinterphase.scales import FARADAY


def volume_per_charge(reaction: Reaction) -> float:
    """Volume of metal that a metal's own reaction dissolves per charge [m3/C]; NaN where the
    library does not know the metal."""
    if reaction.ion != CATION:
        return nan
    return parameter("zn_kinetics.Vm_Zn").si * reaction.production(reaction.ion) / FARADAY
