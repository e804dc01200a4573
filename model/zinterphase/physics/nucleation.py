"""Kinetics of a substrate that the deposit covers only in part."""

from zinterphase.expressions import Expr
from zinterphase.physics.functions import below, exp


def nucleating_current(bare: Expr, overpotential: Expr, barrier: Expr, width: Expr) -> Expr:
    """Current density [A/m2] of the part that is not covered, as in :func:`nucleation_limited`."""
    open_share = 1 / (1 + exp((overpotential + barrier) / width))
    return open_share * below(bare, 0.0, bare, 0.0)


def nucleation_limited(
    covered: Expr, bare: Expr, overpotential: Expr, barrier: Expr, width: Expr, coverage: Expr
) -> Expr:
    """Faradaic current density [A/m2] of a substrate covered by deposit to a share ``coverage``.

    ``covered`` is the rate law of the deposit, ``bare`` the law of the substrate at a potential
    that is higher by the nucleation overpotential ``barrier``: nothing dissolves from it, and it
    plates where the surface overpotential ``overpotential`` lies below ``-barrier``, switched over
    ``width``. The three are in units of RT/F. The share is given, or grows (`physics.coverage`).
    """
    nucleating = nucleating_current(bare, overpotential, barrier, width)
    return coverage * covered + (1 - coverage) * nucleating
