"""The problem in a richer space, linearised there: Newton's step and adjoints of several goals."""

from collections.abc import Sequence

import numpy as np

from zinterphase.solve.border import BorderedSolver
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import Array


def enriched(problem: Problem) -> Problem:
    """The same equations one polynomial order higher, at the interpolated state; collective.

    Coefficients given as functions (the lateral variation of i0) are interpolated anew at the
    higher order, so that the residual of the state there has their interpolation error in it.
    """
    case = problem.case
    mesh = case.mesh.model_copy(update={"order": case.mesh.order + 1})
    richer = Problem(case.model_copy(update={"mesh": mesh}), problem.domain)
    richer.set_load(1.0)
    for name, target in richer.fields.items():
        target.interpolate(problem.fields[name])
        target.x.scatter_forward()
    for name, scalar in richer.scalars.items():
        scalar.value = problem.scalars[name].value
    return richer


class Linearisation:
    """A problem linearised at its present state; factorised once. Collective."""

    def __init__(self, problem: Problem) -> None:
        """Assemble the residual, factorise the Jacobian, and take Newton's step."""
        self._problem, system = problem, problem.system
        self.raw_residual = system.raw_residual()
        self.residual = system.free([values.copy() for values in self.raw_residual])
        self.constraints = system.constraint_residual()
        scales = problem.scales
        self._solver = BorderedSolver(system, problem.linear, scales.components, scales.constraints)
        self.step = self._solver.step(np.concatenate(self.residual), self.constraints, 0.0)
        """Increments of the fields (owned) and of the global unknowns."""

    def adjoint(self, slopes: Sequence[tuple[Array, Array]]) -> list[tuple[Array, Array]]:
        """Adjoint fields and multipliers of goals with derivatives ``slopes`` (fields, globals).

        Zero where values are prescribed. Becker & Rannacher (2001), Acta Numerica 10, eq. (2.3).
        """
        return self._solver.adjoint(slopes)

    def lifted_adjoint(self, boundary: Array) -> Array:
        """Adjoint that takes the values ``boundary`` at prescribed dofs, zero source inside.

        The goal it belongs to is the flux through the boundary weighted with those values.
        """
        system = self._problem.system
        source = -system.transposed_product(boundary)
        ((inner, _),) = self._solver.adjoint([(source, self.constraints)])
        return boundary + inner
