"""Electrode reactions: what they make of the liquid's ions, and how fast."""

from collections.abc import Mapping
from dataclasses import dataclass

from zinterphase.case import Rate
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.equilibrium import Equilibrium


@dataclass(frozen=True)
class Reaction:
    """One reaction on a wall, written as an oxidation that gives off ``electrons``.

    ``stoichiometry`` counts the liquid's ions, positive where oxidation makes them (Zn = Zn2+ +
    2 e-: {"Zn2+": 1}; 2 I- = I2 + 2 e-: {"I-": -2}). ``ion`` is the one its metrics follow.
    ``equilibrium`` holds at the liquid's reference composition (`Bulk.reference`).
    """

    name: str
    ion: str
    stoichiometry: Mapping[str, float]
    electrons: int
    rate: Rate
    equilibrium: Equilibrium

    def production(self, ion: str) -> float:
        """Ions made by oxidation per electron."""
        return self.stoichiometry.get(ion, 0.0) / self.electrons


def reaction_of(name: str, rate: Rate, bulk: Bulk) -> Reaction:
    """The reaction of a table of the case, its reference state moved to that of the liquid."""
    stoichiometry, electrons = rate.equation(bulk.ion(rate.reactant).charge)
    given = Equilibrium(rate.formal_potential, rate.exchange_current_density)
    ratios = {
        ion: bulk.activity_ratio(bulk.reference(ion), rate.reference_concentration)
        for ion in stoichiometry
    }
    moved = given.at(ratios, stoichiometry, electrons, rate.alpha_a, bulk.thermal_voltage)
    return Reaction(name, rate.reactant, stoichiometry, electrons, rate, moved)
