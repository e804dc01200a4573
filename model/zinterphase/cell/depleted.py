"""A cell with the liquid as it is beside the metal at a steady current."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import exp

import numpy as np
import scipy

from zinterphase.case import DEPOSITION
from zinterphase.case.levels import LEVELS
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.characteristic import composition, polarises, resistances
from zinterphase.cell.electrodes import Cell
from zinterphase.cell.limiting import REACH, Composition, Resistance
from zinterphase.cell.reaction import reaction_of
from zinterphase.scales import FARADAY


def beside_the_metal(cell: Cell, current: float) -> Cell:
    """The cell with the concentrations at the working metal below its layers, without the charges
    of their pores.

    ``current`` is the mean density [A/m2], negative while plating, carried by the metal's own ion.
    Properties that are measured stay within the range in which they are. The cell as it is where
    the level, or the electrolyte, knows no such concentration, and beyond the limiting current.
    """
    case, wall, bulk = cell.case, cell.working.surface, cell.bulk
    ion = bulk.ion(wall.kinetics.reactant)
    if not LEVELS[case.level].concentrations or not polarises(bulk, ion.name):
        return cell
    length = _way(resistances(case, cell.stack), closed=case.counter.type != "reservoir")
    ions = composition(case, bulk, ion.name, traces=not bulk.measured_activity)
    p = _potential(ions, -current * length / (ion.charge * FARADAY * ions.diffusivity))
    if p is None:
        return cell
    change = _salt if bulk.measured_activity else _ions
    beside = change(bulk, ion.name, ions.concentration(p, 0.0), p)
    main = reaction_of(DEPOSITION, wall.kinetics, beside)
    working = replace(cell.working, surface=replace(wall, main=main))
    return replace(cell, bulk=beside, working=working)


def _way(layers: Sequence[Resistance], *, closed: bool) -> float:
    """Thickness over transport factor [m] from the metal to where the bulk's composition is: the
    far side, or the middle of what is dissolved in a ``closed`` cell, to first order."""
    lengths = np.array([layer.length for layer in layers])
    if not closed:
        return float(lengths.sum())
    volumes = np.array([layer.volume for layer in layers])
    return float(volumes @ (lengths.cumsum() - lengths / 2) / volumes.sum())


def _potential(ions: Composition, drop: float) -> float | None:
    """Where the flux of the reactant has come to, with the others at rest in the potential [RT/F];
    ``drop`` is flux x length/D [mol/m3]. None beyond depletion."""
    charge = ions.reactant[0]

    def excess(p: float) -> float:
        return sum(c * (1 - z / charge) * (1 - exp(-z * p)) for z, c in ions.resting) - drop

    emptied = -REACH
    if ions.concentration(emptied, 0.0) < 0.0:
        emptied = _root(lambda p: ions.concentration(p, 0.0), emptied)
    return _root(lambda p: -excess(p), emptied) if excess(emptied) > 0.0 else None


def _root(function: Callable[[float], float], low: float) -> float:
    return float(scipy.optimize.brentq(function, low, REACH, xtol=1e-13))


def _salt(bulk: Bulk, reactant: str, concentration: float, p: float) -> Bulk:
    assert bulk.salt is not None
    low, high = bulk.salt.properties.valid
    concentration = min(max(concentration, low), high)
    salt = bulk.salt.species(concentration)
    conductivity = float(bulk.salt.properties.conductivity(concentration))
    return replace(bulk, species=(*salt, *bulk.species[2:]), conductivity=conductivity)


def _ions(bulk: Bulk, reactant: str, concentration: float, p: float) -> Bulk:
    species = tuple(
        replace(
            s,
            concentration=concentration
            if s.name == reactant
            else s.concentration * exp(-s.charge * p),
        )
        for s in bulk.species
    )
    return replace(bulk, species=species)
