"""Fills the gaps of a case with library values before it is validated.

Works on the raw tables, so that the validated tree holds concrete values only. Whatever cannot be
read is left alone: validation then names it.
"""

from __future__ import annotations

import copy
import math
import sys
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from zinterphase.case.bounds import EXCHANGE_CURRENT_DENSITY, require_few
from zinterphase.case.electrolyte import require_permittivity
from zinterphase.case.ends import require_ends
from zinterphase.case.film import fill_particles, fill_walls
from zinterphase.case.kinetics import FACTOR
from zinterphase.case.levels import IDEAL_LEVELS
from zinterphase.case.quantities import is_name
from zinterphase.case.reference import zero_of_scale
from zinterphase.errors import CaseError
from zinterphase.materials import electrolyte as liquid
from zinterphase.materials.kinetics import (
    contact_default,
    has_kinetics,
    kinetic_defaults,
    nucleation_defaults,
    patches_defaults,
    spread_defaults,
)
from zinterphase.materials.library import Sourced, parameter
from zinterphase.materials.media import (
    MATERIALS,
    accumulation_defaults,
    conducts,
    default_porosity,
    kind_of,
    layer_defaults,
)
from zinterphase.units import read_si, with_unit

RawTable = dict[str, Any]
_POTENTIALS = ("formal_potential", "pzc", "flat_band")
LARGEST_SMOOTHING_RADIUS = 1e-6
"""Default of the smoothing radius in wide cells [m]."""


def resolved(data: Mapping[str, Any]) -> RawTable:
    """Return the case with every missing value that the library knows filled in."""
    case = copy.deepcopy(dict(data))
    _fill_level(case)
    _fill_geometry(case)
    _fill_metrics(case)
    _fill_electrolyte(case)
    _fill_layers(case)
    if isinstance(case.get("layers"), list):
        require_ends(case["layers"])
    _fill_kinetics(case)
    return case


def electrolyte_defaults(
    concentration: float | None, ionic_strength: float, needs_conductivity: bool
) -> dict[str, Sourced]:
    """Return library values of the electrolyte; ``concentration`` is None without a salt."""
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
        fit = parameter("electrolyte.kappa_max")
        defaults["conductivity"] = Sourced(
            liquid.conductivity(concentration),
            "S/m",
            f"{fit.key}: {fit.source}",
            fit.confidence,
            fit.basis,
        )
    return defaults


def shifted(defaults: Mapping[str, Sourced], zero: float) -> dict[str, Sourced]:
    """Return kinetic defaults with their potentials moved from SHE to a scale's ``zero``."""

    def move(field: str, entry: Sourced) -> Sourced:
        if zero == 0.0 or field not in _POTENTIALS:
            return entry
        source = f"{entry.source}; minus the bulk's equilibrium potential, {zero:.4f} V vs SHE"
        value = float(entry.value) - zero
        return Sourced(value, entry.unit, source, entry.confidence, entry.basis)

    return {field: move(field, entry) for field, entry in defaults.items()}


def _fill_level(case: RawTable) -> None:
    """Measured transport where the library has the salt, ideal ions otherwise."""
    by_ion = _entry(case.get("electrolyte"), "species") is not None
    case.setdefault("level", "electroneutral" if by_ion else "concentrated")


def _fill_geometry(case: RawTable) -> None:
    geometry = case.get("geometry")
    if isinstance(geometry, dict) and geometry.get("dimension") == 3 and "width" in geometry:
        geometry.setdefault("depth", geometry["width"])


def _fill_metrics(case: RawTable) -> None:
    """A smoothing radius that also fits a narrow cell."""
    width = read_si(_entry(case.get("geometry"), "width"), "m")
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
    strength = _ionic_strength(table)
    if strength is None:
        return
    concentration = strength / 4.0 if "species" not in table and strength > 0.0 else None
    needed = case.get("level") not in IDEAL_LEVELS and "conductivity" not in table
    defaults = electrolyte_defaults(concentration, strength, needed)
    require_permittivity(table, defaults["permittivity"].value)
    _fill(table, defaults)


def _fill_layers(case: RawTable) -> None:
    layers = case.get("layers")
    if not isinstance(layers, list):
        return
    require_few("layers", layers)
    permittivity = _number(_entry(case.get("electrolyte"), "permittivity"))
    for layer in layers:
        if not isinstance(layer, dict) or layer.get("material") not in MATERIALS:
            continue
        material = layer["material"]
        _fill(layer, {"porosity": default_porosity(material)})
        porosity = _number(layer["porosity"])
        if porosity is None or not 0.0 <= porosity <= 1.0 or permittivity is None:
            continue
        fill_particles(layer, porosity)
        _fill(layer, layer_defaults(material, porosity, permittivity))
        _fill_walls(layer, case["electrolyte"])
        if isinstance(layer.get("accumulation"), dict):
            _fill(layer["accumulation"], shifted(accumulation_defaults(), _zero(case)))
        layer.setdefault("conducting", conducts(material))
        layer.setdefault("top", "flat" if layer is layers[-1] else "conformal")
        match kind_of(porosity, bool(layer["conducting"])):
            case "dense_conductor":
                layer.setdefault("potential", "equipotential")
            case "porous_conductor":
                layer.setdefault("potential", "resolved")


