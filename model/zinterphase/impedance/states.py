"""How states of walls answer a frequency.

A step's formula, rate y + e = dy/dt, gives a state y in closed form of the unknowns u, of the rate
and of e. About a state that is disturbed it says dy = D(s) du with s the rate, and dy/de = -N(s).
Both are resolvents of one linear law, N(s) = 1/(s - G) and D(s) = N(s) C. So at any other rate z,
an imaginary one too, D(z) = (1 + (z - s) N)^-1 D, and J(z) = J(s) - (z - s) P (1 + (z - s) N)^-1 D
with P = -dR/de: nothing has to be inverted where a state follows at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import ufl
from dolfinx.fem import petsc as fem_petsc
from dolfinx.mesh import EntityMap
from petsc4py import PETSc

from zinterphase.expressions import Expr
from zinterphase.fem_types import Form, Function
from zinterphase.forms import compiled_form, owned_vector
from zinterphase.impedance.arrays import Complex
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Storage
from zinterphase.solve.surface_states import ClosedFormState
from zinterphase.solve.system import Array, System

RATE = 1e3
"""Of the formula [1/s] at which the laws are linearised; any does."""
ITERATIONS = 4
"""Until the formula stands at the state itself."""


@dataclass(frozen=True, eq=False)
class _Coupled:
    """Of one number of a state: its rows by block (``follows``, of all cells, per unknown), by the
    terminal's potential, and what it does to the rows and to the current, P and -dI/de."""

    follows: list[PETSc.Mat | None]
    follows_terminal: Array
    acts: list[PETSc.Mat | None]
    acts_on_current: Array


class Resolvent:
    """N of a state, by cell; everything collective."""

    def __init__(self, problem: Problem, state: ClosedFormState) -> None:
        """Compile."""
        self._cells, maps = state.cells, problem.measures.entity_maps
        self._slopes = [
            [
                _compiled(ufl.derivative(state.cells.integrated(form), e, _one()), maps)
                for e in state.earlier
            ]
            for form in state.closed_forms
        ]

    def at_present(self) -> Array:
        """(cells, numbers, numbers), about the formula that the law holds."""
        nothing = np.zeros(len(self._cells.cells))
        table = [
            [nothing if form is None else self._cells.mean(form) for form in row]
            for row in self._slopes
        ]
        return -np.moveaxis(np.array(table), 2, 0)


