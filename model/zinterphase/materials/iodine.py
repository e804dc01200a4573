"""Iodine in water at 298.15 K: one consistent set of potentials for all its forms.

That of solid iodine is taken from the library; those of triiodide and of dissolved iodine follow
from it with the solubility of iodine and the constant of I2 + I- = I3-. Values from tables that
were measured apart would differ by a millivolt, and drive a current in a circle at rest.
"""

from __future__ import annotations

from math import log, log10

from zinterphase.materials.aqueous import LITRE, Complex, constant_of
from zinterphase.materials.library import Sourced, parameter, sourced
from zinterphase.scales import thermal_voltage

IODIDE, IODINE, TRIIODIDE = "I-", "I2", "I3-"
TRIIODIDE_OXIDATION = "triiodide"
"""The reaction of iodide and triiodide at an electrode, and the equilibrium of the latter."""
SOLID = "iodine"
EQUATION = "I2 -> I2(s)"
TRIIODIDE_EQUATION = "3/2 I- -> 1/2 I3- + e-"
"""Per electron: with it the orders of the rate are 1.5 and 0.5."""
SOLID_EQUATION = "I- -> 1/2 I2(s) + e-"
REACTIONS = (TRIIODIDE_OXIDATION, SOLID)
"""At an electrode, by what they make of iodide."""
COVERING = 1e-9
"""Mean thickness [m] of solid iodine that covers half of a wall: two layers of molecules."""
MOLAR_VOLUME = 51.5e-6
"""Of solid iodine [m3/mol], 253.81 g/mol over 4.93 g/cm3."""


def triiodide() -> Complex:
    """The complex I3-, in equilibrium with iodine and iodide."""
    entry, mobile = parameter("iodine.K_I3"), parameter("iodine.D_I3")
    composition = {IODINE: 1.0, IODIDE: 1.0}
    constant = constant_of(log10(float(entry.value)), composition)
    source = f"{entry.key}: {entry.source}"
    return Complex(TRIIODIDE, -1, mobile.si, composition, constant, source)


def standard_potentials(temperature: float) -> dict[str, float]:
    """Potentials [V vs SHE] at 1 mol/L against I-, by what is reduced: the solid, I2 and I3-."""
    solid, half = parameter("iodine.E0_I2s_I").si, 0.5 * thermal_voltage(temperature)
    dissolved = solid - half * log(_solubility())
    constant = float(parameter("iodine.K_I3").value)
    return {SOLID: solid, IODINE: dissolved, TRIIODIDE: dissolved - half * log(constant)}


def formation_constant() -> Sourced:
    """log10 of the constant of I2 -> I2(s), for mol/L: minus that of the solubility."""
    entry = parameter("iodine.solubility_I2")
    source = f"-log10 {entry.key}: {entry.source}"
    return Sourced(-log10(_solubility()), "", source, entry.confidence, entry.basis)


def solid_defaults() -> dict[str, Sourced]:
    """Of solid iodine as a precipitate; its rate is that of diffusion over a pore of the host."""
    mobile, width = parameter("iodine.D_I2"), 2e-6
    rate = mobile.si * parameter("iodine.solubility_I2").si / width
    source = f"assumption: iodine.D_I2 x iodine.solubility_I2 over {width * 1e6:g} um"
    return {
        "rate_constant": Sourced(rate, "mol/m^2/s", source, "low", "assumption"),
        "log_K": formation_constant(),
        "molar_volume": Sourced(
            MOLAR_VOLUME, "m^3/mol", "253.81 g/mol over 4.93 g/cm3", "high", "computed"
        ),
    }


def conventions() -> dict[str, Sourced]:
    """Specific capacities [C/kg] by convention: per mass of I2, by electrons that one I2 takes."""
    two = sourced("iodine.capacity_I2", "C/kg")
    four = Sourced(2.0 * float(two.value), "C/kg", f"2 x {two.source}", two.confidence, two.basis)
    return {"two_electrons": two, "four_electrons": four}


def reaction_defaults(name: str, temperature: float) -> dict[str, Sourced]:
    """Butler and Volmer's law of iodide and ``name``, triiodide or solid iodine, on carbon by field
    of the case, against SHE.

    The exchange current density is that where what is dissolved has 0.1 mol/L, and so is the
    potential.
    """
    alpha = sourced("iodine.alpha_I", "")
    voltage = thermal_voltage(temperature)
    state = 0.1 * LITRE
    of_solid = name == SOLID
    standard = standard_potentials(temperature)[SOLID if of_solid else TRIIODIDE]
    potential = standard + voltage * log(LITRE / state)
    parts = "" if of_solid else ", iodine.K_I3 and iodine.solubility_I2"
    where = f"computed from iodine.E0_I2s_I{parts}, at 0.1 mol/L"
    exchange = sourced("iodine.i0_I", "A/m^2")
    if of_solid:
        source = f"assumption: that of triiodide, {exchange.source}"
        exchange = Sourced(exchange.value, exchange.unit, source, "low", "assumption")
    return {
        **(_as_solid() if of_solid else {}),
        "exchange_current_density": exchange,
        "reference_concentration": Sourced(
            state, "mol/m^3", "state of iodine.i0_I", "high", "definition"
        ),
        "alpha_a": alpha,
        "alpha_c": Sourced(
            1.0 - float(alpha.value), "", f"1 - {alpha.source}", alpha.confidence, "computed"
        ),
        "formal_potential": Sourced(potential, "V", where, "high", "computed"),
    }


def _as_solid() -> dict[str, Sourced]:
    """That it is the precipitate, and how little of it the reaction still finds."""
    source = "assumption: two layers of molecules of 0.5 nm"
    return {
        "precipitate": Sourced(SOLID, "", EQUATION, "high", "definition"),
        "covering_thickness": Sourced(COVERING, "m", source, "low", "assumption"),
    }


def _solubility() -> float:
    """In water [mol/L]."""
    return parameter("iodine.solubility_I2").si / LITRE
