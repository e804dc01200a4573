"""Ion concentrations from electrochemical potentials, and effective transport in pores.

The unknowns are mu_i = ln(c_i g_i / (c_i g_i)_bulk) + z_i phi, with phi in units of RT/F, both
zero in the bulk; the flux is N_i = -D_i,eff c_i grad mu_i. Concentrations are positive by
construction.
"""

from collections.abc import Sequence
from typing import Any

import ufl


def relative_activities(mu: Sequence[Any], charges: Sequence[int], phi: Any) -> list[Any]:
    """Activities over their bulk values, exp(mu_i - z_i phi)."""
    return [ufl.exp(m - z * phi) for m, z in zip(mu, charges, strict=True)]


def steric_factor(activities: Sequence[Any], bulk_packing: Sequence[Any]) -> Any:
    """Common factor c_i / (c_i,bulk a_i) of the Bikerman / Kilic-Bazant-Ajdari model.

    ``bulk_packing`` are the volume fractions a^3 N_A c_i,bulk. With ln g = -ln(1 - sum a^3 N_A c)
    (Kilic, Bazant & Ajdari, 2007, PRE 75, 021503) the implicit relation has the closed form
    c_i = c_i,bulk a_i / (1 - P + sum_k p_k a_k), where P = sum_k p_k.
    """
    free = 1 - sum(bulk_packing)
    occupied = sum(p * a for p, a in zip(bulk_packing, activities, strict=True))
    return 1 / (free + occupied)
