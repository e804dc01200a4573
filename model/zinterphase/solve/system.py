"""Residual, Jacobian and border of a nonlinear problem in several blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from dolfinx.fem import petsc as fem_petsc
from dolfinx.mesh import EntityMap
from mpi4py import MPI
from petsc4py import PETSc

from zinterphase.fem_types import DirichletBC, Form, Function
from zinterphase.forms import compiled_form, compiled_parts, owned_vector
from zinterphase.solve.memory import memory_told
from zinterphase.solve.unknowns import Constraint

Array = npt.NDArray[np.float64]
LIQUID, SOLID = 0, 1
"""Numbers of the blocks of a case."""


@dataclass(frozen=True)
class FieldBlock:
    """An unknown field with its residual (a linear form in ``test``)."""

    name: str
    field: Function
    test: Any
    residual: ufl.Form


@dataclass(frozen=True)
class FixedDofs:
    """Dofs of one component of a block that keep their value; ``dofs`` include ghosts."""

    block: int
    component: int
    dofs: npt.NDArray[np.int32]


class System:
    """Assembles the blocks of a problem and the border of its global unknowns.

    All methods are collective. Vectors hold the owned dofs of this rank, block after block.
    """

    def __init__(
        self,
        comm: MPI.Intracomm,
        blocks: Sequence[FieldBlock],
        constraints: Sequence[Constraint],
        fixed: Sequence[FixedDofs],
        entity_maps: Sequence[EntityMap],
        pins: Sequence[FixedDofs] = (),
    ) -> None:
        """Compile every form; ``pins`` are fixed while the system is ``pinned``. Collective."""
        self.comm = comm
        self.blocks = tuple(blocks)
        self.constraints = tuple(constraints)
        self._fixed, self._pins = tuple(fixed), tuple(pins)
        self.pinned = True
        """Whether no equation says how much there is of what the pins are for."""
        self._maps = list(entity_maps)
        self.follow: Callable[[], None] = lambda: None
        """Called before a residual: what goes with the unknowns takes its place."""
        trials = [ufl.TrialFunction(block.field.function_space) for block in blocks]
        fields = [block.field for block in blocks]
        self._residuals = [compiled_parts(block.residual, self._maps) for block in blocks]
        jacobian = [
            [
                self._form(ufl.derivative(b.residual, u, du))
                for u, du in zip(fields, trials, strict=True)
            ]
            for b in blocks
        ]
        # The matrix of one block is laid out and filled by nodes: less to keep, and quicker.
        self._jacobian = jacobian if len(blocks) > 1 else jacobian[0][0]
        one = ufl.as_ufl(1.0)
        self._columns = [
            [
                self._optional_form(ufl.derivative(b.residual, c.scalar.function, one))
                for b in blocks
            ]
            for c in constraints
        ]
        self._rows = [
            [self._optional_form(ufl.derivative(c.integral, b.field, b.test)) for b in blocks]
            for c in constraints
        ]
        self._corner = [
            [
                self._optional_form(ufl.derivative(c.integral, d.scalar.function, one))
                for d in constraints
            ]
            for c in constraints
        ]
        self._integrals = [self._form(c.integral) for c in constraints]
        self._conditions = [self._dirichlet(f) for f in fixed]
        self._pinned = [self._dirichlet(f) for f in pins]
        self._matrix: PETSc.Mat | None = None
        self.given: list[Array] | None = None
        """Rows [A] that no unknown changes, by block: what earlier states held."""

    @property
    def fixed(self) -> tuple[FixedDofs, ...]:
        """Dofs that keep their values now."""
        return self._fixed + self._pins if self.pinned else self._fixed

    @property
    def matrix(self) -> PETSc.Mat:
        """What Jacobians are assembled into, made where there is none."""
        if self._matrix is None:
            with memory_told(self.global_size):
                self._matrix = fem_petsc.create_matrix(self._jacobian)
        return self._matrix

    def drop_matrix(self) -> None:
        """Free the matrix; the next Jacobian makes one anew."""
        if self._matrix is not None:
            self._matrix.destroy()
        self._matrix = None

    # -- layout ---------------------------------------------------------------------------

    def owned_size(self, block: int) -> int:
        """Number of dofs of ``block`` owned by this rank."""
        space = self.blocks[block].field.function_space
        return int(space.dofmap.index_map.size_local * space.dofmap.index_map_bs)

    def components(self, block: int) -> int:
        """Number of components of ``block``."""
        return int(self.blocks[block].field.function_space.dofmap.index_map_bs)

    @property
    def global_size(self) -> int:
        """Number of dofs of all blocks on all ranks."""
        spaces = (block.field.function_space for block in self.blocks)
        return sum(int(s.dofmap.index_map.size_global * s.dofmap.index_map_bs) for s in spaces)

    @property
    def dimension(self) -> int:
        """Of the mesh of the fields."""
        return int(self.blocks[0].field.function_space.mesh.topology.dim)

    @property
    def local_size(self) -> int:
        """Number of dofs of all blocks owned by this rank."""
        return sum(self.owned_size(k) for k in range(len(self.blocks)))

    def split(self, vector: Array) -> list[Array]:
        """Views of an owned vector, one for each block."""
        ends = np.cumsum([self.owned_size(k) for k in range(len(self.blocks))])
        return np.split(vector, ends[:-1])

    # -- values ---------------------------------------------------------------------------

    def unknowns(self) -> Array:
        """Copy of the owned values of all fields, followed by the global unknowns."""
        owned = [b.field.x.array[: self.owned_size(k)] for k, b in enumerate(self.blocks)]
        scalars = [c.scalar.value for c in self.constraints]
        return np.concatenate([*owned, np.array(scalars)])

    def set_unknowns(self, values: Array) -> None:
        """Inverse of :meth:`unknowns`; updates ghosts."""
        fields, scalars = np.split(values, [self.local_size])
        for k, (block, own) in enumerate(zip(self.blocks, self.split(fields), strict=True)):
            block.field.x.array[: self.owned_size(k)] = own
            block.field.x.scatter_forward()
        for constraint, value in zip(self.constraints, scalars, strict=True):
            constraint.scalar.value = float(value)

    # -- assembly -------------------------------------------------------------------------

    def raw_residual(self) -> list[Array]:
        """Residual by block, fixed dofs included (there it is the recovered flux)."""
        rows = [owned_vector(*parts) for parts in self._residuals]
        if self.given is None:
            return rows
        return [row + given for row, given in zip(rows, self.given, strict=True)]

    def residual(self) -> list[Array]:
        """Residual by block, zero at fixed dofs, of the mesh that follows the unknowns."""
        self.follow()
        return self.free(self.raw_residual())

    def constraint_residual(self) -> Array:
        """Left side of every constraint's equation."""
        pairs = zip(self.constraints, self._integrals, strict=True)
        return np.array([c.residual(self._integral(form)) for c, form in pairs])

    def constraint_integral(self, number: int) -> float:
        """Value of a constraint's integral."""
        return self._integral(self._integrals[number])

    def assemble_jacobian(self) -> PETSc.Mat:
        """The Jacobian, rows and columns of fixed dofs replaced by the identity."""
        matrix = self.matrix
        with memory_told(self.global_size):
            matrix.zeroEntries()
            conditions = self._conditions + (self._pinned if self.pinned else [])
            fem_petsc.assemble_matrix(matrix, self._jacobian, bcs=conditions)  # type: ignore[arg-type,misc]
            matrix.assemble()
        return matrix

    def scaled_jacobian(self, weights: Array) -> PETSc.Mat:
        """The same with its rows times ``weights``, owned."""
        matrix = self.assemble_jacobian()
        scales = matrix.createVecLeft()
        scales.array[:] = weights
        matrix.diagonalScale(scales)
        scales.destroy()
        return matrix

    def transposed_product(self, weights: Array) -> Array:
        """The transposed Jacobian, fixed dofs included, times an owned vector."""
        matrix = self.matrix.duplicate()
        fem_petsc.assemble_matrix(matrix, self._jacobian)  # type: ignore[arg-type]
        matrix.assemble()
        y, x = matrix.createVecs()
        x.array[:] = weights
        matrix.multTranspose(x, y)
        product = np.array(y.array)
        for item in (x, y, matrix):
            item.destroy()
        return product

    @property
    def coupled(self) -> list[bool]:
        """Which constraints depend on the fields; the others determine their scalar alone."""
        return [c.by_integral != 0.0 for c in self.constraints]

    def border(self) -> tuple[list[Array], list[Array], Array]:
        """Columns dR/ds, rows dg/du (owned vectors) and corner dg/ds."""
        size = len(self.constraints)
        columns = [np.concatenate(self.free(self._vectors(forms))) for forms in self._columns]
        rows, corner = [], np.zeros((size, size))
        for k, constraint in enumerate(self.constraints):
            slope = constraint.by_integral
            # Without a slope nothing has to be assembled.
            forms = [f if slope != 0.0 else None for f in self._rows[k]]
            rows.append(slope * np.concatenate(self.free(self._vectors(forms))))
            for j, form in enumerate(self._corner[k]):
                if slope != 0.0 and form is not None:
                    corner[k, j] = slope * self._integral(form)
            corner[k, k] += constraint.by_scalar(partial(self._integral, self._integrals[k]))
        return columns, rows, corner

    def rounding(self, row_scales: Sequence[Sequence[float]]) -> list[Array]:
        """Rounding error to expect in each row of the residual: n e (|J| |u| + 4 |given|) with unit
        roundoff e.

        What was held before stands against about as much that is held now, an integral of products
        itself. A sum of n products is off by that much at most (Higham (2002), Accuracy and
        Stability of Numerical Algorithms, eq. 3.5); n is the number of entries of the row. By
        block, zero at fixed dofs; J is the Jacobian assembled last, its rows divided by
        ``row_scales`` by block and component, or where it was dropped the present one. Where thin
        cells carry fluxes far above the net one, or short steps of time the amounts of before, no
        residual falls below it.
        """
        scales = [np.tile(s, self.owned_size(k) // len(s)) for k, s in enumerate(row_scales)]
        weights = np.concatenate(scales)
        # Of a matrix that was dropped there is one of the present state, and its rows are as they
        # were assembled.
        if self._matrix is None:
            products, weights = self.assemble_jacobian(), np.ones_like(weights)
            self._matrix = None
        else:
            products = self._matrix.copy()
        magnitude = products.createVecRight()
        magnitude.array[:] = np.abs(self.unknowns()[: self.local_size])
        products.diagonalScale(None, magnitude)
        starts, _, entries = products.getValuesCSR()
        products.destroy()
        magnitude.destroy()
        sums = np.concatenate([[0.0], np.cumsum(np.abs(entries))])
        sizes = np.diff(sums[starts]) * weights
        if self.given is not None:
            sizes = sizes + 4 * np.abs(np.concatenate(self.given))
        rows = 0.5 * np.finfo(np.float64).eps * np.diff(starts) * sizes
        return self.free(self.split(rows))

    def constraint_rounding(self) -> Array:
        """The same of every constraint, whose integral is a sum over all that it depends on: in
        short steps of time, charges before against charges now. Collective."""
        fields, scalars = np.split(np.abs(self.unknowns()), [self.local_size])
        _, rows, corner = self.border()
        found = []
        for constraint, form, row, own in zip(
            self.constraints, self._integrals, rows, corner, strict=True
        ):
            number = self.sum(float(np.count_nonzero(row)))
            held = abs(constraint.by_integral * self._integral(form))
            size = self.sum(float(np.abs(row) @ fields)) + float(np.abs(own) @ scalars) + held
            found.append(0.5 * np.finfo(np.float64).eps * number * size)
        return np.array(found)

    # -- reductions -----------------------------------------------------------------------

    def sum(self, value: float) -> float:
        """Sum of ``value`` over ranks."""
        total = np.array(value)  # a buffer: objects would be pickled
        self.comm.Allreduce(MPI.IN_PLACE, total)
        return float(total)

    def dot(self, a: Array, b: Array) -> float:
        """Inner product of two owned vectors."""
        return self.sum(float(a @ b))

    def max_abs(self, vector: Array) -> float:
        """Largest magnitude of an owned vector over all ranks; NaN counts as infinite."""
        largest = float(np.max(np.abs(vector), initial=0.0)) if vector.size else 0.0
        return float(self.comm.allreduce(np.inf if np.isnan(largest) else largest, MPI.MAX))

    # -- details --------------------------------------------------------------------------

    def _form(self, form: ufl.Form) -> Form:
        return compiled_form(form, self._maps)

    def _integral(self, form: Form) -> float:
        return self.sum(float(np.real(fem.assemble_scalar(form))))

    def _optional_form(self, form: ufl.Form) -> Form | None:
        """None where the derivative vanishes identically."""
        expanded = ufl.algorithms.expand_derivatives(form)
        return None if expanded.empty() else self._form(form)

    def _dirichlet(self, fixed: FixedDofs) -> DirichletBC:
        space = self.blocks[fixed.block].field.function_space
        size = space.dofmap.index_map_bs
        # A component's dofs count in the unrolled numbering of its parent.
        dofs = (fixed.dofs * size + fixed.component).astype(np.int32)
        target = space if size == 1 else space.sub(fixed.component)
        return fem.dirichletbc(PETSc.ScalarType(0.0), dofs, target)

    def _vectors(self, forms: Sequence[Form | None]) -> list[Array]:
        return [
            np.zeros(self.owned_size(k)) if form is None else owned_vector(form)
            for k, form in enumerate(forms)
        ]

    def free(self, vectors: list[Array]) -> list[Array]:
        """Zero the entries of fixed dofs in place; ``vectors`` are owned, by block."""
        for fixed in self.fixed:
            values = vectors[fixed.block].reshape(-1, self.components(fixed.block))
            values[fixed.dofs[fixed.dofs < len(values)], fixed.component] = 0.0
        return vectors
