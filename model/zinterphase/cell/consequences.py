"""What a case does by what it leaves unsaid: assumptions of the library that move the answer, and
the direction of the reaction that an imposed potential drives."""

from collections.abc import Iterator
from math import isclose

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.electrodes import Cell
from zinterphase.cell.finding import Finding
from zinterphase.cell.reaction import reaction_of


def consequences(cell: Cell) -> Iterator[Finding]:
    """Say what follows for the kinetics of a cell."""
    case = cell.case
    if LEVELS[case.level].kinetics:
        yield from _wetted_share(case)
        yield from _reference_state(cell)
    yield from _direction(cell)


def _wetted_share(case: Case) -> Iterator[Finding]:
    assumed = {entry.field for entry in case.provenance if entry.basis == "assumption"}
    for name, kinetics in case.kinetics.items():
        field, share = f"kinetics.{name}.contact_fraction", kinetics.contact_fraction
        if field in assumed and share < 1.0:
            above = case.layers[case.layers.index(case.layer(name)) + 1].name
            text = (
                f"{share:.3g} of {name} is wetted, an assumption: the porosity of {above} above "
                f"it. The wetted metal carries {1.0 / share:.3g} times the mean current density; "
                "contact_fraction = 1 wets all of it"
            )
            yield Finding("warning", field, text)


def _reference_state(cell: Cell) -> Iterator[Finding]:
    """An exchange current density that the case gives without its concentration."""
    case, bulk = cell.case, cell.bulk
    library = {entry.field for entry in case.provenance if entry.confidence}
    for name, kinetics in case.kinetics.items():
        if kinetics.blocking:
            continue
        where = f"kinetics.{name}"
        given, state = kinetics.exchange_current_density, kinetics.reference_concentration
        here = bulk.ion(kinetics.reactant).concentration
        own = f"{where}.exchange_current_density" not in library
        if own and f"{where}.reference_concentration" in library and not isclose(state, here):
            moved = reaction_of(name, kinetics, bulk).equilibrium
            at_bulk = moved.exchange_current_density
            text = (
                f"{given:g} A/m^2 is that at the library's {state / 1000:g} mol/L, hence "
                f"{at_bulk:.3g} A/m^2 at the bulk's {here / 1000:g} mol/L; give "
                "reference_concentration where it is another"
            )
            yield Finding("warning", f"{where}.exchange_current_density", text)


def _direction(cell: Cell) -> Iterator[Finding]:
    """Zero of SHE is far above the equilibrium of zinc."""
    case, main = cell.case, cell.working.surface.main
    potential = case.control.potential
    if potential is None:
        return
    rest = main.equilibrium.potential
    overpotential = potential - rest
    if overpotential == 0.0:
        return
    scale = "SHE" if case.reference == "SHE" else "zinc in the bulk"
    element = main.ion.rstrip("0123456789+")
    does = f"dissolves {element}" if overpotential > 0.0 else f"plates {main.ion}"
    text = f"this {does} at {overpotential:+.3g} V against its equilibrium, {rest:.4g} V vs {scale}"
    mistaken = overpotential > 0.0 and case.reference == "SHE"
    yield Finding("warning" if mistaken else "note", "control.potential", text)
