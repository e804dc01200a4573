"""Reacting walls of an electrode in the residual: one path for surfaces and for pores."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce

import ufl

from zinterphase.cell.step import metal_current
from zinterphase.expressions import Expr
from zinterphase.levels.base import ElectrodePlane, Level, LiquidMedia
from zinterphase.scales import FARADAY
from zinterphase.solve.compact_layer import CompactLayer
from zinterphase.solve.lumped_layer import LumpedLayer
from zinterphase.solve.measures import Measures
from zinterphase.solve.ratelaw import RateLaw
from zinterphase.solve.solid_law import SolidLaw, uncovered
from zinterphase.solve.step_law import StepLaw
from zinterphase.solve.terms import Rows, added


@dataclass(frozen=True)
class Unknowns:
    """Fields and tests as an electrode's walls see them.

    ``metal`` is the electrode's potential (a global scalar), ``solid`` the deviation of the
    electronic potential from it (None where every metal is equipotential).
    """

    liquid: Expr
    liquid_test: Expr
    media: LiquidMedia
    metal: Expr
    solid: Expr | None = None
    solid_test: Expr | None = None


def _here(expression: Expr) -> Expr:
    return expression


@dataclass(frozen=True)
class WallState:
    """What the laws of a wall depend on: the metal's potential and the liquid at its plane.

    ``trace`` takes coefficients of the laws to the side they are evaluated on.
    """

    metal: Expr
    plane: ElectrodePlane
    trace: Callable[[Expr], Expr] = _here


@dataclass(frozen=True, eq=False)
class Wall(ABC):
    """Metal in touch with the liquid, with its reactions (the metal's own, ``main``, first; none
    where it blocks).

    ``share`` is the reacting area per geometric area or per volume [1/m], ``solids`` what settles
    on it and may take some of it away from the reactions; ``lumped`` is the double
    layer of a level that resolves none, None where it stores no charge. ``steps`` react without
    electrons; those that take the metal do so where deposit covers the wall.
    """

    layer: str
    main: RateLaw
    reactions: tuple[RateLaw, ...]
    compact: CompactLayer
    lumped: LumpedLayer | None
    share: Expr
    solids: tuple[SolidLaw, ...] = field(default=(), kw_only=True)
    steps: tuple[StepLaw, ...] = field(default=(), kw_only=True)

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of what drives the wall at rest."""
        self.compact.set_load(fraction)
        for law in {self.main, *self.reactions}:
            law.set_load(fraction)
        for step in self.steps:
            step.set_load(fraction)

    # -- densities per geometric area [m-2] or volume [m-3] --------------------------------

    def current_densities(self, at: WallState) -> dict[str, Expr]:
        """Faradaic current by reaction [A/m2 or A/m3]; no solid is in the way of that which forms
        it."""
        share = self._open(at)
        return {
            law.name: (self.share if law.reaction.solid else share)
            * law.current_density(
                law.driven(at.metal, at.trace), at.plane, at.trace(law.ln_factor), at.trace
            )
            for law in self.reactions
        }

    def _open(self, at: WallState) -> Expr:
        """The reacting area that solids leave free."""
        free = uncovered(self.solids, at.plane, at.trace)
        return self.share if free is None else self.share * free

    def turnovers(self, at: WallState) -> dict[str, Expr]:
        """Turns of each chemical step [mol/(m2 s) or mol/(m3 s)]."""
        share = self._open(at)
        return {
            law.name: share * self._attacked(law, at) * law.rate(at.plane) for law in self.steps
        }

    def metal_taken(self, at: WallState) -> Expr:
        """What they take of the metal, as a current of the metal's own reaction [A/m2 or A/m3]."""
        turns = self.turnovers(at)
        return metal_current(((s.step, turns[s.name]) for s in self.steps), self.main.reaction)

    def isolated(self, at: WallState) -> Expr | None:
        """Metal that loses contact while it is stripped, as a current [A/m2 or A/m3]; None where
        none does."""
        law = self.main
        if law not in self.reactions:
            return None
        metal, ln_factor = law.driven(at.metal, at.trace), at.trace(law.ln_factor)
        found = law.isolated(metal, at.plane, ln_factor, at.trace)
        return None if found is None else self._open(at) * found

    def growing(self, at: WallState) -> Expr | None:
        """What plates the metal less what chemical steps and isolation take of it, as a current
        [A/m2 or A/m3]; None where nothing does."""
        own = self.current_densities(at).get(self.main.name)
        taken = self.metal_taken(at) if self.steps else None
        return reduce(added, (own, taken, self.isolated(at)))

    def _attacked(self, law: StepLaw, at: WallState) -> Expr:
        if law.step.metal >= 0.0:
            return 1.0
        return self.main.covered_share(at.metal, at.plane, at.trace(self.main.ln_factor), at.trace)

    def current_density(self, at: WallState) -> Expr:
        """Faradaic current of all reactions."""
        return sum(self.current_densities(at).values())

    def rates(self, at: WallState) -> dict[str, Expr]:
        """What the reactions make of each ion, F mol/(m2 s) or F mol/(m3 s)."""
        found: dict[str, Expr] = {}
        currents = self.current_densities(at)
        for law in self.reactions:
            for ion in law.reaction.ions:
                made = law.reaction.production(ion) * currents[law.name]
                found[ion] = found[ion] + made if ion in found else made
        turnovers = self.turnovers(at)
        for step in self.steps:
            for ion, number in step.step.ions.items():
                made = FARADAY * number * turnovers[step.name]
                found[ion] = found[ion] + made if ion in found else made
        return found

    def charge_density(self, at: WallState) -> Expr:
        """The metal's charge [C/m2 or C/m3]."""
        return self.share * self.compact.charge(at.metal, at.plane, at.trace(self.compact.islands))

    def integrated(self, density: Expr, measures: Measures) -> ufl.Form:
        """Integral of what is told per reacting area."""
        return self._integral(self.share * density, measures)

    # -- integrals -------------------------------------------------------------------------

    def rows(self, level: Level, unknowns: Unknowns, measures: Measures) -> Rows:
        """Contributions to the rows of the liquid and of the solid."""
        at = self.state(level, unknowns)
        charge = self.charge_density(at)
        diffuse = self._diffuse_charge(level, unknowns)
        if diffuse is not None:
            charge = charge - diffuse
        test = self.liquid_test(unknowns)
        rows = level.metal_charge(charge, test)
        if not self.reactions:
            return Rows() if rows == 0 else Rows(self._integral(rows, measures))
        rows = level.source(self.rates(at), test) + rows
        solid = self._solid_test(unknowns)
        return Rows(
            self._integral(rows, measures),
            None if solid is None else self._integral(self.current_density(at) * solid, measures),
        )

    def currents(self, level: Level, unknowns: Unknowns, measures: Measures) -> dict[str, ufl.Form]:
        """Integral of the Faradaic current by reaction [A]."""
        densities = self.current_densities(self.state(level, unknowns))
        return {name: self._integral(i, measures) for name, i in densities.items()}

    def growth(
        self, test: Expr, level: Level, unknowns: Unknowns, measures: Measures
    ) -> ufl.Form | None:
        """Integral of :meth:`growing` against a test of the whole mesh [A]; None where nothing
        grows."""
        at = self.state(level, unknowns)
        found = self.growing(at)
        return None if found is None else self._integral(found * at.trace(test), measures)

    def isolation(self, level: Level, unknowns: Unknowns, measures: Measures) -> ufl.Form | None:
        """Integral of the metal that loses contact, as a current [A]; None where none does."""
        found = self.isolated(self.state(level, unknowns))
        return None if found is None else self._integral(found, measures)

    def turns(self, level: Level, unknowns: Unknowns, measures: Measures) -> dict[str, ufl.Form]:
        """Integral of the turns of each chemical step [mol/s]."""
        densities = self.turnovers(self.state(level, unknowns))
        return {name: self._integral(rate, measures) for name, rate in densities.items()}

    def charge(self, level: Level, unknowns: Unknowns, measures: Measures) -> ufl.Form:
        """Integral of the metal's charge [C]."""
        return self._integral(self.charge_density(self.state(level, unknowns)), measures)

    def stored_charge_density(self, level: Level, unknowns: Unknowns) -> Expr | None:
        """The metal's charge [C/m2 or C/m3] that a change of time has to bring; None where its
        double layer is left out."""
        at = self.state(level, unknowns)
        if level.has_double_layer:
            return self.charge_density(at)
        if self.lumped is None:
            return None
        outside = self._liquid_side(level.outer_potential(unknowns.liquid))
        return self.share * self.lumped.charge(at.metal, outside)

    def stored(self, level: Level, unknowns: Unknowns, measures: Measures) -> Rows:
        """The metal's charge in the rows of what carries it: an ion of a lumped double layer (a
        resolved one has rows of its own), electrons of the solid."""
        charge = self.stored_charge_density(level, unknowns)
        if charge is None:
            return Rows()
        solid = self._solid_test(unknowns)
        carried = None
        if self.lumped is not None and not level.has_double_layer:
            made = {self.lumped.ion: charge / self.lumped.ion_charge}
            carried = self._integral(level.source(made, self.liquid_test(unknowns)), measures)
        return Rows(carried, None if solid is None else self._integral(charge * solid, measures))

    def stored_charge(
        self, level: Level, unknowns: Unknowns, measures: Measures
    ) -> ufl.Form | None:
        """Integral of the charge that a change of time has to bring [C]."""
        charge = self.stored_charge_density(level, unknowns)
        return None if charge is None else self._integral(charge, measures)

    def given(
        self, ion: str, level: Level, unknowns: Unknowns, measures: Measures
    ) -> ufl.Form | None:
        """F times what its lumped double layer has given of an ion [A s]; None where another one
        charges it, or a resolved one."""
        if level.has_double_layer or self.lumped is None or self.lumped.ion != ion:
            return None
        charge = self.stored_charge(level, unknowns, measures)
        return None if charge is None else (1 / self.lumped.ion_charge) * charge

    def power(self, level: Level, unknowns: Unknowns, measures: Measures) -> ufl.Form:
        """Integral of currents times their driving forces [A RT/F]."""
        at = self.state(level, unknowns)
        currents = self.current_densities(at)
        spent = sum(
            currents[law.name] * law.dissipated(at.metal, at.plane) for law in self.reactions
        )
        turnovers = self.turnovers(at)
        for step in self.steps:
            spent += FARADAY * turnovers[step.name] * step.dissipated(at.plane)
        return self._integral(spent, measures)

    # -- what a kind of wall decides --------------------------------------------------------

    @property
    @abstractmethod
    def feeds_solid(self) -> bool:
        """Whether the metal's potential is an unknown field here."""

    @abstractmethod
    def state(self, level: Level, unknowns: Unknowns) -> WallState:
        """At the wall, restricted to the sides that meet there."""

    @abstractmethod
    def liquid_test(self, unknowns: Unknowns) -> Expr:
        """Of the liquid's rows there."""

    @abstractmethod
    def _diffuse_charge(self, level: Level, unknowns: Unknowns) -> Expr | None: ...

    @abstractmethod
    def _liquid_side(self, value: Expr) -> Expr: ...

    @abstractmethod
    def _solid_test(self, unknowns: Unknowns) -> Expr | None: ...

    @abstractmethod
    def _integral(self, integrand: Expr, measures: Measures) -> ufl.Form: ...


