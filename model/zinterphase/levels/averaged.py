"""Transport through cells that an electrode can deplete."""

from collections.abc import Mapping

import ufl
from ufl.domain import extract_unique_domain

from zinterphase.expressions import Expr
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

    def fluxes(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """As there, constant in a cell."""
        slopes = {ion.name: ufl.grad(u[k]) for k, ion in enumerate(self._ions)}
        return {name: -driven for name, driven in self._driven(u, media, slopes).items()}

    def ohmic_dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """i_l . (1/kappa) i_l with the tensor of the conductivity."""
        current = self.current_density(u, media)
        size = len(current)
        columns = []
        for axis in range(size):
            unit = ufl.as_vector([float(axis == k) for k in range(size)])
            driven = self._driven(u, media, {ion.name: unit for ion in self._ions})
            columns.append(FARADAY * sum(ion.charge**2 * driven[ion.name] for ion in self._ions))
        kappa = ufl.transpose(ufl.as_matrix([[c[k] for k in range(size)] for c in columns]))
        return ufl.inner(current, ufl.dot(ufl.inv(kappa), current))

    def _driven(self, u: Expr, media: LiquidMedia, slopes: Mapping[str, Expr]) -> dict[str, Expr]:
        """Molar flux of each ion down its slope of mu."""
        mesh = extract_unique_domain(u)
        corners = [self.concentrations(w, media) for w in vertex_values(u)]
        fluxes = {}
        for ion in self._ions:
            exponents = [ufl.ln(c[ion.name]) for c in corners]
            pores = edge_averaged(mesh, exponents, media.along, slopes[ion.name])
            fluxes[ion.name] = media.transport * ion.diffusivity * pores
        main = self._main.name
        fluxes[main] = fluxes[main] + media.surface_transport * media.along(slopes[main])
        return fluxes
