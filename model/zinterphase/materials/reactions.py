"""Reactions beside the metal's own that the library knows by name, with their rate laws."""

from __future__ import annotations

from dataclasses import replace

from zinterphase.materials import iodine
from zinterphase.materials.kinetics import is_inert, metal_of
from zinterphase.materials.library import Sourced, parameter, sourced

HYDROGEN, PROTON_REDUCTION = "hydrogen_evolution", "proton_reduction"
WATER_REDUCTION, OXYGEN_REDUCTION = "water_reduction", "oxygen_reduction"
EQUATIONS = {
    HYDROGEN: "2 H+ + 2 e- -> H2(g)",
    PROTON_REDUCTION: "2 H+ + 2 e- -> H2(g)",
    WATER_REDUCTION: "2 H2O + 2 e- -> H2(g) + 2 OH-",
    OXYGEN_REDUCTION: "O2 + 2 H2O + 4 e- -> 4 OH-",
    iodine.TRIIODIDE_OXIDATION: iodine.TRIIODIDE_EQUATION,
    iodine.SOLID: iodine.SOLID_EQUATION,
}
"""By name; those of hydrogen are two readings of one reaction, lumped or by what is reduced."""
_STANDARD = Sourced(1000.0, "mol/m^3", "standard state, 1 mol/L", "high", "definition")
_ON = {"Zn": "parasitic.HER_i0_Zn", "Ag": "parasitic.HER_i0_Ag", "TiO2": "parasitic.HER_i0_TiO2"}


def reaction_defaults(name: str, material: str, temperature: float) -> dict[str, Sourced]:
    """Rate law of a reaction of the library on a material by field of the case, potentials against
    SHE; empty where it is not known there.

    ``triiodide`` and ``iodine`` on carbon have an equilibrium. All others are irreversible (Tafel's
    law); ``hydrogen_evolution`` has the exchange current density of the operating pH: constant
    against the local equilibrium.
    """
    if name in iodine.REACTIONS:
        return iodine.reaction_defaults(name, temperature) if is_inert(material) else {}
    metal = "TiO2" if material == "TiO2" else metal_of(material)
    if name not in EQUATIONS or metal is None:
        return {}
    slope = sourced("parasitic.HER_tafel_Zn", "V")
    found = {
        "form": Sourced("tafel", "", "irreversible", "high", "definition"),
        "tafel_slope": slope,
        "reference_concentration": _STANDARD,
    }
    match name:
        case "hydrogen_evolution":
            found |= {
                "exchange_current_density": sourced(_ON[metal], "A/m^2"),
                "formal_potential": Sourced(0.0, "V", "H+/H2 on SHE", "high", "definition"),
            }
        case "proton_reduction":
            found |= {
                "exchange_current_density": _on(metal, "parasitic.HER_proton_i0"),
                "formal_potential": Sourced(0.0, "V", "H+/H2 on SHE", "high", "definition"),
            }
        case "water_reduction":
            found |= {
                "exchange_current_density": _on(metal, "parasitic.HER_water_rate"),
                "formal_potential": sourced("parasitic.HER_water_potential", "V"),
            }
        case "oxygen_reduction":
            # 4 OH-: the potential at 1 mol/L of OH-.
            acid, shift = parameter("parasitic.ORR_E0"), parameter("electrolyte.logK_water")
            found |= {
                "exchange_current_density": sourced("parasitic.ORR_i0", "A/m^2"),
                "formal_potential": Sourced(
                    acid.si + _DECADE * shift.si,
                    "V",
                    f"{acid.key}: {acid.source}; at 1 mol/L OH-",
                    acid.confidence,
                    acid.basis,
                ),
            }
    return found


def reaction_orders(name: str) -> dict[str, float] | None:
    """Orders of the rate in the species of the liquid; None where the exchange current density is
    constant against the local equilibrium.

    Oxygen's is so against the local acidity (the order in OH- is minus the transfer coefficient of
    120 mV per decade), and of first order in oxygen.
    """
    return {
        PROTON_REDUCTION: {"H+": 1.0},
        WATER_REDUCTION: {},
        OXYGEN_REDUCTION: {"O2": 1.0, "OH-": -0.493},
    }.get(name)


def on_deposit(name: str, material: str) -> Sourced | None:
    """i0 of a reaction of the library on zinc over that on the material below; None where that is
    zinc too, where oxygen is reduced, or where the reaction is not known there."""
    metal = "TiO2" if material == "TiO2" else metal_of(material)
    if metal in (None, "Zn") or name not in (HYDROGEN, PROTON_REDUCTION, WATER_REDUCTION):
        return None
    below, zinc = parameter(_ON[metal]), parameter(_ON["Zn"])
    source = f"{zinc.key}/{below.key}: {zinc.source}; {below.source}"
    return Sourced(zinc.si / below.si, "", source, below.confidence, below.basis)


def _on(metal: str, key: str) -> Sourced:
    """A rate on zinc, times the ratio of hydrogen's lumped exchange current densities elsewhere."""
    zinc = sourced(key, "A/m^2")
    factor = parameter(_ON[metal]).si / parameter(_ON["Zn"]).si
    if factor == 1.0:
        return zinc
    source = f"{_ON[metal]}/{_ON['Zn']} = {factor:g} x {zinc.source}"
    return replace(zinc, value=float(zinc.value) * factor, source=source)


_DECADE = 0.05916
"""RT ln(10)/F at 298.15 K [V]."""
