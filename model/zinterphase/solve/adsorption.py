"""Neutral species in micro pores, adsorbed in equilibrium with the liquid beside them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

import ufl

from zinterphase.case import Case
from zinterphase.cell.bulk import Bulk
from zinterphase.expressions import Expr
from zinterphase.levels.base import Level
from zinterphase.physics.adsorption import langmuir
from zinterphase.scales import FARADAY
from zinterphase.solve.measures import Measures
from zinterphase.solve.terms import added
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

    def row(self) -> ufl.Form | None:
        """F times what is held, in the rows of the species' balances in the liquid [A s]."""
        test = self._unknowns.liquid_test
        return self._summed(
            (site, self._level.source({site.species: -FARADAY * amount}, test))
            for site, amount in self._amounts()
        )

    def held(self, species: str) -> ufl.Form | None:
        """Amount of a species [mol]; None where no layer takes it up."""
        return self._summed(each for each in self._amounts() if each[0].species == species)

    def _summed(self, densities: Iterable[tuple[_Site, Expr]]) -> ufl.Form | None:
        over = (self._measures.over_layers(found, (site.layer,)) for site, found in densities)
        return reduce(added, over, None)

    def _amounts(self) -> Iterator[tuple[_Site, Expr]]:
        plane = self._level.plane(self._unknowns.liquid)
        for site in self._sites:
            activity = ufl.exp(plane.ln_activity[site.species])
            yield site, langmuir(site.strength * activity, site.capacity)
