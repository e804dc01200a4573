"""A reaction's rate law, referred to its electrode's equilibrium with the bulk."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log

import ufl

from zinterphase.case.alloying import Alloying
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.deposit import volume_per_charge
from zinterphase.cell.reaction import Reaction
from zinterphase.expressions import Expr
from zinterphase.fem_types import Function, Mesh
from zinterphase.levels.base import ElectrodePlane
from zinterphase.physics.kinetics import butler_volmer, linear_kinetics, tafel
from zinterphase.physics.nucleation import nucleating_current, open_share
from zinterphase.scales import FARADAY
from zinterphase.solve.alloy_layer import AlloyLayer
from zinterphase.solve.coverage import (
    ChangingCoverage,
    Coverage,
    GivenCoverage,
    GrowingCoverage,
    NucleiCoverage,
    Parts,
    Trace,
)
from zinterphase.solve.isolation import IsolationLaw
from zinterphase.solve.unknowns import constant


@dataclass(frozen=True)
class Deposit:
    """Metal that ``plating`` lays over the substrate; i0 on it is ``factor`` times that below."""

    plating: "RateLaw"
    factor: Expr

    def relative(self, metal: Expr, plane: ElectrodePlane, trace: Trace) -> Expr:
        """Mean i0 over that on the substrate."""
        plating = self.plating
        covered = plating.covered_share(metal, plane, trace(plating.ln_factor), trace)
        return 1 + (self.factor - 1) * covered


class RateLaw:
    """The rate of one reaction as UFL, with parameters that change without compiling.

    Potentials are in units of RT/F; ``metal`` is the metal's potential against the gauge, the
    working electrode's equilibrium with the bulk. ``load`` scales what drives the liquid out of
    equilibrium at rest: the difference between the reactions' equilibria.
    """

    def __init__(
        self, mesh: Mesh, reaction: Reaction, bulk: Bulk, gauge: float, ln_factor: Expr,
        sites: Function | None = None, capillary: Function | None = None,
        deposit: Deposit | None = None, isolation: IsolationLaw | None = None,
    ) -> None:  # fmt: skip
        """``gauge`` [V, scale of the case] is the potential that counts as zero; ``ln_factor`` the
        lateral variation ln(i0/<i0>), ``sites`` that of the density of nuclei over its mean,
        ``capillary`` by how much curvature lowers the equilibrium [RT/F], ``deposit`` what covers
        the metal and is another one for this reaction, ``isolation`` what of the metal loses
        contact."""
        self.reaction, self._capillary, self._deposit_above = reaction, capillary, deposit
        self.ln_factor, self.isolation = ln_factor, isolation
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
        barrier, width = (
            (0.0, voltage) if nucleation is None else (nucleation.overpotential, nucleation.width)
        )
        self._barrier = constant(mesh, barrier / voltage)
        self._width = constant(mesh, width / voltage)
        self.coverage = _coverage(mesh, reaction, sites, voltage)
        self.attack: Callable[[ElectrodePlane], Expr] = lambda plane: 0.0
        """What chemical steps take of the deposit, as a current per area that it covers [A/m2]."""

    @property
    def name(self) -> str:
        """Of the reaction."""
        return self.reaction.name

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of the difference between the equilibria."""
        self._shift.value[...] = fraction * self._shift_value

    def run(self, running: bool) -> None:
        """Let a reaction run that is irreversible, or that forms a solid, or not."""
        self._running.value[...] = float(running)

    @property
    def resting_overpotential(self) -> float:
        """Where the law begins to answer, a first guess of the potential [RT/F]."""
        if self.reaction.rate.nucleation is None:
            return 0.0
        return -float(self._barrier.value + self._width.value)

    def driven(self, metal: Expr, trace: Trace) -> Expr:
        """The metal's potential as this law sees it, a curved surface as a flat one (Gibbs and
        Thomson); ``trace`` is that of :class:`~zinterphase.solve.walls.WallState`."""
        return metal if self._capillary is None else metal + trace(self._capillary)

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

    def current_density(
        self, metal: Expr, plane: ElectrodePlane, ln_factor: Expr, trace: Trace
    ) -> Expr:
        """Faradaic current density per wetted metal area [A/m2], anodic positive; ``trace`` is
        that of :class:`~zinterphase.solve.walls.WallState`."""
        parts = self.parts(metal, plane, ln_factor)
        if self.reaction.rate.nucleation is None:
            found = parts.covered
        else:
            share = self.coverage.share(parts, trace)
            found = share * parts.covered + (1 - share) * parts.bare
        if self._deposit_above is None:
            return found
        return self._deposit_above.relative(metal, plane, trace) * found

    def covered_share(
        self, metal: Expr, plane: ElectrodePlane, ln_factor: Expr, trace: Trace
    ) -> Expr:
        """The part of the metal that deposit covers."""
        if self.reaction.rate.nucleation is None:
            return 1.0
        return self.coverage.share(self.parts(metal, plane, ln_factor), trace)

    def parts(self, metal: Expr, plane: ElectrodePlane, ln_factor: Expr) -> Parts:
        """Where deposit covers the substrate and where it does not; a metal that is its own
        substrate is covered."""
        eta = self.overpotential(metal, plane)
        covered = self._deposit(eta, plane, ln_factor)
        driving = self.surface_overpotential(metal, plane)
        bare = self._deposit(eta + self._barrier, plane, ln_factor)
        limits = (driving, self._barrier, self._width)
        nucleating, opened = nucleating_current(bare, *limits), open_share(*limits)
        attacked = self.attack(plane)
        if self.isolation is not None:
            attacked += self.isolation.lost(covered)
        return Parts(covered, nucleating, driving, opened, attacked)

    def isolated(
        self, metal: Expr, plane: ElectrodePlane, ln_factor: Expr, trace: Trace
    ) -> Expr | None:
        """Metal that loses contact, as a current density that strips [A/m2]; None where none
        does."""
        if self.isolation is None:
            return None
        covered = self.parts(metal, plane, ln_factor).covered
        return self.covered_share(metal, plane, ln_factor, trace) * self.isolation.lost(covered)

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


