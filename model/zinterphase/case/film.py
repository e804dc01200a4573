"""What a case says of the pore walls of a layer, turned into the values the equations take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from zinterphase.case import messages
from zinterphase.case.quantities import (
    Acidity,
    AdsorbedCharge,
    Affinity,
    Diffusivity,
    Length,
    SiteDensity,
)
from zinterphase.case.sites import Sites
from zinterphase.case.table import Table
from zinterphase.errors import CaseError
from zinterphase.materials.library import parameter
from zinterphase.materials.pores import (
    AcidBase,
    Adsorption,
    pore_state,
    renkin_constrictivity,
    specific_area,
)
from zinterphase.scales import AVOGADRO
from zinterphase.units import read_si, with_unit

FILM_KEYS = ("particle_diameter", "regulation", "surface_diffusion")
Ions = list[tuple[int, float]]


class Particles(Table):
    """Spheres that make up the film; they set wall area and the width of the pores."""

    particle_diameter: Length


class Regulation(Sites):
    """1-pK charge of the walls at the ``pH`` of the free electrolyte."""

    pH: Acidity  # noqa: N815


class SurfaceDiffusion(Table):
    """Langmuir adsorption of the reactant on the walls, mobile along them.

    ``affinity`` is an assumption: it fills nine tenths of the sites at 2 mol/L.
    """

    diffusivity: Diffusivity = parameter("tio2.surface_diffusivity_Zn").si
    site_density: SiteDensity = parameter("tio2.site_density").si
    affinity: Affinity = 5e-3
    adsorbed_charge: AdsorbedCharge = 2.0


def fill_particles(layer: dict[str, Any], porosity: float) -> None:
    """Replace ``particle_diameter`` of a raw layer by wall area and Renkin's constrictivity."""
    if "particle_diameter" not in layer:
        return
    raw = {"particle_diameter": layer.pop("particle_diameter")}
    diameter = _read(Particles, raw, layer).particle_diameter
    where = f"layers.{layer.get('name')}"
    for key in ("specific_area", "constrictivity"):
        if key in layer:
            raise CaseError(f"{where}.{key}", layer[key], "nothing beside particle_diameter")
    thickness = read_si(layer.get("thickness"), "m")
    if thickness is not None and diameter > thickness:
        allowed = f"at most the thickness, {thickness:g} m"
        raise CaseError(f"{where}.particle_diameter", f"{diameter:g} m", allowed)
    if not 0.0 < porosity < 1.0:
        allowed = "a porosity between 0 and 1 in a layer of particles"
        raise CaseError(f"{where}.porosity", porosity, allowed)
    area = specific_area(porosity, diameter)
    ion = parameter("electrolyte.radius_hyd_Zn").si
    hindrance = renkin_constrictivity(ion, 2.0 * porosity / area)
    if hindrance <= 0.0:
        smallest = 3.0 * ion * (1.0 - porosity) / porosity
        allowed = f"above {smallest:.3g} m: the hydrated ion has to fit into the pores"
        raise CaseError(f"{where}.particle_diameter", f"{diameter:g} m", allowed)
    layer["specific_area"] = with_unit(area, "1/m")
    layer["constrictivity"] = hindrance


def fill_walls(layer: dict[str, Any], ions: Ions, reactant: int) -> None:
    """Replace ``regulation`` and ``surface_diffusion`` of a raw layer, whose other values are
    there, by its charge and surface transport in equilibrium with the free electrolyte.

    The charge that the case gives is what does not answer to the electrolyte.

    Raises
    ------
    CaseError
        For what is out of bounds, and in a layer without pore walls.
    """
    given = {key: layer.pop(key) for key in FILM_KEYS[1:] if key in layer}
    if not given:
        return
    where = f"layers.{layer.get('name')}"
    porosity, area = float(layer["porosity"]), read_si(layer["specific_area"], "1/m")
    if area is None or area <= 0.0 or not 0.0 < porosity < 1.0:
        allowed = "only in a porous layer with a specific_area above 0"
        raise CaseError(f"{where}.{next(iter(given))}", "given", allowed)
    regulation = surface = None
    if "regulation" in given:
        regulation = _read(Regulation, given["regulation"], layer, "regulation")
    if "surface_diffusion" in given:
        surface = _read(SurfaceDiffusion, given["surface_diffusion"], layer, "surface_diffusion")
    state = pore_state(
        ions,
        reactant,
        area / porosity,
        read_si(layer.get("fixed_charge", "0 mol/m^3"), "mol/m^3") or 0.0,
        None if regulation is None else _acid_base(regulation),
        None if surface is None else _adsorption(surface),
    )
    layer["fixed_charge"] = with_unit(state.fixed_charge, "mol/m^3")
    if surface is not None:
        full = surface.site_density / AVOGADRO
        response = state.adsorbed * (1.0 - state.adsorbed / full)
        mobility = surface.diffusivity * area * response
        layer["surface_transport"] = with_unit(mobility, "mol/m/s")


def _acid_base(regulation: Regulation) -> AcidBase:
    return AcidBase(regulation.site_density, regulation.pH_pzc, regulation.pH)


def _adsorption(surface: SurfaceDiffusion) -> Adsorption:
    saturation = surface.site_density / AVOGADRO
    return Adsorption(saturation, surface.affinity, surface.adsorbed_charge)


def _read[T: Table](kind: type[T], raw: Any, layer: Mapping[str, Any], key: str = "") -> T:
    """Validate a raw table; errors carry the layer's name."""
    path = ".".join(part for part in ("layers", str(layer.get("name")), key) if part)
    if not isinstance(raw, Mapping):
        raise CaseError(path, raw, "a table")
    try:
        return kind.model_validate(dict(raw))
    except ValidationError as error:
        found = messages.case_error(error, raw)
        raise CaseError(f"{path}.{found.field}", found.value, found.allowed) from None
