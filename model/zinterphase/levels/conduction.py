"""Levels `secondary` and `primary`: one liquid potential, ohmic conduction at bulk composition."""

from typing import Any

import numpy as np
import numpy.typing as npt
import ufl

from zinterphase.levels.base import Component, ElectrodePlane, LiquidMedia
from zinterphase.scales import FARADAY


class Conduction:
    """div(kappa grad Phi) = 0 with Phi against a reference electrode of the plated metal.

    ``conductivity`` [S/m] is that of the free electrolyte, ``thermal_voltage`` RT/F [V],
    ``charge`` the charge number of the reactant, which carries all current. The unknown is in
    units of RT/F, zero at the counter electrode's equilibrium.
    Newman & Thomas-Alyea, Electrochemical Systems, ch. 18.
    """

    component_names = ("potential",)
    has_double_layer = False
    has_compact_layer = False
    averaging = None
    measured_range = None

    def __init__(self, conductivity: Any, thermal_voltage: Any, charge: int) -> None:
        self._conductance = conductivity * thermal_voltage
        self._charge = charge
        self._thermal_voltage = thermal_voltage
        self.conserved: dict[Component, str] = {}

    def concentrations(self, u: Any, media: LiquidMedia) -> list[Any]:
        """None are solved."""
        return []

    fluxes = concentrations

    def donnan_potential(self, u: Any, media: LiquidMedia) -> Any:
        """Composition is that of the bulk everywhere."""
        return 0 * u[0]

    def transference_number(self, u: Any, media: LiquidMedia) -> Any:
        """The reactant is taken to carry all current."""
        return 1 + 0 * u[0]

    def residual(self, u: Any, v: Any, media: LiquidMedia) -> Any:
        """Charge balance; see :class:`Level`."""
        return -ufl.inner(self.current_density(u, media), ufl.grad(v[0]))

    def potential(self, u: Any) -> Any:
        """Phi."""
        return u[0]

    def plane(self, u: Any) -> ElectrodePlane:
        """Phi is measured with a reference electrode: no concentration difference enters."""
        return ElectrodePlane(u[0], 0 * u[0])

    def outer_potential(self, u: Any) -> Any:
        """That of the plane of reaction."""
        return self.plane(u).potential

    def faradaic(self, current_density: Any, v: Any) -> Any:
        """kappa dPhi/dn = i_F with n into the metal."""
        return -current_density * v[0]

    def metal_charge(self, charge_density: Any, v: Any) -> Any:
        """There is no diffuse layer to charge at this level."""
        return 0 * charge_density * v[0]

    def diffuse_charge(self, u: Any, media: LiquidMedia) -> None:
        """There is no diffuse layer at this level."""

    def current_density(self, u: Any, media: LiquidMedia) -> Any:
        """Ohm's law."""
        return -self._conductivity(media) * media.along(ufl.grad(u[0]))

    def dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """i_l . (-grad Phi)."""
        return -ufl.inner(self.current_density(u, media), ufl.grad(u[0]))

    ohmic_dissipation = dissipation

    def normal_field(self, current: Any, charge: Any, u: Any, media: LiquidMedia) -> Any:
        """Ohm's law at the surface."""
        return -current * self._thermal_voltage / self._conductivity(media)

    def _conductivity(self, media: LiquidMedia) -> Any:
        """Of the layer, pore liquid and walls, times RT/F [A/m]."""
        walls = FARADAY * self._charge**2 * media.surface_transport
        return self._conductance * media.transport + walls

    def reactant_current(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The whole current over the reactant's charge."""
        return -rows[:, 0] / self._charge

    def bulk_current_to_terminal(self, recovered: npt.NDArray[np.float64]) -> float:
        """What leaves the liquid at the counter electrode enters at the working electrode."""
        return float(-recovered[0])
