"""How the nodes of a mesh in two dimensions follow lines in it that move anyhow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from dolfinx.fem import petsc as fem_petsc
from dolfinx.la import InsertMode
from dolfinx.mesh import exterior_facet_indices
from mpi4py import MPI
from petsc4py import PETSc

from zinterphase.errors import MeshError
from zinterphase.fem_types import Function, FunctionSpace, new_function
from zinterphase.forms import compiled_form
from zinterphase.mesh.chain import numbers_on
from zinterphase.mesh.domain import Domain
from zinterphase.mesh.motion import at_nodes
from zinterphase.mesh.places import cell_nodes, facet_nodes

Array = npt.NDArray[np.float64]
Pairs = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
STRAIGHT = 1e-9
"""Of the mesh's size: how far a wall along an axis may be off it."""


class Extension:
    """A harmonic displacement of the mesh where it was measured, div(k grad u) = 0 with k one over
    the size of a cell, so that small cells are stiff: given on lines, along mirror planes without
    a force, and zero on other walls.

    It is linear in what is given, and the same until the mesh is measured again: formulas in time
    of the lines are those of all nodes. Everything collective.

    Attributes
    ----------
    space : Of displacements, vectors at the nodes.
    planes : The axis that the mirror plane at each line's first and last node is across.
    base : Displacement of this rank's nodes where the mesh was measured (n, 2) [m].
    """

    def __init__(self, domain: Domain, lines: Sequence[Array], faces: Sequence[Pairs]) -> None:
        """``lines`` are nodes of the mesh (n, 2) [m], each from wall to wall, ``faces`` this rank's
        facets between them, as rows (cell, local facet).

        Raises :class:`MeshError` where one does not end at a mirror plane.
        """
        self._domain = domain
        self.space: FunctionSpace = fem.functionspace(domain.mesh, ("Lagrange", 1, (2,)))
        places = self.space.tabulate_dof_coordinates()[:, :2]
        numbers = [numbers_on(line, places) for line in lines]
        held = _held_on_walls(domain, self.space, np.concatenate(faces))
        self.planes = [self._ends(line, n, held) for line, n in zip(lines, numbers, strict=True)]
        self._owned = self.space.dofmap.index_map.size_local
        self._numbers = [n[: self._owned] for n in numbers]
        given = np.any([n >= 0 for n in self._numbers], axis=0)
        self._fixed: Flags = held[: self._owned] | given[:, None]
        self._solver = PETSc.KSP().create(domain.comm)
        self._solver.setType("preonly")
        self._solver.getPC().setType("lu")
        self._solver.getPC().setFactorSolverType("mumps")
        trial, test = ufl.TrialFunction(self.space), ufl.TestFunction(self.space)
        size = ufl.CellVolume(domain.mesh) ** 0.5
        stiffness = ufl.inner(ufl.grad(trial), ufl.grad(test)) / size
        self._stiffness = compiled_form(stiffness * ufl.dx)
        self.measure()
        self._found, self._load = self._solver.getOperators()[0].createVecs()

    def close(self) -> None:
        """Free the solver; collective."""
        for each in (self._solver, self._found, self._load):
            each.destroy()

    def measure(self) -> None:
        """Take the mesh where it is now for where nodes move from."""
        matrix = fem_petsc.assemble_matrix(self._stiffness)
        matrix.assemble()
        begin, _ = matrix.getOwnershipRange()
        matrix.zeroRows(begin + np.flatnonzero(self._fixed).astype(np.int32), 1.0)
        self._solver.setOperators(matrix)
        self._solver.setUp()
        matrix.destroy()  # the solver keeps its own reference
        start = self._domain.displacement
        nodes = self._domain.mesh.geometry.index_map().size_local
        self.base: Array = np.zeros((nodes, 2)) if start is None else start

    def extend(self, values: Sequence[Array]) -> Function:
        """How far all nodes go from there, from what each line's do (n, 2) [m]."""
        wanted = np.zeros((self._owned, 2))
        for number, given in zip(self._numbers, values, strict=True):
            wanted[number >= 0] = given[number[number >= 0]]
        self._load.array[:] = np.where(self._fixed, wanted, 0.0).ravel()
        self._solver.solve(self._load, self._found)
        function = new_function(self.space, "displacement")
        function.x.array[: 2 * self._owned] = self._found.array
        function.x.scatter_forward()
        return function

    def move(self, displacement: Function) -> None:
        """Put the nodes there; raises :class:`MeshError` where a cell would be turned over."""
        self._domain.move(self.base + at_nodes(displacement))

    # -- details --------------------------------------------------------------------------

    def _ends(self, line: Array, numbers: npt.NDArray[np.int64], held: Flags) -> tuple[int, int]:
        """Axes of the mirror planes at a line's ends."""
        found = []
        for end in (0, len(line) - 1):
            own = held[numbers == end].any(axis=0).astype(np.int64)
            whole = self._domain.comm.allreduce(own) > 0
            if whole.sum() != 1:
                x, y = line[end] * 1e6
                text = f"front: an electrode ends at x = {x:.4g} um, y = {y:.4g} um, and"
                raise MeshError(f'{text} not on a plane along an axis, which front.motion = "free"')
            found.append(int(np.argmax(whole)))
        return found[0], found[1]


