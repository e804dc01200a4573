"""Kinetics of a substrate that the deposit covers only in part."""

from zinterphase.expressions import Expr
from zinterphase.physics.functions import below, exp


def nucleation_limited(
    covered: Expr, bare: Expr, overpotential: Expr, barrier: Expr, width: Expr, coverage: Expr
) -> Expr:
    """Faradaic current density [A/m2] of a substrate covered by deposit to a share ``coverage``.

    ``covered`` is the rate law of the deposit, ``bare`` the law of the substrate at a potential
    that is higher by the nucleation overpotential ``barrier``: nothing dissolves from it, and it
    plates where the surface overpotential ``overpotential`` lies below ``-barrier``, switched over
    ``width``. The three are in units of RT/F. Steady form of the coverage model: the share is given
    and does not grow.
    """
    open_share = 1 / (1 + exp((overpotential + barrier) / width))
    nucleating = below(bare, 0.0, bare, 0.0)
    return coverage * covered + (1 - coverage) * open_share * nucleating
