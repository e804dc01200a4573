"""Rules that tie the kinetics of a layer to the rest of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from zinterphase.case.chemical import check_steps
from zinterphase.case.kinetics import DEPOSITION
from zinterphase.case.levels import LEVELS
from zinterphase.case.solid_reactions import check_solid_reaction
from zinterphase.errors import CaseError
from zinterphase.materials.alloys import phases
from zinterphase.materials.electrolyte import CATION
from zinterphase.physics.alloying import activity_pieces
from zinterphase.scales import thermal_voltage

if TYPE_CHECKING:
    from zinterphase.case.kinetics import Kinetics, Rate
    from zinterphase.case.schema import Case

_TOLERANCE = 1e-9
LEAST_ALPHA = 1e-3
"""Transfer coefficients of a reversible reaction at least."""
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
        _check_plated(case, name, kinetics)
        _check_double_layer(case, name, kinetics)
        _check_alloying(case, name, kinetics)
        _check_isolation(case, name, kinetics)
        if kinetics.blocking:
            _check_blocking(case, f"kinetics.{name}", kinetics)
        for reaction, rate in kinetics.rates.items():
            where = _where(name, reaction)
            _check_equation(case, where, rate)
            _check_reference_state(case, where, rate)
            _check_spread(case, where, rate)
            check_solid_reaction(case, name, where, rate)
        check_steps(case, name, kinetics)
        _check_area(case, name, kinetics)
        _check_patches(case, name, kinetics)
        _check_nucleation(name, kinetics)
    if LEVELS[case.level].kinetics and not case.kinetics:
        raise CaseError("kinetics", None, f'kinetics of {", ".join(may)} at level "{case.level}"')
    _check_closed_cell(case)


def _where(layer: str, reaction: str) -> str:
    """Name of the table of a reaction."""
    return f"kinetics.{layer}" + ("" if reaction == DEPOSITION else f".reactions.{reaction}")


def _check_plated(case: Case, name: str, kinetics: Kinetics) -> None:
    """A layer's own reaction plates its metal."""
    cations = [s.name for s in case.electrolyte.resolved_species if s.charge > 0]
    if kinetics.reactant not in cations and not (kinetics.blocking and kinetics.reactions):
        allowed = f"a cation of the electrolyte: {', '.join(cations)}"
        raise CaseError(f"kinetics.{name}.reactant", kinetics.reactant, allowed)
    if DEPOSITION in kinetics.reactions:
        field = f"kinetics.{name}.reactions.{DEPOSITION}"
        raise CaseError(field, "given", f"another name: {DEPOSITION} is the layer's own reaction")


def _check_blocking(case: Case, where: str, kinetics: Kinetics) -> None:
    """Without reactions it is the double layer that takes up a current, for a time."""
    if kinetics.reactions:
        return
    if not case.protocol:
        allowed = "false without a protocol: no steady current passes a blocking electrode"
        raise CaseError(f"{where}.blocking", True, allowed)
    if not LEVELS[case.level].double_layer and kinetics.double_layer_capacitance is None:
        allowed = (
            f'a double_layer_capacitance at level "{case.level}": nothing else takes a current'
        )
        raise CaseError(f"{where}.blocking", True, allowed)


def _check_double_layer(case: Case, name: str, kinetics: Kinetics) -> None:
    """One that is lumped stands for one that the level does not resolve."""
    where, carrier = f"kinetics.{name}", kinetics.double_layer_ion
    given = kinetics.double_layer_capacitance
    if given is None:
        if carrier is not None:
            allowed = "only with double_layer_capacitance"
            raise CaseError(f"{where}.double_layer_ion", carrier, allowed)
        return
    if LEVELS[case.level].double_layer:
        allowed = f'nothing at level "{case.level}", which resolves the double layer'
        raise CaseError(f"{where}.double_layer_capacitance", f"{given:g} F/m^2", allowed)
    ions = [s.name for s in case.electrolyte.resolved_species]
    if LEVELS[case.level].salt:  # the total current is in the salt's flux at the wall
        ions = [kinetics.reactant]
    if carrier not in ions:
        raise CaseError(f"{where}.double_layer_ion", carrier, f"one of {', '.join(ions)}")


