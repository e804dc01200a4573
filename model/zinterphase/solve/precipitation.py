"""Solids of a cell: on the surfaces of its electrodes and on the walls of all pores."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import ufl

from zinterphase.cell.precipitation import Precipitating
from zinterphase.expressions import Expr
from zinterphase.fem_types import Function, Mesh, new_function
from zinterphase.levels.base import Level, LiquidMedia
from zinterphase.materials.solids import FULL
from zinterphase.mesh import Domain
from zinterphase.physics.edge_average import cell_mean
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.measures import Measures
from zinterphase.solve.media import MediaFields
from zinterphase.solve.solid_law import SolidLaw, ion_rates
from zinterphase.solve.terms import Rows, added
from zinterphase.solve.walls import Surface, Unknowns, WallState

CLOSING = 1.5
"""Power of what is left of the pores in their transport: Bruggeman's."""


@dataclass(frozen=True)
class PoreWalls:
    """The inner surface of all pores, whether their solid conducts or not.

    ``share`` is its area per volume [1/m], zero in layers without, ``porosity`` that without
    solids. What happens in a cell is that at its middle: it holds one amount.
    """

    layers: tuple[str, ...]
    share: Expr
    porosity: Expr
    solids: tuple[SolidLaw, ...]

    @property
    def layer(self) -> str:
        """What the place is called."""
        return "pores"

    def state(self, level: Level, unknowns: Unknowns) -> WallState:
        """At the middle of each cell."""
        return WallState(unknowns.metal, level.plane(cell_mean(unknowns.liquid)))

    def integrated(self, density: Expr, measures: Measures) -> ufl.Form:
        """Integral of what is told per area of the walls."""
        return measures.over_layers(self.share * density, self.layers)

    def liquid_test(self, unknowns: Unknowns) -> Expr:
        """Of the liquid's rows there."""
        return unknowns.liquid_test

    def left(self, level: Level, unknowns: Unknowns) -> Expr:
        """Share of the pores that solids leave open."""
        at = self.state(level, unknowns)
        volume = sum(
            law.solid.table.molar_volume * law.amount(at.plane, at.trace) for law in self.solids
        )
        return 1 - self.share * volume / self.porosity

    def closed(self, level: Level, unknowns: Unknowns) -> LiquidMedia:
        """The layers' properties with solids in their pores."""
        media, left = unknowns.media, self.left(level, unknowns)
        return replace(
            media, porosity=left * media.porosity, transport=left**CLOSING * media.transport
        )


def pore_walls(
    domain: Domain, media: MediaFields, layers: tuple[str, ...], solids: Sequence[Precipitating]
) -> PoreWalls | None:
    """Those of a stack; None without solids or without pores that have a surface."""
    area, mesh = media.specific_area.x.array, domain.mesh
    if not solids or mesh.comm.allreduce(float(area.max(initial=0.0))) <= 0.0:
        return None
    porosity = media.liquid.porosity
    laws = tuple(
        SolidLaw(
            mesh,
            s,
            _room(media, s, len(solids)),
            _initial(domain, media, s),
            reacts=s.reacts,
        )
        for s in solids
    )
    return PoreWalls(layers, media.specific_area, porosity, laws)


def _room(media: MediaFields, solid: Precipitating, number: int) -> Function:
    """Amount per area [mol/m2] that fills its part of the pores; much without walls."""
    found = new_function(media.specific_area.function_space, "room")
    area = media.specific_area.x.array
    volume = FULL * media.liquid.porosity.x.array / number
    found.x.array[:] = volume / (np.where(area > 0.0, area, 1.0) * solid.table.molar_volume)
    return found


def _initial(domain: Domain, media: MediaFields, solid: Precipitating) -> Function:
    """Amount per area [mol/m2] at the beginning."""
    found = new_function(media.specific_area.function_space, "initial")
    for layer, amount in solid.table.initial.items():
        cells = domain.cell_tags.find(domain.layer_ids[layer])
        found.x.array[cells] = amount / media.specific_area.x.array[cells]
    return found


def surface_solids(mesh: Mesh, solids: Sequence[Precipitating]) -> tuple[SolidLaw, ...]:
    """The laws of solids on one electrode's surface, where there is no end to them."""
    return tuple(SolidLaw(mesh, solid) for solid in solids)


@dataclass(frozen=True)
class SolidPlace:
    """Where solids form: ``wall`` is a surface or all pores, ``unknowns`` as it sees them."""

    name: str
    wall: Surface | PoreWalls
    unknowns: Unknowns


class Precipitation:
    """All places where solids form; everything but construction collective."""

    def __init__(
        self,
        electrodes: Sequence[Electrode],
        pores: PoreWalls | None,
        unknowns: Unknowns,
        level: Level,
        measures: Measures,
    ) -> None:
        """``unknowns`` are those of the liquid."""
        self._level, self._measures = level, measures
        found = [
            SolidPlace(f"{e.name}.{e.surface.layer}", e.surface, e.unknowns)
            for e in electrodes
            if e.surface.solids
        ]
        if pores is not None:
            found.append(SolidPlace("pores", pores, unknowns))
        self.pores, self.places = pores, tuple(found)

    def rows(self) -> Rows:
        """What the liquid's balances lose to solids."""
        forms = (
            place.wall.integrated(
                self._level.source(self._rates(place), place.wall.liquid_test(place.unknowns)),
                self._measures,
            )
            for place in self.places
        )
        return Rows(reduce(added, forms, None))

    def given(self, ion: str) -> ufl.Form | None:
        """F times what solids give of an ion [A]."""
        forms = (
            place.wall.integrated(rates[ion], self._measures)
            for place in self.places
            if ion in (rates := self._rates(place))
        )
        return reduce(added, forms, None)

    def held(self, ion: str) -> ufl.Form | None:
        """What solids hold of an ion [mol]."""
        forms = (
            law.solid.ions[ion] * form
            for law, form in self._amounts()
            if law.solid.ions.get(ion, 0.0) != 0.0
        )
        return reduce(added, forms, None)

    def amount(self) -> ufl.Form | None:
        """Of all solids [mol]."""
        return reduce(added, (form for _, form in self._amounts()), None)

    def _amounts(self) -> Iterator[tuple[SolidLaw, ufl.Form]]:
        for place in self.places:
            at = place.wall.state(self._level, place.unknowns)
            for law in place.wall.solids:
                amount = law.amount(at.plane, at.trace)
                yield law, place.wall.integrated(amount, self._measures)

    def _rates(self, place: SolidPlace) -> dict[str, Expr]:
        at = place.wall.state(self._level, place.unknowns)
        return ion_rates(place.wall.solids, at.plane, at.trace)
