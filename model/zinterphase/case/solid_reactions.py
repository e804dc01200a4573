"""Rules of reactions that form and use a precipitate of the electrolyte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zinterphase.errors import CaseError
from zinterphase.materials.formula import elements

if TYPE_CHECKING:
    from zinterphase.case.kinetics import Rate
    from zinterphase.case.precipitates import Precipitate
    from zinterphase.case.schema import Case

_TOLERANCE = 1e-9


def check_solid_reaction(case: Case, layer: str, where: str, rate: Rate) -> None:
    """Raise CaseError where there is no such solid, or no pores for it; nothing to check of a
    reaction without."""
    name, field = rate.precipitate, f"{where}.precipitate"
    if name is None:
        if rate.covering_thickness is not None:
            found, allowed = f"{rate.covering_thickness:g} m", "only with precipitate"
            raise CaseError(f"{where}.covering_thickness", found, allowed)
        return
    known = case.electrolyte.precipitates
    if name not in known:
        raise CaseError(
            field, name, f"one of electrolyte.precipitates: {', '.join(known) or 'none'}"
        )
    if rate is case.kinetics[layer]:
        raise CaseError(field, name, "only of further reactions")
    if case.layer(layer).porosity == 0.0:
        raise CaseError(field, name, f"only in the pores of a conductor; {layer} is dense")
    if not case.protocol:
        raise CaseError(field, name, "only with a protocol: solids are formed and used in time")
    if rate.covering_thickness is None:
        allowed = "the mean thickness of the solid that covers half of the walls"
        raise CaseError(f"{where}.covering_thickness", None, allowed)
    if len(rate.solids or {}) != 1:
        found = ", ".join(rate.solids or {}) or "none"
        raise CaseError(f"{where}.solids", found, f"one solid (s) in the equation, the {name}")
    _check_composition(case, where, rate, known[name])
    others = (r for r in case.kinetics[layer].further.values() if r is not rate)
    if any(other.precipitate == name for other in others):
        raise CaseError(field, name, "of one reaction of a layer alone")


def _check_composition(case: Case, where: str, rate: Rate, solid: Precipitate) -> None:
    """The solid of the equation is what dissolves, as far as names are formulas."""
    (formula,) = rate.solids or {}
    written = elements(formula, 0)
    made = {"H": 2 * solid.water, "O": solid.water}
    for species, number in solid.dissolved.items():
        found = elements(species, case.electrolyte.charges[species])
        if found is None:
            return
        for element, atoms in found.items():
            made[element] = made.get(element, 0.0) + number * atoms
    if written is None:
        return
    if any(abs(made.get(e, 0.0) - written.get(e, 0)) > _TOLERANCE for e in {*made, *written}):
        gives = ", ".join(f"{n:g} {species}" for species, n in solid.dissolved.items())
        allowed = f"the solid that gives {gives} when it dissolves, {rate.precipitate}"
        raise CaseError(f"{where}.solids", f"{formula}(s)", allowed)
