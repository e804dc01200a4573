"""Characteristic currents, resistances and conductivities of a case."""

from math import inf, isinf, isnan, nan

import numpy as np
import scipy

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.electrodes import Cell, ReactingWall
from zinterphase.cell.limiting import (
    Composition,
    Resistance,
    filling,
    limiting_flux,
    limiting_flux_between_electrodes,
)
from zinterphase.cell.stack import Stack
from zinterphase.physics.polarisation import (
    apparent_conductivity,
    apparent_conductivity_of_ions,
)
from zinterphase.scales import FARADAY


def limiting_current(case: Case, bulk: Bulk, stack: Stack) -> float:
    """Limiting current density [A/m2] in one dimension; see :func:`limiting_definition`.

    Levels with measured properties take the salt's measured diffusivity and transference number,
    the others their own ions. It is that of the metal's own reaction: ions of parallel reactions
    rest. Infinite where nothing limits, NaN where it is not known.
    """
    own = case.kinetics[stack.metal]
    if own.blocking and own.reactions:
        return inf
    ion = bulk.ion(own.reactant)
    layers = resistances(case, stack)
    ions = composition(case, bulk, ion.name, traces=not bulk.measured_activity)
    try:
        if case.counter.type == "reservoir":
            flux = limiting_flux(layers, ions)
        else:
            filled = filling(layers, ions, case.counter.filling == "equilibrium")
            flux = limiting_flux_between_electrodes(layers, ions, filled)
    except (ArithmeticError, ValueError):
        return nan
    return ion.charge * FARADAY * flux


def limiting_definition(case: Case, bulk: Bulk, current: float) -> str:
    """What :func:`limiting_current` has found for ``case``, in words."""
    if isnan(current):
        return "not known here: no depleted state of these ions and layers was found"
    if isinf(current):
        return (
            "none: the metal's own ion does not react, or fixed charge or pore walls conduct "
            "without free ions"
        )
    simple = len(bulk.species) == 2 and not any(x.medium.fixed_charge for x in case.layers)
    if not simple:
        side = "bulk at the far side" if case.counter.type == "reservoir" else "two electrodes"
        return f"quadrature over the layers: all ions and fixed charge, {side}, with migration"
    if case.counter.type == "reservoir":
        return "z F D c/((1-t+) sum(h/f)): binary salt, bulk at the far side, with migration"
    return "2 z F D c/((1-t+) sum(h/f)): binary salt, two electrodes, with migration"


def resistances(case: Case, stack: Stack) -> list[Resistance]:
    """The liquid layers in one dimension, with the charges that the level sees."""
    charged = LEVELS[case.level].concentrations
    found = []
    for layer in (x for x in case.layers if x.name in stack.liquid):
        medium = layer.medium
        factor = medium.ionic_conductivity_factor
        found.append(
            Resistance(
                layer.thickness / factor,
                layer.thickness * medium.porosity,
                medium.fixed_charge if charged else 0.0,
                medium.surface_transport / factor,
            )
        )
    return found


def composition(case: Case, bulk: Bulk, reactant: str, *, traces: bool = True) -> Composition:
    """What is dissolved in the bulk, the reactant with a diffusivity that gives the salt's
    D/(1-t+); the two ions of a salt alone without ``traces``."""
    ion = bulk.ion(reactant)
    charges = bulk.charges if traces else {name: bulk.charges[name] for name in bulk.names[:2]}
    others = tuple((z, bulk.held(name)) for name, z in charges.items() if name != reactant)
    diffusivity = ion.diffusivity
    if bulk.salt is not None:
        salt = bulk.salt.properties
        mobility = salt.diffusivity(ion.concentration)
        mobility /= 1 - salt.transference_number(ion.concentration)
        diffusivity = float(mobility) / (1 + ion.charge / abs(others[0][0]))
    return Composition((ion.charge, bulk.held(reactant)), others, diffusivity)


def apparent_conductivity_of(
    cell: Cell, kappa: float, resistance: float, current: float | None
) -> float:
    """Conductivity [S/m] with the polarisation of the liquid; without it where the level knows no
    concentrations, or measured properties are not those of the reactant's salt.

    About the mean current density ``current`` [A/m2], at which ``resistance`` [ohm m2] is taken.
    """
    case, bulk, main = cell.case, cell.bulk, cell.working.surface.main
    ion, kinetics = bulk.ion(main.ion), main.rate
    if not LEVELS[case.level].concentrations or not polarises(bulk, ion.name):
        return kappa
    salt = None if bulk.salt is None else bulk.salt.properties
    slope = 1.0 if salt is None else salt.activity_slope(ion.concentration)
    order = 0.0 if kinetics.form == "linear" else kinetics.alpha_a / ion.charge * slope
    # Deposition lowers the salt at the metal and with it i0; dissolution raises both.
    rate = resistance * -(current or 0.0) * order
    if bulk.salt is None or salt is None:
        others = sum(z**2 * bulk.held(name) for name, z in bulk.charges.items() if name != ion.name)
        return apparent_conductivity_of_ions(
            ion.diffusivity, bulk.held(ion.name), ion.charge, others, bulk.thermal_voltage, rate
        )
    return apparent_conductivity(
        kappa,
        salt.diffusivity(ion.concentration),
        salt.transference_number(ion.concentration),
        slope,
        ion.concentration,
        bulk.salt.charges,
        bulk.thermal_voltage,
        rate,
    )


def polarises(bulk: Bulk, reactant: str) -> bool:
    """Whether it is known how a liquid polarises: of ideal ions, and of the reactant's salt."""
    return not bulk.measured_activity or reactant in bulk.names[:2]


def conductivity(bulk: Bulk) -> float:
    """Of the bulk [S/m]: measured, or by Nernst and Einstein from its ions."""
    if bulk.conductivity:
        return bulk.conductivity
    strength = sum(s.charge**2 * s.diffusivity * s.concentration for s in bulk.species)
    return FARADAY * strength / bulk.thermal_voltage


def polarisation_resistance(wall: ReactingWall, bulk: Bulk, current: float | None) -> float:
    """d|eta|/di [ohm m2] of uniform kinetics at a mean current density [A/m2], per geometric area.

    At equilibrium where the current is not known.
    """
    kinetics = wall.main.rate
    exchange = wall.exchange_current_density * wall.wetted
    charge = wall.main.electrons
    if kinetics.form == "linear" or current is None:
        return bulk.thermal_voltage / (charge * exchange)
    a, c = kinetics.alpha_a, kinetics.alpha_c
    if kinetics.irreversible:
        return bulk.thermal_voltage / ((a + c) * max(abs(current), exchange))
    relative = current / exchange

    def excess(eta: float) -> float:
        return float(np.exp(a * eta) - np.exp(-c * eta)) - relative

    # On the branch of the current's sign neither exponential overflows.
    reach = np.log1p(abs(relative)) + 1.0
    eta = scipy.optimize.brentq(
        excess, *((0.0, reach / a) if relative >= 0.0 else (-reach / c, 0.0))
    )
    slope = a * np.exp(a * eta) + c * np.exp(-c * eta)
    return float(bulk.thermal_voltage / (exchange * slope))
