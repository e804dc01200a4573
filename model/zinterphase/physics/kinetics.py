"""Rate laws of a metal-ion electrode M(z+) + z e- = M."""

from typing import Any

import ufl


def butler_volmer(
    overpotential: Any,
    exchange_current_density: Any,
    alpha_anodic: Any,
    alpha_cathodic: Any,
    ln_activity: Any,
) -> Any:
    """Faradaic current density [A/m2], positive for dissolution.

    ``overpotential`` is the metal potential minus the potential at the plane of reaction minus
    the equilibrium potential at the bulk composition, in units of RT/F. ``ln_activity`` is the
    logarithm of the reacting ion's activity at the plane of reaction over that in the bulk
    (Frumkin's correction enters through it and through the overpotential); the law vanishes
    where both sides are in equilibrium for ``alpha_anodic + alpha_cathodic = z`` only.
    Newman & Thomas-Alyea, Electrochemical Systems, eq. 8.23; Frumkin, 1933.
    """
    anodic = ufl.exp(alpha_anodic * overpotential)
    cathodic = ufl.exp(ln_activity - alpha_cathodic * overpotential)
    return exchange_current_density * (anodic - cathodic)


def linear_kinetics(
    overpotential: Any, exchange_current_density: Any, charge: int, ln_activity: Any
) -> Any:
    """Linearised Butler-Volmer law [A/m2]: i = i0 (z eta - ln a), i.e. R_ct = RT/(z F i0)."""
    return exchange_current_density * (charge * overpotential - ln_activity)