@dataclass(frozen=True, eq=False)
class Surface(Wall):
    """Facets where a dense metal meets the liquid.

    ``facets`` is their name among the measures', ``meshed_metal`` whether the metal's potential is
    solved on the other side. ``share`` is the contact fraction times the unblocked fraction.
    """

    facets: str
    meshed_metal: bool

    @property
    def feeds_solid(self) -> bool:
        """Where the metal is meshed."""
        return self.meshed_metal

    def state(self, level: Level, unknowns: Unknowns) -> WallState:
        """The liquid's side is "-", the metal's "+"."""
        plane = level.plane(unknowns.liquid)
        if not self.meshed_metal:
            return WallState(unknowns.metal, plane)
        assert unknowns.solid is not None
        metal = unknowns.metal("+") + unknowns.solid("+")
        # The whole state is taken from the liquid's side: a level has global unknowns of its own.
        return WallState(metal, plane.on("-"), lambda coefficient: coefficient("-"))

    def _diffuse_charge(self, level: Level, unknowns: Unknowns) -> Expr | None:
        found = level.diffuse_charge(unknowns.liquid, unknowns.media)
        return found("-") if found is not None and self.meshed_metal else found

    def _liquid_side(self, value: Expr) -> Expr:
        return value("-") if self.meshed_metal else value

    def liquid_test(self, unknowns: Unknowns) -> Expr:
        """From the liquid's side."""
        return self._liquid_side(unknowns.liquid_test)

    def _solid_test(self, unknowns: Unknowns) -> Expr | None:
        if not self.meshed_metal:
            return None
        assert unknowns.solid_test is not None
        return unknowns.solid_test("+")

    def _integral(self, integrand: Expr, measures: Measures) -> ufl.Form:
        if self.meshed_metal:
            return measures.over_interface(integrand)
        return measures.over_facets(integrand, self.facets)
