"""Transport through cells that an electrode can deplete."""

from collections.abc import Mapping, Sequence

import ufl
from ufl.domain import extract_unique_domain

from zinterphase.expressions import Expr
from zinterphase.levels.base import LiquidMedia
from zinterphase.levels.concentrated import ConcentratedSalt
from zinterphase.levels.electroneutral import Electroneutral
from zinterphase.levels.solutes import DissolvedIon
from zinterphase.physics.edge_average import edge_averaged, vertex_values
from zinterphase.scales import FARADAY


class EdgeAveraged(Electroneutral):
    """Electroneutral transport with concentrations averaged along edges, for linear unknowns.

    Beside an electrode at the limiting current ln c falls by any amount within the first cell.
    The flux along an edge across it is then D (c_1 - c_0)/h for c_0 = 0 too, where a quadrature
    rule's average of c decays exponentially with the potential, and the current with it.
    """

    averages_everywhere = True

    def _species_fluxes(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """As there, constant in a cell."""
        slopes = self._solutes.slopes(u)
        return {name: -driven for name, driven in self._driven(u, media, slopes).items()}

    def ohmic_dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """i_l . (1/kappa) i_l with the tensor of the conductivity."""
        current, charges = self.current_density(u, media), self._solutes.charges
        size = len(current)
        columns = []
        for axis in range(size):
            unit = ufl.as_vector([float(axis == k) for k in range(size)])
            driven = self._driven(u, media, dict.fromkeys(charges, unit))
            columns.append(FARADAY * sum(charges[s] ** 2 * d for s, d in driven.items()))
        kappa = ufl.transpose(ufl.as_matrix([[c[k] for k in range(size)] for c in columns]))
        return ufl.inner(current, ufl.dot(ufl.inv(kappa), current))

    def _driven(self, u: Expr, media: LiquidMedia, slopes: Mapping[str, Expr]) -> dict[str, Expr]:
        """Molar flux of each species down its slope of mu."""
        corners = [self.concentrations(w, media) for w in vertex_values(u)]
        fluxes = _averaged(self._solutes.all, u, corners, media, slopes)
        main = self._main.name
        fluxes[main] = fluxes[main] + media.surface_transport * media.along(slopes[main])
        return fluxes


class EdgeAveragedTraces(ConcentratedSalt):
    """A concentrated salt whose traces are averaged along edges, for linear unknowns: a reaction
    can use them up at an electrode, however little the salt changes."""

    averages_everywhere = True

    def _driven_traces(
        self, u: Expr, media: LiquidMedia, slopes: Mapping[str, Expr]
    ) -> dict[str, Expr]:
        corners = [self._trace_concentrations(w, media) for w in vertex_values(u)]
        driven = _averaged(self._traces.all, u, corners, media, slopes)
        return {name: -flux for name, flux in driven.items()}


def _averaged(
    solutes: Sequence[DissolvedIon],
    u: Expr,
    corners: Sequence[Mapping[str, Expr]],
    media: LiquidMedia,
    slopes: Mapping[str, Expr],
) -> dict[str, Expr]:
    """Molar flux of each species down its slope of mu, from concentrations at a cell's vertices."""
    mesh, found = extract_unique_domain(u), {}
    for solute in solutes:
        exponents = [ufl.ln(c[solute.name]) for c in corners]
        pores = edge_averaged(mesh, exponents, media.along, slopes[solute.name])
        found[solute.name] = media.transport * solute.diffusivity * pores
    return found
