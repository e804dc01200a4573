"""Level `electroneutral`: ideal ions outside resolved double layers."""

from collections.abc import Sequence

import ufl

from zinterphase.expressions import Expr
from zinterphase.levels.base import Averaging, LiquidMedia, Rates, Transport
from zinterphase.levels.pnp import PoissonNernstPlanck
from zinterphase.levels.solutes import DissolvedIon
from zinterphase.physics.elimination import solved
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
        complexes: Sequence[DissolvedIon] = (),
    ) -> None:
        """As :class:`PoissonNernstPlanck`; ``has_charged_layers`` adds the Donnan potential,
        ``averaged`` is the transport of cells beside electrodes where it is not this one."""
        super().__init__(ions, main, thermal_voltage, charge_rate, site_volume, complexes)
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
        charges = self._solutes.charges
        return {name: c * ufl.exp(-charges[name] * drop) for name, c in neutral.items()}

    def space_charge(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """Neutrality of the liquid outside, and of the pores; see :class:`Level`."""
        neutral = super().concentrations(u, media)
        outside = sum(s.charge * neutral[s.name] for s in self._solutes.all)
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

        sum_k M_jk d mu_k/dn = w_j/F with N_j = -sum_k M_jk grad mu_k, M diagonal without
        complexes, so that sum z_s dc_s = 0 gives dphi/dn = sum z_s c_s (d mu_s/dn) / sum z^2 c.
        """
        concentrations, charges = self.concentrations(u, media), self._solutes.charges
        slopes = self._solutes.combined(self._slopes_of(rates, u, media))
        strength = sum(charges[name] ** 2 * c for name, c in concentrations.items())
        slope = sum(charges[name] * concentrations[name] * d for name, d in slopes.items())
        return -self._thermal_voltage * slope / (FARADAY * strength)

    def _slopes_of(self, rates: Rates, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """F d mu_k/dn of the ions whose fluxes the reactions' ``rates`` need."""
        mobilities, names = self._mobilities(u, media), [ion.name for ion in self._ions]
        counts = {s: self._solutes.counts(s) for s in mobilities}

        def coupling(j: str, k: str) -> Expr:
            return sum(n.get(j, 0.0) * n.get(k, 0.0) * mobilities[s] for s, n in counts.items())

        matrix = [[coupling(j, k) for k in names] for j in names]
        needed = [rates.get(name, 0.0) for name in names]
        return dict(zip(names, solved(matrix, needed), strict=True))
