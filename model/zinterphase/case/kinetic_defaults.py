"""Fills the raw kinetics of a case: defaults by reaction and metal, one reference state."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from zinterphase.case.bounds import EXCHANGE_CURRENT_DENSITY
from zinterphase.case.chemical import fill_step, is_step
from zinterphase.case.equation import EQUATION
from zinterphase.case.kinetics import FACTOR, TAFEL_SLOPE, Kinetics, Rate
from zinterphase.case.quantities import is_name
from zinterphase.case.rate_text import fill_equation, fill_tafel, liquid_charges
from zinterphase.case.raw import RawTable, entry, fill, number
from zinterphase.case.reference import Scale
from zinterphase.errors import CaseError
from zinterphase.materials.alloys import alloying_defaults
from zinterphase.materials.aqueous import OXYGEN
from zinterphase.materials.electrolyte import CATION, ZINC_SULPHATE
from zinterphase.materials.kinetics import (
    REFERENCE_CONCENTRATION,
    contact_default,
    double_layer_defaults,
    growth_defaults,
    has_kinetics,
    is_inert,
    is_known,
    nucleation_defaults,
    nuclei_defaults,
    patches_defaults,
    spread_defaults,
)
from zinterphase.materials.library import Sourced
from zinterphase.materials.own import METAL, Group, OwnLibrary
from zinterphase.materials.reactions import (
    EQUATIONS,
    OXYGEN_REDUCTION,
    on_deposit,
    reaction_defaults,
    reaction_orders,
)
from zinterphase.units import read_si, with_unit

TRACE_OF_DEPOSIT = 1e-6
"""Coverage of a fresh substrate where it grows: what gives it the metal's potential at rest."""
CONDUCTOR = "a layer that conducts electrons"


def fill_kinetics(case: RawTable, scale: Scale, own: OwnLibrary) -> None:
    """Fill the kinetics of every layer that may react, as far as they can be read.

    Raises
    ------
    CaseError
        For kinetics of other layers, and for what neither the case nor the library gives.
    """
    layers = case.get("layers")
    tables = case.setdefault("kinetics", {})
    if not isinstance(layers, list) or not isinstance(tables, dict):
        return
    charges = liquid_charges(case.get("electrolyte"))
    reacting = [pair for pair in pairwise(layers) if _may_react(*pair)]
    if not reacting and layers and entry(layers[0], "conducting") is False:
        # Else the kinetics of a metal that is not there would be complained of.
        raise CaseError("layers (bottom)", entry(layers[0], "name"), CONDUCTOR)
    for name in tables:
        # Before their missing values are complained of.
        if reacting and name not in [layer["name"] for layer, _ in reacting]:
            allowed = ", ".join(layer["name"] for layer, _ in reacting)
            allowed = f"conducting layers in touch with electrolyte: {allowed}"
            raise CaseError(f"kinetics.{name}", name, allowed)
    if not charges:
        return  # validation names what is wrong with the electrolyte, not what follows from it
    for layer, above in reacting:
        metal = own.of(layer["material"], METAL)
        if has_kinetics(layer["material"]) or metal is not None:
            tables.setdefault(layer["name"], {})
        if metal is not None and isinstance(tables[layer["name"]], dict):
            where = f"kinetics.{layer['name']}"
            _fill_own_metal(tables[layer["name"]], metal, scale, where)
        table = tables.get(layer["name"])
        if isinstance(table, dict):
            if OXYGEN in charges and isinstance(table.setdefault("reactions", {}), dict):
                table["reactions"].setdefault(OXYGEN_REDUCTION, {})
            _fill_table(table, layer, above, scale, charges)
    for name, table in tables.items():
        for where, rate in _rates(f"kinetics.{name}", table):
            if FACTOR in rate:
                _multiply(rate, f"{where}.{FACTOR}")


