"""The linear solver of a Newton step, with options under its own prefix."""

from collections.abc import Mapping
from itertools import count
from typing import Any

import numpy as np
from mpi4py import MPI
from petsc4py import PETSc

from zinterphase.errors import SolveError
from zinterphase.solve.presets import DIRECT, flatten, iterative_options
from zinterphase.solve.system import Array, System

_serial = count()
DIRECT_LIMIT_3D = 60_000
"""Unknowns in 3D above which `auto` takes the field split (measured, MUMPS fill-in)."""


def choose_preset(preset: str, dimension: int, size: int) -> str:
    """Resolve ``auto``."""
    if preset != "auto":
        return preset
    return "direct" if dimension == 2 or size <= DIRECT_LIMIT_3D else "fieldsplit"


class LinearSolver:
    """KSP on the Jacobian of a system; factorises once per :meth:`update`. Collective."""

    def __init__(
        self, system: System, preset: str, has_poisson: bool, overrides: Mapping[str, Any]
    ) -> None:
        """``preset`` is `direct` or `fieldsplit`; ``overrides`` are PETSc options by name."""
        self._system = system
        self.preset = preset
        self._splits = preset == "fieldsplit" and (
            len(system.blocks) > 1 or system.components(0) > 1
        )
        self._prefix = f"zinterphase_{next(_serial)}_"
        self.ksp = PETSc.KSP().create(system.comm)  # type: ignore[attr-defined]
        self.ksp.setOptionsPrefix(self._prefix)
        self._options = self._flat_options(has_poisson) | dict(overrides)
        self._ready = False
        self.iterations = 0

    def update(self, matrix: PETSc.Mat) -> None:  # type: ignore[name-defined]
        """Take a new Jacobian."""
        self.ksp.setOperators(matrix)
        if not self._ready:
            self._configure()
        self.ksp.setUp()

    def solve(self, rhs: Array) -> Array:
        """Solution for an owned right-hand side; raises :class:`SolveError` when it fails."""
        x, b = self._system.matrix.createVecs()
        b.array[:] = rhs
        self.ksp.solve(b, x)
        self.iterations += int(self.ksp.getIterationNumber())
        reason = int(self.ksp.getConvergedReason())
        solution = np.array(x.array)
        x.destroy()
        b.destroy()
        if reason < 0:
            raise SolveError(f"linear solver '{self.preset}' failed (PETSc reason {reason})")
        return solution

    @property
    def relative_tolerance(self) -> float:
        """Relative tolerance of the Krylov method, 0 for the direct solver."""
        return 0.0 if self.ksp.getType() == "preonly" else float(self.ksp.getTolerances()[0])

    def destroy(self) -> None:
        """Free the factorisation."""
        self.ksp.destroy()

    # -- details --------------------------------------------------------------------------

    def _flat_options(self, has_poisson: bool) -> dict[str, Any]:
        if self.preset == "direct":
            return flatten(DIRECT)
        has_solid = len(self._system.blocks) > 1
        serial = self._system.comm.size == 1
        components = self._system.components(0)
        return flatten(iterative_options(components, has_poisson, has_solid, serial))

    def _configure(self) -> None:
        """Set options and index sets; sub-solvers read theirs when they are set up."""
        database = PETSc.Options()  # type: ignore[attr-defined]
        names = {self._prefix + key: value for key, value in self._options.items()}
        for key, value in names.items():
            database[key] = value
        self.ksp.setFromOptions()
        if self._splits:
            self._set_fields()
        self.ksp.setUp()
        self._ready = True
        for key in names:
            database.delValue(key)

    def _set_fields(self) -> None:
        pc = self.ksp.getPC()
        if len(self._system.blocks) == 1:
            pc.setFieldSplitIS(*self._component_sets(self._system.matrix.getOwnershipRange()[0]))
            pc.setUp()
            self._set_up_splits(pc)
            return
        liquid_start, solid_start, end = self._block_ranges()
        comm = self._system.comm
        solid = PETSc.IS().createStride(end - solid_start, solid_start, 1, comm=comm)  # type: ignore[attr-defined]
        liquid = PETSc.IS().createStride(solid_start - liquid_start, liquid_start, 1, comm=comm)  # type: ignore[attr-defined]
        pc.setFieldSplitIS(("solid", solid), ("liquid", liquid))
        pc.setUp()
        solid_ksp, liquid_ksp = pc.getFieldSplitSubKSP()
        solid_ksp.setUp()
        if self._system.components(0) > 1:
            inner = liquid_ksp.getPC()
            size = solid_start - liquid_start
            inner.setFieldSplitIS(*self._component_sets(comm.exscan(size, MPI.SUM) or 0))
            inner.setUp()
            self._set_up_splits(inner)
        liquid_ksp.setUp()

    @staticmethod
    def _set_up_splits(pc: Any) -> None:
        for ksp in pc.getFieldSplitSubKSP():
            ksp.setUp()
            ksp.getPC().setUp()

    def _block_ranges(self) -> tuple[int, int, int]:
        start, end = self._system.matrix.getOwnershipRange()
        return start, start + self._system.owned_size(0), end

    def _component_sets(self, start: int) -> list[tuple[str, PETSc.IS]]:  # type: ignore[name-defined]
        components = self._system.components(0)
        nodes = self._system.owned_size(0) // components
        comm = self._system.comm
        return [
            (str(k), PETSc.IS().createStride(nodes, start + k, components, comm=comm))  # type: ignore[attr-defined]
            for k in range(components)
        ]