def _check_alloying(case: Case, name: str, kinetics: Kinetics) -> None:
    """A layer fills in time; its phases are in the order of their content."""
    table, where = kinetics.alloying, f"kinetics.{name}.alloying"
    if table is None:
        return
    if not case.protocol:
        raise CaseError(where, "given", "only with a protocol: the layer fills in time")
    if not LEVELS[case.level].double_layer and kinetics.double_layer_capacitance is None:
        allowed = (
            f'only with a double_layer_capacitance at level "{case.level}": nothing else takes a '
            "current between the last alloy and the first deposit"
        )
        raise CaseError(where, "given", allowed)
    charges = {s.name: s.charge for s in case.electrolyte.resolved_species}
    _, electrons = kinetics.equation(charges[kinetics.reactant])
    potentials = [table.alpha, table.gamma, table.epsilon]
    try:
        activity_pieces(phases(potentials, thermal_voltage(case.temperature)), electrons)
    except ValueError:
        found = ", ".join(f"{value:g} V" for value in potentials)
        allowed = "potentials of alpha, gamma and epsilon that fall so that the activity is convex"
        raise CaseError(where, found, allowed) from None


def _check_isolation(case: Case, name: str, kinetics: Kinetics) -> None:
    """It counts in time, by the relief of a front where it depends on one."""
    table, where = kinetics.isolation, f"kinetics.{name}.isolation"
    if table is None:
        return
    if not case.protocol:
        raise CaseError(where, "given", "only with a protocol: metal is isolated in time")
    if kinetics.blocking:
        raise CaseError(where, "given", "only where the metal reacts, not beside blocking")
    if table.exponent > 0.0 and case.front is None:
        allowed = "0 without a front, whose roughness it is a power of"
        raise CaseError(f"{where}.exponent", table.exponent, allowed)


def _check_equation(case: Case, where: str, rate: Rate) -> None:
    """Charge is conserved, with ions that there are, and the law has an equilibrium."""
    charges = case.electrolyte.charges
    if rate.reactant not in charges:
        allowed = f"an ion of the electrolyte: {', '.join(charges)}"
        raise CaseError(f"{where}.reactant", rate.reactant, allowed)
    made, electrons = rate.equation(charges[rate.reactant])
    unknown = [ion for ion in made if ion not in charges]
    if unknown or rate.reactant not in made:
        found = unknown[0] if unknown else f"without {rate.reactant}"
        allowed = f"{rate.reactant} and other ions of the electrolyte: {', '.join(charges)}"
        raise CaseError(f"{where}.stoichiometry", found, allowed)
    charge = sum(number * charges[ion] for ion, number in made.items())
    if abs(charge - electrons) > _TOLERANCE:
        equation = " ".join(f"{number:+g} {ion}" for ion, number in made.items())
        allowed = f"{electrons} charges made by an oxidation that gives off {electrons} electrons"
        raise CaseError(f"{where}.stoichiometry", f"{equation}, {charge:g} charges", allowed)
    if rate.irreversible:
        _check_irreversible(where, rate, charges)
    else:
        _check_reversible(where, rate, electrons)


def _check_irreversible(where: str, rate: Rate, charges: Mapping[str, int]) -> None:
    """One direction, in powers of what there is."""
    if (rate.alpha_a > 0.0) == (rate.alpha_c > 0.0):
        found = f"{rate.alpha_a:g} and {rate.alpha_c:g}"
        allowed = 'one of them above 0, alpha_c of a reduction, in form "tafel"'
        raise CaseError(f"{where}.alpha_a and alpha_c", found, allowed)
    for name in rate.orders or {}:
        if name not in charges:
            raise CaseError(f"{where}.orders", name, f"some of {', '.join(charges)}")


def _check_reversible(where: str, rate: Rate, electrons: int) -> None:
    """Both directions share one equilibrium: orders and transfer coefficients follow from it."""
    for name, alpha in (("alpha_a", rate.alpha_a), ("alpha_c", rate.alpha_c)):
        if alpha < LEAST_ALPHA:
            raise CaseError(
                f"{where}.{name}", f"{alpha:g}", f'{LEAST_ALPHA:g} to 8, or form "tafel"'
            )
    if rate.orders is not None:
        raise CaseError(f"{where}.orders", dict(rate.orders), 'only with form "tafel"')
    total = rate.alpha_a + rate.alpha_c
    if abs(total - electrons) > _TOLERANCE:
        own = rate.stoichiometry is None and rate.electrons is None
        reason = f", the charge of {rate.reactant}" if own else ", the number of electrons"
        raise CaseError(f"{where}.alpha_a + alpha_c", f"{total:g}", f"{electrons}{reason}")


