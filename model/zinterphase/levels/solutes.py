"""What is dissolved in the liquid: ions with an unknown each, and complexes in equilibrium."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import ufl

from zinterphase.expressions import Expr
from zinterphase.physics.transport import relative_activities


@dataclass(frozen=True)
class DissolvedIon:
    """A species as the equations see it; ``diffusivity`` [m2/s] and the concentrations [mol/m3]
    may be UFL.

    ``reference`` is the concentration where its unknown is zero in a liquid at rest, ``bulk`` that
    of a reservoir. ``level_shift`` is a global unknown added to ln c where no boundary fixes the
    amount of an ion. A complex has no unknown of its own but a ``composition``: how many of each
    ion make one of it (negative for what splits off, water not counted); its ``reference`` is the
    concentration in equilibrium with theirs. An ion with one forms from those at a finite rate.
    """

    name: str
    charge: int
    diffusivity: Expr
    reference: Expr
    bulk: Expr
    level_shift: Expr = 0.0
    composition: Mapping[str, float] = field(default_factory=dict)


class Solutes:
    """Ions, one component of the unknowns each, and the complexes that they form at once.

    The electrochemical potential of a complex is the sum of those of its parts, mu_s = sum nu mu_k,
    so that it is in equilibrium with them at every point, whatever the potential; what the rows
    balance are the amounts of each ion, free and in complexes.
    """

    def __init__(
        self, ions: Sequence[DissolvedIon], complexes: Sequence[DissolvedIon] = ()
    ) -> None:
        self.ions, self.complexes = tuple(ions), tuple(complexes)
        self.all = (*self.ions, *self.complexes)
        self.charges = {s.name: s.charge for s in self.all}

    def counts(self, name: str) -> Mapping[str, float]:
        """How many of each ion are in one species."""
        made = next((s.composition for s in self.complexes if s.name == name), None)
        return {name: 1.0} if made is None else made

    def combined(self, by_ion: Mapping[str, Expr]) -> dict[str, Expr]:
        """A quantity of every species that is the sum of those of its parts."""
        found = dict(by_ion)
        for complex_ in self.complexes:
            found[complex_.name] = sum(nu * by_ion[ion] for ion, nu in complex_.composition.items())
        return found

    def totals(self, by_species: Mapping[str, Expr]) -> dict[str, Expr]:
        """What every ion has of an amount or a flux, free and in complexes; what complexes have of
        others is left out."""
        found = {ion.name: by_species[ion.name] for ion in self.ions}
        for complex_ in self.complexes:
            for ion, nu in complex_.composition.items():
                if ion in found:
                    found[ion] = found[ion] + nu * by_species[complex_.name]
        return found

    def potentials(self, u: Expr) -> dict[str, Expr]:
        """mu of every species [RT/F], levels included; ``u`` begins with those of the ions."""
        return self.combined({ion.name: u[k] + ion.level_shift for k, ion in enumerate(self.ions)})

    def slopes(self, u: Expr) -> dict[str, Expr]:
        """grad mu of every species [RT/F per m]."""
        return self.combined({ion.name: ufl.grad(u[k]) for k, ion in enumerate(self.ions)})

    def ln_activities(self, u: Expr, phi: Expr) -> dict[str, Expr]:
        """ln a of every species over that at the reference composition."""
        found = self.potentials(u)
        return {name: mu - self.charges[name] * phi for name, mu in found.items()}

    def ideal_concentrations(self, u: Expr, phi: Expr) -> dict[str, Expr]:
        """c of every species [mol/m3] where activities are concentrations."""
        found = self.potentials(u)
        mu = [found[s.name] for s in self.all]
        activities = relative_activities(mu, [s.charge for s in self.all], phi)
        return {s.name: s.reference * a for s, a in zip(self.all, activities, strict=True)}
