"""The equations as a sum of terms, each with its part of the rows of liquid and solid."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import ufl


@dataclass(frozen=True)
class Rows:
    """Parts of the residual, linear forms in the test functions; None where there is nothing."""

    liquid: ufl.Form | None = None
    solid: ufl.Form | None = None

    def __add__(self, other: "Rows") -> "Rows":
        return Rows(added(self.liquid, other.liquid), added(self.solid, other.solid))

    def __neg__(self) -> "Rows":
        return Rows(
            None if self.liquid is None else -self.liquid,
            None if self.solid is None else -self.solid,
        )


@dataclass(frozen=True)
class Term:
    """One effect in the equations; ``name`` tells terms apart where some are left out."""

    name: str
    rows: Rows = field(default_factory=Rows)


def total(terms: Iterable[Term]) -> Rows:
    """The residual that the terms add up to."""
    return sum((term.rows for term in terms), Rows())


def added(a: ufl.Form | None, b: ufl.Form | None) -> ufl.Form | None:
    """Sum of two forms; None stands for nothing."""
    if a is None or b is None:
        return b if a is None else a
    both: ufl.Form = a + b
    return both
