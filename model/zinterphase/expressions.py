"""Names for what UFL leaves untyped."""

from typing import Any

type Expr = Any
"""A UFL expression: a field, a coefficient, or what a law makes of them. A number will do too."""
