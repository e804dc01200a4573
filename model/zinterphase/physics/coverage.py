"""How far a substrate is covered by deposit after a step of time, in closed form.

Coverage theta: d theta/dt = (1 - theta) g with g >= 0, linear in theta. Metal m on it, in
monolayers: dm/dt = -theta l + (1 - theta) n. ``rate`` y + ``earlier`` stands for dy/dt of a
difference formula in time, ``rate`` > 0.
"""

from zinterphase.expressions import Expr
from zinterphase.physics.functions import below


def grown_share(growth: Expr, rate: Expr, earlier: Expr) -> Expr:
    """Coverage that grows at ``growth`` g [1/s] on what is not covered, 1 at most."""
    share = (growth - earlier) / (rate + growth)
    return below(share, 1.0, share, 1.0)


def left_share(grown: Expr, loss: Expr, gain: Expr, rate: Expr, earlier: Expr) -> Expr:
    """Coverage where metal dissolves: a monolayer is the thinnest, theta <= m.

    ``loss`` l and ``gain`` n [1/s] are in monolayers, l < 0 where the covered part grows: there it
    stays ``grown``. ``earlier`` is that of m.
    """
    dissolving = below(loss, 0.0, 0.0, loss)
    share = (gain - earlier) / (rate + dissolving + gain)
    share = below(share, 0.0, 0.0, share)
    least = below(share - grown, 0.0, share, grown)
    return below(-loss, 0.0, least, grown)
