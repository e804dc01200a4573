"""Layers whose electronic conductivity the electrolyte gates."""

from dataclasses import dataclass

from zinterphase.case import Accumulation
from zinterphase.expressions import Expr
from zinterphase.fem_types import Mesh
from zinterphase.levels.base import Level
from zinterphase.physics.semiconductor import gated_conductivity
from zinterphase.solve.unknowns import constant
from zinterphase.solve.walls import Unknowns


@dataclass(frozen=True)
class Gate:
    """A layer that takes up electrons; potentials in units of RT/F against the electrode's
    equilibrium with the bulk."""

    layer: str
    accumulated: Expr
    flat_band: Expr
    ideality: Expr

    @classmethod
    def of(
        cls, mesh: Mesh, layer: str, entry: Accumulation, reference: float, thermal_voltage: float
    ) -> "Gate":
        """``reference`` [V, scale of the case] is the electrode's equilibrium potential."""
        return cls(
            layer,
            constant(mesh, entry.conductivity),
            constant(mesh, (entry.flat_band - reference) / thermal_voltage),
            constant(mesh, entry.ideality),
        )

    def conductivity(self, level: Level, unknowns: Unknowns) -> Expr:
        """What accumulation adds to the conductivity of the solid [S/m]."""
        drop = unknowns.metal + unknowns.solid - level.outer_potential(unknowns.liquid)
        return gated_conductivity(0.0, self.accumulated, drop, self.flat_band, self.ideality)
