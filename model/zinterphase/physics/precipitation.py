"""How far a liquid is supersaturated with a solid, and how fast the solid forms."""

from collections.abc import Mapping

from zinterphase.expressions import Expr
from zinterphase.physics.functions import exp


def ln_saturation(at_reference: float, dissolved: Mapping[str, float],
                  ln_activity: Mapping[str, Expr]) -> Expr:  # fmt: skip
    """ln Omega, positive where the liquid is supersaturated.

    ``dissolved`` counts the species that the solid gives, ``ln_activity`` are theirs against a
    reference where ln Omega is ``at_reference``. A solid is neutral, so that no potential counts.
    """
    return at_reference + sum(number * ln_activity[name] for name, number in dissolved.items())


def precipitation_rate(ln_omega: Expr, rate_constant: Expr, root: float) -> Expr:
    """Rate per area [mol/m2/s], k (Omega^(1/n) - 1), negative where the solid dissolves."""
    return rate_constant * (exp(ln_omega / root) - 1)
