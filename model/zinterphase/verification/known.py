"""Built-in problems with known solutions, and what they check: numbers against known values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

Suite = Literal["fast", "full"]


@dataclass(frozen=True)
class Check:
    """A quantity with its computed and its exact value.

    ``error`` is what ``tolerance`` is compared with: relative to the exact value, to a scale of the
    problem, or absolute, as the function says that made the check.
    """

    quantity: str
    computed: float
    exact: float
    error: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether the error is within the tolerance; NaN is not."""
        return self.error <= self.tolerance

    @property
    def share(self) -> float:
        """Share of the tolerance that is used; infinite where it is exceeded."""
        if not self.passed:
            return float("inf")
        return self.error / self.tolerance if self.tolerance else 0.0


Checks = Callable[[MPI.Intracomm], Iterable[Check]]


@dataclass(frozen=True)
class KnownProblem:
    """A problem whose solution is known independently of the finite elements.

    ``name`` is "family.problem"; ``what`` says in one line what is compared, ``source`` where the
    known values come from. ``fast`` puts it into the suite of that name; all are in `full`.
    ``checks(comm)`` solves on all ranks of ``comm`` and yields the comparisons; collective.
    """

    name: str
    what: str
    source: str
    checks: Checks
    fast: bool = True

    @property
    def family(self) -> str:
        """First part of the name."""
        return self.name.partition(".")[0]


def relative(quantity: str, computed: float, exact: float, tolerance: float) -> Check:
    """Error relative to the exact value."""
    return absolute(quantity, computed, exact, tolerance, scale=abs(exact))


def absolute(
    quantity: str, computed: float, exact: float, tolerance: float, *, scale: float = 1.0
) -> Check:
    """Error over ``scale``, the size of what the quantity is part of."""
    error = abs(float(computed) - float(exact)) / scale
    return Check(quantity, float(computed), float(exact), error, tolerance)


def worst(
    quantity: str, computed: npt.ArrayLike, exact: npt.ArrayLike, tolerance: float, *, scale: float
) -> Check:
    """The point of a profile with the largest error over ``scale``."""
    pair = np.broadcast_arrays(np.asarray(computed, dtype=float), np.asarray(exact, dtype=float))
    found, known = (array.ravel() for array in pair)
    k = int(np.argmax(np.abs(found - known)))
    return absolute(quantity, found[k], known[k], tolerance, scale=scale)


def at_least(quantity: str, computed: float, bound: float) -> Check:
    """A lower bound; the error is what is missing."""
    missing = max(0.0, bound - computed) if computed == computed else float("nan")
    return Check(quantity, float(computed), bound, missing, 0.0)


def at_most(quantity: str, computed: float, bound: float) -> Check:
    """An upper bound; the error is the excess."""
    excess = max(0.0, computed - bound) if computed == computed else float("nan")
    return Check(quantity, float(computed), bound, excess, 0.0)


def order_of(
    quantity: str,
    sizes: npt.ArrayLike,
    errors: npt.ArrayLike,
    expected: float,
    tolerance: float,
) -> Check:
    """Order of convergence, the slope of ln(error) over ln(size) through all meshes."""
    fit = np.polyfit(np.log(np.asarray(sizes)), np.log(np.asarray(errors)), 1)
    return absolute(f"order of {quantity}", fit[0], expected, tolerance)


def last_order(
    quantity: str,
    sizes: npt.ArrayLike,
    errors: npt.ArrayLike,
    expected: float,
    tolerance: float,
) -> Check:
    """Order of convergence between the two finest meshes, which come last."""
    h, e = np.asarray(sizes, dtype=float), np.asarray(errors, dtype=float)
    observed = np.log(e[-1] / e[-2]) / np.log(h[-1] / h[-2])
    return absolute(f"order of {quantity}", observed, expected, tolerance)
