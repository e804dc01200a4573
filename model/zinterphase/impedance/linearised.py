"""A problem linearised about its present state, with what it stores beside what it conducts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import ufl
from petsc4py import PETSc

from zinterphase.case.time_checks import require_response
from zinterphase.impedance.arrays import Array, Complex
from zinterphase.impedance.states import WallState, answering, let_run
from zinterphase.solve.boundary import fixed_dofs
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Storage
from zinterphase.solve.system import FieldBlock, System
from zinterphase.solve.terms import added
from zinterphase.solve.unknowns import GlobalScalar

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


class SmallSignal:
    """(J + i w M) du = -(c + i w e) dU about the present state of a problem; everything collective.

    J is the Jacobian without storage, M the derivative of the stored amounts. Amounts of enclosed
    ions are kept by storage itself: their levels stay, and no unknown is pinned. States of walls
    stay as they are, or answer. Rows are divided by the norms of J's: in amperes those of Poisson's
    equation are larger than those of transport by orders of magnitude.
    """

    def __init__(
        self, problem: Problem, storage: Storage, *, answering_states: bool = False
    ) -> None:
        """Compile and assemble; raises :class:`CaseError` where nothing is stored.

        With ``answering_states`` those of walls do, else they stay.
        """
        require_response(problem.case)
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
            fixed_dofs(problem),
            problem.measures.entity_maps,
        )
        self._states: list[WallState] = []
        running = answering(storage) if answering_states else {}
        values = let_run(problem, running)
        self._assemble()
        self._states = [WallState(problem, self.system, state) for state in running.values()]
        for name, state in running.items():
            state.hold(values[name])

    def close(self) -> None:
        """Free the matrices; collective."""
        for matrix in (self.conducting, self.storing):
            matrix.destroy()
        self.system.drop_matrix()
        for state in self._states:
            state.close()

    def combined(self, omega: float) -> PETSc.Mat:
        """A new matrix J + ``omega`` M."""
        matrix = self.conducting.copy()
        matrix.axpy(omega, self.storing, PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
        return matrix

    def driven(self, omega: float) -> Complex:
        """How the rows answer the terminal's potential at an angular frequency [rad/s], owned."""
        column, more = self._border.column
        nothing = np.zeros(self.system.local_size, dtype=np.complex128)
        return column + 1j * omega * more + self._of_states(omega, nothing, 1.0)

    def times(self, omega: float, fields: Complex) -> Complex:
        """The rows' answer to the fields, owned."""
        conducted, stored = (_product(matrix, fields) for matrix in (self.conducting, self.storing))
        return conducted + 1j * omega * stored + self._of_states(omega, fields, 0.0)

    def current(self, omega: float, fields: Complex, terminal: float) -> complex:
        """Of the terminal [A], the same on all ranks, with the fields and its potential [RT/F]."""
        (row, more), (corner, further) = self._border.row, self._border.corner
        own = complex((row + 1j * omega * more) @ fields)
        for state in self._states:
            own += state.current(state.answer(1j * omega, fields, terminal))
        comm = self.system.comm
        shared: complex = comm.bcast(comm.allreduce(own))
        return shared + (corner + 1j * omega * further) * terminal

    # -- details --------------------------------------------------------------------------

    def _of_states(self, omega: float, fields: Complex, terminal: float) -> Complex:
        rows = np.zeros(self.system.local_size, dtype=np.complex128)
        if not self._states:
            return rows
        for state in self._states:
            rows += state.rows(state.answer(1j * omega, fields, terminal))
        parts = (
            np.concatenate(self.system.free(self.system.split(np.array(part))))
            for part in (rows.real, rows.imag)
        )
        real, imaginary = parts
        return np.asarray(self._weights * (real + 1j * imaginary))

    def _assemble(self) -> None:
        storage = self.storage
        rate = float(storage.rate.value)
        storage.rate.value[...] = 0.0
        self._weights = weights = 1 / _row_norms(self.system.assemble_jacobian())
        still, last = self._at(0.0, weights), self._at(ALL_STORAGE, weights)
        storage.rate.value[...] = rate
        self.conducting, self.storing = still[0], last[0]
        self.storing.axpy(-1.0, self.conducting, PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
        self.storing.scale(1.0 / ALL_STORAGE)

        def per_rate(at_rest: Array, at_rate: Array) -> tuple[Array, Array]:
            return at_rest, (at_rate - at_rest) / ALL_STORAGE

        corners = per_rate(np.array(still[3]), np.array(last[3]))
        self._border = Border(
            per_rate(still[1], last[1]),
            per_rate(still[2], last[2]),
            (float(corners[0]), float(corners[1])),
        )

    def _at(self, rate: float, weights: Array) -> tuple[PETSc.Mat, Array, Array, float]:
        self.storage.rate.value[...] = rate
        matrix = self.system.scaled_jacobian(weights).copy()
        columns, rows, corner = self.system.border()
        return matrix, weights * columns[0], rows[0], float(corner[0, 0])


def _product(matrix: PETSc.Mat, vector: Complex) -> Complex:
    x, y = matrix.createVecs()
    parts = []
    for part in (vector.real, vector.imag):
        x.array[:] = part
        matrix.mult(x, y)
        parts.append(np.array(y.array))
    x.destroy()
    y.destroy()
    return np.asarray(parts[0] + 1j * parts[1])


def _row_norms(matrix: PETSc.Mat) -> Array:
    """Of the rows of this rank; there is an entry in each."""
    starts, _, entries = matrix.getValuesCSR()
    return np.sqrt(np.add.reduceat(entries**2, starts[:-1]))


def _sum(form: ufl.Form, more: ufl.Form | None) -> ufl.Form:
    found = added(form, more)
    assert found is not None
    return found
