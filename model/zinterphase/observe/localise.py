"""A residual weighted with an adjoint, spread over the cells it comes from."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from dolfinx.fem.petsc import interpolation_matrix
from dolfinx.la import InsertMode

from zinterphase.fem_types import new_function
from zinterphase.solve.discretisation import RegionSpaces
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import Array

Cells = npt.NDArray[np.int32]


class Localisation:
    """Splits adjoint . residual of the richer problem node by node. Collective.

    The adjoint is its nodal interpolant in the space of the solution plus the rest. The rest
    meets the basis functions of the richer space, whose residual is small one by one since the
    solution is orthogonal to its own; the interpolant meets the residual in the space of the
    solution, of which the solution's own (fluxes at prescribed values, what the solver left) is
    taken off: quadrature and data remain. The basis functions are the partition of unity of
    Richter & Wick (2015), J. Comput. Appl. Math. 279, 192, without another assembly. Nodes share
    their part among their cells.
    """

    def __init__(self, problem: Problem, richer: Problem) -> None:
        """``richer`` has the same blocks one polynomial order higher."""
        self._cells = problem.domain.mesh.topology.index_map(problem.domain.dimension).size_local
        self._own, self._rich = _spaces(problem), _spaces(richer)
        self._systems = problem.system, richer.system
        pairs = zip(self._own, self._rich, strict=True)
        self._residual = problem.system.raw_residual()
        self._matrices = [interpolation_matrix(own.space, rich.space) for own, rich in pairs]
        for matrix in self._matrices:
            matrix.assemble()

    @property
    def spaces(self) -> tuple[list[RegionSpaces], list[RegionSpaces]]:
        """Spaces of the richer problem and of the solution, by block."""
        return self._rich, self._own

    def split(self, adjoint: Array, residual: Sequence[Array]) -> tuple[list[Array], list[Array]]:
        """Parts of the product at the nodes of the richer space and at those of the solution's."""
        fine, coarse = [], []
        values, nodal = self._systems[1].split(adjoint), self._nodal(adjoint)
        for k, (matrix, rows) in enumerate(zip(self._matrices, residual, strict=True)):
            x, y = matrix.createVecs()
            x.array[:] = nodal[k]
            matrix.mult(x, y)
            rest = values[k] - y.array
            y.array[:] = rows
            matrix.multTranspose(y, x)
            fine.append(_by_node(rest * rows, self._systems[1].components(k)))
            coarse.append(
                _by_node(nodal[k] * (x.array - self._residual[k]), self._systems[0].components(k))
            )
            x.destroy()
            y.destroy()
        return fine, coarse

    def on_cells(self, fine: Sequence[Array], coarse: Sequence[Array]) -> Array:
        """Parts at nodes summed on the owned cells of the domain, shape (cells,)."""
        total = np.zeros(self._cells)
        for spaces, parts in ((self._rich, fine), (self._own, coarse)):
            for space, values in zip(spaces, parts, strict=True):
                cells, shares = node_shares(space, values)
                total[cells] += shares.sum(axis=1)
        return total

    def algebraic(self, adjoint: Array) -> float:
        """Size of the adjoint's interpolant times the residual of the solution itself."""
        system = self._systems[0]
        residual = np.concatenate(system.residual())
        return abs(system.dot(np.concatenate(self._nodal(adjoint)), residual))

    def _nodal(self, adjoint: Array) -> list[Array]:
        """Owned nodal values of the adjoint in the space of the solution, by block."""
        found = []
        parts = zip(self._own, self._rich, self._systems[1].split(adjoint), strict=True)
        for k, (own, rich, values) in enumerate(parts):
            target, source = new_function(own.space), new_function(rich.space)
            source.x.array[: len(values)] = values
            source.x.scatter_forward()
            target.interpolate(source)
            found.append(np.array(target.x.array[: self._systems[0].owned_size(k)]))
        return found

    def close(self) -> None:
        """Free the matrices; collective."""
        for matrix in self._matrices:
            matrix.destroy()


def node_shares(spaces: RegionSpaces, values: Array) -> tuple[Cells, Array]:
    """Owned cells of the domain and each one's share of the ``values`` at its nodes.

    ``values`` belong to owned scalar dofs; shares have the shape (cells, dofs of a cell). A node's
    value is shared equally by its cells. Collective.
    """
    count, value = new_function(spaces.scalar), new_function(spaces.scalar)
    topology = spaces.region.mesh.topology
    owned = np.arange(topology.index_map(topology.dim).size_local, dtype=np.int32)
    dofs = spaces.scalar.dofmap.list[owned]
    np.add.at(count.x.array, dofs, 1.0)
    count.x.scatter_reverse(InsertMode.add)
    count.x.scatter_forward()
    value.x.array[: len(values)] = values
    value.x.scatter_forward()
    cells = np.asarray(spaces.entity_map.sub_topology_to_topology(owned, False))
    return cells, np.asarray(value.x.array[dofs] / count.x.array[dofs])


def _by_node(values: Array, components: int) -> Array:
    return np.asarray(values.reshape(-1, components).sum(axis=1))


def _spaces(problem: Problem) -> list[RegionSpaces]:
    return [s for s in (problem.liquid, problem.solid) if s is not None]
