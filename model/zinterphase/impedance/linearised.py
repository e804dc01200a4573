"""A problem linearised about its present state, with what it stores beside what it conducts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import ufl
from petsc4py import PETSc

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.errors import CaseError
from zinterphase.solve.boundary import fixed_dofs
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Storage
from zinterphase.solve.system import LIQUID, Array, FieldBlock, FixedDofs, System
from zinterphase.solve.terms import added
from zinterphase.solve.unknowns import GlobalScalar

type Complex = npt.NDArray[np.complex128]

ALL_STORAGE = 1e12
"""Rate [1/s] at which nothing but storage is left of the Jacobian; what it is over the rate, less
what conducts, is storage to the last digit."""


@dataclass(frozen=True)
class Terminal:
    """The working electrode's potential as the signal, its whole current as the answer."""

    scalar: GlobalScalar
    integral: ufl.Form
    by_integral: float = 1.0

    def residual(self, value: float) -> float:
        """The current itself."""
        return value

    def by_scalar(self, value: Callable[[], float]) -> float:
        """The potential acts through the current only."""
        return 0.0


@dataclass(frozen=True, eq=False)
class Border:
    """How rows answer the potential (``column``), the current the fields (``row``) and the
    potential (``corner``), at a rate of zero and per rate."""

    column: tuple[Array, Array]
    row: tuple[Array, Array]
    corner: tuple[float, float]

    def at(self, omega: float) -> tuple[Complex, Complex, complex]:
        """Column, row and corner at an angular frequency [rad/s]."""
        (c0, c1), (r0, r1), (d0, d1) = self.column, self.row, self.corner
        return c0 + 1j * omega * c1, r0 + 1j * omega * r1, complex(d0, omega * d1)


class SmallSignal:
    """(J + i w M) du = -(c + i w e) dU about the present state of a problem; everything collective.

    J is the Jacobian without storage, M the derivative of the stored amounts. Amounts of enclosed
    ions are kept by storage itself: their levels stay, and no unknown is pinned. States of walls
    stay as they are. Rows are divided by the norms of J's: in amperes those of Poisson's equation
    are larger than those of transport by orders of magnitude.
    """

    def __init__(self, problem: Problem, storage: Storage) -> None:
        """Compile and assemble; raises :class:`CaseError` where nothing is stored."""
        require_level(problem.case)
        self.problem, self.storage = problem, storage
        rows = storage.term.rows
        # A problem in time has its storage among its rows.
        own = (None, None) if problem.storage is storage else (rows.liquid, rows.solid)
        blocks = [
            FieldBlock(b.name, b.field, b.test, _sum(b.residual, more))
            for b, more in zip(problem.system.blocks, own, strict=False)
        ]
        current = added(
            problem.working.current(problem.level, problem.measures),
            storage.charging(problem.working.name),
        )
        assert current is not None
        self.system = System(
            problem.domain.comm,
            blocks,
            [Terminal(problem.potential, current)],
            _without_pins(problem, fixed_dofs(problem)),
            problem.measures.entity_maps,
        )
        self._assemble()

    def close(self) -> None:
        """Free the matrices; collective."""
        for matrix in (self.conducting, self.storing, self.system.matrix):
            matrix.destroy()

    def combined(self, omega: float) -> PETSc.Mat:
        """A new matrix J + ``omega`` M."""
        matrix = self.conducting.copy()
        matrix.axpy(omega, self.storing, PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
        return matrix

    # -- details --------------------------------------------------------------------------

    def _assemble(self) -> None:
        storage = self.storage
        rate = float(storage.rate.value)
        storage.rate.value[...] = 0.0
        weights = 1 / _row_norms(self.system.assemble_jacobian())
        still, last = self._at(0.0, weights), self._at(ALL_STORAGE, weights)
        storage.rate.value[...] = rate
        self.conducting, self.storing = still[0], last[0]
        self.storing.axpy(-1.0, self.conducting, PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
        self.storing.scale(1.0 / ALL_STORAGE)

        def per_rate(at_rest: Array, at_rate: Array) -> tuple[Array, Array]:
            return at_rest, (at_rate - at_rest) / ALL_STORAGE

        corners = per_rate(np.array(still[3]), np.array(last[3]))
        self.border = Border(
            per_rate(still[1], last[1]),
            per_rate(still[2], last[2]),
            (float(corners[0]), float(corners[1])),
        )

    def _at(self, rate: float, weights: Array) -> tuple[PETSc.Mat, Array, Array, float]:
        self.storage.rate.value[...] = rate
        matrix = self.system.assemble_jacobian().copy()
        scales = matrix.createVecLeft()
        scales.array[:] = weights
        matrix.diagonalScale(scales)
        scales.destroy()
        columns, rows, corner = self.system.border()
        return matrix, weights * columns[0], rows[0], float(corner[0, 0])


def _row_norms(matrix: PETSc.Mat) -> Array:
    """Of the rows of this rank; there is an entry in each."""
    starts, _, entries = matrix.getValuesCSR()
    return np.sqrt(np.add.reduceat(entries**2, starts[:-1]))


def require_level(case: Case) -> None:
    """Raise :class:`CaseError` where nothing of a case changes with the frequency."""
    facts = LEVELS[case.level]
    stores = any(k.double_layer_capacitance is not None for k in case.kinetics.values())
    if not facts.kinetics or not (facts.concentrations or stores):
        allowed = (
            "one that stores, for an impedance: pnp, concentrated, electroneutral, or secondary "
            "with a double_layer_capacitance"
        )
        raise CaseError("level", case.level, allowed)


def _sum(form: ufl.Form, more: ufl.Form | None) -> ufl.Form:
    found = added(form, more)
    assert found is not None
    return found


def _without_pins(problem: Problem, fixed: Sequence[FixedDofs]) -> list[FixedDofs]:
    """Field and level of an enclosed ion are known up to a constant only where nothing is stored."""
    free = {k for k, ion in problem.level.conserved.items() if ion in problem.level_shifts}
    return [f for f in fixed if not (f.block == LIQUID and f.component in free)]