def _check_closed_cell(case: Case) -> None:
    """What one electrode makes the other has to use up, or no steady state exists."""
    solved = LEVELS[case.level].kinetics and LEVELS[case.level].concentrations
    if case.counter.type == "reservoir" or not solved or case.protocol:
        return
    top = case.layers[case.dense_count - 1].name
    like = case.counter.like or top
    if like not in case.kinetics or top not in case.kinetics:
        return
    here = {ion for kinetics in case.kinetics.values() for ion in _reacting(case, kinetics)}
    there = _reacting(case, case.kinetics[like])
    for where, rate in _irreversible(case):
        found = f"irreversible, {rate.reactant}"
        allowed = "reactions with an equilibrium in a closed cell: no steady state; give a protocol"
        raise CaseError(f"{where}.form", found, allowed)
    for ion in sorted(here ^ there):
        allowed = f"a counter electrode at which {ion} reacts as it does at the working electrode"
        raise CaseError("counter.like", like, f"{allowed}: a closed cell has no other steady state")


def _irreversible(case: Case) -> Iterator[tuple[str, Rate]]:
    for name, kinetics in case.kinetics.items():
        for reaction, rate in kinetics.rates.items():
            if rate.irreversible:
                yield _where(name, reaction), rate


def _reacting(case: Case, kinetics: Kinetics) -> set[str]:
    charges = case.electrolyte.charges
    return {
        ion for rate in kinetics.rates.values() for ion in rate.equation(charges[rate.reactant])[0]
    }


def _check_reference_state(case: Case, where: str, rate: Rate) -> None:
    """The zero of the Zn scale is the equilibrium of zinc ions with the bulk."""
    if case.reference != "Zn" or rate.reactant != CATION:
        return
    expected = case.scale.zinc_at(rate.reference_concentration)
    if abs(rate.formal_potential - expected) > _VOLT_TOLERANCE:
        concentration = rate.reference_concentration / 1000.0
        found = f"{rate.formal_potential:.12g} V at {concentration:g} mol/L"
        allowed = (
            f"{expected:.12g} V, Nernst's law from the bulk at 0 V (the default); another one "
            'needs reference = "SHE"'
        )
        raise CaseError(f"{where}.formal_potential", found, allowed)


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


def _check_spread(case: Case, where: str, rate: Rate) -> None:
    if rate.spread is not None and rate.map is not None:
        raise CaseError(f"{where}.map", str(rate.map.file), "either spread or map")
    if rate.spread is not None:
        _require_fitting(case, f"{where}.spread", rate.spread.correlation_length)


def _check_patches(case: Case, name: str, kinetics: Kinetics) -> None:
    if kinetics.patches is None:
        return
    where = f"kinetics.{name}.patches"
    _require_fitting(case, where, kinetics.patches.correlation_length)
    _require_further(where, kinetics.patches.factors, name, kinetics)


def _check_nucleation(name: str, kinetics: Kinetics) -> None:
    """It knows the other reactions of its wall; theirs would know none."""
    where = f"kinetics.{name}"
    if kinetics.nucleation is not None:
        _require_further(f"{where}.nucleation", kinetics.nucleation.factors, name, kinetics)
    for reaction, rate in kinetics.further.items():
        if rate.nucleation is not None and rate.nucleation.factors:
            found = f"{where}.reactions.{reaction}.nucleation.factors"
            raise CaseError(found, ", ".join(rate.nucleation.factors), "only of the metal's own")
        if rate.nucleation is not None and rate.precipitate is not None:
            found = f"{where}.reactions.{reaction}.nucleation"
            raise CaseError(found, "given", "none beside precipitate")


def _require_further(
    where: str, factors: Mapping[str, float], name: str, kinetics: Kinetics
) -> None:
    for reaction in factors:
        if reaction not in kinetics.further:
            known = ", ".join(kinetics.further) or "none"
            raise CaseError(f"{where}.factors", reaction, f"further reactions of {name}: {known}")


def _require_fitting(case: Case, table: str, length: float) -> None:
    """Random fields have to fit between the mirror planes, and into memory."""
    longest = 0.5 * min(case.geometry.extents)
    if length > longest:
        allowed = f"at most {longest:g} m, half the width between the mirror planes"
        raise CaseError(f"{table}.correlation_length", f"{length:g} m", allowed)
    require_few_modes(f"{table}.correlation_length", length, case.geometry.extents)


def require_few_modes(field: str, length: float, extents: tuple[float, ...]) -> None:
    """Refuse a random field with more waves than can be summed up: 4 per correlation length."""
    shortest = max(extents) / MOST_LENGTHS[len(extents)]
    if length < shortest:
        allowed = f"at least {shortest:g} m in a cell of width {max(extents):g} m"
        raise CaseError(field, f"{length:g} m", allowed)
