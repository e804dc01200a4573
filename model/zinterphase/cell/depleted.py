"""A cell with the liquid as it is beside the metal at a steady current."""

from dataclasses import replace
from math import isfinite

from zinterphase.case import DEPOSITION
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.characteristic import counter_ion, limiting_current
from zinterphase.cell.electrodes import Cell
from zinterphase.cell.reaction import reaction_of
from zinterphase.materials.electrolyte import CONDUCTIVITY_RANGE, zinc_sulphate


def beside_the_metal(cell: Cell, current: float) -> Cell:
    """The cell with the concentration of its z:z salt at the working metal, c (1 + i/i_lim).

    ``current`` is the mean density [A/m2], negative while plating. Properties that are measured
    stay within the range in which they are. The cell as it is where the level, or the electrolyte,
    knows no such concentration, and beyond the limiting current, where nothing is steady.
    """
    case, wall = cell.case, cell.working.surface
    ion = cell.bulk.ion(wall.kinetics.reactant)
    other = counter_ion(case, cell.bulk, ion)
    if other is None:
        return cell
    share = 1.0 + current / limiting_current(case, cell.bulk, cell.stack)
    if not (isfinite(share) and share > 0.0):
        return cell
    bulk = _at(cell.bulk, {ion.name, other.name}, ion.concentration * share)
    main = reaction_of(DEPOSITION, wall.kinetics, bulk)
    working = replace(cell.working, surface=replace(wall, main=main))
    return replace(cell, bulk=bulk, working=working)


def _at(bulk: Bulk, salt: set[str], concentration: float) -> Bulk:
    conductivity = bulk.conductivity
    if bulk.measured_activity:
        low, high = CONDUCTIVITY_RANGE
        concentration = min(max(concentration, low), high)
        conductivity = float(zinc_sulphate().conductivity(concentration))
    species = tuple(
        replace(s, concentration=concentration) if s.name in salt else s for s in bulk.species
    )
    return replace(bulk, species=species, conductivity=conductivity)
