"""What a raw electrolyte leaves out about acid, base, complexes and oxygen; and rules on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zinterphase.case.precipitates import check_precipitates
from zinterphase.case.raw import RawTable
from zinterphase.errors import CaseError
from zinterphase.materials.aqueous import PROTON, air_saturation, equilibria
from zinterphase.units import with_unit

if TYPE_CHECKING:
    from zinterphase.case.electrolyte import Electrolyte

_TOLERANCE = 1e-9


def fill_aqueous(table: RawTable) -> None:
    """All equilibria of the library where a salt has a pH; words for oxygen become numbers."""
    if table.get("pH") is not None and "species" not in table:
        table.setdefault("equilibria", list(equilibria()))
    match table.get("oxygen"):
        case "none":
            del table["oxygen"]
        case "air":
            table["oxygen"] = with_unit(air_saturation(), "mol/m^3")


def check_aqueous(liquid: Electrolyte) -> None:
    """Raise CaseError for complexes whose parts are not there, or that do not keep charge, and for
    more acid than the salt's anions."""
    if liquid.properties is not None and (
        liquid.pH is not None or liquid.complexes or liquid.oxygen
    ):
        key = next(k for k in ("pH", "complexes", "oxygen") if getattr(liquid, k))
        allowed = f"beside ZnSO4 alone, whose equilibria are known; not beside {liquid.salt}"
        raise CaseError(f"electrolyte.{key}", "given", allowed)
    if liquid.pH is not None and liquid.species:
        allowed = f"with a salt; among species, {PROTON} with its concentration"
        raise CaseError("electrolyte.pH", f"{liquid.pH:g}", allowed)
    if len(set(liquid.equilibria)) < len(liquid.equilibria):
        raise CaseError("electrolyte.equilibria", ", ".join(liquid.equilibria), "each name once")
    ions = {s.name: s.charge for s in liquid.resolved_species}
    names = [*ions, *(c.name for c in liquid.resolved_complexes)]
    for name in names:
        if names.count(name) > 1:
            raise CaseError("electrolyte.complexes", name, "each name once among all species")
    for made in liquid.resolved_complexes:
        missing = [ion for ion in made.composition if ion not in ions]
        if missing or not made.composition:
            found = missing[0] if missing else "of nothing"
            field, allowed = f"electrolyte: {made.name}", f"made of ions: {', '.join(ions)}"
            raise CaseError(field, found, allowed)
        charge = sum(nu * ions[ion] for ion, nu in made.composition.items())
        if abs(charge - made.charge) > _TOLERANCE:
            field = f"electrolyte: {made.name}"
            raise CaseError(field, f"charge {made.charge}", f"{charge:g}, that of its parts")
    _check_rates(liquid)
    check_precipitates(liquid)
    if liquid.pH is not None and min(s.concentration for s in liquid.resolved_species[:2]) <= 0.0:
        raise CaseError("electrolyte.pH", f"{liquid.pH:g}", "less acid than the salt has anions")


def _check_rates(liquid: Electrolyte) -> None:
    """Finite rates are those of equilibria that there are."""
    known = [*liquid.equilibria, *(c.name for c in liquid.complexes)]
    for name in liquid.rates:
        if name not in known:
            allowed = f"equilibria and complexes of the electrolyte: {', '.join(known) or 'none'}"
            raise CaseError("electrolyte.rates", name, allowed)
