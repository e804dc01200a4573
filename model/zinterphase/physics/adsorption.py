"""How much of a species adsorbs."""

from zinterphase.expressions import Expr


def langmuir(strength: Expr, capacity: Expr) -> Expr:
    """Amount adsorbed in equilibrium, capacity K c/(1 + K c), of the unit of ``capacity``;
    ``strength`` is K c. Langmuir, J. Am. Chem. Soc. 40 (1918) 1361."""
    return capacity * strength / (1 + strength)
