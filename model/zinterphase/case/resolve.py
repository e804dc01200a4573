"""Fills the gaps of a case with library values before it is validated.

Works on the raw tables, so that the validated tree holds concrete values only. Whatever cannot be
read is left alone: validation then names it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zinterphase.case import messages
from zinterphase.case.active import fill_active, fill_c_rates
from zinterphase.case.aqueous import fill_aqueous
from zinterphase.case.bounds import require_few
from zinterphase.case.electrolyte import Electrolyte, fill_mobility, require_permittivity
from zinterphase.case.ends import require_ends
from zinterphase.case.film import fill_particles, fill_walls
from zinterphase.case.front import fill_front
from zinterphase.case.kinetic_defaults import fill_kinetics
from zinterphase.case.levels import is_ideal, levels_that
from zinterphase.case.precipitates import fill_precipitates
from zinterphase.case.pybamm import translate
from zinterphase.case.rate_text import liquid_charges
from zinterphase.case.raw import RawTable, entry, fill, number
from zinterphase.case.reference import Scale
from zinterphase.case.salt import SaltTable
from zinterphase.case.temperature import salt_at
from zinterphase.errors import CaseError
from zinterphase.materials import electrolyte as liquid
from zinterphase.materials.library import Sourced, parameter
from zinterphase.materials.media import (
    MATERIALS,
    accumulation_defaults,
    conducts,
    default_porosity,
    kind_of,
    layer_defaults,
    liquid_between,
)
from zinterphase.materials.own import METAL, NONE, SOLID, OwnLibrary, own_library
from zinterphase.materials.salts import salt_group, salt_names
from zinterphase.units import read_si, with_unit

LARGEST_SMOOTHING_RADIUS = 1e-6
"""Default of the smoothing radius in wide cells [m]."""


def resolved(data: Mapping[str, Any], folder: Path) -> RawTable:
    """Return the case with every missing value that the library, or one of its own in ``folder``,
    knows filled in."""
    case = copy.deepcopy(dict(data))
    own = _own_library(case.get("library"), folder)
    _fill_level(case)
    _fill_geometry(case)
    _fill_metrics(case)
    _fill_salt(case.get("electrolyte"), own)
    _fill_electrolyte(case)
    _fill_layers(case, own)
    if isinstance(case.get("layers"), list):
        require_ends(case["layers"])
    fill_kinetics(case, _scale(case), own)
    fill_front(case.get("front"))
    _translate_experiments(case)
    fill_active(case.get("active"))
    fill_c_rates(case)
    return case


def electrolyte_defaults(
    concentration: float | None, ionic_strength: float, needs_conductivity: bool, salt: liquid.Salt
) -> dict[str, Sourced]:
    """Return library values of the electrolyte, with a ``salt`` at its temperature;
    ``concentration`` is None without one."""
    defaults = {
        "permittivity": Sourced(
            liquid.permittivity(ionic_strength),
            "",
            "electrolyte.eps_r_water to electrolyte.eps_r_2M_static_total, linear in salt",
            "low",
            "assumption",
        )
    }
    if concentration is not None and needs_conductivity:
        value, fit = salt.conductivity(concentration), parameter("electrolyte.kappa_max")
        known = salt.name == liquid.ZINC_SULPHATE
        defaults["conductivity"] = (
            Sourced(value, "S/m", f"{fit.key}: {fit.source}", fit.confidence, fit.basis)
            if known
            else Sourced(
                value, "S/m", f"electrolyte.properties of {salt.name}", "medium", "computed"
            )
        )
    return defaults


def _fill_level(case: RawTable) -> None:
    """Measured transport where the library has the salt, ideal ions otherwise."""
    by_ion = entry(case.get("electrolyte"), "species") is not None
    case.setdefault("level", "electroneutral" if by_ion else "concentrated")


def _translate_experiments(case: RawTable) -> None:
    blocks = case.get("protocol")
    area = read_si(entry(case.get("terminal"), "area"), "m^2")
    for place, block in enumerate(blocks if isinstance(blocks, list) else [], 1):
        if isinstance(block, dict):
            translate(block, area or None, f"protocol.{place}")


def _fill_geometry(case: RawTable) -> None:
    geometry = case.get("geometry")
    if isinstance(geometry, dict) and geometry.get("dimension") == 3 and "width" in geometry:
        geometry.setdefault("depth", geometry["width"])


def _fill_metrics(case: RawTable) -> None:
    """A smoothing radius that also fits a narrow cell."""
    width = read_si(entry(case.get("geometry"), "width"), "m")
    metrics = case.setdefault("metrics", {})
    if isinstance(metrics, dict) and width is not None and width > 0.0:
        radius = min(LARGEST_SMOOTHING_RADIUS, width / 20)
        metrics.setdefault("smoothing_radius", with_unit(radius, "m"))


def _fill_electrolyte(case: RawTable) -> None:
    table = case.get("electrolyte")
    if not isinstance(table, dict):
        return
    if "species" not in table:
        table.setdefault("salt", "ZnSO4")
    require_few("electrolyte.species", table.get("species"))
    is_known = not set(table) - set(Electrolyte.model_fields)
    if is_known and not table.get("species") and table.get("concentration") is None:
        allowed = 'a concentration, such as "2 mol/L", or a list of species'
        raise CaseError("electrolyte.concentration", None, allowed)
    fill_aqueous(table)
    strength = _ionic_strength(table)
    if strength is None:
        return
    concentration = None
    if "species" not in table and strength > 0.0:
        concentration = read_si(table.get("concentration"), "mol/m^3")
    needed = case.get("level") in levels_that("conductivity") and "conductivity" not in table
    salt = salt_at(_salt_of(table), _temperature(case))
    defaults = electrolyte_defaults(concentration, strength, needed, salt)
    require_permittivity(table, defaults["permittivity"].value)
    fill(table, defaults)
    fill_mobility(table, _temperature(case))
    solids = table.get("precipitates")
    without = {key: value for key, value in table.items() if key != "precipitates"}
    fill_precipitates(solids, liquid_charges(without) if solids else {})


def _own_library(paths: Any, folder: Path) -> OwnLibrary:
    """Of a raw case; what is no list of files is left to validation."""
    if not isinstance(paths, list | tuple) or not all(isinstance(p, str | Path) for p in paths):
        return NONE
    for path in paths:
        if not (folder / path).is_file():
            raise CaseError("library", str(path), "an existing file, relative to the case file")
    return own_library([folder / path for path in paths])


def _fill_salt(table: Any, own: OwnLibrary) -> None:
    """The properties of a salt that the library does not have."""
    name = entry(table, "salt")
    if not isinstance(name, str) or name == liquid.ZINC_SULPHATE or "properties" in table:
        return
    group = salt_group(name, own)
    if group is None:
        known = ", ".join(f"'{salt}'" for salt in (liquid.ZINC_SULPHATE, *salt_names(own)))
        raise CaseError("electrolyte.salt", name, f"{known}, or a salt of a file in library")
    table["properties"] = group.properties
    try:
        SaltTable.model_validate(table["properties"])
    except ValidationError as error:
        found = messages.case_error(error, table["properties"])
        raise CaseError(f"library: {name}.{found.field}", found.value, found.allowed) from None


def _salt_of(table: RawTable) -> liquid.Salt:
    """The salt of a raw electrolyte; the library's where its own cannot be read."""
    properties, name = table.get("properties"), table.get("salt")
    if properties is None or not isinstance(name, str):
        return liquid.zinc_sulphate()
    try:
        return SaltTable.model_validate(properties).salt(name)
    except ValidationError:
        return liquid.zinc_sulphate()