class WallState:
    """One state, linearised; everything collective."""

    def __init__(self, problem: Problem, system: System, state: ClosedFormState) -> None:
        """About the formula that the law holds."""
        self._system, self._cells = system, state.cells
        self._maps = problem.measures.entity_maps
        self._resolvent = Resolvent(problem, state).at_present()
        self._numbers = [
            self._coupled(problem, form, e)
            for form, e in zip(state.closed_forms, state.earlier, strict=True)
        ]

    def answer(self, z: complex, fields: Complex, terminal: float) -> Complex:
        """(z - s)(1 + (z - s) N)^-1 D of fields and terminal, by cell and number."""
        driven = np.stack([self._followed(n, fields, terminal) for n in self._numbers], axis=1)
        far = z - RATE
        matrix = np.eye(driven.shape[1]) + far * self._resolvent
        return np.asarray(far * np.linalg.solve(matrix, driven[:, :, None])[:, :, 0])

    def rows(self, answer: Complex) -> Complex:
        """What the states do to the rows, owned."""
        found = np.zeros(self._system.local_size, dtype=np.complex128)
        for number, own in zip(self._numbers, answer.T, strict=True):
            ends = np.cumsum([self._system.owned_size(k) for k in range(len(number.acts))])
            for part, matrix in zip(np.split(found, ends[:-1]), number.acts, strict=True):
                if matrix is not None:
                    part -= self._spread(matrix, own)
        return found

    def current(self, answer: Complex) -> complex:
        """What they do to the terminal's current [A], this rank's part."""
        pairs = zip(self._numbers, answer.T, strict=True)
        return -complex(sum(number.acts_on_current @ own for number, own in pairs))

    def close(self) -> None:
        """Free the matrices; collective."""
        for number in self._numbers:
            for matrix in (*number.follows, *number.acts):
                if matrix is not None:
                    matrix.destroy()

    # -- details --------------------------------------------------------------------------

    def _coupled(self, problem: Problem, closed_form: Expr, e: Function) -> _Coupled:
        system, form = self._system, self._cells.integrated(closed_form)
        blocks = system.blocks
        trial = ufl.TrialFunction(e.function_space)
        current = system.constraints[0].integral
        spread = ufl.TestFunction(e.function_space)
        return _Coupled(
            [
                self._matrix(
                    ufl.derivative(form, b.field, ufl.TrialFunction(b.field.function_space))
                )
                for b in blocks
            ],
            self._vector(ufl.derivative(form, problem.potential.function, _one()))
            / self._cells.area,
            [self._matrix(-ufl.derivative(b.residual, e, trial)) for b in blocks],
            self._vector(-ufl.derivative(current, e, spread)),
        )

    def _followed(self, number: _Coupled, fields: Complex, terminal: float) -> Complex:
        found = number.follows_terminal * terminal + 0j
        for factor, part in ((1.0, fields.real), (1j, fields.imag)):
            for matrix, own in zip(number.follows, self._system.split(part), strict=True):
                if matrix is not None:
                    moved = self._times(matrix, own)[self._cells.cells]
                    found = found + factor * moved / self._cells.area
        return np.asarray(found)

    def _spread(self, matrix: PETSc.Mat, own: Complex) -> Complex:
        whole = np.zeros(matrix.getLocalSize()[1], dtype=np.complex128)
        whole[self._cells.cells] = own
        return self._times(matrix, whole.real) + 1j * self._times(matrix, whole.imag)

    @staticmethod
    def _times(matrix: PETSc.Mat, vector: Array) -> Array:
        x, y = matrix.createVecs()
        x.array[:] = vector
        matrix.mult(x, y)
        found = np.array(y.array)
        x.destroy()
        y.destroy()
        return found

    def _matrix(self, form: ufl.Form) -> PETSc.Mat | None:
        compiled = _compiled(form, self._maps)
        if compiled is None:
            return None
        matrix = fem_petsc.assemble_matrix(compiled)
        matrix.assemble()
        return matrix

    def _vector(self, form: ufl.Form) -> Array:
        """Of the wall's cells."""
        compiled = _compiled(form, self._maps)
        if compiled is None:
            return np.zeros(len(self._cells.cells))
        return owned_vector(compiled)[self._cells.cells]


def answering(storage: Storage) -> dict[str, ClosedFormState]:
    """States that answer a frequency; composition by depth of a host stays as it is."""
    return {
        name: state
        for name, state in storage.surfaces.items()
        if isinstance(state, ClosedFormState)
    }


def let_run(problem: Problem, states: dict[str, ClosedFormState]) -> dict[str, Array]:
    """Put the laws on the formula of :data:`RATE` whose end is the state itself; what it is.

    By Newton's iteration for e, as the state falls by N with it. Collective.
    """
    values = {name: state.values() for name, state in states.items()}
    for name, state in states.items():
        resolvent, earlier = Resolvent(problem, state), -RATE * values[name]
        state.follow(RATE, earlier)
        for _ in range(ITERATIONS):
            off = state.values() - values[name]
            steps = np.linalg.pinv(resolvent.at_present()) @ off[:, :, None]
            earlier = earlier + steps[:, :, 0]
            state.follow(RATE, earlier)
    return values


def _compiled(form: ufl.Form, maps: Sequence[EntityMap]) -> Form | None:
    """None where it vanishes identically."""
    is_zero = ufl.algorithms.expand_derivatives(form).empty()
    return None if is_zero else compiled_form(form, maps)


def _one() -> Expr:
    one: Expr = ufl.as_ufl(1.0)
    return one
