"""How fast a dissolved complex forms from its parts."""

from collections.abc import Mapping

from zinterphase.expressions import Expr
from zinterphase.physics.functions import exp


def formation_and_decay(
    exchange: Expr, name: str, composition: Mapping[str, float], ln_activity: Mapping[str, Expr]
) -> tuple[Expr, Expr]:
    """Rates per volume by mass action, both of them ``exchange`` at the reference composition.

    ``composition`` counts the parts of one complex ``name``, negative for what splits off as it
    forms; ``ln_activity`` are those against the reference. Detailed balance: they are equal where
    the complex is in equilibrium, whatever the composition.
    """
    forming = sum(nu * ln_activity[ion] for ion, nu in composition.items() if nu > 0)
    decaying = ln_activity[name] - sum(
        nu * ln_activity[ion] for ion, nu in composition.items() if nu < 0
    )
    return exchange * exp(forming), exchange * exp(decaying)
