"""Equilibrium of a reaction with a given composition of the liquid."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

from zinterphase.materials.nernst import exchange_current_at, potential_at


@dataclass(frozen=True)
class Equilibrium:
    """Equilibrium potential [V, scale of the case] and exchange current density [A/m2]."""

    potential: float
    exchange_current_density: float

    def at(
        self,
        activity_ratios: Mapping[str, float],
        stoichiometry: Mapping[str, float],
        electrons: int,
        alpha_anodic: float,
        thermal_voltage: float,
    ) -> "Equilibrium":
        """The same reaction at activities that are ``activity_ratios`` times these.

        Nernst's law, E = E' + (RT/nF) sum s ln a with s > 0 for what oxidation makes. Mass action,
        in the anodic rate what oxidation uses up and in the cathodic rate what it makes, gives
        i0 the order alpha_a/n in the latter and alpha_c/n = 1 - alpha_a/n in the former.
        Newman & Thomas-Alyea, Electrochemical Systems, eq. 8.21.
        """
        made = sum(s * log(activity_ratios[ion]) for ion, s in stoichiometry.items() if s > 0)
        used = -sum(s * log(activity_ratios[ion]) for ion, s in stoichiometry.items() if s < 0)
        with_made = exchange_current_at(
            self.exchange_current_density, exp(made), alpha_anodic, electrons
        )
        return Equilibrium(
            potential_at(self.potential, exp(made - used), electrons, thermal_voltage),
            exchange_current_at(with_made, exp(used), electrons - alpha_anodic, electrons),
        )
