"""Global scalar unknowns: the electrode potential, the amount of an ion in a closed cell."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Constraint:
    """The equation ``integral(integrand) = target`` that fixes the global unknown ``scalar``."""

    scalar: GlobalScalar
    integral: ufl.Form
    target: Constant


def constant(mesh: Mesh, value: float) -> Constant:
    """A scalar that can change without recompiling forms."""
    return fem.Constant(mesh, PETSc.ScalarType(value))
