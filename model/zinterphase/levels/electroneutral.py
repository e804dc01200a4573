"""Level `electroneutral`: ideal ions outside resolved double layers."""

from collections.abc import Sequence

import ufl

from zinterphase.expressions import Expr
from zinterphase.levels.base import Averaging, LiquidMedia, Rates, Transport
from zinterphase.levels.pnp import DissolvedIon, PoissonNernstPlanck
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
        ions: Sequence[DissolvedIon],
        main: str,
        thermal_voltage: Expr,
        charge_rate: Expr,
        site_volume: Expr | None = None,
        has_charged_layers: bool = False,
        averaged: Transport | None = None,
    ) -> None:
        """As :class:`PoissonNernstPlanck`; ``has_charged_layers`` adds the Donnan potential,
        ``averaged`` is the transport of cells beside electrodes where it is not this one."""
        super().__init__(ions, main, thermal_voltage, charge_rate, site_volume)
        self._has_charged_layers = has_charged_layers
        self.averaging = None if averaged is None else Averaging(self, averaged)

    @property
    def component_names(self) -> tuple[str, ...]:
        """mu of each ion, phi, and the pores' potential where a layer is charged."""
        return super().component_names + (("donnan",) if self._has_charged_layers else ())

    def donnan_potential(self, u: Expr, media: LiquidMedia) -> Expr:
        """The unknown itself inside charged layers."""
        if not self._has_charged_layers:
            return 0 * u[self._phi]
        return media.charged * u[self._phi + 1]

    def concentrations(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """c_i per pore volume [mol/m3]."""
        neutral = super().concentrations(u, media)
        if not self._has_charged_layers:
            return neutral
        drop = self.donnan_potential(u, media)
        return {ion.name: neutral[ion.name] * ufl.exp(-ion.charge * drop) for ion in self._ions}

    def space_charge(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """Neutrality of the liquid outside, and of the pores; see :class:`Level`."""
        neutral = super().concentrations(u, media)
        outside = sum(ion.charge * neutral[ion.name] for ion in self._ions)
        outside = FARADAY * media.porosity * outside
        rows = -self._charge_rate * outside * v[self._phi]
        if not self._has_charged_layers:
            return rows
        pores = self._charge_rate * self.charge_density(u, media)
        return rows - pores * media.charged * v[self._phi + 1]

    def metal_charge(self, charge_density: Expr, v: Expr) -> Expr:
        """There is no diffuse layer to charge at this level."""
        return 0 * charge_density * v[self._phi]

    def normal_field(self, rates: Rates, charge: Expr, u: Expr, media: LiquidMedia) -> Expr:
        """From F N_j . n = -w_j and neutrality up to the surface.

        d mu_j/dn = w_j/(F m_j) with N_j = -m_j grad mu_j, so that sum z_j dc_j = 0 gives
        dphi/dn = sum z_j c_j (d mu_j/dn) / sum z^2 c.
        """
        concentrations, mobilities = self.concentrations(u, media), self._mobilities(u, media)
        charges = {ion.name: ion.charge for ion in self._ions}
        strength = sum(charges[name] ** 2 * c for name, c in concentrations.items())
        slope = sum(
            charges[name] * concentrations[name] * rate / mobilities[name]
            for name, rate in rates.items()
        )
        return -self._thermal_voltage * slope / (FARADAY * strength)
