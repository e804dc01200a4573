"""What a layer is made of: one porous mixture, with dense metal and free electrolyte as limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from zinterphase.materials.library import Sourced, parameter, sourced

Kind = Literal[
    "dense_conductor", "dense_insulator", "porous_conductor", "porous_insulator", "electrolyte"
]
HOSTS = ("carbon", "graphite")
"""Porous conductor of a counter electrode, and the dense collector upon it."""
MATERIALS = ("Zn", "Ag", "Ag_nanoparticles", "TiO2", "electrolyte", "separator", *HOSTS)
_CONDUCTORS = {"Zn", "Ag", "Ag_nanoparticles", *HOSTS}
_GRAIN_DIAMETER = {"Ag_nanoparticles": "silver.particle_diameter", "TiO2": "tio2.particle_diameter"}
_HOST_GRAIN = 5e-6
"""Diameter [m] of a carbon's grains: the macro pores lie between them."""
_SIGMA = {
    "Zn": "zn_kinetics.sigma_Zn",
    "Ag": "silver.sigma_film",
    "Ag_nanoparticles": "silver.sigma_film",
    "TiO2": "tio2.sigma_e_vacancy",
    "carbon": "iodine.host_sigma",
    "graphite": "iodine.host_sigma",
}
_RANDOM_PACKING_POROSITY = 0.4


@dataclass(frozen=True)
class Medium:
    """A layer as the equations see it, in SI.

    Attributes
    ----------
    porosity : electrolyte volume fraction.
    tortuosity_factor : D_eff = porosity * constrictivity * D / tortuosity_factor.
    constrictivity : hindrance by narrow pores.
    permittivity : relative, of the mixture.
    fixed_charge : mol of charge per m3 of pore liquid.
    electronic_conductivity : of the solid, S/m; 0 when the layer does not conduct electrons.
    specific_area : pore wall per layer volume, 1/m.
    kind : limit of the mixture this layer is.
    surface_transport : of adsorbed ions, D_s a_v dGamma/dln a, mol/m/s.
    lateral_transport : effective transport along over that across the layer.
    """

    porosity: float
    tortuosity_factor: float
    constrictivity: float
    permittivity: float
    fixed_charge: float
    electronic_conductivity: float
    specific_area: float
    kind: Kind
    surface_transport: float = 0.0
    lateral_transport: float = 1.0

    @property
    def ionic_conductivity_factor(self) -> float:
        """Ratio of effective to free-electrolyte conductivity and diffusivity."""
        return self.porosity * self.constrictivity / self.tortuosity_factor

    @property
    def pore_radius(self) -> float:
        """Hydraulic pore radius 2 porosity / specific_area, m; infinite without walls."""
        return 2.0 * self.porosity / self.specific_area if self.specific_area > 0.0 else math.inf


def kind_of(porosity: float, conducting: bool) -> Kind:
    """Return the limit that porosity and electronic conduction make of a layer."""
    if porosity == 0.0:
        return "dense_conductor" if conducting else "dense_insulator"
    if conducting:
        return "porous_conductor"
    return "electrolyte" if porosity == 1.0 else "porous_insulator"


def conducts(material: str) -> bool:
    """Return whether a material conducts electrons unless the case says otherwise."""
    return material in _CONDUCTORS


def default_porosity(material: str) -> Sourced:
    """Return the electrolyte volume fraction of a material."""
    match material:
        case "TiO2":
            return sourced("tio2.porosity", "")
        case "separator":
            return sourced("separator.porosity", "")
        case "Ag_nanoparticles":
            return _assumed(_RANDOM_PACKING_POROSITY, "", "random packing of spheres")
        case "carbon":
            return sourced("iodine.host_macroporosity", "")
        case "electrolyte":
            return Sourced(1.0, "", "free electrolyte", "high", "definition")
        case _:
            return Sourced(0.0, "", "dense metal", "high", "definition")


def layer_defaults(
    material: str, porosity: float, electrolyte_permittivity: float
) -> dict[str, Sourced]:
    """Return the material's values for a layer of the given porosity, by field of the case.

    Parameters
    ----------
    material : one of `MATERIALS`.
    porosity : the layer's electrolyte volume fraction; area and tortuosity follow it.
    electrolyte_permittivity : relative permittivity of the free electrolyte.
    """
    return {
        "porosity": default_porosity(material),
        "tortuosity_factor": _tortuosity_factor(material, porosity),
        "constrictivity": _constrictivity(material, porosity),
        "permittivity": _permittivity(material, porosity, electrolyte_permittivity),
        "fixed_charge": _fixed_charge(material),
        "electronic_conductivity": _electronic_conductivity(material),
        "specific_area": _specific_area(material, porosity),
    }


