"""Thin double layers at the walls of a level that does not resolve them."""

from collections.abc import Mapping

from zinterphase.expressions import Expr
from zinterphase.levels.base import (
    Array,
    Averaging,
    Component,
    ElectrodePlane,
    Level,
    LiquidMedia,
    Rates,
)
from zinterphase.physics.diffuse_layer import gouy_chapman_charge
from zinterphase.scales import FARADAY


class GouyChapmanStern:
    """A neutral level with diffuse and compact layers in equilibrium at its electrodes.

    One more unknown, the last: the potential of the outer Helmholtz plane against the neutral
    liquid in equilibrium with it, in units of RT/F. Its row says that the charge behind the compact
    layer is that of the diffuse layer; it lives at the electrodes only. The kinetics see the
    potential and the activity of that plane (Frumkin's correction), as at level `pnp`.
    Bonnefont, Argoul & Bazant (2001), J. Electroanal. Chem. 500, 52, in the limit of a thin layer.
    """

    has_double_layer = False
    has_compact_layer = True

    def __init__(
        self,
        neutral: Level,
        charges: Mapping[str, int],
        thermal_voltage: Expr,
        charge_rate: Expr,
    ) -> None:
        """``charges`` are those of the ions of ``neutral.concentrations``."""
        self._neutral = neutral
        self._charges = dict(charges)
        self._thermal_voltage = thermal_voltage
        self._charge_rate = charge_rate
        self._wall = len(neutral.component_names)

    @property
    def component_names(self) -> tuple[str, ...]:
        """Those of the neutral level, then the plane's potential."""
        return (*self._neutral.component_names, "plane")

    @property
    def averages_everywhere(self) -> bool:
        """As at the neutral level."""
        return self._neutral.averages_everywhere

    @property
    def conserved(self) -> Mapping[Component, str]:
        """As at the neutral level."""
        return self._neutral.conserved

    @property
    def measured_range(self) -> tuple[float, float] | None:
        """As at the neutral level."""
        return self._neutral.measured_range

    @property
    def averaging(self) -> Averaging | None:
        """As at the neutral level."""
        return self._neutral.averaging

    def concentrations(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """As at the neutral level: outside the diffuse layers."""
        return self._neutral.concentrations(u, media)

    def amounts(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """As at the neutral level."""
        return self._neutral.amounts(u, media)

    def donnan_potential(self, u: Expr, media: LiquidMedia) -> Expr:
        """As at the neutral level."""
        return self._neutral.donnan_potential(u, media)

    def transference_number(self, u: Expr, media: LiquidMedia) -> Expr:
        """As at the neutral level."""
        return self._neutral.transference_number(u, media)

    def fluxes(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """As at the neutral level."""
        return self._neutral.fluxes(u, media)

    def transport(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """As at the neutral level; the last row has no part inside the liquid."""
        return self._neutral.transport(u, v, media)

    def stored(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr | None:
        """As at the neutral level: diffuse layers are thin."""
        return self._neutral.stored(u, v, media)

    def space_charge(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr | None:
        """As at the neutral level."""
        return self._neutral.space_charge(u, v, media)

    def potential(self, u: Expr) -> Expr:
        """As at the neutral level."""
        return self._neutral.potential(u)

    def plane(self, u: Expr) -> ElectrodePlane:
        """The outer Helmholtz plane, in equilibrium with the neutral liquid."""
        outside, drop = self._neutral.plane(u), u[self._wall]
        inside = {k: a - self._charges[k] * drop for k, a in outside.ln_activity.items()}
        return ElectrodePlane(outside.potential + drop, inside)

    def outer_potential(self, u: Expr) -> Expr:
        """As at the neutral level."""
        return self._neutral.outer_potential(u)

    def source(self, rates: Rates, v: Expr) -> Expr:
        """As at the neutral level."""
        return self._neutral.source(rates, v)

    def metal_charge(self, charge_density: Expr, v: Expr) -> Expr:
        """The row of the plane's potential."""
        return -self._charge_rate * charge_density * v[self._wall]

    def diffuse_charge(self, u: Expr, media: LiquidMedia) -> Expr:
        """Gouy-Chapman charge of the ions outside, those of charged pores included."""
        inside = self.donnan_potential(u, media)
        found = self.concentrations(u, media)
        ions = [(self._charges[name], c) for name, c in found.items()]
        return gouy_chapman_charge(
            u[self._wall] - inside,
            ions,
            media.permittivity * media.porosity,
            FARADAY * self._thermal_voltage,
        )

    def current_density(self, u: Expr, media: LiquidMedia) -> Expr:
        """As at the neutral level."""
        return self._neutral.current_density(u, media)

    def ohmic_dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """As at the neutral level."""
        return self._neutral.ohmic_dissipation(u, media)

    def dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """As at the neutral level."""
        return self._neutral.dissipation(u, media)

    def normal_field(self, rates: Rates, charge: Expr, u: Expr, media: LiquidMedia) -> Expr:
        """As at the neutral level: at the outer edge of the diffuse layer."""
        return self._neutral.normal_field(rates, charge, u, media)

    def ion_current(self, ion: str, rows: Array) -> Array:
        """As at the neutral level."""
        return self._neutral.ion_current(ion, rows[:, : self._wall])

    def ionic_current(self, rows: Array) -> Array:
        """As at the neutral level."""
        return self._neutral.ionic_current(rows[:, : self._wall])
