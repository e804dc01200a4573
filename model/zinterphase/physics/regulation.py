"""Charge of an oxide's surface that takes up protons."""

import ufl

from zinterphase.expressions import Expr
from zinterphase.scales import LN10


def protonated_share(ln_proton: Expr, pk: Expr) -> Expr:
    """Share of 1-pK sites, TiOH(-1/2) + H(+) = TiOH2(+1/2), that hold a proton.

    theta = 1/(1 + 10^(pH - pK)) with ``ln_proton`` = ln a(H+) at the surface; pK is the pH of zero
    charge. Van Riemsdijk, de Wit, Koopal & Bolt (1986), J. Colloid Interface Sci. 109, 219.
    """
    return 0.5 * (1.0 + ufl.tanh(0.5 * (ln_proton + LN10 * pk)))
