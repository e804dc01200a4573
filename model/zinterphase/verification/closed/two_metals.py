"""Two metals that plate side by side from an electrolyte of three ions of charge +-2."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from zinterphase.scales import FARADAY

Array = npt.NDArray[np.float64]
CHARGE = 2


@dataclass(frozen=True)
class PlatedIon:
    """A cation with the rate law of its metal; ``equilibrium`` [V] holds at the bulk."""

    diffusivity: float
    bulk: float
    exchange: float
    alpha_a: float
    equilibrium: float


@dataclass(frozen=True)
class TwoMetals:
    """A flat electrode at ``gap`` from a bulk of two cations and one anion, without inert salt.

    The anion stands still, c_A = c0 exp(2 phi), and neutrality makes c_A the sum c of the cations.
    Then (c_k c)' = -N_k c/D_k, whose sum over k is -2 c c': c is linear, and c_k c is what is left
    of the bulk's. The two rate laws at the wall determine the two fluxes.
    """

    ions: tuple[PlatedIon, PlatedIon]
    gap: float
    thermal_voltage: float

    def currents(self, potential: float) -> tuple[float, float]:
        """Of the two metals [A/m2], anodic positive, at the metal's potential [V]."""
        scale = np.array([self._limit(ion) for ion in self.ions])

        def excess(share: Array) -> Array:
            flux = share * scale
            return np.asarray(CHARGE * FARADAY * flux + self._rates(flux, potential))

        found = scipy.optimize.fsolve(
            lambda s: excess(s) / (CHARGE * FARADAY * scale), [0.1, 0.1], xtol=1e-12
        )
        first, second = -CHARGE * FARADAY * found * scale
        return float(first), float(second)

    def wall(self, flux: Array) -> tuple[Array, float]:
        """Concentrations of the cations [mol/m3] and potential [RT/F] at the wall for fluxes
        towards it [mol/m2/s]."""
        diffusivity = np.array([ion.diffusivity for ion in self.ions])
        bulk = np.array([ion.bulk for ion in self.ions])
        outside = bulk.sum()
        total = outside - self.gap / 2 * float((flux / diffusivity).sum())
        left = bulk * outside - flux / diffusivity * self.gap * (outside + total) / 2
        return left / total, float(np.log(total / outside)) / CHARGE

    def _limit(self, ion: PlatedIon) -> float:
        return ion.diffusivity * ion.bulk / self.gap

    def _rates(self, flux: Array, potential: float) -> Array:
        """Butler-Volmer currents [A/m2] at the wall."""
        concentrations, liquid = self.wall(flux)
        rates = []
        for ion, c in zip(self.ions, concentrations, strict=True):
            eta = (potential - ion.equilibrium) / self.thermal_voltage - liquid
            anodic = np.exp(ion.alpha_a * eta)
            cathodic = c / ion.bulk * np.exp(-(CHARGE - ion.alpha_a) * eta)
            rates.append(ion.exchange * (anodic - cathodic))
        return np.array(rates)
