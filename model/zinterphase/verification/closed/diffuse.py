"""The diffuse layer of a z:z electrolyte at a plane wall: Gouy-Chapman, Stern, Bikerman."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from zinterphase.physics.electrostatics import debye_length
from zinterphase.scales import AVOGADRO, FARADAY, VACUUM_PERMITTIVITY

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class DiffuseLayer:
    """Equilibrium of ions of charge +-``charge`` with a bulk of ``concentration`` [mol/m3].

    ``permittivity`` is relative, ``thermal_voltage`` RT/F [V]; ions have no size without a
    ``diameter`` [m]. ``drop`` is the potential of the wall against the bulk [V].
    """

    charge: int
    concentration: float
    permittivity: float
    thermal_voltage: float
    diameter: float | None = None

    @property
    def debye_length(self) -> float:
        """Debye length [m]."""
        ions = [(z, self.concentration) for z in (self.charge, -self.charge)]
        return debye_length(self.permittivity, self.thermal_voltage, ions)

    @property
    def packing(self) -> float:
        """nu = 2 a^3 N_A c, the share of sites that are occupied in the bulk."""
        return (
            0.0 if self.diameter is None else 2 * self.diameter**3 * AVOGADRO * self.concentration
        )

    def surface_charge(self, drop: float) -> float:
        """Charge of the wall [C/m2]: Grahame (1947); Kilic, Bazant & Ajdari (2007), eq. 15."""
        u = self.charge * drop / self.thermal_voltage
        unit = 2 * self.charge * FARADAY * self.concentration * self.debye_length
        if self.diameter is None:
            return float(unit * 2 * np.sinh(u / 2))
        crowded = np.log1p(2 * self.packing * np.sinh(u / 2) ** 2)
        return float(np.sign(drop) * unit * np.sqrt(2 / self.packing * crowded))

    def capacitance(self, drop: float) -> float:
        """Differential capacitance of the diffuse layer [F/m2]."""
        u = self.charge * drop / self.thermal_voltage
        unit = VACUUM_PERMITTIVITY * self.permittivity / self.debye_length
        if self.diameter is None:
            return float(unit * np.cosh(u / 2))
        crowded = 1 + 2 * self.packing * np.sinh(u / 2) ** 2
        root = np.sqrt(2 / self.packing * np.log(crowded))
        return float(unit * np.sinh(abs(u)) / (crowded * root))

    def co_ion(self, drop: float) -> float:
        """Concentration at the wall of the ion with the wall's sign [mol/m3]."""
        u = self.charge * abs(drop) / self.thermal_voltage
        crowded = 1 + 2 * self.packing * np.sinh(u / 2) ** 2
        return float(self.concentration * np.exp(-u) / crowded)

    def potential(self, distance: Array, drop: float) -> Array:
        """Potential [V] at ``distance`` [m] from the wall; ions without size only."""
        assert self.diameter is None
        start = np.tanh(self.charge * drop / self.thermal_voltage / 4)
        decay = start * np.exp(-distance / self.debye_length)
        return np.asarray(4 * self.thermal_voltage / self.charge * np.arctanh(decay))

    def drop_of_charge(self, charge_density: float) -> float:
        """Inverse of :meth:`surface_charge` for ions without size [V]."""
        assert self.diameter is None
        unit = 2 * self.charge * FARADAY * self.concentration * self.debye_length
        u = 2 * np.arcsinh(charge_density / unit / 2)
        return float(u * self.thermal_voltage / self.charge)

    def drop_behind(self, stern_capacitance: float, voltage: float) -> float:
        """Share of the diffuse layer in ``voltage`` behind a compact layer [F/m2] (Stern, 1924)."""

        def excess(drop: float) -> float:
            return self.surface_charge(drop) - stern_capacitance * (voltage - drop)

        return float(scipy.optimize.brentq(excess, 0.0, voltage, xtol=1e-16, rtol=1e-14))
