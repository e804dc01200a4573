"""Complexes that form and decay in the liquid at finite rates, as sources in its balances."""

from collections.abc import Iterator
from functools import reduce

import ufl

from zinterphase.cell.bulk import Bulk, Formation
from zinterphase.expressions import Expr
from zinterphase.fem_types import Mesh
from zinterphase.levels.base import Level
from zinterphase.physics.homogeneous import formation_and_decay
from zinterphase.scales import FARADAY
from zinterphase.solve.measures import Measures
from zinterphase.solve.terms import Rows, added
from zinterphase.solve.unknowns import constant
from zinterphase.solve.walls import Unknowns


class HomogeneousReactions:
    """All of them, over ``layers``; everything but construction collective."""

    def __init__(
        self,
        mesh: Mesh,
        bulk: Bulk,
        level: Level,
        unknowns: Unknowns,
        measures: Measures,
        layers: tuple[str, ...],
    ) -> None:
        """``unknowns`` are those of the liquid."""
        self._level, self._unknowns = level, unknowns
        self._measures, self._layers = measures, layers
        self._charges = bulk.charges
        self._formations = [
            (formation, constant(mesh, FARADAY * bulk.exchange_rate(formation)))
            for formation in bulk.formations
        ]

    def rows(self) -> Rows:
        """What they make in the liquid's balances."""
        test = self._unknowns.liquid_test
        forms = []
        for formation, (forming, decaying) in self._densities():
            parts = formation.made.composition.items()
            # Without charge: numbers, so that what cancels is left out.
            turn = {formation.name: 1.0} | {ion: -nu for ion, nu in parts}
            forms.append(self._integral((forming - decaying) * self._level.source(turn, test)))
        return Rows(reduce(added, forms, None))

    def made(self) -> dict[str, tuple[ufl.Form, ufl.Form]]:
        """F times what forms of each complex less what decays [A], and both together."""
        return {
            formation.name: (self._integral(forming - decaying), self._integral(forming + decaying))
            for formation, (forming, decaying) in self._densities()
        }

    def power(self, layers: tuple[str, ...]) -> ufl.Form | None:
        """What they dissipate over some of the layers [A RT/F]."""
        components = {ion: k for k, ion in self._level.conserved.items()}
        liquid, forms = self._unknowns.liquid, []
        for formation, (forming, decaying) in self._densities():
            gained = sum(n * liquid[components[ion]] for ion, n in formation.makes.items())
            forms.append(self._measures.over_layers((decaying - forming) * gained, layers))
        return reduce(added, forms, None)

    def _densities(self) -> Iterator[tuple[Formation, tuple[Expr, Expr]]]:
        """F times turns per volume [A/m3], in the pores: their liquid's activities differ by their
        potential from those outside."""
        liquid, media = self._unknowns.liquid, self._unknowns.media
        outside = self._level.plane(liquid).ln_activity
        donnan = self._level.donnan_potential(liquid, media)
        ln_activity = {name: a - self._charges[name] * donnan for name, a in outside.items()}
        for formation, exchange in self._formations:
            made = formation.made
            yield (
                formation,
                formation_and_decay(
                    media.porosity * exchange, made.name, made.composition, ln_activity
                ),
            )

    def _integral(self, density: Expr) -> ufl.Form:
        return self._measures.over_layers(density, self._layers)
