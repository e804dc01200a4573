"""Elementary functions of numbers and of UFL expressions alike, so that a law is written once."""

import math
from typing import Any


def exp(x: Any) -> Any:
    """e^x."""
    return math.exp(x) if _is_number(x) else _ufl().exp(x)


def ln(x: Any) -> Any:
    """Natural logarithm."""
    return math.log(x) if _is_number(x) else _ufl().ln(x)


def sqrt(x: Any) -> Any:
    """Square root."""
    return math.sqrt(x) if _is_number(x) else _ufl().sqrt(x)


def below(x: Any, limit: float, value: Any, otherwise: Any) -> Any:
    """``value`` where x < limit, ``otherwise`` elsewhere."""
    if _is_number(x):
        return value if x < limit else otherwise
    return _ufl().conditional(_ufl().lt(x, limit), value, otherwise)


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float)


def _ufl() -> Any:
    """Loaded when a law first meets an expression: checking a case needs none of it."""
    import ufl

    return ufl
