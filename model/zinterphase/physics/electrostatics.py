"""Poisson's equation, the compact (Stern) layer and the Debye length."""

from collections.abc import Iterable
from math import sqrt

from zinterphase.expressions import Expr
from zinterphase.scales import FARADAY, VACUUM_PERMITTIVITY


def debye_length(
    permittivity: float,
    thermal_voltage: float,
    ions: Iterable[tuple[int, float]],
) -> float:
    """Debye length [m] of a bulk of ions (charge number, concentration [mol/m3]).

    ``permittivity`` is relative, ``thermal_voltage`` is RT/F [V]. Debye & Hueckel, 1923:
    lambda^2 = eps RT / (F^2 sum z^2 c).
    """
    strength = sum(charge**2 * concentration for charge, concentration in ions)
    return sqrt(VACUUM_PERMITTIVITY * permittivity * thermal_voltage / (FARADAY * strength))


def stern_charge(
    stern_capacitance: Expr, metal_potential: Expr, plane_potential: Expr, pzc: Expr
) -> Expr:
    """Charge density of the metal [C/m2] behind a Stern layer of constant capacitance [F/m2].

    The potentials [V] are those of the metal, of the outer Helmholtz plane and the metal's
    potential of zero charge on the scale of the first. Stern, 1924; Robin condition
    eps dphi/dn = q with n pointing into the metal.
    """
    return stern_capacitance * (metal_potential - plane_potential - pzc)
