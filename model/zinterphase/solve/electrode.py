"""The reacting surface and the reacting volumes of an electrode as parts of the residual."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ufl

from zinterphase.levels.base import ElectrodePlane, Level, LiquidMedia
from zinterphase.solve.heterogeneity import Variation
from zinterphase.solve.measures import Measures
from zinterphase.solve.ratelaw import RateLaw


@dataclass(frozen=True)
class Unknowns:
    """Fields and tests as the rate laws see them.

    ``metal`` is the electrode's potential (a global scalar), ``solid`` the deviation of the
    electronic potential from it (None where every metal is equipotential).
    """

    liquid: Any
    liquid_test: Any
    media: LiquidMedia
    metal: Any
    solid: Any | None = None
    solid_test: Any | None = None


@dataclass(frozen=True)
class Surface:
    """Facets where a dense metal meets the liquid.

    ``facets`` is their name among the measures', ``meshed_metal`` whether the metal's potential is
    solved on the other side. ``wetted`` is the contact fraction times the unblocked fraction.
    """

    name: str
    law: RateLaw
    facets: str
    meshed_metal: bool
    wetted: Any
    variation: Variation

    def integral(self, measures: Measures, integrand: Any) -> ufl.Form:
        """Integrate an expression of liquid quantities over the geometric surface."""
        return measures.over_facets(integrand, self.facets)

    def current_density(self, level: Level, unknowns: Unknowns) -> Any:
        """Faradaic current per geometric area [A/m2]."""
        metal, plane, variation = self._traces(level, unknowns)
        return self.wetted * self.law.current_density(metal, plane, variation)

    def residuals(
        self, level: Level, unknowns: Unknowns, measures: Measures
    ) -> tuple[ufl.Form, ufl.Form | None]:
        """Contributions to the rows of the liquid and of the solid."""
        current = self.current_density(level, unknowns)
        charge = self._charge_density(level, unknowns)
        diffuse = level.diffuse_charge(unknowns.liquid, unknowns.media)
        if diffuse is not None:
            charge = charge - (diffuse("-") if self.meshed_metal else diffuse)
        test = unknowns.liquid_test("-") if self.meshed_metal else unknowns.liquid_test
        rows = level.faradaic(current, test) + level.metal_charge(charge, test)
        solid = None
        if self.meshed_metal:
            assert unknowns.solid_test is not None
            solid = measures.over_interface(current * unknowns.solid_test("+"))
        return self._over_surface(rows, measures), solid

    def total_current(self, level: Level, unknowns: Unknowns, measures: Measures) -> ufl.Form:
        """Integral of the Faradaic current [A]."""
        return self._over_surface(self.current_density(level, unknowns), measures)

    def total_charge(self, level: Level, unknowns: Unknowns, measures: Measures) -> ufl.Form:
        """Integral of the metal's charge [C]."""
        return self._over_surface(self._charge_density(level, unknowns), measures)

    def power(self, level: Level, unknowns: Unknowns, measures: Measures) -> ufl.Form:
        """Integral of current times surface overpotential [A RT/F]."""
        metal, plane, _ = self._traces(level, unknowns)
        overpotential = self.law.dissipated(metal, plane)
        return self._over_surface(self.current_density(level, unknowns) * overpotential, measures)

    def _charge_density(self, level: Level, unknowns: Unknowns) -> Any:
        metal, plane, variation = self._traces(level, unknowns)
        return self.wetted * self.law.metal_charge(metal, plane, variation)

    def _over_surface(self, traces: Any, measures: Measures) -> ufl.Form:
        """Integrate an expression that is already restricted to its side."""
        if self.meshed_metal:
            return measures.over_interface(traces)
        return measures.over_facets(traces, self.facets)

    def _traces(self, level: Level, unknowns: Unknowns) -> tuple[Any, ElectrodePlane, Variation]:
        """Metal potential, state of the liquid and lateral variation on the surface."""
        plane = level.plane(unknowns.liquid)
        if not self.meshed_metal:
            return unknowns.metal, plane, self.variation
        assert unknowns.solid is not None
        metal = unknowns.metal("+") + unknowns.solid("+")
        # The whole state is taken from the liquid's side: a level has global unknowns of its own.
        side = ElectrodePlane(plane.potential("-"), plane.ln_activity("-"))
        return metal, side, self.variation.on("-")


@dataclass(frozen=True)
class Volume:
    """A porous conductor with the reaction on its inner surface ``area`` [m2/m3].

    ``permittivity`` [F/m] is that of the liquid in its pores.
    """

    name: str
    law: RateLaw
    area: Any
    variation: Variation
    permittivity: Any

    def current_density(self, level: Level, unknowns: Unknowns) -> Any:
        """Faradaic current per volume [A/m3]."""
        metal = unknowns.metal + unknowns.solid
        return self.area * self.law.current_density(
            metal, level.plane(unknowns.liquid), self.variation
        )

    def residuals(
        self, level: Level, unknowns: Unknowns, measures: Measures
    ) -> tuple[ufl.Form, ufl.Form]:
        """Contributions to the rows of the liquid and of the solid."""
        current = self.current_density(level, unknowns)
        charge, test = self._charge_on_walls(level, unknowns), unknowns.liquid_test
        pores = unknowns.media.pore_liquid(self.permittivity)
        diffuse = level.diffuse_charge(unknowns.liquid, pores)
        if diffuse is not None:
            charge = charge - diffuse
        rows = level.faradaic(current, test) + level.metal_charge(self.area * charge, test)
        layers = (self.name,)
        return (
            measures.over_layers(rows, layers),
            measures.over_layers(current * unknowns.solid_test, layers),
        )

    def total_current(self, level: Level, unknowns: Unknowns, measures: Measures) -> ufl.Form:
        """Integral of the Faradaic current [A]."""
        return measures.over_layers(self.current_density(level, unknowns), (self.name,))

    def total_charge(self, level: Level, unknowns: Unknowns, measures: Measures) -> ufl.Form:
        """Integral of the metal's charge [C]."""
        charge = self.area * self._charge_on_walls(level, unknowns)
        return measures.over_layers(charge, (self.name,))

    def power(self, level: Level, unknowns: Unknowns, measures: Measures) -> ufl.Form:
        """Integral of current times surface overpotential [A RT/F]."""
        metal = unknowns.metal + unknowns.solid
        overpotential = self.law.dissipated(metal, level.plane(unknowns.liquid))
        power = self.current_density(level, unknowns) * overpotential
        return measures.over_layers(power, (self.name,))

    def _charge_on_walls(self, level: Level, unknowns: Unknowns) -> Any:
        """Charge of the metal per wall area [C/m2]."""
        metal = unknowns.metal + unknowns.solid
        plane = level.plane(unknowns.liquid)
        return self.law.metal_charge(metal, plane, self.variation)


Reaction = Surface | Volume
Reactions = Sequence[Reaction]
