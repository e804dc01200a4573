"""A matrix as blocks of its components: what a field split works on without copies."""

from collections.abc import Mapping, Sequence

import numpy as np
from mpi4py import MPI
from petsc4py import PETSc

from zinterphase.solve.system import Array

type _Blocks = dict[tuple[int, int], PETSc.Mat | None]


class ComponentBlocks:
    """The matrix of a block of unknowns, node by node, as one matrix for each pair of components.

    Component after component is also the order of vectors that belong to it. A field split takes
    blocks of a matrix in one piece by copying all of it, and the diagonal ones once more; those of
    this one are referred to. Couplings that a level does not have are left out. Collective.
    """

    def __init__(self, comm: MPI.Intracomm, nodes: int, components: int) -> None:
        """``nodes`` are those that this rank owns."""
        self._components = components
        rows = nodes * components
        start = comm.exscan(rows) or 0
        self._interleaved = [
            PETSc.IS().createStride(nodes, start + k, components, comm=comm)
            for k in range(components)
        ]
        self.sets = [
            PETSc.IS().createStride(nodes, start + k * nodes, comm=comm) for k in range(components)
        ]
        """Rows and columns of each component."""
        self._blocks: _Blocks = {}
        self._nest: PETSc.Mat | None = None

    def of(self, matrix: PETSc.Mat) -> PETSc.Mat:
        """The blocks of a matrix; the same ones again, with new values, where it couples the same
        components as the one before."""
        every = range(self._components)
        blocks = {(i, j): self._block(matrix, i, j) for i in every for j in every}
        if self._nest is not None and _kept(blocks) == _kept(self._blocks):
            self._nest.assemble()
            return self._nest
        self._free_nest()
        self._blocks = blocks
        table = [[blocks[i, j] for j in every] for i in every]
        self._nest = PETSc.Mat().createNest(
            table, isrows=self.sets, iscols=self.sets, comm=matrix.comm
        )
        return self._nest

    def free(self) -> None:
        """Free the blocks; the next matrix makes them anew."""
        self._free_nest()
        for block in self._blocks.values():
            if block is not None:
                block.destroy()
        self._blocks = {}

    def _free_nest(self) -> None:
        if self._nest is not None:
            self._nest.destroy()
        self._nest = None

    def _block(self, matrix: PETSc.Mat, row: int, column: int) -> PETSc.Mat | None:
        """A block, into the one of before where there is one."""
        sets = self._interleaved[row], self._interleaved[column]
        before = self._blocks.get((row, column))
        if before is not None:
            return matrix.createSubMatrix(*sets, submat=before)
        block = matrix.createSubMatrix(*sets)
        if row == column or block.norm(PETSc.NormType.INFINITY) > 0.0:
            return block
        block.destroy()
        return None

    def ordered(self, vector: Array) -> Array:
        """An owned vector, node by node, in the order of the blocks."""
        return np.asarray(vector.reshape(-1, self._components).T.ravel())

    def by_node(self, vector: Array) -> Array:
        """The inverse of :meth:`ordered`."""
        return np.asarray(vector.reshape(self._components, -1).T.ravel())


def _kept(blocks: _Blocks) -> set[tuple[int, int]]:
    return {place for place, block in blocks.items() if block is not None}


def splits_components(options: Mapping[str, object], components: Sequence[int]) -> bool:
    """Whether a solver with ``options`` splits a single block of several components, and nothing
    wants the matrix in one piece."""
    return len(components) == 1 and components[0] > 1 and options.get("pc_type") == "fieldsplit"
