"""Where the values of a case come from.

A function of the resolved case alone: a value equal to the library's is the library's, any other
is the case file's. A case written out and read back therefore keeps its provenance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zinterphase.case.kinetics import DEPOSITION
from zinterphase.case.resolve import electrolyte_defaults
from zinterphase.case.salt import taken_from
from zinterphase.case.table import Table
from zinterphase.case.temperature import salt_at
from zinterphase.materials.alloys import alloying_defaults
from zinterphase.materials.iodine import conventions
from zinterphase.materials.kinetics import (
    contact_default,
    double_layer_defaults,
    growth_defaults,
    nucleation_defaults,
    nuclei_defaults,
    patches_defaults,
    spread_defaults,
    surface_energy,
    under_titania,
)
from zinterphase.materials.library import Sourced
from zinterphase.materials.media import (
    accumulation_defaults,
    layer_defaults,
    liquid_between,
    site_defaults,
)
from zinterphase.materials.own import METAL, SOLID, own_library
from zinterphase.materials.reactions import on_deposit, reaction_defaults
from zinterphase.materials.salts import salt_group
from zinterphase.materials.solids import blocking_defaults, solid_defaults
from zinterphase.scales import thermal_voltage

if TYPE_CHECKING:
    from zinterphase.case.kinetics import Kinetics, Rate
    from zinterphase.case.schema import Case

_CASE_FILE = "case file"


@dataclass(frozen=True)
class Provenance:
    """Source of one value; ``value`` in SI ``unit`` ("" when dimensionless)."""

    field: str
    value: float | str
    unit: str
    source: str
    confidence: str
    basis: str


def provenance(case: Case) -> tuple[Provenance, ...]:
    """Return the source of every value the library has a default for."""
    return tuple(_entries(case))


def _entries(case: Case) -> Iterator[Provenance]:
    liquid = case.electrolyte
    strength = 0.5 * sum(s.charge**2 * s.concentration for s in liquid.resolved_species)
    fitted = liquid.conductivity is not None and liquid.known_salt.covers(liquid.concentration)
    defaults = electrolyte_defaults(
        liquid.concentration, strength, fitted, salt_at(liquid.known_salt, case.temperature)
    )
    own = own_library(case.library)
    salt = taken_from(salt_group(liquid.salt, own), liquid.properties)
    if salt is not None and "conductivity" in defaults:
        known_as = salt.curves["conductivity"].entry
        defaults["conductivity"] = replace(
            defaults["conductivity"],
            source=f"{known_as.key}: {known_as.source}",
            confidence=known_as.confidence,
            basis=known_as.basis,
        )
    yield from _compared("electrolyte", liquid, defaults)
    for name, solid in liquid.precipitates.items():
        known = solid_defaults(name)
        if solid.blocking_thickness is not None:
            known |= blocking_defaults()
        yield from _compared(f"electrolyte.precipitates.{name}", solid, known)
    if case.active is not None:
        yield from _compared("active", case.active, _specific(case.active.specific))
    if case.front is not None:
        yield from _compared("front", case.front, {"surface_energy": surface_energy()})
    for key, curve in () if salt is None else salt.curves.items():
        entry, field = curve.entry, f"electrolyte.properties.{key}"
        source = f"{entry.key}: {entry.source}"
        yield Provenance(field, entry.value, entry.unit, source, entry.confidence, entry.basis)
    for layer in case.layers:
        defaults = layer_defaults(layer.material, layer.porosity, liquid.permittivity)
        group = own.of(layer.material, SOLID, METAL)
        if group is not None:
            defaults |= group.layer
        if layer.packing is not None:
            defaults |= liquid_between(layer.material, liquid.permittivity)
        yield from _compared(f"layers.{layer.name}", layer, defaults)
        if layer.packing is not None and layer.packing.regulation is not None:
            where, walls = f"layers.{layer.name}.packing.regulation", layer.packing.regulation
            yield from _compared(where, walls, site_defaults())
        if layer.accumulation is not None:
            known = case.scale.shifted(accumulation_defaults())
            yield from _compared(f"layers.{layer.name}.accumulation", layer.accumulation, known)
    for name, kinetics in case.kinetics.items():
        where, material = f"kinetics.{name}", case.layer(name).material
        metal = own.of(material, METAL)
        if metal is not None:
            yield from _compared(where, kinetics, case.scale.shifted(metal.kinetics))
        yield from _compared(where, kinetics, {"contact_fraction": _contact(case, name)})
        if kinetics.double_layer_capacitance is not None:
            yield from _compared(where, kinetics, double_layer_defaults())
        if kinetics.alloying is not None:
            layer = case.layer(name)
            known = alloying_defaults(
                material, layer.porosity, layer.thickness, layer.specific_area
            )
            yield from _compared(f"{where}.alloying", kinetics.alloying, known)
        if kinetics.patches is not None:
            yield from _compared(f"{where}.patches", kinetics.patches, patches_defaults())
        yield from _on_deposit(where, kinetics, material)
        for reaction, rate in {DEPOSITION: kinetics, **kinetics.further}.items():
            table = where if rate is kinetics else f"{where}.reactions.{reaction}"
            known = reaction_defaults(reaction, material, case.temperature)
            if known and rate is not kinetics:
                yield from _library_reaction(case, table, rate, known)
            else:
                yield from _rate(case, table, rate, material)


def _rate(case: Case, where: str, rate: Rate, material: str) -> Iterator[Provenance]:
    known = _kinetics(case, rate, material)
    yield from _compared(
        where, rate, {name: value for name, value in known.items() if hasattr(rate, name)}
    )
    for part, table, defaults in (
        ("spread", rate.spread, spread_defaults(rate.reactant, material)),
        ("nucleation", rate.nucleation, nucleation_defaults(rate.reactant, material)),
    ):
        if table is not None:
            yield from _compared(f"{where}.{part}", table, defaults)
    if rate.nucleation is not None and rate.nucleation.grows:
        yield from _compared(f"{where}.nucleation", rate.nucleation, growth_defaults(rate.reactant))
    if rate.nucleation is not None and rate.nucleation.nuclei is not None:
        known, where = nuclei_defaults(rate.reactant), f"{where}.nucleation.nuclei"
        yield from _compared(where, rate.nucleation.nuclei, known)


def _on_deposit(where: str, kinetics: Kinetics, material: str) -> Iterator[Provenance]:
    """i0 of further reactions on what is plated, over that on the metal below."""
    given = {} if kinetics.nucleation is None else kinetics.nucleation.factors
    for reaction, value in given.items():
        known = on_deposit(reaction, material) or Sourced(math.nan, "", "", "", "")
        yield _sourced(f"{where}.nucleation.factors.{reaction}", value, known)


def _library_reaction(
    case: Case, where: str, rate: Rate, known: dict[str, Sourced]
) -> Iterator[Provenance]:
    """Of a reaction that the library knows by name; Tafel's slope is a transfer coefficient."""
    slope = known.pop("tafel_slope", None)
    if slope is not None:
        alpha = math.log(10.0) * thermal_voltage(case.temperature) / float(slope.value)
        known["alpha_c"] = replace(slope, value=alpha, unit="")
    yield from _compared(where, rate, case.scale.shifted(known))


