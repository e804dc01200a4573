"""Where the values of a case come from.

A function of the resolved case alone: a value equal to the library's is the library's, any other
is the case file's. A case written out and read back therefore keeps its provenance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zinterphase.case.resolve import electrolyte_defaults
from zinterphase.case.table import Table
from zinterphase.materials.electrolyte import conductivity_is_known
from zinterphase.materials.kinetics import (
    contact_default,
    nucleation_defaults,
    patches_defaults,
    spread_defaults,
    under_titania,
)
from zinterphase.materials.library import Sourced
from zinterphase.materials.media import accumulation_defaults, layer_defaults

if TYPE_CHECKING:
    from zinterphase.case.kinetics import Kinetics
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
            known = case.scale.shifted(accumulation_defaults())
            yield from _compared(f"layers.{layer.name}.accumulation", layer.accumulation, known)
    for name, kinetics in case.kinetics.items():
        reactant, material = kinetics.reactant, case.layer(name).material
        defaults = _kinetics(case, name, kinetics)
        defaults["contact_fraction"] = _contact(case, name)
        yield from _compared(f"kinetics.{name}", kinetics, defaults)
        for part, table, known in (
            ("spread", kinetics.spread, spread_defaults(reactant, material)),
            ("patches", kinetics.patches, patches_defaults()),
            ("nucleation", kinetics.nucleation, nucleation_defaults(reactant, material)),
        ):
            if table is not None:
                yield from _compared(f"kinetics.{name}.{part}", table, known)


def _kinetics(case: Case, name: str, kinetics: Kinetics) -> dict[str, Sourced]:
    """Library kinetics at the case's reference concentration; under titania where they agree."""
    reactant, material = kinetics.reactant, case.layer(name).material
    state = kinetics.reference_concentration, kinetics.alpha_a
    defaults = case.scale.kinetics(reactant, material, *state)
    titania = under_titania(reactant, material)
    if titania is not None:
        covered = case.scale.kinetics(reactant, material, *state, exchange=titania)
        if _equal(kinetics.exchange_current_density, covered["exchange_current_density"].value):
            return covered
    return defaults


def _contact(case: Case, name: str) -> Sourced:
    layer = case.layer(name)
    above = case.layers[case.layers.index(layer) + 1]
    return contact_default(layer.porosity, above.porosity)


def _compared(path: str, table: Table, defaults: Mapping[str, Sourced]) -> Iterator[Provenance]:
    for field, default in defaults.items():
        value = getattr(table, field)
        if _equal(value, default.value):
            source, confidence, basis = default.source, default.confidence, default.basis
        else:
            source, confidence, basis = _CASE_FILE, "", "given"
        yield Provenance(f"{path}.{field}", value, default.unit, source, confidence, basis)


def _equal(value: object, default: float | str) -> bool:
    if isinstance(value, float) and isinstance(default, float):
        return math.isclose(value, default, rel_tol=1e-12, abs_tol=1e-300)
    return value == default
