"""Level `electroneutral`: ideal ions outside resolved double layers."""

from collections.abc import Sequence
from typing import Any

import ufl

from zinterphase.levels.base import Averaging, LiquidMedia, Transport
from zinterphase.levels.pnp import Ion, PoissonNernstPlanck
from zinterphase.scales import FARADAY


class Electroneutral(PoissonNernstPlanck):
    """Nernst-Planck with sum z_i c_i = 0 in place of Poisson's equation; the limit of `pnp` for
    vanishing Debye length, without the diffuse layer's effect on the kinetics.

    Unknowns and rows as there; the last of them is the space charge at ``charge_rate``. The
    potential is that of a neutral liquid in equilibrium with the pores, continuous everywhere. In
    layers with fixed charge one more unknown is the pores' potential against it (Donnan
    equilibrium at every point, no jump to impose), with neutrality of the pores as its row.
    Newman & Thomas-Alyea, Electrochemical Systems, ch. 11; Teorell, 1935; Meyer & Sievers, 1936.
    """

    has_double_layer = False
    has_compact_layer = False

    def __init__(
        self,
        ions: Sequence[Ion],
        reactant: str,
        thermal_voltage: Any,
        charge_rate: Any,
        site_volume: Any | None = None,
        has_charged_layers: bool = False,
        averaged: Transport | None = None,
    ) -> None:
        """As :class:`PoissonNernstPlanck`; ``has_charged_layers`` adds the Donnan potential,
        ``averaged`` is the transport of cells beside electrodes where it is not this one."""
        super().__init__(ions, reactant, thermal_voltage, charge_rate, site_volume)
        self._has_charged_layers = has_charged_layers
        self.averaging = None if averaged is None else Averaging(self, averaged)

    @property
    def component_names(self) -> tuple[str, ...]:
        """mu of each ion, phi, and the pores' potential where a layer is charged."""
        return super().component_names + (("donnan",) if self._has_charged_layers else ())

    def donnan_potential(self, u: Any, media: LiquidMedia) -> Any:
        """The unknown itself inside charged layers."""
        if not self._has_charged_layers:
            return 0 * u[self._phi]
        return media.charged * u[self._phi + 1]

    def concentrations(self, u: Any, media: LiquidMedia) -> list[Any]:
        """c_i per pore volume [mol/m3]."""
        neutral = super().concentrations(u, media)
        if not self._has_charged_layers:
            return neutral
        drop = self.donnan_potential(u, media)
        ions = zip(self._ions, neutral, strict=True)
        return [c * ufl.exp(-ion.charge * drop) for ion, c in ions]

    def residual(self, u: Any, v: Any, media: LiquidMedia) -> Any:
        """F N_i rows and electroneutrality; see :class:`Level`."""
        ions = list(zip(self._ions, super().concentrations(u, media), strict=True))
        outside = FARADAY * media.porosity * sum(ion.charge * c for ion, c in ions)
        rows = self.transport(u, v, media) - self._charge_rate * outside * v[self._phi]
        if not self._has_charged_layers:
            return rows
        pores = self._charge_rate * self.charge_density(u, media)
        return rows - pores * media.charged * v[self._phi + 1]

    def metal_charge(self, charge_density: Any, v: Any) -> Any:
        """There is no diffuse layer to charge at this level."""
        return 0 * charge_density * v[self._phi]

    def normal_field(self, current: Any, charge: Any, u: Any, media: LiquidMedia) -> Any:
        """From N_r . n = -i_F/(z F), N_j . n = 0 and neutrality up to the surface.

        The blocked ions have d mu = 0, so dphi/dn = z_r c_r (dmu_r/dn)/sum z^2 c.
        """
        ions = list(zip(self._ions, self.concentrations(u, media), strict=True))
        strength = sum(ion.charge**2 * c for ion, c in ions)
        ion, c = ions[self._reactant]
        mobility = media.transport * ion.diffusivity + media.surface_transport / c
        return -current * self._thermal_voltage / (FARADAY * mobility * strength)
