"""Electrode reactions: what they make of the liquid's ions, and how fast."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import exp, log

from zinterphase.case import Rate
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.equilibrium import Equilibrium
from zinterphase.cell.precipitation import Precipitating
from zinterphase.errors import CaseError

FARTHEST = 600.0
"""Logarithm of a rate over another at most: beyond, it is no number."""


@dataclass(frozen=True)
class Reaction:
    """One reaction on a wall, written as an oxidation that gives off ``electrons``.

    ``stoichiometry`` counts the liquid's species, positive where oxidation makes them (Zn = Zn2+ +
    2 e-: {"Zn2+": 1}; 2 I- = I2 + 2 e-: {"I-": -2}), ``ions`` the same in ions that have an unknown
    each (OH- is one H+ less). ``ion`` is the one its metrics follow. ``equilibrium`` holds at the
    liquid's reference composition (`Bulk.reference`). ``orders`` are those of an irreversible rate
    in the species' activities against that composition; empty otherwise. ``bound`` counts the ions
    that the precipitate holds which it makes.
    """

    name: str
    ion: str
    stoichiometry: Mapping[str, float]
    ions: Mapping[str, float]
    electrons: int
    rate: Rate
    equilibrium: Equilibrium
    orders: Mapping[str, float]
    bound: Mapping[str, float] = field(default_factory=dict)

    def production(self, ion: str) -> float:
        """Ions made by oxidation per electron."""
        return self.ions.get(ion, 0.0) / self.electrons

    @property
    def solid(self) -> float:
        """Precipitate made by oxidation per electron; none by a reaction that makes none."""
        made = sum((self.rate.solids or {}).values()) if self.rate.precipitate else 0.0
        return made / self.electrons

    def account(self) -> dict[str, float]:
        """Ions made by oxidation per electron, in the liquid and in the precipitate."""
        ions = {**self.ions, **self.bound}
        return {
            ion: self.production(ion) + self.bound.get(ion, 0.0) / self.electrons for ion in ions
        }

    def gas(self, name: str) -> float:
        """Molecules of a gas made by oxidation per electron."""
        return (self.rate.gas or {}).get(name, 0.0) / self.electrons


def reaction_of(
    name: str, rate: Rate, bulk: Bulk, solids: Iterable[Precipitating] = ()
) -> Reaction:
    """The reaction of a table of the case, its reference state moved to that of the liquid;
    ``solids`` are those of the case."""
    stoichiometry, electrons = rate.equation(bulk.charges[rate.reactant])
    given = Equilibrium(rate.formal_potential, rate.exchange_current_density)
    ratios = {
        species: bulk.activity_ratio(species, bulk.reference(species), rate.reference_concentration)
        for species in {**stoichiometry, **(rate.orders or {})}
    }
    voltage = bulk.thermal_voltage
    moved = given.at(ratios, stoichiometry, electrons, rate.alpha_a, voltage)
    orders: dict[str, float] = {}
    if rate.irreversible:
        orders = _orders(rate, stoichiometry, electrons)
        exchange = _moved_exchange(
            rate, orders, ratios, (moved.potential - given.potential) / voltage
        )
        moved = Equilibrium(moved.potential, exchange)
    ions = bulk.in_ions(stoichiometry)
    found = Reaction(name, rate.reactant, stoichiometry, ions, electrons, rate, moved, orders)
    for solid in solids:
        if solid.name == rate.precipitate:
            made = found.solid * electrons
            return replace(found, bound={ion: made * n for ion, n in solid.ions.items()})
    return found


def _orders(rate: Rate, stoichiometry: Mapping[str, float], electrons: int) -> dict[str, float]:
    """Given, or those with which i0 is constant against the local equilibrium: in
    exp(-alpha_c (E - U)) U = U_ref + (1/n) sum s ln a."""
    if rate.orders is not None:
        return dict(rate.orders)
    alpha = rate.alpha_c - rate.alpha_a
    return {species: alpha * s / electrons for species, s in stoichiometry.items()}


def _moved_exchange(
    rate: Rate, orders: Mapping[str, float], ratios: Mapping[str, float], shift: float
) -> float:
    """The rate at the moved equilibrium: by its orders and the ``shift`` of potential [RT/F]."""
    driven = (rate.alpha_a - rate.alpha_c) * shift
    powers = sum(order * log(ratios[species]) for species, order in orders.items())
    if abs(driven + powers) > FARTHEST:
        found = f"{rate.formal_potential:g} V at {rate.reference_concentration:g} mol/m^3"
        allowed = "a reference state from which the rate at the bulk's is a number"
        raise CaseError(f"reactions of {rate.reactant}: formal_potential", found, allowed)
    return rate.exchange_current_density * exp(driven + powers)
