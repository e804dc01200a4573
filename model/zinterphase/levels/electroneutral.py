"""Level `electroneutral`: ideal ions outside resolved double layers."""

from typing import Any

import ufl

from zinterphase.levels.base import LiquidMedia
from zinterphase.levels.pnp import PoissonNernstPlanck
from zinterphase.scales import FARADAY


class Electroneutral(PoissonNernstPlanck):
    """Nernst-Planck with sum z_i c_i = 0 in place of Poisson's equation; the limit of `pnp` for
    vanishing Debye length, without the diffuse layer's effect on the kinetics.

    Unknowns and rows as there; the last row is the space charge at ``charge_rate``.
    Newman & Thomas-Alyea, Electrochemical Systems, ch. 11.
    """

    has_double_layer = False
    has_compact_layer = False

    def residual(self, u: Any, v: Any, media: LiquidMedia) -> Any:
        """F N_i rows and electroneutrality; see :class:`Level`."""
        transport = sum(
            -FARADAY * ufl.inner(flux, ufl.grad(v[k]))
            for k, flux in enumerate(self.fluxes(u, media))
        )
        return transport - self._charge_rate * self.charge_density(u, media) * v[self._phi]

    def metal_charge(self, charge_density: Any, u: Any, v: Any, media: LiquidMedia) -> Any:
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
