"""Charge of a thin diffuse layer in equilibrium (Gouy-Chapman)."""

from collections.abc import Sequence

import ufl

from zinterphase.expressions import Expr

_SERIES = 1e-2


def gouy_chapman_charge(
    drop: Expr, ions: Sequence[tuple[int, Expr]], permittivity: Expr, thermal_energy: Expr
) -> Expr:
    """Charge [C/m2] that a metal needs against a diffuse layer with the potential ``drop`` [RT/F]
    from its inner to its outer edge.

    ``ions`` are charge and concentration [mol/m3] at the outer edge, which may carry a fixed charge
    too: its density follows from theirs by neutrality. ``permittivity`` [F/m], ``thermal_energy``
    is RT per volume of ions [J/mol]. First integral of Poisson-Boltzmann,
    q = sign(h) (2 eps RT sum c (exp(-z h) - 1 + z h))^1/2; Gouy, 1910; Chapman, 1913; in a charged
    film Ohshima & Ohki, 1985.
    """
    small = ufl.lt(abs(drop), _SERIES)
    away = ufl.conditional(small, _SERIES, drop)
    # The sum over h^2, by its series where it would be a difference of nearly equal numbers.
    full = sum(c * (ufl.exp(-z * away) - 1 + z * away) for z, c in ions) / away**2
    series = sum(
        c * z**2 * (1 / 2 - z * drop / 6 + (z * drop) ** 2 / 24 - (z * drop) ** 3 / 120)
        for z, c in ions
    )
    density = ufl.conditional(small, series, full)
    return drop * ufl.sqrt(2 * permittivity * thermal_energy * density)
