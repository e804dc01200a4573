"""Reactions that form a solid on the walls of pores, and use it up."""

from zinterphase.cell.bulk import Bulk
from zinterphase.cell.reaction import Reaction
from zinterphase.expressions import Expr
from zinterphase.fem_types import Mesh
from zinterphase.levels.base import ElectrodePlane, Level
from zinterphase.physics.functions import below
from zinterphase.scales import FARADAY
from zinterphase.solve.coverage import Trace
from zinterphase.solve.measures import Measures
from zinterphase.solve.pores import Pores
from zinterphase.solve.ratelaw import RateLaw
from zinterphase.solve.solid_law import SolidLaw
from zinterphase.solve.unknowns import constant
from zinterphase.solve.walls import Unknowns, WallState


class SolidReactionLaw(RateLaw):
    """Of a reaction whose solid forms anywhere on the wall, and is used where it covers that.

    Both directions share the equilibrium of the solid, of activity one however little there is:
    what would form runs on the whole wall, what would use it on the share m/(m + m_half) at the
    end of the step. It is evaluated at the middle of each cell, which holds one amount.
    """

    def __init__(
        self, mesh: Mesh, reaction: Reaction, bulk: Bulk, gauge: float, ln_factor: Expr,
        solid: SolidLaw,
    ) -> None:  # fmt: skip
        """``solid`` is that on the walls of all pores."""
        super().__init__(mesh, reaction, bulk, gauge, ln_factor)
        thickness = reaction.rate.covering_thickness
        assert thickness is not None
        self.solid = solid
        self._half = constant(mesh, thickness / solid.solid.table.molar_volume)
        self._per_charge = reaction.solid / FARADAY
        self._middle: WallState | None = None

    def settle(self, pores: Pores, level: Level, unknowns: Unknowns, measures: Measures) -> None:
        """Take the state of the wall it belongs to, and give the solid what it makes there."""
        self._middle = at = pores.middle(level, unknowns)
        made = self._per_charge * self.current_density(at.metal, at.plane, self.ln_factor, at.trace)
        assert self.solid.formed is not None
        measures.stand_for(self.solid.formed, pores.layer, self.solid.runs * made)

    def current_density(
        self, metal: Expr, plane: ElectrodePlane, ln_factor: Expr, trace: Trace
    ) -> Expr:
        """Per wetted area [A/m2], anodic positive, of the cell around."""
        at = self._middle
        assert at is not None
        full = self._running * super().current_density(at.metal, at.plane, ln_factor, trace)
        used = below(full, 0.0, -self._per_charge * full, 0.0)
        share = self.solid.covered(at.plane, at.trace, used, self._half)
        return below(full, 0.0, share * full, full)
