"""An ideal z:z salt between two electrodes of its metal, electroneutral, in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zinterphase.scales import FARADAY


@dataclass(frozen=True)
class BinaryCell:
    """Closed cell of ``gap`` [m] with 2:2 salt, lumped Butler-Volmer without double layer.

    ``concentration`` [mol/m3] is the mean, ``diffusivity`` [m2/s] the cation's, ``exchange`` the
    exchange current density [A/m2] at ``reference`` [mol/m3] and alpha_a = alpha_c = 1. Steady
    state at the cathodic current density ``i`` > 0 [A/m2]: the anions rest in the field, c is
    linear. Newman & Thomas-Alyea, Electrochemical Systems, ch. 11.
    """

    concentration: float
    gap: float
    diffusivity: float
    exchange: float
    reference: float
    thermal_voltage: float

    @property
    def limiting_current(self) -> float:
        """8 F D+ c0 / L [A/m2]."""
        return 8 * FARADAY * self.diffusivity * self.concentration / self.gap

    def wall_concentrations(self, i: float) -> tuple[float, float]:
        """At the cathode and at the anode [mol/m3]."""
        change = i * self.gap / (8 * FARADAY * self.diffusivity)
        return self.concentration - change, self.concentration + change

    def metal_drop(self, i: float, concentration: float) -> float:
        """Metal minus liquid [V] at an electrode that runs at the anodic current density ``i``."""
        half = i / (2 * self.exchange)
        ratio = half + np.sqrt(half**2 + concentration / self.reference)
        return float(self.thermal_voltage * np.log(ratio))

    def liquid_drop(self, i: float) -> float:
        """Potential of the liquid at the anode minus that at the cathode [V]."""
        cathode, anode = self.wall_concentrations(i)
        return float(self.thermal_voltage / 2 * np.log(anode / cathode))

    def voltage(self, i: float) -> float:
        """Anode minus cathode [V]."""
        cathode, anode = self.wall_concentrations(i)
        metals = self.metal_drop(i, anode) - self.metal_drop(-i, cathode)
        return metals + self.liquid_drop(i)

    def kinetic(self, i: float) -> float:
        """Share of the kinetics in the voltage: what exceeds the local equilibria [V]."""
        return self.voltage(i) - 2 * self.liquid_drop(i)
