"""The linear solver of a Newton step, with options under its own prefix."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import numpy as np
from petsc4py import PETSc

from zinterphase.errors import CaseError, SolveError, ZinterphaseError
from zinterphase.solve.component_blocks import ComponentBlocks, splits_components
from zinterphase.solve.memory import memory_told, out_of_memory
from zinterphase.solve.presets import LIQUID, SCALED, SOLID, Fields, preset_options
from zinterphase.solve.system import Array, System

_serial = count()
_MUMPS_ALLOCATION = -13
"""INFOG(1) of MUMPS where an allocation failed."""
DIRECT_LIMIT_3D = 10_000
"""Unknowns in 3D above which `auto` takes the field split: measured at level `pnp`, its linear
solves take half the time of MUMPS at 5e3 unknowns and a third at 2.5e4."""
QUICK_LIMIT, QUICK_LIMIT_FEW = 20_000, 100_000
"""Unknowns in 2D up to which a quick ordering is best, for many matrices and for few. Measured with
the salt: it takes a fifth of the time of MUMPS's own, which is more than the factors take; factors
are as fast at 1.3e4 unknowns, 6 to 9 % slower at 5e4."""


def quick_ordering(dimension: int, size: int, *, few: bool) -> bool:
    """Whether the ordering of a direct solver is to be quick; ``few`` matrices are factorised."""
    return dimension <= 2 and size <= (QUICK_LIMIT_FEW if few else QUICK_LIMIT)


def choose_preset(preset: str, dimension: int, size: int) -> str:
    """Resolve ``auto``."""
    if preset != "auto":
        return preset
    return "direct" if dimension == 2 or size <= DIRECT_LIMIT_3D else "fieldsplit"


def _joined(own: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a preset with those of the case. Schwarz may scale its copies of the matrix;
    blocks of another kind are the matrix itself, which is not to be scaled."""
    kinds = (name for name, kind in overrides.items() if name.endswith("pc_type") and kind != "asm")
    dropped = {f"{name.removesuffix('pc_type')}{SCALED}" for name in kinds}
    return {name: value for name, value in own.items() if name not in dropped} | dict(overrides)


