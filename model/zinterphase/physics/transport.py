"""Ion concentrations from electrochemical potentials, and effective transport in pores.

The unknowns are mu_i = ln(c_i g_i / (c_i g_i)_bulk) + z_i phi, with phi in units of RT/F, both
zero in the bulk; the flux is N_i = -D_i,eff c_i grad mu_i. Concentrations are positive by
construction.
"""

from collections.abc import Sequence

import ufl

from zinterphase.expressions import Expr


def relative_activities(mu: Sequence[Expr], charges: Sequence[int], phi: Expr) -> list[Expr]:
    """Activities over their bulk values, exp(mu_i - z_i phi)."""
    return [ufl.exp(m - z * phi) for m, z in zip(mu, charges, strict=True)]


def steric_factor(packing: Expr, bulk_packing: Expr) -> Expr:
    """Common factor c_i / (c_i,bulk a_i) of the Bikerman / Kilic-Bazant-Ajdari model.

    ``bulk_packing`` is the volume fraction P of all ions in the bulk, sum a^3 N_A c_i,bulk, and
    ``packing`` the same sum with every c_i,bulk times the ion's relative activity a_i. With
    ln g = -ln(1 - sum a^3 N_A c) (Kilic, Bazant & Ajdari, 2007, PRE 75, 021503) the implicit
    relation has the closed form c_i = c_i,bulk a_i / (1 - P + sum_k p_k a_k).
    """
    return 1 / (1 - bulk_packing + packing)
