"""Aqueous ZnSO4 at 298.15 K: ions, conductivity, activity. Concentrations in mol/m3.

The closed forms take and return floats; parameters come from the library.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from zinterphase.errors import CaseError
from zinterphase.materials.library import parameter

CATION = "Zn2+"
ANION = "SO42-"
WATER_DENSITY = 997.05  # kg/m3 at 298.15 K, handbook
_SALT_MOLAR_MASS = 0.16144  # kg/mol, ZnSO4, IUPAC
_REFERENCE_CONCENTRATION = 2000.0  # mol/m3, the state the library's 2 M entries refer to
CONDUCTIVITY_RANGE = (50.0, 2600.0)  # mol/m3, validity of the fit in the library
_LARGEST_MOLALITY = 3.5  # mol/kg, validity of the Pitzer parameters
# Form constants of the Pitzer equation for 2:2 salts at 298.15 K
PITZER_B, ALPHA_1, ALPHA_2, A_PHI = 1.2, 1.4, 12.0, 0.3915


@dataclass(frozen=True)
class Species:
    """A dissolved ion: diffusivity m2/s at infinite dilution, bulk concentration mol/m3."""

    name: str
    charge: int
    diffusivity: float
    concentration: float
    source: str


def salt_species(concentration: float) -> tuple[Species, ...]:
    """Return the two ions of ZnSO4 at the given salt concentration."""
    cation, anion = parameter("electrolyte.D_Zn_inf"), parameter("electrolyte.D_SO4_inf")
    return (
        Species(CATION, 2, cation.si, concentration, f"{cation.key}: {cation.source}"),
        Species(ANION, -2, anion.si, concentration, f"{anion.key}: {anion.source}"),
    )


def conductivity_is_known(concentration: float | None) -> bool:
    """Return whether the conductivity fit covers a salt concentration."""
    low, high = CONDUCTIVITY_RANGE
    return concentration is not None and low <= concentration <= high


def conductivity(concentration: float) -> float:
    """Return the conductivity of ZnSO4, S/m, by the Casteel-Amis fit of the library.

    Raises
    ------
    CaseError
        Outside 0.05 to 2.6 mol/L, where the fit is not supported by data.
    """
    if not conductivity_is_known(concentration):
        raise CaseError(
            "electrolyte.concentration",
            f"{concentration / 1000:g} mol/L",
            "0.05 to 2.6 mol/L for the library's conductivity; else give electrolyte.conductivity",
        )
    # The fit is written in mol/L.
    c = concentration / 1000.0
    c_max = parameter("electrolyte.kappa_cmax").si / 1000.0
    a = float(parameter("electrolyte.kappa_a").value)
    b = float(parameter("electrolyte.kappa_b").value)
    exponent = b * (c - c_max) ** 2 - a * (c - c_max) / c_max
    return parameter("electrolyte.kappa_max").si * math.exp(a * math.log(c / c_max) + exponent)


def permittivity(ionic_strength: float) -> float:
    """Return the static relative permittivity, linear in salt from water to the value at 2 M.

    The static value includes ion pairs, which belongs to models without explicit pairs.
    ``ionic_strength`` in mol/m3 (4 c for a 2:2 salt).
    """
    water = parameter("electrolyte.eps_r_water").si
    at_reference = parameter("electrolyte.eps_r_2M_static_total").si
    share = ionic_strength / (4.0 * _REFERENCE_CONCENTRATION)
    return water + (at_reference - water) * share


def molality(concentration: float) -> float:
    """Return mol of ZnSO4 per kg of water, from the density at 2 M."""
    return concentration / (WATER_DENSITY * (1.0 - apparent_volume() * concentration))


def apparent_volume() -> float:
    """Return the apparent molar volume of ZnSO4, m3/mol, taken constant at its 2 M value."""
    c_ref = _REFERENCE_CONCENTRATION
    water = parameter("electrolyte.density_2M").si - c_ref * _SALT_MOLAR_MASS
    return (1.0 - water / WATER_DENSITY) / c_ref


def saturation() -> float:
    """Return the concentration of saturated ZnSO4 at 298.15 K, mol/m3."""
    molal = parameter("electrolyte.solubility").si
    mass = molal * WATER_DENSITY
    return mass / (1.0 + mass * apparent_volume())


def mean_activity_coefficient(molal: float) -> float:
    """Return the molal mean activity coefficient of ZnSO4 by Pitzer's equation for 2:2 salts.

    Pitzer & Mayorga 1974 form, parameters of May et al. 2011 in the library.

    Raises
    ------
    CaseError
        Above 3.5 mol/kg or below 0.
    """
    if not 0.0 <= molal <= _LARGEST_MOLALITY:
        raise CaseError("molality", f"{molal:g} mol/kg", f"0 to {_LARGEST_MOLALITY} mol/kg")
    if molal == 0.0:
        return 1.0
    beta_0 = parameter("electrolyte.pitzer_beta0").si
    beta_1 = parameter("electrolyte.pitzer_beta1").si
    beta_2 = parameter("electrolyte.pitzer_beta2").si
    ionic_strength = 4.0 * molal
    root = math.sqrt(ionic_strength)
    debye_hueckel = -A_PHI * (
        root / (1.0 + PITZER_B * root) + 2.0 / PITZER_B * math.log1p(PITZER_B * root)
    )
    second = (
        2.0 * beta_0
        + beta_1 * _pitzer_range(ALPHA_1 * root)
        + beta_2 * _pitzer_range(ALPHA_2 * root)
    )
    third = 1.5 * parameter("electrolyte.pitzer_Cphi").si
    return math.exp(4.0 * debye_hueckel + molal * second + molal**2 * third)


def activity(concentration: float) -> float:
    """Return the molal mean-ion activity gamma m of ZnSO4 (0.0735 at 2 M).

    Raises
    ------
    CaseError
        Above 3.5 mol/kg, where the activity coefficient is not known.
    """
    molal = molality(concentration)
    if not 0.0 < molal <= _LARGEST_MOLALITY:
        shown = f"{concentration / 1000:g} mol/L"
        raise CaseError("electrolyte.concentration", shown, "a molality up to 3.5 mol/kg")
    return mean_activity_coefficient(molal) * molal


def activity_slope(concentration: float) -> float:
    """Return d ln a/d ln c of ZnSO4, the thermodynamic factor (1.05 at 2 M, 0.5 at 0.1 M).

    Raises
    ------
    CaseError
        Where the activity is not known.
    """
    step = 1e-4
    rise = math.log(activity(concentration * (1.0 + step)) / activity(concentration * (1.0 - step)))
    return rise / (math.log1p(step) - math.log1p(-step))


def _pitzer_range(x: float) -> float:
    """Return Pitzer's range function 2 [1 - (1 + x - x^2/2) exp(-x)] / x^2."""
    return 2.0 * (1.0 - (1.0 + x - 0.5 * x * x) * math.exp(-x)) / (x * x)