class AlloyingLaw(RateLaw):
    """Plating of the metal into a host that its deposit leaves bare, and dissolution out of it.

    The rate law of the metal with the activity that it has at the host's surface.
    """

    def __init__(
        self, mesh: Mesh, reaction: Reaction, bulk: Bulk, gauge: float, plating: RateLaw,
        layer: AlloyLayer,
    ) -> None:  # fmt: skip
        """``plating`` is the law of the deposit on the same wall."""
        super().__init__(mesh, reaction, bulk, gauge, plating.ln_factor)
        self.layer, self.plating = layer, plating

    def current_density(
        self, metal: Expr, plane: ElectrodePlane, ln_factor: Expr, trace: Trace
    ) -> Expr:
        """Per wetted metal area [A/m2], of the part that is not covered."""
        eta, i0 = self.overpotential(metal, plane), self.exchange_current_density(ln_factor)
        made, used = self._ln_activities(plane)
        dissolving = i0 * ufl.exp(self._alpha_a * eta + (0.0 if used is None else used))
        depositing = i0 * ufl.exp(-self._alpha_c * eta + (0.0 if made is None else made))
        bare = 1 - self.plating.covered_share(metal, plane, ln_factor, trace)
        return bare * self.layer.current_density(dissolving, depositing, trace)


def alloying_law(
    mesh: Mesh, reaction: Reaction, bulk: Bulk, gauge: float, plating: RateLaw, table: Alloying
) -> AlloyingLaw:
    """The law of a host; the deposit of ``plating`` on it gives metal to it, too."""
    made = abs(reaction.production(reaction.ion))
    layer = AlloyLayer(mesh, table, round(1 / made), made / FARADAY, bulk.thermal_voltage)
    if isinstance(plating.coverage, ChangingCoverage):
        plating.coverage.taken = layer.taken
    return AlloyingLaw(mesh, reaction, bulk, gauge, plating, layer)


def _coverage(
    mesh: Mesh, reaction: Reaction, sites: Function | None, thermal_voltage: float
) -> Coverage:
    table = reaction.rate.nucleation
    if table is None:
        return GivenCoverage(mesh, 1.0)
    if not table.grows:
        return GivenCoverage(mesh, table.coverage)
    assert table.monolayer is not None
    per_charge = abs(reaction.production(reaction.ion)) / (FARADAY * table.monolayer)
    if table.nuclei is None:
        assert table.growth is not None
        return GrowingCoverage(mesh, table.coverage, table.growth, per_charge)
    assert sites is not None
    volume = volume_per_charge(reaction)
    return NucleiCoverage(
        mesh, table.coverage, per_charge, volume, table.nuclei, sites, thermal_voltage
    )
