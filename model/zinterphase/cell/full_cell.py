"""Capacities of a full cell against each other."""

from zinterphase.case import Case
from zinterphase.materials.kinetics import ELECTRONS
from zinterphase.materials.library import parameter
from zinterphase.scales import FARADAY


def negative_over_positive(case: Case, nominal: float) -> float:
    """N/P: charge of the zinc below over the ``nominal`` one of the active material [C/m2]."""
    foil = sum(x.thickness for x in case.layers[: case.dense_count] if x.material == "Zn")
    zinc = foil * ELECTRONS * FARADAY / parameter("zn_kinetics.Vm_Zn").si
    return zinc / nominal
