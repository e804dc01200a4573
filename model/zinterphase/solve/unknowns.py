"""Global scalar unknowns: the electrode potential, the amount of an ion in a closed cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import ufl
from dolfinx import fem
from petsc4py import PETSc

from zinterphase.fem_types import Constant, Mesh


class GlobalScalar:
    """One number known to all cells, as a coefficient that forms can be differentiated by."""

    def __init__(self, mesh: Mesh, name: str) -> None:
        """Start at zero; collective."""
        self.function = fem.Function(fem.functionspace(mesh, ("DG", 0)), name=name)
        self._value = 0.0

    @property
    def value(self) -> float:
        """The number, equal on all ranks."""
        return self._value

    @value.setter
    def value(self, value: float) -> None:
        self._value = float(value)
        self.function.x.array[:] = value


class Constraint(Protocol):
    """An equation in the value of an integral and in ``scalar``, which it determines."""

    @property
    def scalar(self) -> GlobalScalar:
        """The global unknown."""

    @property
    def integral(self) -> ufl.Form:
        """Functional of the fields and of the global unknowns."""

    def residual(self, value: float) -> float:
        """Left side of the equation for a value of the integral."""

    @property
    def by_integral(self) -> float:
        """Its derivative by the integral; zero where the equation fixes the scalar by itself."""

    def by_scalar(self, value: Callable[[], float]) -> float:
        """Its derivative by the scalar where the integral, computed on demand, is kept."""


@dataclass
class Amount:
    """``integral`` = ``target``, e.g. the amount of an ion in a closed cell [mol].

    ``held`` where other equations keep the amount: the scalar stays as it is.
    """

    scalar: GlobalScalar
    integral: ufl.Form
    target: float
    held: bool = False

    def residual(self, value: float) -> float:
        """What is too much."""
        return 0.0 if self.held else value - self.target

    @property
    def by_integral(self) -> float:
        """One, or nothing where the scalar is held."""
        return 0.0 if self.held else 1.0

    def by_scalar(self, value: Callable[[], float]) -> float:
        """The scalar acts through the integral only, or stays."""
        return 1.0 if self.held else 0.0


def constant(mesh: Mesh, value: float) -> Constant:
    """A scalar that can change without recompiling forms."""
    return fem.Constant(mesh, PETSc.ScalarType(value))
