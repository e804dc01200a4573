"""Rules that a level of theory lays upon a case; the advice asks them for every level."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from zinterphase.case.levels import IDEAL_LEVELS, LEVELS, levels_that
from zinterphase.errors import CaseError
from zinterphase.materials.solids import FULL

if TYPE_CHECKING:
    from zinterphase.case.layers import Layer
    from zinterphase.case.schema import Case


def check_level(case: Case, level: str) -> None:
    """Raise CaseError for the first thing in ``case`` that a level cannot take."""
    facts, liquid = LEVELS[level], case.electrolyte
    if liquid.mobility != 1.0 and (facts.salt or not facts.concentrations):
        allowed = f'1 at level "{level}": its properties are measured; ions one by one take it'
        raise CaseError("electrolyte.mobility", f"{liquid.mobility:g}", allowed)
    if facts.salt:
        _check_salt(case)
    known = liquid.conductivity is not None or liquid.known_salt.covers(liquid.concentration)
    if facts.conductivity and not known:
        allowed = f'a conductivity, such as "5.65 S/m", or level {" or ".join(IDEAL_LEVELS)}'
        raise CaseError("electrolyte.conductivity", None, allowed)
    if case.wall_law != "none" and not facts.wall_law:
        raise CaseError("wall_law", case.wall_law, f'"none" at level "{level}"')
    if facts.donnan:
        _check_donnan(case, level)
    if not facts.kinetics:
        _check_equipotential(case, level)
    if liquid.rates and not facts.concentrations:
        names, levels = ", ".join(liquid.rates), ", ".join(levels_that("concentrations"))
        allowed = f"none at level {level}; those that solve ions: {levels}"
        raise CaseError("electrolyte.rates", names, allowed)
    if liquid.precipitates:
        _check_precipitates(case, level)
    for layer in case.layers:
        for name in layer.adsorption:
            _check_adsorption(case, level, layer, name)


def refusal_at(case: Case, level: str) -> CaseError | None:
    """Return why a case cannot be run at a level; None where it can."""
    try:
        check_level(case, level)
    except CaseError as error:
        return error
    return None


def _check_salt(case: Case) -> None:
    concentration = case.electrolyte.concentration
    if concentration is None:
        raise CaseError("electrolyte.species", "given", 'a salt with measured properties: "ZnSO4"')
    salt = case.electrolyte.known_salt
    low, high = salt.properties.valid
    if not low <= concentration <= high:
        allowed = f"{low / 1000:g} to {high / 1000:g} mol/L, where the salt is measured"
        raise CaseError("electrolyte.concentration", f"{concentration / 1000:g} mol/L", allowed)
    if not salt.symmetric:
        _check_asymmetric(case)


def _check_asymmetric(case: Case) -> None:
    """Donnan equilibrium and thin double layers of a z:z salt alone are in closed form."""
    allowed = 'none beside a salt that is not z:z; ions one by one at level "electroneutral"'
    for layer in case.layers:
        if layer.fixed_charge != 0.0:
            found = f"{layer.fixed_charge:g} mol/m^3"
            raise CaseError(f"layers.{layer.name}.fixed_charge", found, allowed)
    if case.wall_law != "none":
        raise CaseError("wall_law", case.wall_law, allowed)


def _check_donnan(case: Case, level: str) -> None:
    """Two charged layers in touch would need two potentials of the pores where they meet."""
    for below, layer in pairwise(case.layers):
        if 0.0 in (below.fixed_charge, layer.fixed_charge):
            continue
        if below.fixed_charge != layer.fixed_charge:
            found = f"{layer.fixed_charge:g} mol/m^3"
            allowed = f'0 or that of {below.name} below it at level "{level}"'
            raise CaseError(f"layers.{layer.name}.fixed_charge", found, allowed)


def _check_precipitates(case: Case, level: str) -> None:
    """Solids take ions: where these are solved, and not without end from a closed cell."""
    field, names = "electrolyte.precipitates", ", ".join(case.electrolyte.precipitates)
    if not LEVELS[level].concentrations:
        levels = ", ".join(levels_that("concentrations"))
        raise CaseError(field, names, f"none at level {level}; those that solve ions: {levels}")
    if case.counter.type != "reservoir" and not case.protocol:
        allowed = "none in a steady closed cell: a counter.type of reservoir, or a protocol"
        raise CaseError(field, names, allowed)
    for name, solid in case.electrolyte.precipitates.items():
        for layer, amount in solid.initial.items():
            where = f"{field}.{name}.initial.{layer}"
            _check_initial(case, solid.molar_volume, where, layer, amount)


def _check_adsorption(case: Case, level: str, layer: Layer, name: str) -> None:
    """It takes what has a balance of its own, and no charge, where liquid is."""
    where = f"layers.{layer.name}.adsorption"
    if not LEVELS[level].concentrations:
        levels = ", ".join(levels_that("concentrations"))
        raise CaseError(where, name, f"none at level {level}; those that solve ions: {levels}")
    neutral = [s.name for s in case.electrolyte.resolved_species if s.charge == 0]
    if name not in neutral:
        allowed = f"neutral species of the electrolyte: {', '.join(neutral) or 'none'}"
        raise CaseError(where, name, allowed)
    if layer.porosity == 0.0:
        raise CaseError(where, name, "only in layers with electrolyte")


def _check_initial(case: Case, molar_volume: float, where: str, name: str, amount: float) -> None:
    """A solid lies on walls of pores, that it does not fill, and changes in time."""
    walled = {x.name: x for x in case.layers if x.porosity > 0.0 and x.specific_area > 0.0}
    if name not in walled:
        allowed = f"porous layers with a specific_area: {', '.join(walled) or 'none'}"
        raise CaseError(where, name, allowed)
    most = FULL * walled[name].porosity / molar_volume / len(case.electrolyte.precipitates)
    if amount >= most:
        allowed = f"below {most:g} mol/m^3, which fills the pores"
        raise CaseError(where, f"{amount:g} mol/m^3", allowed)
    if not case.protocol:
        raise CaseError(where, f"{amount:g} mol/m^3", "only with a protocol: it dissolves in time")


def _check_equipotential(case: Case, level: str) -> None:
    """Without kinetics the whole metal is one surface at one potential."""
    for name, kinetics in case.kinetics.items():
        for step in kinetics.steps:
            allowed = f'no chemical step at level "{level}", which solves no rates'
            raise CaseError(f"kinetics.{name}.reactions.{step}", "given", allowed)
    for layer in case.layers:
        if layer.medium.kind == "porous_conductor":
            allowed = f'false at level "{level}", whose metal is a surface'
            raise CaseError(f"layers.{layer.name}.conducting", True, allowed)
        if layer.potential == "resolved":
            allowed = f'"equipotential" at level "{level}"'
            raise CaseError(f"layers.{layer.name}.potential", layer.potential, allowed)
