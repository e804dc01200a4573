"""A layer of fixed charge next to a z:z salt: Donnan equilibrium, and its flux under current."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy


@dataclass(frozen=True)
class ChargedLayer:
    """Fixed charge [mol/m3 of pore liquid] in contact with ``concentration`` [mol/m3] of a salt.

    Potentials are in units of RT/(z F), against the liquid outside.
    """

    charge: int
    concentration: float
    fixed_charge: float

    @property
    def donnan_potential(self) -> float:
        """Deep inside: sinh(u_D) = X/(2 z c) (Donnan, 1911)."""
        return float(np.arcsinh(self.fixed_charge / (2 * self.charge * self.concentration)))

    @property
    def face_potential(self) -> float:
        """At the face of a thick layer of the liquid's permittivity and porosity one:
        u_D - tanh(u_D/2) (Ohshima & Ohki, Biophys. J. 47, 673, 1985)."""
        return float(self.donnan_potential - np.tanh(self.donnan_potential / 2))

    def cation(self, anion: float) -> float:
        """Cation's concentration of the neutral layer beside that of the anion."""
        return anion - self.fixed_charge / self.charge


@dataclass(frozen=True)
class Plating:
    """Teorell-Meyer-Sievers: cations cross free liquid and a charged layer to a metal, anions rest.

    ``gap`` [m] of liquid lies over ``thickness`` [m] of the layer with transport factor
    ``transport``; ``diffusivity`` [m2/s] is the cation's. Faces in Donnan equilibrium, neutral
    inside: exact up to the Debye length over the thickness.
    """

    layer: ChargedLayer
    thickness: float
    transport: float
    gap: float
    diffusivity: float

    def outer_concentration(self, flux: float) -> float:
        """Salt at the layer's face [mol/m3] for the cation's ``flux`` to the metal [mol/m2/s]."""
        return self.layer.concentration - flux * self.gap / (2 * self.diffusivity)

    def inner_anion(self, flux: float) -> float:
        """Anion at the metal [mol/m3].

        The flux k D (2 + d/c-) dc-/dy, d = c+ - c-, integrates to 2 c- + d ln c-.
        """
        layer = self.layer
        excess = -layer.fixed_charge / layer.charge
        outer = self.outer_concentration(flux)
        face = -excess / 2 + np.sqrt((excess / 2) ** 2 + outer**2)
        smallest = max(0.0, -excess)

        def missing(anion: float) -> float:
            change = 2 * (face - anion) + excess * np.log(face / anion)
            return float(change - flux * self.thickness / (self.transport * self.diffusivity))

        return float(
            scipy.optimize.brentq(missing, smallest + 1e-14 * face, face, xtol=1e-16, rtol=1e-14)
        )

    def reactant_potential(self, flux: float) -> float:
        """Electrochemical potential of the cation at the metal against the bulk [RT]."""
        anion = self.inner_anion(flux)
        bulk = self.layer.concentration
        return float(np.log(self.layer.cation(anion) * anion / bulk**2))
