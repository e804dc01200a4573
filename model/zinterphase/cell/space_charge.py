"""Space charge of a layer at rest, as the potential in it is pulled away from its inside."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import copysign, exp, inf, log1p, sqrt

import scipy

from zinterphase.scales import FARADAY

LARGEST_EXPONENT = 500.0
FARTHEST = 1000.0
"""Potential [RT/F] up to which a balance of charges is looked for."""
GENTLE = 1.0
"""Drop [RT/F] up to which a double layer has the length of a weak one."""


@dataclass(frozen=True)
class SpaceCharge:
    """Ions, fixed charge and metal of pores in equilibrium with the bulk at potential u [RT/F].

    Attributes
    ----------
    ions : Charge number and concentration in the bulk [mol/m3] of each.
    porosity : Of the layer.
    fixed_charge : Per pore volume [mol/m3].
    permittivity : Of the layer [F/m].
    thermal_voltage : RT/F [V].
    site_volume : a^3 N_A of the steric model [m3/mol], None for ideal ions.
    pore_capacitance : Of the compact layer on metal in the pores, per volume [F/m3].
    pore_potential : Where that metal has no charge [RT/F].
    """

    ions: tuple[tuple[int, float], ...]
    porosity: float
    fixed_charge: float
    permittivity: float
    thermal_voltage: float
    site_volume: float | None = None
    pore_capacitance: float = 0.0
    pore_potential: float = 0.0

    def density(self, u: float) -> float:
        """Charge per volume of the layer [C/m3], falling with u."""
        crowding = 1.0 if self.site_volume is None else 1.0 + self.site_volume * self._excess(u)
        mobile = sum(z * c * _boltzmann(z, u) for z, c in self.ions) / crowding
        metal = self.pore_capacitance * self.thermal_voltage * (self.pore_potential - u)
        return FARADAY * self.porosity * (mobile + self.fixed_charge) + metal

    @cached_property
    def inside(self) -> float:
        """Potential where the layer is neutral: Donnan's, or that of the pores' metal."""
        return falling_root(self.density, 0.0)

    def charge(self, u: float) -> float:
        """Charge [C/m2] that holds a plane at u against the inside; it has the sign of the drop.

        First integral of Poisson's equation, q^2 = 2 eps int -rho du: Gouy, 1910; Chapman, 1913;
        with ions of finite size Kilic, Bazant & Ajdari (2007), PRE 75, 021502, eq. 15.
        """
        energy = max(self._energy(self.inside) - self._energy(u), 0.0)
        return copysign(
            sqrt(2.0 * self.permittivity * self.thermal_voltage * energy), u - self.inside
        )

    def length(self, u: float) -> float:
        """Thickness [m] of the charge at a plane at u, were it as dense as there.

        The Debye length for small drops, to be taken from there: infinite here; lambda_D/cosh(h/2)
        at the drop h of ideal symmetric ions; the crowded layer's where ions fill all sites.
        """
        if abs(u - self.inside) < GENTLE:
            return inf
        return abs(self.charge(u) / self.density(u))

    def _excess(self, u: float) -> float:
        return sum(c * (_boltzmann(z, u) - 1.0) for z, c in self.ions)

    def _energy(self, u: float) -> float:
        """Integral of the density over u [C/m3]."""
        excess = self._excess(u)
        if self.site_volume is not None:
            excess = log1p(self.site_volume * excess) / self.site_volume
        ionic = FARADAY * self.porosity * (self.fixed_charge * u - excess)
        metal = self.pore_capacitance * self.thermal_voltage
        return ionic - 0.5 * metal * (self.pore_potential - u) ** 2


def wall_potential(layer: SpaceCharge, capacitance: float, uncharged: float) -> float:
    """Potential [RT/F] of the plane behind a compact layer [F/m2] (Stern, 1924).

    ``uncharged`` is the metal's potential against that of zero charge.
    """
    stern = capacitance * layer.thermal_voltage
    return falling_root(lambda u: stern * (uncharged - u) - layer.charge(u), layer.inside)


def face_potential(lower: SpaceCharge, upper: SpaceCharge, charge: float) -> float:
    """Potential [RT/F] of the face between two layers that carries ``charge`` [C/m2]."""
    return falling_root(lambda u: charge - lower.charge(u) - upper.charge(u), lower.inside)


def falling_root(function: Callable[[float], float], start: float) -> float:
    """Root of a falling function, looked for from ``start`` outwards.

    Where there is none within `FARTHEST` of it, that end.
    """
    value = function(start)
    if value == 0.0:
        return start
    step = copysign(1.0, value)
    near, far = start, start + step
    while function(far) * value > 0.0:
        step *= 2.0
        near, far = far, start + step
        if abs(step) > FARTHEST:
            return far
    return float(scipy.optimize.brentq(function, near, far, xtol=1e-12, rtol=1e-12))


def _boltzmann(z: int, u: float) -> float:
    return exp(min(-z * u, LARGEST_EXPONENT))
