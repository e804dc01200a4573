"""Solutions of (J + i w M) z = b in real numbers."""

import numpy as np
from petsc4py import PETSc

from zinterphase.errors import SolveError
from zinterphase.impedance.arrays import Array, Complex
from zinterphase.impedance.linearised import SmallSignal
from zinterphase.solve.linear import LinearSolver, choose_preset

TOLERANCE = 1e-9
"""Of the residual in one solve, relative; corrections follow."""
MOST = 60
SHARED = 2.0
"""Ratio of frequencies up to which they share factors."""

SCHWARZ = {
    "ksp_type": "gmres",
    "ksp_rtol": 1e-3,
    "ksp_gmres_restart": 200,
    "ksp_max_it": 200,
    "pc_type": "asm",
    "pc_asm_overlap": 2,
    "sub_pc_type": "ilu",
    "sub_pc_factor_levels": 2,
}
"""In place of the field split, which does not follow storage: many more iterations, or none that
converge, at frequencies far above D/L^2."""


class RealBlockSolver:
    """[J, -w M; w M, J] [x; y] = [Re b; Im b] by GMRES, two solves with J + w M as preconditioner.

    The preconditioner is [J, -w M; w M, J + 2 w M]: with h = x + y its rows add up to
    (J + w M) h = p + q, and (J + w M) y = q - w M h. Where J and M are symmetric and positive the
    eigenvalues lie between 1/2 and 1. Axelsson, Neytcheva & Ahmad (2014), Numer. Algorithms 66,
    811. Factors are kept for frequencies nearby. Everything collective.
    """

    def __init__(self, signal: SmallSignal) -> None:
        """Factorises nothing yet."""
        self._signal, problem = signal, signal.problem
        solver, system = problem.case.solver, signal.system
        dimension = problem.domain.mesh.topology.dim
        preset = choose_preset(solver.preset, dimension, system.global_size)
        has_poisson = problem.level.has_double_layer
        options = solver.options if preset == "direct" else SCHWARZ
        self.linear = LinearSolver(system, "direct", has_poisson, options)
        self._size = system.local_size
        self._matrix: PETSc.Mat | None = None
        self._factorised = self._omega = 0.0
        self._vectors = [signal.conducting.createVecRight() for _ in range(2)]
        sizes = ((2 * self._size, None), (2 * self._size, None))
        self._operator = PETSc.Mat().createPython(sizes, context=self, comm=system.comm)
        self._operator.setUp()
        self._ksp = PETSc.KSP().create(system.comm)
        self._ksp.setType("fgmres")
        self._ksp.setGMRESRestart(MOST)
        self._ksp.setTolerances(rtol=TOLERANCE, atol=0.0, max_it=MOST)
        self._ksp.getPC().setType("python")
        self._ksp.getPC().setPythonContext(self)
        self._ksp.setOperators(self._operator)
        self.iterations: list[int] = []
        """Of every solve."""

    def solve(self, omega: float, right_side: Complex) -> Complex:
        """Owned solution at an angular frequency [rad/s]; raises :class:`SolveError`."""
        self._omega = omega
        ratio = omega / self._factorised if self._factorised else np.inf
        if not 1 / SHARED <= ratio <= SHARED:
            self._factorise()
        found = self._attempt(right_side)
        if found is None and self._factorised != omega:
            self._factorise()
            found = self._attempt(right_side)
        if found is None:
            raise SolveError(
                f"impedance at {omega / (2 * np.pi):.4g} Hz: no solution in {MOST} iterations"
            )
        return found

    def residual(self, right_side: Complex, found: Complex) -> Complex:
        """``right_side`` less the operator times ``found``, at the frequency of the last solve."""
        return np.asarray(right_side - self._signal.times(self._omega, found))

    def close(self) -> None:
        """Free factors and vectors; collective."""
        self.linear.destroy()
        self._ksp.destroy()
        self._operator.destroy()
        if self._matrix is not None:
            self._matrix.destroy()
        for vector in self._vectors:
            vector.destroy()

    # -- what PETSc calls -----------------------------------------------------------------

    def mult(self, operator: PETSc.Mat, x: PETSc.Vec, y: PETSc.Vec) -> None:
        """The operator."""
        n = self._size
        times = self._signal.times(self._omega, x.array_r[:n] + 1j * x.array_r[n:])
        y.array[:n], y.array[n:] = times.real, times.imag

    def apply(self, pc: PETSc.PC, x: PETSc.Vec, y: PETSc.Vec) -> None:
        """The preconditioner."""
        n = self._size
        p, q = x.array_r[:n], x.array_r[n:]
        (both,) = self.linear.solve([p + q], [None])
        # With the frequency of the factors: a consistent preconditioner of a problem nearby.
        stored = self._factorised * self._stored(both)
        (imaginary,) = self.linear.solve([q - stored], [None])
        y.array[:n], y.array[n:] = both - imaginary, imaginary

    # -- details --------------------------------------------------------------------------

    def _attempt(self, right_side: Complex) -> Complex | None:
        x, b = self._operator.createVecs()
        b.array[:] = np.concatenate([right_side.real, right_side.imag])
        self._ksp.solve(b, x)
        self.iterations.append(int(self._ksp.getIterationNumber()))
        converged = int(self._ksp.getConvergedReason()) > 0
        found = np.array(x.array)
        x.destroy()
        b.destroy()
        return found[: self._size] + 1j * found[self._size :] if converged else None

    def _factorise(self) -> None:
        if self._matrix is not None:
            self._matrix.destroy()
        self._matrix = self._signal.combined(self._omega)
        self.linear.update(self._matrix)
        self._factorised = self._omega

    def _stored(self, vector: Array) -> Array:
        x, y = self._vectors
        x.array[:] = vector
        self._signal.storing.mult(x, y)
        return np.array(y.array)
