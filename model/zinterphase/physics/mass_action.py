"""Rates of mass action."""

from collections.abc import Mapping

from zinterphase.expressions import Expr
from zinterphase.physics.functions import exp


def mass_action(
    constant: Expr, orders: Mapping[str, float], ln_activity: Mapping[str, Expr]
) -> Expr:
    """``constant`` prod a^order, in units of the constant."""
    powers = [order * ln_activity[name] for name, order in orders.items() if order]
    return constant * exp(sum(powers)) if powers else constant