class Distortion:
    """How far cells are from the shape that they had."""

    def __init__(self, domain: Domain) -> None:
        """In the mesh as it is now."""
        self._domain = domain
        topology = domain.mesh.topology
        self._cells = np.arange(topology.index_map(2).size_local, dtype=np.int32)
        self._inverse = np.linalg.inv(self._sides()) if len(self._cells) else np.zeros((0, 2, 2))

    def worst(self) -> float:
        """|F|^2/(2 det F) with the gradient F of the displacement, the largest of all cells: 1 of
        one that is only larger or turned, r/2 where it is stretched 2r to 1; collective."""
        gradient = self._inverse @ self._sides()
        determinant = np.abs(np.linalg.det(gradient))
        own = float(np.max((gradient**2).sum(axis=(1, 2)) / (2 * determinant), initial=1.0))
        return float(max(self._domain.comm.allgather(own)))

    def _sides(self) -> Array:
        corners = cell_nodes(self._domain.mesh, self._cells)
        return corners[:, 1:] - corners[:, :1]


def _held_on_walls(domain: Domain, space: FunctionSpace, moved: Pairs) -> Flags:
    """Which coordinates of nodes (n, 2), ghosts included, walls hold: that across a wall along an
    axis, both of any other wall and of the base below a meshed metal."""
    mesh, marks = domain.mesh, new_function(space)
    size = float(domain.comm.allreduce(float(np.ptp(mesh.geometry.x[:, :2])), MPI.MAX))
    facets = exterior_facet_indices(mesh.topology)
    kind = fem.IntegralType.exterior_facet
    pairs = fem.compute_integration_domains(kind, mesh.topology, facets).reshape(-1, 2)
    pairs = pairs[~np.isin(_keys(pairs), _keys(moved))]
    across = np.ptp(facet_nodes(mesh, pairs), axis=1) <= STRAIGHT * size
    across[~across.any(axis=1)] = True
    across[np.isin(_keys(pairs), _keys(domain.boundary("base").reshape(-1, 2)))] = True
    others = np.array([[1, 2], [0, 2], [0, 1]])[pairs[:, 1]]
    ends = np.take_along_axis(space.dofmap.list[pairs[:, 0]], others, axis=1)
    values = marks.x.array.reshape(-1, 2)
    for column in (0, 1):
        np.add.at(values, ends[:, column], across)
    marks.x.scatter_reverse(InsertMode.add)
    marks.x.scatter_forward()
    return np.asarray(marks.x.array.reshape(-1, 2) > 0.0)


def _keys(pairs: Pairs) -> npt.NDArray[np.int64]:
    return np.asarray(pairs[:, 0].astype(np.int64) * 3 + pairs[:, 1])
