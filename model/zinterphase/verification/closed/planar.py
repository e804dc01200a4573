"""One-dimensional references for a binary z:z salt over a reacting metal, without finite elements.

Dimensionless as in the fluxes that are compared: lengths over the gap L, concentrations over the
bulk's c0, potentials over RT/F, z = 2 and alpha_a = alpha_c = 1. ``eps`` is
sqrt(eps0 eps_r RT / (F^2 c0)) / L, ``stern`` the thickness of a compact layer of the liquid's
permittivity over L, ``damkoehler`` i0 L / (2 F D+ c0), potentials are against the equilibrium with
the bulk. The flux returned is i L / (2 F D+ c0), cathodic negative; the diffusion-limited value is
-2 against a reservoir and -4 between two electrodes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Wall:
    """Frumkin-corrected Butler-Volmer kinetics behind a compact layer."""

    eps: float
    stern: float
    damkoehler: float
    pzc: float
    potential: float

    def diffuse_drop(self, concentration: float, neutral: float) -> float:
        """phi_OHP minus the potential of the neutral liquid next to it (Gouy-Chapman-Stern)."""

        def imbalance(drop: float) -> float:
            grahame = self.eps * np.sqrt(8 * concentration) * np.sinh(drop)
            compact = self.potential - self.pzc - neutral - drop
            return float(grahame - self.eps**2 / self.stern * compact)

        return float(scipy.optimize.brentq(imbalance, -60.0, 60.0, xtol=1e-14))

    def rate(self, overpotential: float, ln_concentration: float) -> float:
        """Anodic flux at the plane of reaction."""
        cathodic = np.exp(ln_concentration - overpotential)
        return float(self.damkoehler * (np.exp(overpotential) - cathodic))

    def neutral_rate(self, concentration: float, neutral: float) -> float:
        """Anodic flux over a neutral liquid of given concentration and potential."""
        drop = self.diffuse_drop(concentration, neutral)
        return self.rate(self.potential - neutral - drop, np.log(concentration) - 2 * drop)


def neutral_flux(wall: Wall) -> float:
    """Flux against a reservoir with a neutral liquid: c falls by r/2, phi = ln(c)/2."""

    def residual(flux: float) -> float:
        concentration = 1 + flux / 2
        return wall.neutral_rate(concentration, np.log(concentration) / 2) - flux

    return float(scipy.optimize.brentq(residual, -2 + 1e-13, 20.0, xtol=1e-14))


def neutral_cell_potential(wall: Wall, flux: float) -> float:
    """Potential of a working electrode against an identical one over a neutral liquid.

    The amount of anions is kept: c = 1 + r/4 at the working electrode, 1 - r/4 at the other; both
    have the kinetics of ``wall``, whose own ``potential`` is not used.
    """

    def drop(concentration: float, rate: float) -> float:
        """Metal minus neutral liquid at an electrode that runs at ``rate``."""

        def residual(metal: float) -> float:
            # The distance to the potential of zero charge is that of the metal on its own scale.
            return _at(wall, metal).neutral_rate(concentration, 0.0) - rate

        return float(scipy.optimize.brentq(residual, -40.0, 40.0, xtol=1e-13))

    working, counter = 1 + flux / 4, 1 - flux / 4
    liquid = np.log(working / counter) / 2
    return drop(working, flux) - drop(counter, -flux) + float(liquid)


def _at(wall: Wall, metal: float) -> Wall:
    return Wall(wall.eps, wall.stern, wall.damkoehler, wall.pzc, metal)


def full_flux(wall: Wall, guess: Callable[[Array], Array], flux: float) -> float:
    """Flux against a reservoir with resolved space charge, by collocation (scipy's solve_bvp).

    The anion does not move: c- = exp(2 phi). Unknowns are mu+ = ln c+ + 2 phi, phi, the scaled
    field eps phi' and the flux, on y = 0 (metal) to 1. ``guess(y)`` returns the first two with
    shape (2, n), ``flux`` starts the fourth: they only have to be near.
    """
    eps = wall.eps
    first = 0.05 * eps  # y = first (e^s - 1): the layer and the gap take similar lengths in s

    def slopes(s: Array, u: Array) -> Array:
        mu, phi, field, rate = u
        cation, anion = np.exp(mu - 2 * phi), np.exp(2 * phi)
        along = [-rate / cation, field / eps, -2 / eps * (cation - anion), 0 * rate]
        return np.asarray(first * np.exp(s) * np.stack(along))

    def ends(metal: Array, bulk: Array) -> Array:
        mu, phi, field, rate = metal
        kinetics = wall.rate(wall.potential - phi, mu - 2 * phi) - rate
        compact = wall.stern / eps * field - (phi - wall.potential + wall.pzc)
        return np.array([kinetics / max(1.0, abs(rate)), compact, bulk[0], bulk[1]])

    s = np.linspace(0.0, np.log1p(1 / first), 400)
    y = first * np.expm1(s)
    mu, phi = guess(y)
    start = np.stack([mu, phi, eps * np.gradient(phi, y), np.full_like(y, flux)])
    solution = scipy.integrate.solve_bvp(
        slopes, ends, s, start, tol=1e-7, bc_tol=1e-10, max_nodes=40_000
    )
    assert solution.success, solution.message
    return float(solution.y[3, 0])