def liquid_between(material: str, electrolyte_permittivity: float) -> dict[str, Sourced]:
    """Return the values of a layer whose particles are resolved: of the free electrolyte between
    them, and the conductivity of the solid."""

    def free(value: float, unit: str = "") -> Sourced:
        return Sourced(value, unit, "liquid between resolved particles", "high", "definition")

    return {
        "porosity": free(1.0),
        "tortuosity_factor": free(1.0),
        "constrictivity": free(1.0),
        "permittivity": free(electrolyte_permittivity),
        "fixed_charge": free(0.0, "mol/m^3"),
        "electronic_conductivity": _electronic_conductivity(material),
        "specific_area": free(0.0, "1/m"),
    }


def accumulation_defaults() -> dict[str, Sourced]:
    """Return what reduced anatase takes up below its flat band, potential against SHE."""
    return {
        "conductivity": sourced("tio2.sigma_e_accumulation", "S/m"),
        "flat_band": sourced("tio2.E_fb_anatase", "V"),
    }


def site_defaults() -> dict[str, Sourced]:
    """Return what protons find on anatase: pH of zero charge, sites per area."""
    return {
        "pH_pzc": sourced("tio2.pH_pzc", ""),
        "site_density": sourced("tio2.site_density", "1/m^2"),
    }


def _tortuosity_factor(material: str, porosity: float) -> Sourced:
    if material in ("TiO2", "separator"):
        return sourced(f"{material.lower()}.tortuosity_factor", "")
    if porosity in (0.0, 1.0):
        return Sourced(1.0, "", "no solid skeleton", "high", "definition")
    return _assumed(porosity**-0.5, "", "Bruggeman, porosity^-1/2")


def _constrictivity(material: str, porosity: float) -> Sourced:
    if material == "TiO2":
        return sourced("tio2.constrictivity", "")
    if porosity in (0.0, 1.0):
        return Sourced(1.0, "", "no pores", "high", "definition")
    return _assumed(1.0, "", "pores much wider than the ions")


def _permittivity(material: str, porosity: float, electrolyte: float) -> Sourced:
    if material == "TiO2":
        return sourced("tio2.eps_r_effective_film", "")
    if material == "electrolyte":
        return Sourced(electrolyte, "", "that of the electrolyte", "high", "definition")
    if material == "separator":
        return _assumed(electrolyte, "", "that of the electrolyte, fibres neglected")
    if porosity == 0.0:
        return Sourced(1.0, "", "no field inside a metal", "high", "definition")
    return _assumed(electrolyte * porosity**1.5, "", "liquid between metal grains, Bruggeman")


def _fixed_charge(material: str) -> Sourced:
    if material != "TiO2":
        return Sourced(0.0, "mol/m^3", "no fixed charge", "high", "definition")
    entry = parameter("tio2.fixed_charge_X")
    low, high = entry.si_range or (math.nan, math.nan)
    return _assumed(
        0.0,
        "mol/m^3",
        f"sign not established: {entry.key} = {entry.si:g} mol/m^3 (range {low:g} to {high:g}) "
        "is used only when the case says so",
    )


def _electronic_conductivity(material: str) -> Sourced:
    if material in _SIGMA:
        return sourced(_SIGMA[material], "S/m")
    return Sourced(0.0, "S/m", "ionic conductor", "high", "definition")


def _specific_area(material: str, porosity: float) -> Sourced:
    if material == "carbon" and 0.0 < porosity < 1.0:
        area = 6.0 * (1.0 - porosity) / _HOST_GRAIN
        return _assumed(area, "1/m", f"outside of grains of {_HOST_GRAIN * 1e6:g} um")
    if material not in _GRAIN_DIAMETER or porosity in (0.0, 1.0):
        return Sourced(0.0, "1/m", "no resolved pore wall", "high", "definition")
    diameter = parameter(_GRAIN_DIAMETER[material])
    source = f"6 (1 - porosity) / {diameter.key}: {diameter.source}"
    value = 6.0 * (1.0 - porosity) / diameter.si
    return Sourced(value, "1/m", source, diameter.confidence, "computed")


def _assumed(value: float, unit: str, why: str) -> Sourced:
    return Sourced(value, unit, f"assumption: {why}", "low", "assumption")