def _fill_kinetics(case: RawTable) -> None:
    layers = case.get("layers")
    tables = case.setdefault("kinetics", {})
    if not isinstance(layers, list) or not isinstance(tables, dict):
        return
    zero = _zero(case)
    reacting = [layer for layer, above in pairwise(layers) if _may_react(layer, above)]
    for name in tables:
        # Before their missing values are complained of.
        if reacting and name not in [layer["name"] for layer in reacting]:
            allowed = ", ".join(layer["name"] for layer in reacting)
            allowed = f"conducting layers in touch with electrolyte: {allowed}"
            raise CaseError(f"kinetics.{name}", name, allowed)
    for layer, above in pairwise(layers):
        if not _may_react(layer, above):
            continue
        material = layer["material"]
        if has_kinetics(material):
            tables.setdefault(layer["name"], {})
        table = tables.get(layer["name"])
        if isinstance(table, dict):
            _fill(table, shifted(kinetic_defaults(material), zero))
            contact = contact_default(layer["porosity"], above["porosity"])
            _fill(table, {"contact_fraction": contact})
            for part, defaults in (
                ("spread", spread_defaults(material)),
                ("patches", patches_defaults()),
                ("nucleation", nucleation_defaults(material)),
            ):
                if isinstance(table.get(part), dict):
                    _fill(table[part], defaults)
    for name, table in tables.items():
        if isinstance(table, dict) and FACTOR in table:
            _multiply(table, f"kinetics.{name}.{FACTOR}")


def _fill_walls(layer: RawTable, electrolyte: RawTable) -> None:
    """Charge and surface transport of pore walls, once the electrolyte can be read."""
    ions = _raw_ions(electrolyte) or []
    cations = [k for k, (_, charge, _) in enumerate(ions) if charge > 0]
    if cations and all(c > 0.0 for *_, c in ions):
        zinc = [k for k in cations if ions[k][0] == liquid.CATION]
        fill_walls(layer, [(z, c) for _, z, c in ions], (zinc or cations)[0])


def _may_react(layer: Any, above: Any) -> bool:
    """Whether a raw layer is an electron conductor in touch with pore liquid."""
    own, other = _number(_entry(layer, "porosity")), _number(_entry(above, "porosity"))
    if own is None or other is None or not layer.get("conducting"):
        return False
    named = is_name(layer.get("name")) and "material" in layer
    return named and (own > 0.0 or other > 0.0)


def _zero(case: RawTable) -> float:
    """Return the zero of the case's potential scale, V vs SHE; 0 when not readable yet."""
    table = case.get("electrolyte")
    if case.get("reference", "SHE") != "Zn" or not isinstance(table, dict):
        return 0.0
    concentration = _bulk_zinc(table)
    temperature = read_si(case.get("temperature", "298.15 K"), "K")
    if not (concentration and temperature and concentration > 0.0 and temperature > 0.0):
        return 0.0
    ideal = case.get("level") in IDEAL_LEVELS or "species" in table
    return zero_of_scale(concentration, temperature, ideal)


def _bulk_zinc(table: RawTable) -> float | None:
    if "species" not in table:
        return read_si(table.get("concentration"), "mol/m^3")
    if not isinstance(table["species"], list):
        return None
    for entry in table["species"]:
        if _entry(entry, "name") == liquid.CATION:
            return read_si(_entry(entry, "concentration"), "mol/m^3")
    raise CaseError("reference", "Zn", f'"SHE", because the electrolyte has no {liquid.CATION}')


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
        return [(s.name, s.charge, bulk) for s in liquid.salt_species(bulk)]
    if not isinstance(table["species"], list):
        return None
    found = []
    for entry in table["species"]:
        charge = _entry(entry, "charge")
        concentration = read_si(_entry(entry, "concentration"), "mol/m^3")
        if not isinstance(charge, int) or abs(charge) > 8 or concentration is None:
            return None
        found.append((str(_entry(entry, "name")), charge, concentration))
    return found


def _multiply(table: RawTable, name: str) -> None:
    """Multiply the exchange current density by the case's explicit factor."""
    given = table.pop(FACTOR)
    factor = _number(given)
    if factor is None or not 0.0 < factor < math.inf:
        raise CaseError(name, given, "a plain number above 0")
    value = read_si(table.get("exchange_current_density"), "A/m^2")
    if value is None or not EXCHANGE_CURRENT_DENSITY.holds(value):
        return
    if not EXCHANGE_CURRENT_DENSITY.holds(value * factor):
        allowed = f"a factor that makes {EXCHANGE_CURRENT_DENSITY} A/m^2 of {value:g} A/m^2"
        raise CaseError(name, given, allowed)
    table["exchange_current_density"] = with_unit(value * factor, "A/m^2")


def _fill(table: RawTable, defaults: Mapping[str, Sourced]) -> None:
    for field, entry in defaults.items():
        if field not in table:
            dimensional = entry.unit and isinstance(entry.value, float)
            table[field] = with_unit(float(entry.value), entry.unit) if dimensional else entry.value


def _entry(table: Any, key: str) -> Any:
    return table.get(key) if isinstance(table, dict) else None


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) <= sys.float_info.max else None
