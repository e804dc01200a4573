"""Species of low concentration in the potential of a salt that carries the current."""

from collections.abc import Mapping, Sequence

import ufl

from zinterphase.expressions import Expr
from zinterphase.levels.solutes import DissolvedIon, Solutes

FIRST = 2
"""Component of the first trace: those of the salt come before."""


class Traces:
    """Ions beside a salt, and the complexes that they form with each other and with its ions.

    Their activities are their concentrations, in the potential phi of the salt; a complex has the
    potential of its parts, those of the salt included. What is counted for the salt's own ions in
    them is not told here: the salt is all of the anion, and the cation keeps the liquid neutral.
    The same holds of traces that form from the salt's ions at a finite rate: ``charges`` are those
    of traces, ``carried`` what is left of them without the salt's ions in them.
    """

    def __init__(
        self,
        ions: Sequence[DissolvedIon],
        complexes: Sequence[DissolvedIon],
        salt: Mapping[str, int],
    ) -> None:
        """``salt`` are the charges of its ions."""
        self._solutes = Solutes(ions, complexes)
        self.names = tuple(ion.name for ion in ions)
        self.charges = {ion.name: ion.charge for ion in ions}
        self.carried = {
            ion.name: ion.charge
            - sum(nu * salt[part] for part, nu in ion.composition.items() if part in salt)
            for ion in ions
        }
        self.all = self._solutes.all

    def ln_activities(self, salt: Mapping[str, Expr], u: Expr, phi: Expr) -> dict[str, Expr]:
        """Of everything dissolved, from those of the salt's ions, against the reference."""
        own = {
            ion.name: u[FIRST + k] + ion.level_shift - ion.charge * phi
            for k, ion in enumerate(self._solutes.ions)
        }
        return self._solutes.combined({**salt, **own})

    def slopes(self, salt: Mapping[str, Expr], u: Expr) -> dict[str, Expr]:
        """grad mu of everything dissolved, from those of the salt's ions."""
        own = {name: ufl.grad(u[FIRST + k]) for k, name in enumerate(self.names)}
        return self._solutes.combined({**salt, **own})

    def concentrations(self, ln_activity: Mapping[str, Expr], donnan: Expr) -> dict[str, Expr]:
        """Of every trace per pore volume [mol/m3], in pores of the potential ``donnan``."""
        return {
            s.name: s.reference * ufl.exp(ln_activity[s.name] - s.charge * donnan) for s in self.all
        }

    def totals(self, by_species: Mapping[str, Expr]) -> dict[str, Expr]:
        """What every trace has of an amount or a flux, free and in complexes."""
        return self._solutes.totals(by_species)

    def with_parts(self, rates: Mapping[str, Expr]) -> dict[str, Expr]:
        """What is made of ions, the salt's in traces counted."""
        found = dict(rates)
        for ion in self._solutes.ions:
            for part, nu in ion.composition.items():
                if part not in self.charges and ion.name in rates:
                    found[part] = found.get(part, 0.0) + nu * rates[ion.name]
        return found

    def charge(self, totals: Mapping[str, Expr]) -> Expr | None:
        """What traces carry of charge, that of the salt's ions in them left to the salt;
        None without charged ones."""
        carried = [z * totals[name] for name, z in self.carried.items() if z]
        return sum(carried[1:], carried[0]) if carried else None
