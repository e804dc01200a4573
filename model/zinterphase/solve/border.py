"""Newton steps of fields and global unknowns by bordering."""

from collections.abc import Sequence

import numpy as np
from petsc4py import PETSc

from zinterphase.errors import SolveError
from zinterphase.solve.linear import LinearSolver
from zinterphase.solve.system import Array, System

SWEEPS = 6
"""Corrections of a bordered solve at most; Newton goes on with what they reach."""
LOOSEST_CORRECTION = 0.1


class BorderedSolver:
    """Solves [A B; C D] [du; ds] = -[R; g] with a solver for A: one update, k+1 solves.

    Where A alone is nearly singular (a closed cell) the terms of block elimination cancel, and an
    iterative solver's errors do not; corrections with the residual of the whole system mend it.
    Rows are divided by their flux scales, so that norms weigh all equations alike: in amperes the
    rows of Poisson's equation are larger than those of transport by six orders of magnitude.
    """

    def __init__(
        self,
        system: System,
        linear: LinearSolver,
        row_scales: Sequence[Sequence[float]],
        constraint_scales: Sequence[float],
    ) -> None:
        """``row_scales`` by block and component, in amperes."""
        self._system, self._linear = system, linear
        nodes = [system.owned_size(k) // len(scales) for k, scales in enumerate(row_scales)]
        self._weights = np.concatenate(
            [np.tile(1 / np.asarray(s), n) for s, n in zip(row_scales, nodes, strict=True)]
        )
        self._constraint_scales = np.asarray(constraint_scales)
        # The fields' response to a global unknown changes little from step to step.
        self._responses: list[Array | None] = [None for _ in constraint_scales]

    def step(self, residual: Array, constraint: Array, forcing: float) -> tuple[Array, Array]:
        """Increments of fields and global unknowns; the linear residual falls by ``forcing``.

        Raises :class:`SolveError`.
        """
        system, linear, weights = self._system, self._linear, self._weights
        linear.update(self._scaled_jacobian())
        target = -residual * weights
        columns, rows, corner = system.border()
        columns = [column * weights for column in columns]
        du, *responses = linear.solve([target, *columns], [None, *self._responses], forcing)
        if constraint.size == 0:
            return du, constraint
        self._responses = list(responses)
        schur = corner - np.array([[system.dot(row, w) for w in responses] for row in rows])
        ds = self._eliminate(schur, -constraint, rows, du)
        du = du - _combine(ds, responses)
        if linear.is_direct:
            return du, ds
        goal = max(forcing, linear.relative_tolerance) * self._norm(target, constraint)
        for _ in range(SWEEPS):
            rest = target - linear.multiply(du) - _combine(ds, columns)
            norm = self._norm(rest)
            if norm <= goal:
                break
            (correction,) = linear.solve([rest], [None], min(LOOSEST_CORRECTION, goal / norm / 2))
            shift = self._eliminate(schur, np.zeros_like(ds), rows, correction)
            du = du + correction - _combine(shift, responses)
            ds = ds + shift
        return du, ds

    def adjoint(self, slopes: Sequence[tuple[Array, Array]]) -> list[tuple[Array, Array]]:
        """Solutions of the transposed system at the Jacobian of the last :meth:`step`.

        ``slopes`` are the derivatives of goals by the fields (owned) and by the global unknowns;
        a solution's product with a residual is minus the goal's change by the Newton step.
        Raises :class:`SolveError`.
        """
        system, size = self._system, len(self._constraint_scales)
        columns, rows, corner = system.border()
        columns = [column * self._weights for column in columns]
        fields = [np.concatenate(system.free(system.split(q.copy()))) for q, _ in slopes]
        solved = self._linear.solve_transposed([*rows, *fields])
        responses, fields = solved[:size], solved[size:]
        if size == 0:
            return [
                (y * self._weights, scalars) for y, (_, scalars) in zip(fields, slopes, strict=True)
            ]
        schur = corner.T - np.array([[system.dot(b, r) for r in responses] for b in columns])
        found = []
        for y, (_, scalars) in zip(fields, slopes, strict=True):
            multipliers = self._eliminate(schur, scalars, columns, y)
            y = y - _combine(multipliers, responses)
            found.append((y * self._weights, multipliers))
        return found

    def _scaled_jacobian(self) -> PETSc.Mat:
        matrix = self._system.assemble_jacobian()
        weights = matrix.createVecLeft()
        weights.array[:] = self._weights
        matrix.diagonalScale(weights)
        weights.destroy()
        return matrix

    def _eliminate(self, schur: Array, target: Array, rows: list[Array], fields: Array) -> Array:
        """Global unknowns that meet the constraints with ``fields`` and their responses."""
        rhs = target - np.array([self._system.dot(row, fields) for row in rows])
        try:
            return np.asarray(np.linalg.solve(schur, rhs))
        except np.linalg.LinAlgError as error:
            raise SolveError("the bordered system is singular") from error

    def _norm(self, fields: Array, constraint: Array | float = 0.0) -> float:
        scaled = constraint / self._constraint_scales
        return float(np.sqrt(self._system.dot(fields, fields) + np.sum(scaled**2)))


def _combine(factors: Array, vectors: Sequence[Array]) -> Array:
    return np.tensordot(factors, np.stack(vectors), axes=1)
