"""Capacities of a full cell: of its active material, and of the zinc against it."""

from dataclasses import dataclass

from zinterphase.case import Case
from zinterphase.materials.kinetics import ELECTRONS
from zinterphase.materials.library import parameter
from zinterphase.scales import FARADAY


@dataclass(frozen=True)
class Capacities:
    """Nominal capacity of the host [C/m2], the current density of 1 C [A/m2], and the charge of the
    metal below over the former (N/P)."""

    nominal: float
    one_c: float
    negative_over_positive: float


def capacities(case: Case) -> Capacities | None:
    """Of a case with an active material; None without."""
    if case.active is None:
        return None
    foil = sum(x.thickness for x in case.layers[: case.dense_count] if x.material == "Zn")
    zinc = foil * ELECTRONS * FARADAY / parameter("zn_kinetics.Vm_Zn").si
    return Capacities(case.active.charge, case.active.current, zinc / case.active.charge)
