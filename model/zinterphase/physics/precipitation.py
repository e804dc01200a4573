"""How far a liquid is supersaturated with a solid, how fast that forms, and what it covers."""

from collections.abc import Mapping

from zinterphase.expressions import Expr
from zinterphase.physics.functions import below, exp, sqrt


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


def covered_share(supply: Expr, used: Expr, rate: Expr, half: Expr) -> Expr:
    """Share m/(m + half) of a wall that an amount m [mol/m2] of solid covers after a step of time.

    A reaction uses ``used`` [mol/m2/s] of it where all is covered, so that with a formula of time
    ``rate`` m = ``supply`` - ``used`` m/(m + half): a quadratic equation with one root above zero,
    and none left where nothing is supplied.
    """
    supply = below(supply, 0.0, 0.0, supply)
    linear = rate * half - supply + used
    root = sqrt(linear**2 + 4 * rate * half * supply)
    return 2 * supply / (2 * supply + linear + root)