class LinearSolver:
    """KSP on the Jacobian of a system; factorises once per :meth:`update`. Collective.

    Its options stand in PETSc's database only while PETSc may read them: sub-solvers read theirs
    when they are first set up, which may be as late as the first solve.
    """

    def __init__(
        self,
        system: System,
        preset: str,
        has_poisson: bool,
        overrides: Mapping[str, Any],
        *,
        few: bool = False,
    ) -> None:
        """``preset`` is `direct` or `fieldsplit`; ``overrides`` are PETSc options by name; ``few``
        says that not many Jacobians follow."""
        self._system = system
        self.preset = preset
        self.prefix = f"zinterphase_{next(_serial)}_"
        fields = Fields(
            liquid=system.components(0),
            has_poisson=has_poisson,
            has_solid=len(system.blocks) > 1,
            serial=system.comm.size == 1,
            quick=quick_ordering(system.dimension, system.global_size, few=few),
        )
        self.options = _joined(preset_options(preset, fields), overrides)
        self._overrides = dict(overrides)
        self._unread = set(self.options)
        sizes = [system.components(k) for k in range(len(system.blocks))]
        self._components: ComponentBlocks | None = None
        if splits_components(self.options, sizes):
            nodes = system.owned_size(0) // sizes[0]
            self._components = ComponentBlocks(system.comm, nodes, sizes[0])
        self._checked = False
        self._begin()
        self.iterations = 0
        self.updates = 0

    def _begin(self) -> None:
        """A method that has read no option yet."""
        self._configured = self._settled = False
        self._tolerance = 0.0
        self.ksp = PETSc.KSP().create(self._system.comm)
        self.ksp.setOptionsPrefix(self.prefix)

    def update(self, matrix: PETSc.Mat) -> None:
        """Take a new Jacobian, of which the system keeps none where a field split has its blocks;
        raises :class:`CaseError` for an option PETSc refuses."""
        self.updates += 1
        with self._options_in_database():
            if self._components is not None:
                matrix = self._components.of(matrix)
                self._system.drop_matrix()
            self.ksp.setOperators(matrix)
            if not self._configured:
                self._configure()
            self.ksp.setUp()
        self._require_factors()

    def solve(
        self, right_sides: Sequence[Array], guesses: Sequence[Array | None], forcing: float = 0.0
    ) -> list[Array]:
        """Solutions for owned right-hand sides, all with the same matrix.

        A Krylov method starts from ``guesses`` (None: from zero) and stops at the larger of its
        own relative tolerance and ``forcing``. Raises :class:`SolveError` when it fails and
        :class:`CaseError` for an option of the case that nothing reads.
        """
        with self._options_in_database():
            if self._has_factors and len(right_sides) > 1:
                solutions = self._solve_together(right_sides)
            else:
                self.ksp.setTolerances(rtol=max(self._tolerance, forcing))
                starts = [None] * len(guesses) if self.is_direct else guesses
                pairs = zip(right_sides, starts, strict=True)
                solutions = [self._solve_one(rhs, guess) for rhs, guess in pairs]
        self._require_all_read()
        return solutions

    def solve_transposed(self, right_sides: Sequence[Array]) -> list[Array]:
        """Solutions with the transposed matrix for owned right-hand sides, from the same factors.

        Raises :class:`SolveError` when the method fails or its preconditioner has no transpose.
        """
        with self._options_in_database():
            if not self.is_direct:
                self.ksp.setTolerances(rtol=self._tolerance)
            return [self._solve_one(rhs, None, transposed=True) for rhs in right_sides]

    def multiply(self, vector: Array) -> Array:
        """The matrix times an owned vector."""
        x, y = self.ksp.getOperators()[0].createVecs()
        x.array[:] = self._ordered(vector)
        self.ksp.getOperators()[0].mult(x, y)
        product = self._by_node(y.array)
        x.destroy()
        y.destroy()
        return product

    @property
    def is_direct(self) -> bool:
        """Whether one application of the preconditioner is the solution."""
        return bool(self.ksp.getType() == "preonly")

    @property
    def _has_factors(self) -> bool:
        """Whether right-hand sides may go together: PETSc's field split mixes their components."""
        return self.is_direct and self.ksp.getPC().getType() in ("lu", "cholesky")

    @property
    def relative_tolerance(self) -> float:
        """Relative tolerance of the Krylov method, 0 for the direct solver."""
        return 0.0 if self.is_direct else self._tolerance

    @property
    def unread(self) -> frozenset[str]:
        """Options that nothing has read so far."""
        return frozenset(self._unread)

    def release(self) -> None:
        """Free preconditioner and Krylov basis; the next :meth:`update` makes them anew."""
        self.destroy()
        self._begin()

    def destroy(self) -> None:
        """Free the factorisation."""
        if self._components is not None:
            self._components.free()
        self.ksp.destroy()

    # -- solving --------------------------------------------------------------------------

    def _solve_one(self, rhs: Array, guess: Array | None, transposed: bool = False) -> Array:
        x, b = self.ksp.getOperators()[0].createVecs()
        b.array[:] = self._ordered(rhs)
        if guess is not None:
            x.array[:] = self._ordered(self._fitted(guess, rhs))
        self.ksp.setInitialGuessNonzero(guess is not None)
        (self.ksp.solveTranspose if transposed else self.ksp.solve)(b, x)
        solution = self._by_node(x.array)
        x.destroy()
        b.destroy()
        self._require_success()
        return solution

    def _ordered(self, vector: Array) -> Array:
        """An owned vector as the matrix has its rows."""
        return vector if self._components is None else self._components.ordered(vector)

    def _by_node(self, vector: Array) -> Array:
        """A copy of an owned vector of the matrix as the system has it."""
        return np.array(vector if self._components is None else self._components.by_node(vector))

    def _fitted(self, guess: Array, rhs: Array) -> Array:
        """The multiple of ``guess`` with the least residual, which is no worse than zero's."""
        image = self.multiply(guess)
        square = self._system.dot(image, image)
        factor = self._system.dot(image, rhs) / square if square > 0.0 else 0.0
        return factor * guess

    def _solve_together(self, right_sides: Sequence[Array]) -> list[Array]:
        """One pass through the factors for all right-hand sides."""
        rows = self.ksp.getOperators()[0].getSizes()[0]
        sizes = (rows, (PETSc.DECIDE, len(right_sides)))
        ordered = [self._ordered(rhs) for rhs in right_sides]
        stacked = np.asfortranarray(np.stack(ordered, axis=1))
        b = PETSc.Mat().createDense(sizes, array=stacked, comm=self._system.comm)
        x = b.duplicate()
        self.ksp.matSolve(b, x)
        solutions = [self._by_node(column) for column in x.getDenseArray().T]
        x.destroy()
        b.destroy()
        self._require_success()
        return solutions

    def _require_factors(self) -> None:
        # Solving for several right-hand sides with failed factors is an error inside PETSc.
        reason = int(self.ksp.getPC().getFailedReason())
        if reason == PETSc.PC.FailedReason.FACTOR_OUTMEMORY and self._could_not_allocate():
            raise out_of_memory(self._system.global_size)
        if reason:
            if self.is_direct:
                # MUMPS refuses every later matrix after one that it could not factorise.
                self.ksp.getPC().reset()
                self._settled = False
            text = f"linear solver '{self.preset}' could not factorise (PETSc reason {reason})"
            raise SolveError(text)

    def _could_not_allocate(self) -> bool:
        """Whether MUMPS found no memory; PETSc's reason is also that its estimate of the work
        space was too small, as for nearly singular matrices."""
        factor = self.ksp.getPC().getFactorMatrix() if self.is_direct else None
        return factor is None or int(factor.getMumpsInfog(1)) == _MUMPS_ALLOCATION

    def _require_success(self) -> None:
        self.iterations += int(self.ksp.getIterationNumber())
        reason = int(self.ksp.getConvergedReason())
        if reason < 0:
            self._require_factors()
            raise SolveError(f"linear solver '{self.preset}' failed (PETSc reason {reason})")

    # -- options --------------------------------------------------------------------------

    @contextmanager
    def _options_in_database(self) -> Iterator[None]:
        """PETSc sees the options inside; notes which of them it has read. Factors that are there
        read none any more."""
        database = PETSc.Options()
        names = {} if self._settled else {key: self.prefix + key for key in self.options}
        for key, name in names.items():
            database[name] = self.options[key]
        try:
            with memory_told(self._system.global_size):
                yield
        except PETSc.Error as error:
            raise self._refusal(error) from error
        finally:
            self._unread -= {key for key, name in names.items() if database.used(name)}
            for name in names.values():
                database.delValue(name)

    def _refusal(self, error: Exception) -> ZinterphaseError:
        """The last line of PETSc's complaint, on the option of the case that it quotes."""
        reason = str(error).splitlines()[-1].partition("] ")[2]
        for name, value in self._overrides.items():
            if not self._checked and str(value) in reason.split():
                allowed = f"what PETSc accepts ({reason})"
                return CaseError(f"solver.options.{name}", value, allowed)
        return SolveError(f"linear solver '{self.preset}': {reason}")

    def _require_all_read(self) -> None:
        """After the first solve every option of the case has been read, or it is a mistake."""
        self._settled = self.is_direct
        if self._checked:
            return
        self._checked = True
        # Not every rank takes part in every sub-solver.
        unread = set.intersection(*self._system.comm.allgather(self._unread))
        for name in self._overrides:
            if name in unread:
                allowed = f"options that preset '{self.preset}' reads for this case"
                raise CaseError(f"solver.options.{name}", self._overrides[name], allowed)

    # -- splits ---------------------------------------------------------------------------

    def _configure(self) -> None:
        """Read the options and hand over the index sets, outer ones first."""
        self.ksp.setFromOptions()
        self._tolerance = float(self.ksp.getTolerances()[0])
        pc = self.ksp.getPC()
        if self._components is not None:
            pc.setFieldSplitIS(*((str(k), each) for k, each in enumerate(self._components.sets)))
        elif len(self._system.blocks) > 1 and pc.getType() == "fieldsplit":
            start, end = self._system.matrix.getOwnershipRange()
            size = self._system.owned_size(0)
            pc.setFieldSplitIS(
                (SOLID, self._stride(end - start - size, start + size)),
                (LIQUID, self._stride(size, start)),
            )
            pc.setUp()
            liquid = dict(zip((SOLID, LIQUID), pc.getFieldSplitSubKSP(), strict=True))[LIQUID]
            self._split_components(liquid.getPC(), self._system.comm.exscan(size) or 0)
        self._configured = True

    def _split_components(self, pc: Any, start: int) -> None:
        """One field for each component of the liquid, whose rows begin at ``start``."""
        components = self._system.components(0)
        if components == 1 or pc.getType() != "fieldsplit":
            return
        nodes = self._system.owned_size(0) // components
        sets = [self._stride(nodes, start + k, components) for k in range(components)]
        pc.setFieldSplitIS(*((str(k), indices) for k, indices in enumerate(sets)))

    def _stride(self, size: int, first: int, step: int = 1) -> PETSc.IS:
        return PETSc.IS().createStride(size, first, step, comm=self._system.comm)
