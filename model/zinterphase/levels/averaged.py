"""Transport through cells that an electrode can deplete."""

from typing import Any

import ufl
from ufl.domain import extract_unique_domain

from zinterphase.levels.base import LiquidMedia
from zinterphase.levels.electroneutral import Electroneutral
from zinterphase.physics.edge_average import edge_averaged, vertex_values
from zinterphase.scales import FARADAY


class EdgeAveraged(Electroneutral):
    """Electroneutral transport with concentrations averaged along edges, for linear unknowns.

    Beside an electrode at the limiting current ln c falls by any amount within the first cell.
    The flux along an edge across it is then D (c_1 - c_0)/h for c_0 = 0 too, where a quadrature
    rule's average of c decays exponentially with the potential, and the current with it.
    """

    def fluxes(self, u: Any, media: LiquidMedia) -> list[Any]:
        """As there, constant in a cell."""
        slopes = [ufl.grad(u[k]) for k in range(len(self._ions))]
        return [-driven for driven in self._driven(u, media, slopes)]

    def ohmic_dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """i_l . (1/kappa) i_l with the tensor of the conductivity."""
        current = self.current_density(u, media)
        size = len(current)
        columns = []
        for axis in range(size):
            unit = ufl.as_vector([float(axis == k) for k in range(size)])
            driven = zip(self._ions, self._driven(u, media, [unit] * len(self._ions)), strict=True)
            columns.append(FARADAY * sum(ion.charge**2 * flux for ion, flux in driven))
        kappa = ufl.transpose(ufl.as_matrix([[c[k] for k in range(size)] for c in columns]))
        return ufl.inner(current, ufl.dot(ufl.inv(kappa), current))

    def _driven(self, u: Any, media: LiquidMedia, slopes: list[Any]) -> list[Any]:
        """Molar flux of each ion down its slope of mu."""
        mesh, fluxes = extract_unique_domain(u), []
        corners = [self.concentrations(w, media) for w in vertex_values(u)]
        for ion, c, slope in zip(self._ions, zip(*corners, strict=True), slopes, strict=True):
            exponents = [ufl.ln(x) for x in c]
            pores = edge_averaged(mesh, exponents, media.along, slope)
            fluxes.append(media.transport * ion.diffusivity * pores)
        walls = media.surface_transport * media.along(slopes[self._reactant])
        fluxes[self._reactant] += walls
        return fluxes
