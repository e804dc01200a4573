"""Newton steps of fields and global unknowns by bordering."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zinterphase.errors import SolveError
from zinterphase.solve.linear import LinearSolver
from zinterphase.solve.system import Array, System

SWEEPS = 6
"""Corrections of a bordered solve at most; Newton goes on with what they reach."""
LOOSEST_CORRECTION = 0.1
ALL = slice(None)

Indices = npt.NDArray[np.intp]


@dataclass(eq=False)
class _Border:
    """What surrounds one Jacobian: columns over the flux scales, rows and corner of all
    constraints, and the fields' ``responses`` to those that are ``coupled``, once solved for."""

    columns: list[Array]
    rows: list[Array]
    corner: Array
    coupled: Indices
    responses: list[Array] | None = None


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
        self._system, self.linear = system, linear
        nodes = [system.owned_size(k) // len(scales) for k, scales in enumerate(row_scales)]
        self._weights = np.concatenate(
            [np.tile(1 / np.asarray(s), n) for s, n in zip(row_scales, nodes, strict=True)]
        )
        self._constraint_scales = np.asarray(constraint_scales)
        # The fields' response to a global unknown changes little from step to step.
        self._responses: list[Array | None] = [None for _ in constraint_scales]
        self._border: _Border | None = None
        self._updates = 0

    @property
    def is_ready(self) -> bool:
        """Whether there are the factors of a step, for :meth:`step_again`."""
        return self._border is not None and self._updates == self.linear.updates

    def forget(self) -> None:
        """The equations change: factors of former steps are of no use."""
        self._border = None

    def step(self, residual: Array, constraint: Array, forcing: float) -> tuple[Array, Array]:
        """Increments of fields and global unknowns; the linear residual falls by ``forcing``.

        Raises :class:`SolveError`.
        """
        self._border = None
        self.linear.update(self._system.scaled_jacobian(self._weights))
        self._updates = self.linear.updates
        columns, rows, corner = self._system.border()
        columns = [column * self._weights for column in columns]
        border = _Border(columns, rows, corner, np.flatnonzero(self._system.coupled))
        found = self._increments(border, residual, constraint, forcing)
        self._border = border
        return found

    def step_again(self, residual: Array, constraint: Array, forcing: float) -> tuple[Array, Array]:
        """The same with the Jacobian of the last step."""
        assert self._border is not None
        return self._increments(self._border, residual, constraint, forcing)

    def _increments(
        self, border: _Border, residual: Array, constraint: Array, forcing: float
    ) -> tuple[Array, Array]:
        system, linear, corner, coupled = self._system, self.linear, border.corner, border.coupled
        target = -residual * self._weights
        ds = self._alone(constraint, corner)
        target = target - _combine(ds, border.columns) if np.any(ds) else target
        constraint = (constraint + corner @ ds)[coupled]
        columns, rows = ([each[k] for k in coupled] for each in (border.columns, border.rows))
        du, responses = self._solved(border, target, columns, forcing)
        if not coupled.size:
            return du, ds
        schur = corner[np.ix_(coupled, coupled)] - _products(system, rows, responses)
        ds[coupled] = self._eliminate(schur, -constraint, rows, du)
        du = du - _combine(ds[coupled], responses)
        if linear.is_direct:
            return du, ds
        goal = max(forcing, linear.relative_tolerance) * self._norm(target, constraint, coupled)
        for _ in range(SWEEPS):
            rest = target - linear.multiply(du) - _combine(ds[coupled], columns)
            norm = self._norm(rest)
            if norm <= goal:
                break
            (correction,) = linear.solve([rest], [None], min(LOOSEST_CORRECTION, goal / norm / 2))
            shift = self._eliminate(schur, np.zeros_like(constraint), rows, correction)
            du = du + correction - _combine(shift, responses)
            ds[coupled] += shift
        return du, ds

    def adjoint(self, slopes: Sequence[tuple[Array, Array]]) -> list[tuple[Array, Array]]:
        """Solutions of the transposed system at the Jacobian of the last :meth:`step`.

        ``slopes`` are the derivatives of goals by the fields (owned) and by the global unknowns;
        a solution's product with a residual is minus the goal's change by the Newton step.
        Raises :class:`SolveError`.
        """
        system = self._system
        columns, rows, corner = system.border()
        columns = [column * self._weights for column in columns]
        coupled = np.flatnonzero(system.coupled)
        fields = [np.concatenate(system.free(system.split(q.copy()))) for q, _ in slopes]
        solved = self.linear.solve_transposed([*(rows[k] for k in coupled), *fields])
        responses, fields = solved[: coupled.size], solved[coupled.size :]
        coupling = [columns[k] for k in coupled]
        schur = corner[np.ix_(coupled, coupled)].T - _products(system, coupling, responses)
        found = []
        for y, (_, scalars) in zip(fields, slopes, strict=True):
            multipliers = np.zeros(len(columns))
            if coupled.size:
                multipliers[coupled] = self._eliminate(schur, scalars[coupled], coupling, y)
                y = y - _combine(multipliers[coupled], responses)
            for k in np.flatnonzero(~np.array(system.coupled, dtype=bool)):
                # The column of a scalar that its own equation determines is closed last.
                rest = scalars[k] - system.dot(columns[k], y) - corner[:, k] @ multipliers
                multipliers[k] = rest / corner[k, k]
            found.append((y * self._weights, multipliers))
        return found

    def _solved(
        self, border: _Border, target: Array, columns: list[Array], forcing: float
    ) -> tuple[Array, list[Array]]:
        """Of ``target``, and the responses to the coupled global unknowns."""
        if border.responses is not None:
            (du,) = self.linear.solve([target], [None], forcing)
            return du, border.responses
        guesses = [self._responses[k] for k in border.coupled]
        du, *responses = self.linear.solve([target, *columns], [None, *guesses], forcing)
        for k, response in zip(border.coupled, responses, strict=True):
            self._responses[k] = response
        border.responses = responses
        return du, responses

    def _alone(self, constraint: Array, corner: Array) -> Array:
        """Increments of the scalars that their own equations determine, 0 for the others."""
        ds = np.zeros_like(constraint)
        for k, is_coupled in enumerate(self._system.coupled):
            if is_coupled:
                continue
            if corner[k, k] == 0.0:
                raise SolveError(
                    "the equation of a global unknown does not determine it here, as a power does "
                    "not at rest: start from a state with a current"
                )
            ds[k] = -constraint[k] / corner[k, k]
        return ds

    def _eliminate(self, schur: Array, target: Array, rows: list[Array], fields: Array) -> Array:
        """Global unknowns that meet the constraints with ``fields`` and their responses."""
        rhs = target - np.array([self._system.dot(row, fields) for row in rows])
        try:
            return np.asarray(np.linalg.solve(schur, rhs))
        except np.linalg.LinAlgError as error:
            raise SolveError("the bordered system is singular") from error

    def _norm(
        self, fields: Array, constraint: Array | float = 0.0, which: Indices | slice = ALL
    ) -> float:
        scaled = constraint / self._constraint_scales[which]
        return float(np.sqrt(self._system.dot(fields, fields) + np.sum(scaled**2)))


def _combine(factors: Array, vectors: Sequence[Array]) -> Array:
    return np.tensordot(factors, np.stack(vectors), axes=1)


def _products(system: System, left: Sequence[Array], right: Sequence[Array]) -> Array:
    table = [[system.dot(a, b) for b in right] for a in left]
    return np.array(table).reshape(len(left), len(right))
