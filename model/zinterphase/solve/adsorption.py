"""Neutral species in micro pores, adsorbed in equilibrium with the liquid beside them."""

from collections.abc import Iterator
from dataclasses import dataclass

import ufl

from zinterphase.case import Case
from zinterphase.cell.bulk import Bulk
from zinterphase.expressions import Expr
from zinterphase.levels.base import Level
from zinterphase.physics.adsorption import langmuir
from zinterphase.scales import FARADAY
from zinterphase.solve.measures import Measures
from zinterphase.solve.terms import Rows
from zinterphase.solve.unknowns import constant
from zinterphase.solve.walls import Unknowns


@dataclass(frozen=True)
class _Site:
    """Micro pores of one layer for one species: ``capacity`` [mol/m3 of the layer], ``strength``
    the affinity times the species' reference concentration."""

    layer: str
    species: str
    capacity: Expr
    strength: Expr


class Adsorption:
    """All that layers hold of species beside what is in their liquid; nothing here is collective
    but construction."""

    def __init__(
        self, case: Case, bulk: Bulk, level: Level, unknowns: Unknowns, measures: Measures
    ) -> None:
        """``unknowns`` are those of the liquid."""
        self._level, self._unknowns, self._measures = level, unknowns, measures
        mesh = measures.domain.mesh
        self._sites = tuple(
            _Site(
                layer.name,
                species,
                constant(mesh, table.capacity),
                constant(mesh, table.affinity * bulk.reference(species)),
            )
            for layer in case.layers
            for species, table in layer.adsorption.items()
        )

    def rows(self) -> Rows:
        """F times what is held, in the rows of the species' balances [A s]."""
        test, form = self._unknowns.liquid_test, None
        for site, amount in self._amounts():
            row = self._level.source({site.species: -FARADAY * amount}, test)
            found = self._measures.over_layers(row, (site.layer,))
            form = found if form is None else form + found
        return Rows(form)

    def held(self, species: str) -> ufl.Form | None:
        """Amount of a species [mol]; None where no layer takes it up."""
        form = None
        for site, amount in self._amounts():
            if site.species == species:
                found = self._measures.over_layers(amount, (site.layer,))
                form = found if form is None else form + found
        return form

    def _amounts(self) -> Iterator[tuple[_Site, Expr]]:
        plane = self._level.plane(self._unknowns.liquid)
        for site in self._sites:
            activity = ufl.exp(plane.ln_activity[site.species])
            yield site, langmuir(site.strength * activity, site.capacity)