def _fill_own_metal(table: RawTable, metal: Group, scale: Scale, where: str) -> None:
    """What a metal of one's own has for zinc ions; what it has not is zinc's but for i0, which is
    that in the salt that the metal names, the library's by default."""
    if table.get("reactant", CATION) != CATION:
        return
    known, fitted = dict(metal.kinetics), metal.facts.get("salt", ZINC_SULPHATE)
    if fitted != scale.salt.name and "exchange_current_density" not in table:
        allowed = f"that in {scale.salt.name}: that of {metal.name} was fitted in {fitted}"
        raise CaseError(f"{where}.exchange_current_density", None, allowed)
    zinc = scale.kinetics(CATION, "Zn")
    for field in ("alpha_a", "alpha_c", "stern_capacitance", "reference_concentration"):
        known.setdefault(field, zinc[field])
    given = read_si(table.get("reference_concentration"), "mol/m^3")
    concentration = given or float(known["reference_concentration"].value)
    if not scale.ideal:
        scale.salt.activity(concentration, f"{where}.reference_concentration")
    potential = scale.zinc_at(concentration)
    known["formal_potential"] = replace(zinc["formal_potential"], value=potential)
    if "pzc" in known:
        known |= scale.shifted({"pzc": known["pzc"]})
    fill(table, known)


def _rates(where: str, table: Any) -> Iterator[tuple[str, RawTable]]:
    """The tables of a layer's reactions with their names, its own first."""
    if not isinstance(table, dict):
        return
    yield where, table
    for name, rate in _further(table):
        yield f"{where}.reactions.{name}", rate


def _further(table: RawTable, *, steps: bool = False) -> Iterator[tuple[str, RawTable]]:
    """Names and tables of the reactions beside the metal's own, as far as they are tables; of those
    with electrons, or of the chemical ``steps``."""
    reactions = table.get("reactions")
    for name, rate in reactions.items() if isinstance(reactions, dict) else ():
        if isinstance(rate, dict) and is_step(rate) == steps:
            yield name, rate


def _fill_table(
    table: RawTable, layer: RawTable, above: RawTable, scale: Scale, charges: dict[str, int]
) -> None:
    table.setdefault("reactant", CATION)
    if table.get("reactions") == []:
        table |= {"blocking": True, "reactions": {}}
    if is_inert(layer["material"]):
        table.setdefault("blocking", True)
    _fill_double_layer(table)
    fill(table, {"contact_fraction": contact_default(layer["porosity"], above["porosity"])})
    _fill_deposit(table, layer["material"])
    for name, rate in _further(table):
        where = f"kinetics.{layer['name']}.reactions.{name}"
        _fill_library_reaction(rate, name, layer["material"], scale, charges, where)
    for name, step in _further(table, steps=True):
        fill_step(step, f"kinetics.{layer['name']}.reactions.{name}", charges)
    for where, rate in _rates(f"kinetics.{layer['name']}", table):
        _fill_rate(rate, where, Kinetics if rate is table else Rate, layer["material"], scale)
    if isinstance(table.get("patches"), dict):
        fill(table["patches"], patches_defaults())
    if isinstance(table.get("alloying"), dict):
        fill(table["alloying"], _solid_behind(layer))


def _solid_behind(layer: RawTable) -> dict[str, Sourced]:
    porosity, area = number(layer["porosity"]), number(layer.get("specific_area"))
    thickness = read_si(layer.get("thickness"), "m")
    if porosity is None or thickness is None:
        return {}
    return alloying_defaults(layer["material"], porosity, thickness, area or 0.0)


def _fill_library_reaction(
    rate: RawTable, name: str, material: str, scale: Scale, charges: dict[str, int], where: str
) -> None:
    """What the library knows of a reaction by its name, and what an equation tells."""
    known = reaction_defaults(name, material, scale.temperature)
    if known:
        if "stoichiometry" not in rate:
            rate.setdefault(EQUATION, EQUATIONS[name])
        if "orders" not in rate and (orders := reaction_orders(name)) is not None:
            rate["orders"] = orders
        if "alpha_c" in rate or "alpha_a" in rate:
            known.pop(TAFEL_SLOPE, None)
        fill(rate, scale.shifted(known))
    fill_equation(rate, where, charges)
    fill_tafel(rate, where, scale.temperature)


def _fill_double_layer(table: RawTable) -> None:
    """None unless asked for; its current is carried by the metal's own ion."""
    if table.get("double_layer_capacitance") == "library":
        del table["double_layer_capacitance"]
        fill(table, double_layer_defaults())
    if "double_layer_capacitance" in table:
        table.setdefault("double_layer_ion", table["reactant"])


