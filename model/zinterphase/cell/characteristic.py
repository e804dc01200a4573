"""Characteristic currents, resistances and conductivities of a case."""

import numpy as np
from scipy.optimize import brentq

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.stack import Stack, stack_of
from zinterphase.materials.electrolyte import zinc_sulphate
from zinterphase.physics.polarisation import apparent_conductivity
from zinterphase.scales import FARADAY


def limiting_current(case: Case, bulk: Bulk, stack: Stack) -> float:
    """Limiting current density [A/m2]; see ``advice.LIMITING_DEFINITION``.

    Levels with measured properties take the salt's measured diffusivity and transference number,
    `pnp` its own ions. More than two ions: the reactant alone, without migration.
    """
    kinetics = case.kinetics[stack.metal]
    ion = bulk.ion(kinetics.reactant)
    sides = 2.0 if case.counter.type == "electrode" else 1.0
    thickness = sum(
        layer.thickness / layer.medium.ionic_conductivity_factor
        for layer in case.layers
        if layer.name in stack.liquid
    )
    mobility = _cation_mobility(bulk, kinetics.reactant)
    return sides * ion.charge * FARADAY * mobility * ion.concentration / thickness


def _cation_mobility(bulk: Bulk, reactant: str) -> float:
    """D/(1-t+) of the binary salt [m2/s]."""
    ion = bulk.ion(reactant)
    others = [s for s in bulk.species if s.name != reactant]
    if len(others) != 1:
        return ion.diffusivity
    if not bulk.measured_activity:
        return ion.diffusivity * (1 + ion.charge / abs(others[0].charge))
    salt = zinc_sulphate()
    transference = salt.transference_number(ion.concentration)
    return float(salt.diffusivity(ion.concentration) / (1 - transference))


def apparent_conductivity_of(case: Case, bulk: Bulk, kappa: float, resistance: float) -> float:
    """Conductivity [S/m] with polarisation of a z:z salt; without it for any other electrolyte."""
    kinetics = case.kinetics[stack_of(case).metal]
    ion = bulk.ion(kinetics.reactant)
    others = [s for s in bulk.species if s.name != ion.name]
    symmetric = len(others) == 1 and others[0].charge == -ion.charge
    if not LEVELS[case.level].concentrations or not symmetric:
        return kappa
    total = ion.diffusivity + others[0].diffusivity
    slope, transference = 1.0, ion.diffusivity / total
    diffusivity = 2 * ion.diffusivity * others[0].diffusivity / total
    if bulk.measured_activity:
        salt = zinc_sulphate()
        slope = salt.activity_slope(ion.concentration)
        diffusivity = salt.diffusivity(ion.concentration)
        transference = salt.transference_number(ion.concentration)
    order = 0.0 if kinetics.form == "linear" else kinetics.alpha_a / ion.charge * slope
    # Deposition lowers the salt at the metal and with it i0; dissolution raises both.
    depletion = -(case.control.current_density or 0.0)
    return apparent_conductivity(
        kappa,
        diffusivity,
        transference,
        slope,
        ion.concentration,
        ion.charge,
        bulk.thermal_voltage,
        resistance * depletion * order,
    )


def ideal_conductivity(bulk: Bulk) -> float:
    """Nernst-Einstein conductivity [S/m]."""
    strength = sum(s.charge**2 * s.diffusivity * s.concentration for s in bulk.species)
    return FARADAY * strength / bulk.thermal_voltage


def polarisation_resistance(case: Case, bulk: Bulk, exchange: float) -> float:
    """d|eta|/di [ohm m2] of uniform kinetics at the mean current, per geometric area.

    ``exchange`` [A/m2] is per wetted area.
    """
    kinetics = case.kinetics[stack_of(case).metal]
    exchange *= kinetics.contact_fraction * (1.0 - kinetics.blocked_fraction)
    charge = bulk.ion(kinetics.reactant).charge
    if kinetics.form == "linear" or case.control.current_density is None:
        return bulk.thermal_voltage / (charge * exchange)
    a, c = kinetics.alpha_a, kinetics.alpha_c
    relative = case.control.current_density / exchange

    def excess(eta: float) -> float:
        return float(np.exp(a * eta) - np.exp(-c * eta)) - relative

    # On the branch of the current's sign neither exponential overflows.
    reach = np.log1p(abs(relative)) + 1.0
    eta = brentq(excess, *((0.0, reach / a) if relative >= 0.0 else (-reach / c, 0.0)))
    slope = a * np.exp(a * eta) + c * np.exp(-c * eta)
    return float(bulk.thermal_voltage / (exchange * slope))
