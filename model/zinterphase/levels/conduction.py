"""Levels `secondary` and `primary`: one liquid potential, ohmic conduction at bulk composition."""

from collections.abc import Mapping

import ufl

from zinterphase.expressions import Expr
from zinterphase.levels.base import Array, Component, ElectrodePlane, LiquidMedia, Rates
from zinterphase.scales import FARADAY


class Conduction:
    """div(kappa grad Phi) = 0 with Phi against a reference electrode of the plated metal.

    ``conductivity`` [S/m] is that of the free electrolyte, ``thermal_voltage`` RT/F [V],
    ``charges`` the charge numbers of the ions, of which ``main`` carries all current. The unknown
    is in units of RT/F, zero at the counter electrode's equilibrium.
    Newman & Thomas-Alyea, Electrochemical Systems, ch. 18.
    """

    component_names = ("potential",)
    has_double_layer = False
    has_compact_layer = False
    averaging = None
    measured_range = None
    averages_everywhere = False

    def __init__(
        self, conductivity: Expr, thermal_voltage: Expr, charges: Mapping[str, int], main: str
    ) -> None:
        self._conductance = conductivity * thermal_voltage
        self._charges = dict(charges)
        self._main = main
        self._thermal_voltage = thermal_voltage
        self.conserved: dict[Component, str] = {}

    def concentrations(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """None are solved."""
        return {}

    amounts = fluxes = concentrations

    def donnan_potential(self, u: Expr, media: LiquidMedia) -> Expr:
        """Composition is that of the bulk everywhere."""
        return 0 * u[0]

    def transference_number(self, u: Expr, media: LiquidMedia) -> Expr:
        """The plated ion is taken to carry all current."""
        return 1 + 0 * u[0]

    def transport(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """Charge balance; see :class:`Level`."""
        return -ufl.inner(self.current_density(u, media), ufl.grad(v[0]))

    def stored(self, u: Expr, v: Expr, media: LiquidMedia) -> None:
        """Composition is that of the bulk at all times."""

    def space_charge(self, u: Expr, v: Expr, media: LiquidMedia) -> None:
        """The transport row is the balance of charge."""

    def potential(self, u: Expr) -> Expr:
        """Phi."""
        return u[0]

    def plane(self, u: Expr) -> ElectrodePlane:
        """Phi is measured with a reference electrode: no concentration difference enters."""
        return ElectrodePlane(u[0], dict.fromkeys(self._charges, 0 * u[0]))

    def outer_potential(self, u: Expr) -> Expr:
        """That of the plane of reaction."""
        return self.plane(u).potential

    def source(self, rates: Rates, v: Expr) -> Expr:
        """kappa dPhi/dn = i_F with n into the metal."""
        return -self._charge_of(rates) * v[0]

    def _charge_of(self, rates: Rates) -> Expr:
        return sum(self._charges[ion] * rate for ion, rate in rates.items())

    def metal_charge(self, charge_density: Expr, v: Expr) -> Expr:
        """There is no diffuse layer to charge at this level."""
        return 0 * charge_density * v[0]

    def diffuse_charge(self, u: Expr, media: LiquidMedia) -> None:
        """There is no diffuse layer at this level."""

    def current_density(self, u: Expr, media: LiquidMedia) -> Expr:
        """Ohm's law."""
        return -self._conductivity(media) * media.along(ufl.grad(u[0]))

    def dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """i_l . (-grad Phi)."""
        return -ufl.inner(self.current_density(u, media), ufl.grad(u[0]))

    ohmic_dissipation = dissipation

    def normal_field(self, rates: Rates, charge: Expr, u: Expr, media: LiquidMedia) -> Expr:
        """Ohm's law at the surface."""
        return -self._charge_of(rates) * self._thermal_voltage / self._conductivity(media)

    def _conductivity(self, media: LiquidMedia) -> Expr:
        """Of the layer, pore liquid and walls, times RT/F [A/m]."""
        walls = FARADAY * self._charges[self._main] ** 2 * media.surface_transport
        return self._conductance * media.transport + walls

    def ion_current(self, ion: str, rows: Array) -> Array:
        """The plated ion's is the whole current over its charge."""
        share = 1.0 if ion == self._main else 0.0
        return share * self.ionic_current(rows) / self._charges[self._main]

    def ionic_current(self, rows: Array) -> Array:
        """The row itself."""
        return -rows[:, 0]
