"""The Warburg coefficient of a salt from its properties."""

from math import sqrt

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.electrodes import cell_of
from zinterphase.materials.electrolyte import zinc_sulphate
from zinterphase.scales import FARADAY

NEEDS = "a z:z salt of two ions, one of which reacts, in uncharged pores beside the electrode"


def warburg_coefficient(case: Case) -> float | None:
    """sigma [ohm m2 s^-1/2] of sigma (1 - i)/sqrt(w) at rest, of all electrodes in series.

    A current i at an electrode makes a flux (1 - t+) i/(z F) of salt, with D c' = (1 - t+) i/(z F),
    and a change of ln c moves the potential by (2/z)(RT/F)(1 - t+) chi: of each electrode
    Z = (2/z^2)(RT/F)(1 - t+)^2 chi/(F c sqrt(i w eps D)). Newman & Thomas-Alyea, ch. 12 and 13.
    None for what is no such salt.
    """
    cell = cell_of(case)
    bulk, main = cell.bulk, cell.main_ion
    first = next(layer for layer in case.layers if layer.name == cell.stack.liquid[0])
    facts = LEVELS[case.level]
    kinds = len(bulk.names) == 2 and not bulk.complexes and first.fixed_charge == 0.0
    if not facts.concentrations or not kinds or bulk.formations:
        return None
    ions = [bulk.ion(name) for name in bulk.names]
    metal = bulk.ion(main)
    other = next(ion for ion in ions if ion.name != main)
    if metal.charge != -other.charge:
        return None
    c, z = bulk.held(main), abs(metal.charge)
    if bulk.measured_activity:
        salt = zinc_sulphate()
        diffusivity, blocked = salt.diffusivity(c), 1 - salt.transference_number(c)
        slope = salt.activity_slope(c)
    else:
        both = metal.diffusivity + other.diffusivity
        diffusivity = 2 * metal.diffusivity * other.diffusivity / both
        blocked, slope = other.diffusivity / both, 1.0
    medium = first.medium
    effective = medium.porosity * medium.ionic_conductivity_factor * float(diffusivity)
    electrodes = 1 if cell.counter is None else 2
    voltage = electrodes * 2 / z**2 * bulk.thermal_voltage * float(blocked) ** 2 * float(slope)
    return voltage / (FARADAY * c * sqrt(2 * effective))
