"""Walls of a porous conductor: its inner surface, in the volume that both phases share."""

from dataclasses import dataclass

import ufl

from zinterphase.expressions import Expr
from zinterphase.levels.base import Level
from zinterphase.physics.edge_average import cell_mean
from zinterphase.solve.measures import Measures
from zinterphase.solve.walls import Unknowns, Wall, WallState


@dataclass(frozen=True, eq=False)
class Pores(Wall):
    """A porous conductor with reactions on its inner surface, ``share`` [m2/m3].

    ``permittivity`` [F/m] is that of the liquid in its pores.
    """

    permittivity: Expr

    @property
    def feeds_solid(self) -> bool:
        """Always: pores react where their solid conducts."""
        return True

    def state(self, level: Level, unknowns: Unknowns) -> WallState:
        """Both phases share the volume."""
        return WallState(unknowns.metal + unknowns.solid, level.plane(unknowns.liquid))

    def middle(self, level: Level, unknowns: Unknowns) -> WallState:
        """The state at the middle of each cell, where solids are."""
        metal = unknowns.metal + cell_mean(unknowns.solid, beside=unknowns.liquid)
        return WallState(metal, level.plane(cell_mean(unknowns.liquid)))

    def _diffuse_charge(self, level: Level, unknowns: Unknowns) -> Expr | None:
        pores = unknowns.media.pore_liquid(self.permittivity)
        found = level.diffuse_charge(unknowns.liquid, pores)
        return None if found is None else self.share * found

    def _liquid_side(self, value: Expr) -> Expr:
        return value

    def liquid_test(self, unknowns: Unknowns) -> Expr:
        """Both phases share the volume."""
        return unknowns.liquid_test

    def _solid_test(self, unknowns: Unknowns) -> Expr | None:
        return unknowns.solid_test

    def _integral(self, integrand: Expr, measures: Measures) -> ufl.Form:
        return measures.over_layers(integrand, (self.layer,))
