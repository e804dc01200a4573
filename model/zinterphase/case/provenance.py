"""Where the values of a case come from.

A function of the resolved case alone: a value equal to the library's is the library's, any other
is the case file's. A case written out and read back therefore keeps its provenance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zinterphase.case.resolve import electrolyte_defaults, shifted
from zinterphase.case.table import Table
from zinterphase.materials.electrolyte import conductivity_is_known
from zinterphase.materials.kinetics import (
    contact_default,
    kinetic_defaults,
    nucleation_defaults,
    patches_defaults,
    spread_defaults,
    under_titania,
)
from zinterphase.materials.library import Sourced
from zinterphase.materials.media import accumulation_defaults, layer_defaults

if TYPE_CHECKING:
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
    fitted = liquid.conductivity is not None and conductivity_is_known(liquid.concentration)
    defaults = electrolyte_defaults(liquid.concentration, strength, fitted)
    yield from _compared("electrolyte", liquid, defaults)
    for layer in case.layers:
        defaults = layer_defaults(layer.material, layer.porosity, liquid.permittivity)
        yield from _compared(f"layers.{layer.name}", layer, defaults)
        if layer.accumulation is not None:
            known = shifted(accumulation_defaults(), case.reference_potential)
            yield from _compared(f"layers.{layer.name}.accumulation", layer.accumulation, known)
    for name, kinetics in case.kinetics.items():
        material = case.layer(name).material
        defaults = shifted(kinetic_defaults(material), case.reference_potential)
        defaults["contact_fraction"] = _contact(case, name)
        titania = under_titania(material)
        if titania is not None and kinetics.exchange_current_density == titania.value:
            defaults["exchange_current_density"] = titania
        yield from _compared(f"kinetics.{name}", kinetics, defaults)
        for part, table, known in (
            ("spread", kinetics.spread, spread_defaults(material)),
            ("patches", kinetics.patches, patches_defaults()),
            ("nucleation", kinetics.nucleation, nucleation_defaults(material)),
        ):
            if table is not None:
                yield from _compared(f"kinetics.{name}.{part}", table, known)


def _contact(case: Case, name: str) -> Sourced:
    layer = case.layer(name)
    above = case.layers[case.layers.index(layer) + 1]
    return contact_default(layer.porosity, above.porosity)


def _compared(path: str, table: Table, defaults: Mapping[str, Sourced]) -> Iterator[Provenance]:
    for field, default in defaults.items():
        value = getattr(table, field)
        same = (
            math.isclose(value, default.value, rel_tol=1e-12, abs_tol=1e-300)
            if isinstance(value, float) and isinstance(default.value, float)
            else value == default.value
        )
        if same:
            source, confidence, basis = default.source, default.confidence, default.basis
        else:
            source, confidence, basis = _CASE_FILE, "", "given"
        yield Provenance(f"{path}.{field}", value, default.unit, source, confidence, basis)