def _fill_layers(case: RawTable, own: OwnLibrary) -> None:
    layers = case.get("layers")
    if not isinstance(layers, list):
        return
    require_few("layers", layers)
    permittivity = number(entry(case.get("electrolyte"), "permittivity"))
    for layer in layers:
        if not isinstance(layer, dict) or not isinstance(layer.get("material"), str):
            continue
        material = layer["material"]
        group = own.of(material, SOLID, METAL)
        if group is None and material not in MATERIALS:
            known = ", ".join(f"'{name}'" for name in (*MATERIALS, *own.names(SOLID, METAL)))
            raise CaseError(f"layers.{layer.get('name')}.material", material, known)
        if "packing" in layer and permittivity is not None:
            fill(layer, liquid_between(material, permittivity))
        if group is not None:
            fill(layer, group.layer)
        fill(layer, {"porosity": default_porosity(material)})
        porosity = number(layer["porosity"])
        if porosity is None or not 0.0 <= porosity <= 1.0 or permittivity is None:
            continue
        fill_particles(layer, porosity)
        fill(layer, layer_defaults(material, porosity, permittivity))
        _fill_walls(layer, case["electrolyte"])
        if isinstance(layer.get("accumulation"), dict):
            fill(layer["accumulation"], _scale(case).shifted(accumulation_defaults()))
        layer.setdefault("conducting", conducts(material) if group is None else group.conducts)
        layer.setdefault(
            "top", "flat" if layer is layers[-1] or "packing" in layer else "conformal"
        )
        if "packing" in layer:
            continue
        match kind_of(porosity, bool(layer["conducting"])):
            case "dense_conductor":
                layer.setdefault("potential", "equipotential")
            case "porous_conductor":
                layer.setdefault("potential", "resolved")


