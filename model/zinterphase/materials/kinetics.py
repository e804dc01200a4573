"""Library defaults for Zn2+ + 2e- = Zn on each metal."""

from __future__ import annotations

from zinterphase.materials.electrolyte import CATION
from zinterphase.materials.library import Sourced, parameter, sourced

_METAL = {"Zn": "Zn", "Ag": "Ag", "Ag_nanoparticles": "Ag"}
_PZC = {"Zn": "zn_kinetics.pzc_Zn", "Ag": "silver.pzc_Ag"}
_BARRIER = {"Zn": "zn_kinetics.eta_nuc_Zn", "Ag": "zn_kinetics.eta_nuc_Ag"}
_SIGMA_LN = {"Zn": "cases.bare_i0_sigma_ln", "Ag": "cases.Ag_i0_sigma_ln"}
_REFERENCE_CONCENTRATION = 2000.0  # mol/m3, the "2M" of the library's kinetic entries


def has_kinetics(material: str) -> bool:
    """Return whether the library has kinetic defaults for a material."""
    return material in _METAL


def kinetic_defaults(material: str) -> dict[str, Sourced]:
    """Return default kinetics by field of the case, potentials against SHE; empty if unknown."""
    if material == "TiO2":
        return {**kinetic_defaults("Zn"), "exchange_current_density": _on_titania()}
    if material not in _METAL:
        return {}
    metal = _METAL[material]
    equilibrium = sourced("zn_kinetics.E_eq_2M", "V")
    state = "state of the library's 2 M entries"
    reference = Sourced(_REFERENCE_CONCENTRATION, "mol/m^3", state, "high", "definition")
    return {
        "reactant": Sourced(CATION, "", "Zn2+ + 2e- = Zn", "high", "definition"),
        "exchange_current_density": _exchange_current_density(metal),
        "reference_concentration": reference,
        "alpha_a": sourced("zn_kinetics.alpha_a", ""),
        "alpha_c": sourced("zn_kinetics.alpha_c", ""),
        "formal_potential": equilibrium,
        "pzc": sourced(_PZC[metal], "V"),
        "stern_capacitance": sourced("electrolyte.C_Stern", "F/m^2"),
    }


def contact_default(porosity: float, porosity_above: float) -> Sourced:
    """Return the wetted share of a facet: what the layer on dense metal leaves open."""
    if porosity > 0.0:
        return Sourced(1.0, "", "pore walls are wetted", "high", "definition")
    return Sourced(porosity_above, "", "porosity of the layer above", "medium", "assumption")


def spread_defaults(material: str) -> dict[str, Sourced]:
    """Return the default log-normal spread of i0 on a metal; empty if unknown."""
    if material not in _METAL:
        return {}
    return {
        "sigma_ln": sourced(_SIGMA_LN[_METAL[material]], ""),
        "correlation_length": sourced("cases.bare_i0_corr_length", "m"),
    }


def patches_defaults() -> dict[str, Sourced]:
    """Return the default size of islands of another surface."""
    return {"correlation_length": sourced("cases.bare_i0_corr_length", "m")}


def nucleation_defaults(material: str) -> dict[str, Sourced]:
    """Return the default barrier of a fresh substrate; empty if unknown."""
    if material == "TiO2":
        return {"overpotential": sourced("zn_kinetics.eta_nuc_TiO2", "V")}
    if material not in _METAL:
        return {}
    return {"overpotential": sourced(_BARRIER[_METAL[material]], "V")}


def under_titania(material: str) -> Sourced | None:
    """Return the exchange current density of Zn under TiO2 when the case applies the factor."""
    bare = _exchange_current_density("Zn")
    return _scaled(bare, "cases.TiO2_only_i0_factor") if material == "Zn" else None


def _on_titania() -> Sourced:
    """Zn deposited on TiO2 plates as Zn does; before that there is a barrier (`nucleation`)."""
    zinc = _exchange_current_density("Zn")
    source = f"assumption: that of zinc, {zinc.source}"
    return Sourced(zinc.value, zinc.unit, source, "low", "assumption")


def _exchange_current_density(metal: str) -> Sourced:
    bare = sourced("zn_kinetics.i0_bare_2M", "A/m^2")
    return bare if metal == "Zn" else _scaled(bare, "cases.Ag_i0_factor")


def _scaled(bare: Sourced, key: str) -> Sourced:
    factor = parameter(key)
    source = f"{factor.key} = {factor.si:g} ({factor.source}) x {bare.source}"
    value = float(bare.value) * factor.si
    return Sourced(value, bare.unit, source, factor.confidence, factor.basis)
