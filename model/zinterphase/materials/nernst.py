"""How the reference state of an electrode M(z+) + z e- = M moves with the ion's activity.

Equilibrium potential and exchange current density belong to one activity of the ion. Newman &
Thomas-Alyea, Electrochemical Systems, eqs. 8.18 to 8.21.
"""

from __future__ import annotations

from math import log


def potential_at(
    potential: float, activity_ratio: float, charge: int, thermal_voltage: float
) -> float:
    """Return the equilibrium potential [V] at ``activity_ratio`` times the activity of
    ``potential``; ``thermal_voltage`` is RT/F [V]."""
    return potential + thermal_voltage / charge * log(activity_ratio)


def exchange_current_at(
    reference: float, activity_ratio: float, alpha_anodic: float, charge: int
) -> float:
    """Return the exchange current density [A/m2] at ``activity_ratio`` times the activity of
    ``reference``.

    Mass action with alpha_a + alpha_c = z gives the order alpha_a / z.
    """
    order = alpha_anodic / charge
    return reference * float(activity_ratio**order)