def _kinetics(case: Case, rate: Rate, material: str) -> dict[str, Sourced]:
    """Library kinetics at the case's reference concentration; under titania where they agree."""
    reactant = rate.reactant
    state = rate.reference_concentration, rate.alpha_a
    defaults = case.scale.kinetics(reactant, material, *state)
    titania = under_titania(reactant, material)
    if titania is not None:
        covered = case.scale.kinetics(reactant, material, *state, exchange=titania)
        if _equal(rate.exchange_current_density, covered["exchange_current_density"].value):
            return covered
    return defaults


def _specific(value: float) -> dict[str, Sourced]:
    """Of the conventions the one that is used, by default the first."""
    known = list(conventions().values())
    return {"specific": next((each for each in known if _equal(value, each.value)), known[0])}


def _contact(case: Case, name: str) -> Sourced:
    layer = case.layer(name)
    above = case.layers[case.layers.index(layer) + 1]
    return contact_default(layer.porosity, above.porosity)


def _compared(path: str, table: Table, defaults: Mapping[str, Sourced]) -> Iterator[Provenance]:
    for field, default in defaults.items():
        yield _sourced(f"{path}.{field}", getattr(table, field), default)


def _sourced(field: str, value: float | str, default: Sourced) -> Provenance:
    if _equal(value, default.value):
        source, confidence, basis = default.source, default.confidence, default.basis
    else:
        source, confidence, basis = _CASE_FILE, "", "given"
    return Provenance(field, value, default.unit, source, confidence, basis)


def _equal(value: object, default: float | str) -> bool:
    if isinstance(value, float) and isinstance(default, float):
        return math.isclose(value, default, rel_tol=1e-12, abs_tol=1e-300)
    return value == default
