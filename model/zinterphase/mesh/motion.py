"""Where the nodes of a mesh are against where it was made."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from dolfinx.la import vector
from mpi4py import MPI

from zinterphase.errors import MeshError
from zinterphase.fem_types import Function, Mesh
from zinterphase.geometry.quadratic import determinants

Array = npt.NDArray[np.float64]
Displacement = Callable[[Array], Array] | Array | None
"""Of positions at rest (n, dim), or at this rank's owned nodes (n, dim), in m; None is at rest."""


class Motion:
    """The nodes of a mesh at rest and their displacement."""

    def __init__(self, mesh: Mesh) -> None:
        """At rest."""
        self._mesh = mesh
        self._rest: Array | None = None
        self._senses: Array | None = None
        self.displacement: Array | None = None
        self.count = 0

    @property
    def rest(self) -> Array:
        """Positions of the nodes where the mesh was made, ghosts included, shape (n, 3)."""
        return self._mesh.geometry.x if self._rest is None else self._rest

    def move(self, displacement: Displacement) -> bool:
        """Put the nodes where they were made, plus ``displacement``; whether they went; collective.

        Raises
        ------
        ValueError
            For another shape.
        MeshError
            Where a node would have no place or a cell be turned over; the nodes stay.
        """
        if displacement is self.displacement:
            return False
        comm, geometry = self._mesh.comm, self._mesh.geometry
        owned = self._owned(displacement)
        wanted = self.rest + self._with_ghosts(owned)
        turned = int(comm.allreduce(self._turned(wanted), MPI.SUM))
        if turned:
            raise MeshError(
                f"displacement: {turned} cells without a volume or turned over: allowed are moves "
                "that keep every cell the way round it was made"
            )
        if self._rest is None:
            self._rest = geometry.x.copy()
        geometry.x[:] = wanted
        owned.flags.writeable = False
        self.displacement = None if displacement is None else owned
        self.count += 1
        return True

    def distortion(self) -> float:
        """Largest factor by which the volume of a cell has grown or shrunk since the mesh was made;
        collective."""
        if self._rest is None:
            return 1.0
        now, then = (np.abs(self._determinants(x)) for x in (self._mesh.geometry.x, self._rest))
        change = np.exp(np.abs(np.log(now / then)))
        return float(self._mesh.comm.allreduce(float(np.max(change, initial=1.0)), MPI.MAX))

    def _owned(self, displacement: Displacement) -> Array:
        """At owned nodes, shape (n, dim)."""
        dim, count = self._mesh.geometry.dim, self._mesh.geometry.index_map().size_local
        if displacement is None:
            return np.zeros((count, dim))
        given = displacement(self.rest[:count, :dim]) if callable(displacement) else displacement
        found = np.array(given, dtype=np.float64)
        if found.shape != (count, dim):
            raise ValueError(f"displacement of shape {found.shape}: allowed {(count, dim)}")
        return found

    def _with_ghosts(self, owned: Array) -> Array:
        """At all nodes, shape (n, 3)."""
        dim = owned.shape[1]
        shared = vector(self._mesh.geometry.index_map(), dim)
        shared.array[: owned.size] = owned.ravel()
        shared.scatter_forward()
        moved = np.zeros_like(self.rest)
        moved[:, :dim] = shared.array.reshape(-1, dim)
        return moved

    def _turned(self, wanted: Array) -> int:
        """Owned cells that would not have, everywhere, the sense they have at rest."""
        if self._senses is None:
            self._senses = np.sign(self._determinants(self.rest))
        with np.errstate(invalid="ignore"):
            signs = self._senses * self._determinants(wanted)
        return int(np.count_nonzero(~np.all(signs > 0.0, axis=1)))

    def _determinants(self, nodes: Array) -> Array:
        """Of the Jacobian at points of the owned cells."""
        topology, dim = self._mesh.topology, self._mesh.geometry.dim
        owned = topology.index_map(topology.dim).size_local
        return determinants(nodes[:, :dim], self._mesh.geometry.dofmaps[0][:owned])


def at_nodes(function: Function) -> Array:
    """Values of a field on a mesh, of the order of its cells, at its owned nodes (n, components).

    Raises
    ------
    ValueError
        The field is of another order than the cells.
    """
    mesh, dofmap = function.function_space.mesh, function.function_space.dofmap
    nodes = mesh.geometry.index_map()
    values = np.zeros((nodes.size_local + nodes.num_ghosts, dofmap.index_map_bs))
    found = function.x.array.reshape(-1, dofmap.index_map_bs)
    order, wanted = dofmap.list.shape[1], mesh.geometry.dofmaps[0].shape[1]
    if order != wanted:
        raise ValueError(f"a field of {order} nodes a cell: allowed {wanted}, as the cells have")
    values[mesh.geometry.dofmaps[0]] = found[dofmap.list]
    return values[: nodes.size_local]
