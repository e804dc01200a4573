"""Elementary functions of numbers and of UFL expressions alike, so that a law is written once."""

import math

from zinterphase.expressions import Expr

_LARGEST_EXPONENT = 700.0


def exp(x: Expr) -> Expr:
    """e^x; of a number too large for it, infinity."""
    if not _is_number(x):
        return _ufl().exp(x)
    return math.exp(x) if x < _LARGEST_EXPONENT else math.inf


def ln(x: Expr) -> Expr:
    """Natural logarithm."""
    return math.log(x) if _is_number(x) else _ufl().ln(x)


def sqrt(x: Expr) -> Expr:
    """Square root."""
    return math.sqrt(x) if _is_number(x) else _ufl().sqrt(x)


def below(x: Expr, limit: float, value: Expr, otherwise: Expr) -> Expr:
    """``value`` where x < limit, ``otherwise`` elsewhere."""
    if _is_number(x):
        return value if x < limit else otherwise
    return _ufl().conditional(_ufl().lt(x, limit), value, otherwise)


def _is_number(x: Expr) -> bool:
    return isinstance(x, int | float)


def _ufl() -> Expr:
    """Loaded when a law first meets an expression: checking a case needs none of it."""
    import ufl

    return ufl
