"""A reaction's rate law, referred to its electrode's equilibrium with the bulk."""

from math import log

import ufl

from zinterphase.cell.bulk import Bulk
from zinterphase.cell.reaction import Reaction
from zinterphase.expressions import Expr
from zinterphase.fem_types import Mesh
from zinterphase.levels.base import ElectrodePlane
from zinterphase.physics.kinetics import butler_volmer, linear_kinetics, tafel
from zinterphase.physics.nucleation import nucleation_limited
from zinterphase.solve.unknowns import constant


class RateLaw:
    """The rate of one reaction as UFL, with parameters that change without compiling.

    Potentials are in units of RT/F; ``metal`` is the metal's potential against the gauge, the
    working electrode's equilibrium with the bulk. ``load`` scales what drives the liquid out of
    equilibrium at rest: the difference between the reactions' equilibria.
    """

    def __init__(
        self, mesh: Mesh, reaction: Reaction, bulk: Bulk, gauge: float, ln_factor: Expr
    ) -> None:
        """``gauge`` [V, scale of the case] is the potential that counts as zero; ``ln_factor`` the
        lateral variation ln(i0/<i0>)."""
        self.reaction = reaction
        self.ln_factor = ln_factor
        rate, voltage = reaction.rate, bulk.thermal_voltage
        self._i0 = constant(mesh, reaction.equilibrium.exchange_current_density)
        self._alpha_a = constant(mesh, rate.alpha_a)
        self._alpha_c = constant(mesh, rate.alpha_c)
        self._shift_value = (reaction.equilibrium.potential - gauge) / voltage
        self._shift = constant(mesh, 0.0)
        self._ln_quotient_at_rest = sum(
            s * log(bulk.held(ion) / bulk.reference(ion))
            for ion, s in reaction.stoichiometry.items()
        )
        self._running = constant(mesh, 1.0)
        nucleation = rate.nucleation
        barrier, width, coverage = (
            (0.0, voltage, 1.0)
            if nucleation is None
            else (nucleation.overpotential, nucleation.width, nucleation.coverage)
        )
        self._barrier = constant(mesh, barrier / voltage)
        self._width = constant(mesh, width / voltage)
        self._coverage = constant(mesh, coverage)

    @property
    def name(self) -> str:
        """Of the reaction."""
        return self.reaction.name

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of the difference between the equilibria."""
        self._shift.value[...] = fraction * self._shift_value

    def run(self, running: bool) -> None:
        """Let an irreversible reaction run, or not."""
        self._running.value[...] = float(running)

    @property
    def resting_overpotential(self) -> float:
        """Where the law begins to answer, a first guess of the potential [RT/F]."""
        if self.reaction.rate.nucleation is None:
            return 0.0
        return -float(self._barrier.value + self._width.value)

    def overpotential(self, metal: Expr, plane: ElectrodePlane) -> Expr:
        """Against the equilibrium at the reference composition, at the plane of reaction."""
        return metal - plane.potential - self._shift

    def surface_overpotential(self, metal: Expr, plane: ElectrodePlane) -> Expr:
        """Against equilibrium with the local composition [RT/F]."""
        ln_quotient = self._ln_quotient(plane)
        return self.overpotential(metal, plane) - ln_quotient / self.reaction.electrons

    def dissipated(self, metal: Expr, plane: ElectrodePlane) -> Expr:
        """Driving force against the gauge and the bulk [RT/F]; i times it is the power."""
        ln_quotient = self._ln_quotient(plane)
        if self._ln_quotient_at_rest != 0.0:
            ln_quotient = ln_quotient - self._ln_quotient_at_rest
        return metal - plane.potential - ln_quotient / self.reaction.electrons

    def exchange_current_density(self, ln_factor: Expr) -> Expr:
        """Local i0 [A/m2]."""
        return self._i0 * ufl.exp(ln_factor)

    def current_density(self, metal: Expr, plane: ElectrodePlane, ln_factor: Expr) -> Expr:
        """Faradaic current density per wetted metal area [A/m2], anodic positive."""
        eta = self.overpotential(metal, plane)
        covered = self._deposit(eta, plane, ln_factor)
        if self.reaction.rate.nucleation is None:
            return covered
        bare = self._deposit(eta + self._barrier, plane, ln_factor)
        driving = self.surface_overpotential(metal, plane)
        return nucleation_limited(
            covered, bare, driving, self._barrier, self._width, self._coverage
        )

    def _deposit(self, eta: Expr, plane: ElectrodePlane, ln_factor: Expr) -> Expr:
        i0 = self.exchange_current_density(ln_factor)
        if self.reaction.rate.form == "linear":
            return linear_kinetics(eta, i0, self.reaction.electrons, self._ln_quotient(plane))
        if self.reaction.rate.irreversible:
            return self._irreversible(eta, i0, plane)
        made, used = self._ln_activities(plane)
        return butler_volmer(eta, i0, self._alpha_a, self._alpha_c, made, used)

    def _irreversible(self, eta: Expr, i0: Expr, plane: ElectrodePlane) -> Expr:
        orders = self.reaction.orders.items()
        powers = [order * plane.ln_activity[species] for species, order in orders if order]
        reduces = self.reaction.rate.only_reduces
        alpha, sign = (self._alpha_c, -1.0) if reduces else (self._alpha_a, 1.0)
        return self._running * tafel(eta, i0, alpha, sign, sum(powers) if powers else None)

    def _ln_quotient(self, plane: ElectrodePlane) -> Expr:
        return sum(s * plane.ln_activity[ion] for ion, s in self.reaction.stoichiometry.items())

    def _ln_activities(self, plane: ElectrodePlane) -> tuple[Expr | None, Expr | None]:
        """Sums of |s| ln a of what oxidation makes, and of what it uses up."""
        counts = self.reaction.stoichiometry.items()
        made = [s * plane.ln_activity[ion] for ion, s in counts if s > 0]
        used = [-s * plane.ln_activity[ion] for ion, s in counts if s < 0]
        return (sum(made) if made else None, sum(used) if used else None)