def _fill_rate(table: RawTable, where: str, kind: type[Rate], material: str, scale: Scale) -> None:
    """Fill what belongs to a reaction, and to the metal in its own table (``kind``)."""
    if "reactant" not in table:
        raise CaseError(f"{where}.reactant", None, "the ion that reacts")
    reactant = str(table["reactant"])
    if is_known(reactant, material):
        _require_whole_state(table, where)
        _require_kinetics_in(table, where, scale.salt.name)
    concentration = read_si(table.get("reference_concentration"), "mol/m^3")
    if concentration is None or concentration <= 0.0:
        concentration = REFERENCE_CONCENTRATION
    if not scale.ideal:
        scale.salt.activity(concentration, f"{where}.reference_concentration")
    known = scale.kinetics(reactant, material, concentration, number(table.get("alpha_a")))
    fill(table, {name: value for name, value in known.items() if name in kind.model_fields})
    if not is_known(reactant, material):
        _require_given(table, where, f"{reactant} on {material}", kind)
    for part, defaults in (
        ("spread", spread_defaults(reactant, material)),
        ("nucleation", nucleation_defaults(reactant, material)),
    ):
        if isinstance(table.get(part), dict):
            fill(table[part], defaults)
            if {"growth", "nuclei"} & set(table[part]):
                table[part].setdefault("coverage", TRACE_OF_DEPOSIT)
                fill(table[part], growth_defaults(reactant))
                if isinstance(table[part].get("nuclei"), dict):
                    fill(table[part]["nuclei"], nuclei_defaults(reactant))


def _fill_deposit(table: RawTable, material: str) -> None:
    """What the library knows of further reactions on zinc that covers another material, of those
    whose rate on that is the library's too."""
    nucleation = table.get("nucleation")
    if table["reactant"] != CATION or not isinstance(nucleation, dict):
        return
    known = {
        name: on_deposit(name, material)
        for name, rate in _further(table)
        if "exchange_current_density" not in rate
    }
    found = {name: factor for name, factor in known.items() if factor is not None}
    factors = nucleation.setdefault("factors", {}) if found else None
    if isinstance(factors, dict):
        fill(factors, found)


def _require_whole_state(table: RawTable, where: str) -> None:
    """A potential without its concentration could be that of the library's, or of the bulk."""
    if "formal_potential" in table and "reference_concentration" not in table:
        allowed = "the concentration at which formal_potential is the equilibrium potential"
        raise CaseError(f"{where}.reference_concentration", None, allowed)


def _require_kinetics_in(table: RawTable, where: str, salt: str) -> None:
    """An exchange current density that was fitted in one salt says nothing of another."""
    if salt != ZINC_SULPHATE and "exchange_current_density" not in table:
        allowed = f"that in {salt}: the library's was fitted in {ZINC_SULPHATE}"
        raise CaseError(f"{where}.exchange_current_density", None, allowed)


def _require_given(table: RawTable, where: str, reaction: str, kind: type[Rate]) -> None:
    """Name all that an unknown reaction lacks; misspelt keys are left to validation."""
    fields = kind.model_fields
    missing = [name for name, field in fields.items() if field.is_required() and name not in table]
    if missing and not set(table) - set(fields) - set(kind.consumed_keys):
        allowed = f"{', '.join(missing)} given: the library has kinetics of {CATION} alone"
        raise CaseError(where, reaction, allowed)


def _may_react(layer: Any, above: Any) -> bool:
    """Whether a raw layer is an electron conductor in touch with pore liquid."""
    own, other = number(entry(layer, "porosity")), number(entry(above, "porosity"))
    if own is None or other is None or not layer.get("conducting") or "packing" in layer:
        return False
    named = is_name(layer.get("name")) and "material" in layer
    return named and (own > 0.0 or other > 0.0)


def _multiply(table: RawTable, name: str) -> None:
    """Multiply the exchange current density by the case's explicit factor."""
    given = table.pop(FACTOR)
    factor = number(given)
    if factor is None or not 0.0 < factor < math.inf:
        raise CaseError(name, given, "a plain number above 0")
    value = read_si(table.get("exchange_current_density"), "A/m^2")
    if value is None or not EXCHANGE_CURRENT_DENSITY.holds(value):
        return
    if not EXCHANGE_CURRENT_DENSITY.holds(value * factor):
        allowed = f"a factor that makes {EXCHANGE_CURRENT_DENSITY} A/m^2 of {value:g} A/m^2"
        raise CaseError(name, given, allowed)
    table["exchange_current_density"] = with_unit(value * factor, "A/m^2")