def _fill_walls(layer: RawTable, electrolyte: RawTable) -> None:
    """Charge and surface transport of pore walls, once the electrolyte can be read."""
    ions = _raw_ions(electrolyte) or []
    cations = [k for k, (_, charge, _) in enumerate(ions) if charge > 0]
    if cations and all(c > 0.0 for *_, c in ions):
        zinc = [k for k in cations if ions[k][0] == liquid.CATION]
        fill_walls(layer, [(z, c) for _, z, c in ions], (zinc or cations)[0])


def _scale(case: RawTable) -> Scale:
    """Return the case's potential scale; that of SHE, ideal at 298.15 K, when not readable yet."""
    table = case.get("electrolyte")
    by_ion = entry(table, "species") is not None
    scale = Scale(
        _temperature(case),
        is_ideal(case.get("level"), by_ion),
        salt=_salt_of(table) if isinstance(table, dict) else liquid.zinc_sulphate(),
    )
    if case.get("reference", "SHE") != "Zn" or not isinstance(table, dict):
        return scale
    bulk = _bulk_zinc(table, scale.ideal)
    return scale.of_zinc(bulk) if bulk and bulk > 0.0 else scale


def _temperature(case: RawTable) -> float:
    """Of a raw case [K]; the library's where it cannot be read."""
    found = read_si(case.get("temperature", "298.15 K"), "K")
    return found if found is not None and found > 0.0 else parameter("constants.T").si


def _bulk_zinc(table: RawTable, ideal: bool) -> float | None:
    try:
        electrolyte = Electrolyte.model_validate(table)
    except ValidationError:
        return None
    if not any(s.name == liquid.CATION for s in electrolyte.resolved_species):
        allowed = f'"SHE", because the electrolyte has no {liquid.CATION}'
        raise CaseError("reference", "Zn", allowed)
    return electrolyte.zinc(ideal)


def _ionic_strength(table: RawTable) -> float | None:
    """Return half the sum of z^2 c of a raw electrolyte, mol/m3; None when not readable."""
    ions = _raw_ions(table)
    return None if ions is None else sum((0.5 * z**2 * c for _, z, c in ions), 0.0)


def _raw_ions(table: RawTable) -> list[tuple[str, int, float]] | None:
    """Name, charge and concentration [mol/m3] of the bulk's ions; None when not readable yet."""
    if "species" not in table:
        bulk = read_si(table.get("concentration", "0 mol/L"), "mol/m^3")
        if bulk is None or bulk < 0.0:
            return None
        return [(s.name, s.charge, s.concentration) for s in _salt_of(table).species(bulk)]
    if not isinstance(table["species"], list):
        return None
    found = []
    for ion in table["species"]:
        charge = entry(ion, "charge")
        concentration = read_si(entry(ion, "concentration"), "mol/m^3")
        if not isinstance(charge, int) or abs(charge) > 8 or concentration is None:
            return None
        found.append((str(entry(ion, "name")), charge, concentration))
    return found
