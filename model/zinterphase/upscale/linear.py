"""Linear systems of cell problems."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from zinterphase.errors import SolveError

_TOLERANCE = 1e-11


def solution(matrix: PETSc.Mat, load: PETSc.Vec, *, direct: bool) -> npt.NDArray[np.float64]:
    """Owned entries of the solution of a symmetric, definite system, by MUMPS or by conjugate
    gradients with multigrid. Destroys both; collective.

    Raises
    ------
    SolveError
        The solver fails.
    """
    solver, found = PETSc.KSP().create(matrix.comm), load.duplicate()
    try:
        solver.setOperators(matrix)
        solver.setType("preonly" if direct else "cg")
        solver.getPC().setType("lu" if direct else "gamg")
        if direct:
            solver.getPC().setFactorSolverType("mumps")
        solver.setTolerances(rtol=_TOLERANCE, max_it=1000)
        solver.solve(load, found)
        reason = solver.getConvergedReason()
        if reason <= 0:
            raise SolveError(f"the cell problem of a packing did not converge (PETSc: {reason})")
        return np.array(found.array)
    finally:
        for made in (solver, matrix, load, found):
            made.destroy()
