"""Rules that tie the kinetics of a layer to the rest of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zinterphase.errors import CaseError
from zinterphase.materials.electrolyte import CATION

if TYPE_CHECKING:
    from zinterphase.case.kinetics import Kinetics
    from zinterphase.case.schema import Case

_TOLERANCE = 1e-9
MOST_LENGTHS = {1: 5000, 2: 200}
"""Correlation lengths along the cell at most, by lateral directions."""
_VOLT_TOLERANCE = 1e-9


def check_kinetics(case: Case) -> None:
    """Raise CaseError for the first broken rule."""
    may = [layer.name for layer in case.reactive_layers]
    for name, kinetics in case.kinetics.items():
        if name not in may:
            allowed = f"conducting layers in touch with electrolyte: {', '.join(may)}"
            raise CaseError(f"kinetics.{name}", name, allowed)
        _check_reactant(case, name, kinetics)
        _check_reference_state(case, name, kinetics)
        _check_area(case, name, kinetics)
        _check_fields(case, name, kinetics)
    if case.level != "primary" and not case.kinetics:
        raise CaseError("kinetics", None, f'kinetics of {", ".join(may)} at level "{case.level}"')


def _check_reactant(case: Case, name: str, kinetics: Kinetics) -> None:
    where = f"kinetics.{name}"
    charges = {s.name: s.charge for s in case.electrolyte.resolved_species if s.charge > 0}
    if kinetics.reactant not in charges:
        allowed = f"a cation of the electrolyte: {', '.join(charges)}"
        raise CaseError(f"{where}.reactant", kinetics.reactant, allowed)
    total, charge = kinetics.alpha_a + kinetics.alpha_c, charges[kinetics.reactant]
    if abs(total - charge) > _TOLERANCE:
        allowed = f"{charge}, the charge of {kinetics.reactant}"
        raise CaseError(f"{where}.alpha_a + alpha_c", f"{total:g}", allowed)


def _check_reference_state(case: Case, name: str, kinetics: Kinetics) -> None:
    """The zero of the Zn scale is the equilibrium of zinc ions with the bulk."""
    if case.reference != "Zn" or kinetics.reactant != CATION:
        return
    expected = case.scale.zinc_at(kinetics.reference_concentration)
    if abs(kinetics.formal_potential - expected) > _VOLT_TOLERANCE:
        concentration = kinetics.reference_concentration / 1000.0
        found = f"{kinetics.formal_potential:.12g} V at {concentration:g} mol/L"
        allowed = (
            f"{expected:.12g} V, Nernst's law from the bulk at 0 V (the default); another one "
            'needs reference = "SHE"'
        )
        raise CaseError(f"kinetics.{name}.formal_potential", found, allowed)


def _check_area(case: Case, name: str, kinetics: Kinetics) -> None:
    """Something has to be left to react."""
    if kinetics.contact_fraction == 0.0:
        raise CaseError(f"kinetics.{name}.contact_fraction", 0.0, "above 0: nothing else reacts")
    if kinetics.blocked_fraction == 1.0:
        raise CaseError(f"kinetics.{name}.blocked_fraction", 1.0, "below 1: nothing else reacts")
    layer = case.layer(name)
    if layer.porosity > 0.0 and layer.specific_area == 0.0:
        allowed = "above 0 in a porous layer with kinetics"
        raise CaseError(f"layers.{name}.specific_area", "0 1/m", allowed)


def _check_fields(case: Case, name: str, kinetics: Kinetics) -> None:
    """Random fields have to fit between the mirror planes, and into memory."""
    where = f"kinetics.{name}"
    if kinetics.spread is not None and kinetics.map is not None:
        raise CaseError(f"{where}.map", str(kinetics.map.file), "either spread or map")
    longest = 0.5 * min(case.geometry.extents)
    for table, field in ((kinetics.spread, "spread"), (kinetics.patches, "patches")):
        if table is not None and table.correlation_length > longest:
            found = f"{table.correlation_length:g} m"
            allowed = f"at most {longest:g} m, half the width between the mirror planes"
            raise CaseError(f"{where}.{field}.correlation_length", found, allowed)
        if table is not None:
            length = table.correlation_length
            require_few_modes(f"{where}.{field}.correlation_length", length, case.geometry.extents)


def require_few_modes(field: str, length: float, extents: tuple[float, ...]) -> None:
    """Refuse a random field with more waves than can be summed up: 4 per correlation length."""
    shortest = max(extents) / MOST_LENGTHS[len(extents)]
    if length < shortest:
        allowed = f"at least {shortest:g} m in a cell of width {max(extents):g} m"
        raise CaseError(field, f"{length:g} m", allowed)
