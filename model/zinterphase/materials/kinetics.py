"""Library defaults by reaction and metal; the library knows Zn2+ + 2e- = Zn alone."""

from __future__ import annotations

from zinterphase.materials.electrolyte import CATION
from zinterphase.materials.library import Sourced, parameter, sourced
from zinterphase.materials.media import HOSTS

_METAL = {"Zn": "Zn", "Ag": "Ag", "Ag_nanoparticles": "Ag"}
_INERT_PZC = 0.1
"""Of carbon [V vs SHE]."""
_PZC = {"Zn": "zn_kinetics.pzc_Zn", "Ag": "silver.pzc_Ag"}
_BARRIER = {"Zn": "zn_kinetics.eta_nuc_Zn", "Ag": "zn_kinetics.eta_nuc_Ag"}
_SIGMA_LN = {"Zn": "cases.bare_i0_sigma_ln", "Ag": "cases.Ag_i0_sigma_ln"}
REFERENCE_CONCENTRATION = 2000.0
"""The "2M" of the library's kinetic entries [mol/m3]."""
ELECTRONS = 2
"""Of Zn2+ + 2e- = Zn."""


def has_kinetics(material: str) -> bool:
    """Return whether the library has kinetic defaults for a metal, plated from zinc ions."""
    return material in _METAL


def is_inert(material: str) -> bool:
    """Return whether a conductor is no metal of zinc's: it blocks, and further reactions run."""
    return material in HOSTS


def metal_of(material: str) -> str | None:
    """Return the metal that a material presents to the liquid; None for what is none."""
    return _METAL.get(material)


def kinetic_defaults(reactant: str, material: str) -> dict[str, Sourced]:
    """Return default kinetics of a reaction on a material by field of the case.

    Potentials against SHE, at the library's reference concentration. The compact layer is the
    metal's own, whatever reacts there; all else is known of Zn2+ alone.
    """
    return {**_compact_layer(reactant, material), **_reaction(reactant, material)}


def is_known(reactant: str, material: str) -> bool:
    """Return whether the library has the rate law of a reaction on a material."""
    return reactant == CATION and (material in (*_METAL, *HOSTS) or material == "TiO2")


def _compact_layer(reactant: str, material: str) -> dict[str, Sourced]:
    metal = _METAL.get(material)
    if material == "TiO2" and is_known(reactant, material):
        metal = "Zn"  # that of the deposit
    capacitance = sourced("electrolyte.C_Stern", "F/m^2")
    if is_inert(material):
        pzc = Sourced(_INERT_PZC, "V", "assumption: about that of carbon", "low", "assumption")
        return {"pzc": pzc, "stern_capacitance": capacitance}
    if metal is None:
        return {}
    return {
        "pzc": sourced(_PZC[metal], "V"),
        "stern_capacitance": capacitance,
    }


def _reaction(reactant: str, material: str) -> dict[str, Sourced]:
    if not is_known(reactant, material):
        return {}
    state = "state of the library's 2 M entries"
    exchange = _on(material)
    return {
        "reactant": Sourced(CATION, "", "Zn2+ + 2e- = Zn", "high", "definition"),
        "exchange_current_density": exchange,
        "reference_concentration": Sourced(
            REFERENCE_CONCENTRATION, "mol/m^3", state, "high", "definition"
        ),
        "alpha_a": sourced("zn_kinetics.alpha_a", ""),
        "alpha_c": sourced("zn_kinetics.alpha_c", ""),
        "formal_potential": sourced("zn_kinetics.E_eq_2M", "V"),
    }


def contact_default(porosity: float, porosity_above: float) -> Sourced:
    """Return the wetted share of a facet: what the layer on dense metal leaves open."""
    if porosity > 0.0:
        return Sourced(1.0, "", "pore walls are wetted", "high", "definition")
    return Sourced(porosity_above, "", "porosity of the layer above", "medium", "assumption")


def double_layer_defaults() -> dict[str, Sourced]:
    """Return the capacitance of a double layer that is not resolved.

    At the concentrations of such levels the diffuse layer is thin and in series: the compact one's.
    """
    return {"double_layer_capacitance": sourced("electrolyte.C_Stern", "F/m^2")}


def surface_energy() -> Sourced:
    """Of zinc [J/m2]."""
    return sourced("zn_kinetics.surface_energy_Zn", "J/m^2")


def spread_defaults(reactant: str, material: str) -> dict[str, Sourced]:
    """Return the default log-normal spread of a reaction's i0 on a metal; empty if unknown."""
    if reactant != CATION or material not in _METAL:
        return {}
    return {
        "sigma_ln": sourced(_SIGMA_LN[_METAL[material]], ""),
        "correlation_length": sourced("cases.bare_i0_corr_length", "m"),
    }


def patches_defaults() -> dict[str, Sourced]:
    """Return the default size of islands of another surface."""
    return {"correlation_length": sourced("cases.bare_i0_corr_length", "m")}


def nucleation_defaults(reactant: str, material: str) -> dict[str, Sourced]:
    """Return the default barrier of a fresh substrate to a reaction; empty if unknown."""
    if not is_known(reactant, material):
        return {}
    if material == "TiO2" or is_inert(material):
        return {"overpotential": sourced("zn_kinetics.eta_nuc_TiO2", "V")}
    return {"overpotential": sourced(_BARRIER[_METAL[material]], "V")}


def growth_defaults(reactant: str) -> dict[str, Sourced]:
    """Return the default amount of metal in a monolayer; empty if unknown."""
    if reactant != CATION:
        return {}
    return {"monolayer": sourced("zn_kinetics.monolayer_Zn", "mol/m^2")}


def nuclei_defaults(reactant: str) -> dict[str, Sourced]:
    """Return the default density of nuclei; empty if unknown."""
    if reactant != CATION:
        return {}
    return {"density": sourced("zn_kinetics.nuclei_density_Zn", "1/m^2")}


def under_titania(reactant: str, material: str) -> Sourced | None:
    """Return the exchange current density of Zn under TiO2 when the case applies the factor."""
    if reactant != CATION or material != "Zn":
        return None
    return _scaled(_exchange_current_density("Zn"), "cases.TiO2_only_i0_factor")


def _on(material: str) -> Sourced:
    """Zn deposited on TiO2 or carbon plates as Zn does; before that there is a barrier
    (`nucleation`)."""
    if material in _METAL:
        return _exchange_current_density(_METAL[material])
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
