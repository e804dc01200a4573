"""The Warburg coefficient of a salt from its properties."""

from dataclasses import dataclass
from math import sqrt

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.electrodes import cell_of
from zinterphase.scales import FARADAY

NEEDS = "a z:z salt of two ions, one of which reacts, in uncharged pores beside the electrode"


@dataclass(frozen=True)
class BinarySalt:
    """Concentration [mol/m3], charge number of the cation, diffusivity [m2/s] of the free liquid,
    ``blocked`` 1 - t+, and d ln a/d ln c, of the bulk."""

    concentration: float
    charge: int
    diffusivity: float
    blocked: float
    slope: float


def binary_salt(case: Case) -> BinarySalt | None:
    """The only salt of a liquid that has concentrations; None where there is none, or more."""
    cell = cell_of(case)
    bulk, main = cell.bulk, cell.main_ion
    alone = len(bulk.names) == 2 and not bulk.complexes and not bulk.formations
    if not LEVELS[case.level].concentrations or not alone:
        return None
    metal = bulk.ion(main)
    other = next(bulk.ion(name) for name in bulk.names if name != main)
    if metal.charge != -other.charge:
        return None
    c, z = bulk.held(main), metal.charge
    if bulk.salt is not None:
        salt = bulk.salt.properties
        blocked, slope = 1 - float(salt.transference_number(c)), float(salt.activity_slope(c))
        return BinarySalt(c, z, float(salt.diffusivity(c)), blocked, slope)
    both = metal.diffusivity + other.diffusivity
    diffusivity = 2 * metal.diffusivity * other.diffusivity / both
    return BinarySalt(c, z, diffusivity, other.diffusivity / both, 1.0)


def warburg_coefficient(case: Case) -> float | None:
    """sigma [ohm m2 s^-1/2] of sigma (1 - i)/sqrt(w) at rest, of all electrodes in series.

    A current i at an electrode makes D c' = (1 - t+) i/(z F), and a change of ln c moves the
    potential by (2/z)(RT/F)(1 - t+) chi: of each electrode
    Z = (2/z^2)(RT/F)(1 - t+)^2 chi/(F c sqrt(i w eps D)). Newman & Thomas-Alyea, ch. 12 and 13.
    None for what is no such salt.
    """
    cell, salt = cell_of(case), binary_salt(case)
    first = next(layer for layer in case.layers if layer.name == cell.stack.liquid[0])
    if salt is None or first.fixed_charge != 0.0:
        return None
    medium = first.medium
    effective = medium.porosity * medium.ionic_conductivity_factor * salt.diffusivity
    electrodes = 1 if cell.counter is None else 2
    voltage = electrodes * 2 / salt.charge**2 * cell.bulk.thermal_voltage
    polarised = voltage * salt.blocked**2 * salt.slope
    return polarised / (FARADAY * salt.concentration * sqrt(2 * effective))
