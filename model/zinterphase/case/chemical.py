"""Chemical steps on a wall: rates without electrons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from zinterphase.case.bounds import Bounds
from zinterphase.case.equation import EQUATION, count, read_step, written
from zinterphase.case.quantities import (
    Concentration,
    Dimensional,
    ReactionOrder,
    StoichiometricNumber,
)
from zinterphase.case.raw import RawTable
from zinterphase.case.table import Table
from zinterphase.errors import CaseError
from zinterphase.materials.aqueous import LITRE
from zinterphase.materials.formula import metal_of_ion
from zinterphase.units import with_unit

if TYPE_CHECKING:
    from zinterphase.case.kinetics import Kinetics
    from zinterphase.case.schema import Case

MASS_ACTION = "mass_action"
_TOLERANCE = 1e-9
_TOLD = ("stoichiometry", "gas", "solids")
StepRate = Annotated[
    float, Dimensional("mol/m^2/s", "a rate per area", "1e-6 mol/m^2/s", Bounds(0.0, 1e12))
]


class ChemicalStep(Table):
    """A reaction on a wall that takes and gives no electrons, as it is written from left to right.

    ``stoichiometry`` counts species of the liquid, ``gas`` and ``solids`` what else there is,
    positive where the step makes them; an ``equation`` gives all of them. Per wetted metal area it
    runs at ``rate_constant`` [mol/m2/s] times the powers ``orders`` of concentrations over
    ``reference_concentration``, less ``backward_rate_constant`` times those with the stoichiometric
    numbers added, as detailed balance wants it; irreversible where that is None. A solid on its
    left side is the metal that is plated.
    """

    consumed_keys: ClassVar[tuple[str, ...]] = (EQUATION,)

    form: Literal["mass_action"]
    stoichiometry: Mapping[str, StoichiometricNumber]
    gas: Mapping[str, StoichiometricNumber] | None = None
    solids: Mapping[str, StoichiometricNumber] | None = None
    rate_constant: StepRate
    backward_rate_constant: StepRate | None = None
    orders: Mapping[str, ReactionOrder]
    reference_concentration: Concentration

    @property
    def takes_metal(self) -> bool:
        """Whether it uses up a solid, which is the metal that is plated."""
        return any(number < 0 for number in (self.solids or {}).values())

    @property
    def backward_orders(self) -> dict[str, float]:
        """Of the way back."""
        names = {**self.orders, **self.stoichiometry}
        found = {k: self.orders.get(k, 0.0) + self.stoichiometry.get(k, 0.0) for k in names}
        return {name: order for name, order in found.items() if order != 0.0}


def is_step(table: Any) -> bool:
    """Whether a table of a reaction is that of a chemical step."""
    form = table.get("form") if isinstance(table, Mapping) else getattr(table, "form", None)
    return bool(form == MASS_ACTION)


def fill_step(table: RawTable, where: str, charges: Mapping[str, int]) -> None:
    """Replace ``equation`` by the numbers it tells; orders are by default those of mass action."""
    table.setdefault("reference_concentration", with_unit(LITRE, "mol/m^3"))
    if EQUATION not in table or not charges:
        return
    found = read_step(written(table, where, _TOLD), f"{where}.{EQUATION}", charges)
    count(table, found)
    used = {name: -number for name, number in found.dissolved.items() if number < 0}
    table.setdefault("orders", used)


def check_steps(case: Case, layer: str, kinetics: Kinetics) -> None:
    """Raise CaseError for steps of what is not there, that make a charge, or have no end."""
    for name, step in kinetics.steps.items():
        where = f"kinetics.{layer}.reactions.{name}"
        _check_species(where, step, case.electrolyte.charges)
        _check_solids(where, step, kinetics.reactant)
        if case.counter.type != "reservoir" and not case.protocol:
            allowed = "no chemical step in a steady closed cell: a reservoir, or a protocol"
            raise CaseError(f"{where}.form", MASS_ACTION, allowed)


def _check_species(where: str, step: ChemicalStep, charges: Mapping[str, int]) -> None:
    known = ", ".join(charges)
    if not step.stoichiometry:
        raise CaseError(f"{where}.stoichiometry", "nothing", f"some of {known}")
    for field, names in (("stoichiometry", step.stoichiometry), ("orders", step.orders)):
        for name in names:
            if name not in charges:
                raise CaseError(f"{where}.{field}", name, f"some of {known}")
    charge = sum(number * charges[name] for name, number in step.stoichiometry.items())
    if abs(charge) > _TOLERANCE:
        allowed = "equal charge on both sides: a chemical step takes no electrons"
        raise CaseError(f"{where}.stoichiometry", f"{charge:+g} charges", allowed)


def _check_solids(where: str, step: ChemicalStep, reactant: str) -> None:
    """What it takes is the metal that is plated, and that it does not plate by itself: no solid but
    that is kept account of."""
    metal = metal_of_ion(reactant)
    for solid, number in (step.solids or {}).items():
        if number < 0 and solid != metal:
            allowed = f"the metal that is plated, {metal}(s): there is no account of other solids"
            raise CaseError(f"{where}.solids", f"{solid}(s) used up", allowed)
