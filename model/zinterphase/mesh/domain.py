"""The distributed mesh: layers, regions, interfaces and boundaries by name."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import basix.ufl
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from dolfinx.common import IndexMap
from dolfinx.graph import adjacencylist
from dolfinx.io.utils import distribute_entity_data
from dolfinx.mesh import (
    EntityMap,
    Mesh,
    MeshTags,
    create_mesh,
    create_submesh,
    entity_map,
    meshtags,
    meshtags_from_entities,
)
from mpi4py import MPI

from zinterphase.geometry.quadratic import second_order
from zinterphase.geometry.raw import RawMesh, Tags
from zinterphase.mesh.motion import Displacement, Motion
from zinterphase.mesh.partition import (
    chosen_partition,
    forced_partitioner,
    shared_facet_partitioner,
)
from zinterphase.routes import Blocks

Coordinates = Literal["planar", "axisymmetric"]


@dataclass(frozen=True, eq=False)
class Region:
    """The part of a domain made of some layers, as a mesh of its own.

    Attributes
    ----------
    layers : Names of the layers, in stack order.
    mesh : The submesh, on the same ranks; a rank may own none of its cells. The domain's own in
        three dimensions, where a region of all layers needs no copy.
    entity_map : Cells of the submesh against those of the domain.
    vertex_map : Vertices of the submesh against those of the domain.
    nodes : Nodes of the domain's geometry that those of the submesh are copies of.
    """

    layers: tuple[str, ...]
    mesh: Mesh[np.float64]
    entity_map: EntityMap
    vertex_map: EntityMap
    nodes: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Domain:
    """A mesh with named groups, distributed with ghosts across facets. Lengths in metres.

    Make one with ``Domain.create``.

    Attributes
    ----------
    mesh : The DOLFINx mesh.
    cell_tags : Layer id of every cell, owned and ghost.
    facet_tags : Group id of the tagged facets, owned and ghost.
    layer_ids : Id of each layer, from bottom to top.
    facet_ids : Id of "base", "counter", "sides" (when there is one), "lower|upper" and of the
        particles of a layer.
    coordinates : "planar" or "axisymmetric" (axis at x = 0).
    checksum : sha256 of the raw mesh, or of that and how it was divided; the same on any number of
        ranks.
    generated : Whether a recipe made it, see `RawMesh`.
    vertex_count, cell_count : Global numbers.
    cell_numbers : Of every cell, owned and ghost, the same on any number of ranks.
    """

    mesh: Mesh[np.float64]
    cell_tags: MeshTags
    facet_tags: MeshTags
    layer_ids: dict[str, int]
    facet_ids: dict[str, int]
    coordinates: Coordinates
    checksum: str
    generated: bool
    vertex_count: int
    cell_count: int
    cell_numbers: npt.NDArray[np.int64]
    _motion: Motion = field(repr=False)
    _regions: dict[tuple[str, ...], Region] = field(default_factory=dict, repr=False)

    @classmethod
    def create(
        cls,
        comm: MPI.Intracomm,
        raw: RawMesh | None,
        coordinates: Coordinates = "planar",
        partition: Tags | None = None,
    ) -> Domain:
        """Distribute a mesh. Collective.

        Parameters
        ----------
        comm : Communicator of any size, ``MPI.COMM_SELF`` included.
        raw : The mesh on rank 0; the other ranks pass None.
        coordinates : Meaning of the lateral coordinate.
        partition : On rank 0 the rank that owns each cell, for tests; by default whole columns
            in three dimensions, what the graph partitioner chooses below.
        """
        # MPI has some 2000 communicators. A mesh and what is built on it take 20, which cycles in
        # form objects keep long after the last use, and longer the more a program holds.
        gc.collect()
        if raw is not None and partition is None:
            partition = chosen_partition(raw, comm.size)
        meta = None if raw is None else _Meta.of(raw)
        meta = comm.bcast(meta, root=0)
        assert meta is not None
        forced = comm.bcast(partition is not None, root=0)
        distributed = _distributed(comm, raw, meta, partition, forced)
        topology = distributed.topology
        connect(distributed)
        return cls(
            distributed,
            _cell_tags(comm, distributed, None if raw is None else raw.cell_tags),
            _facet_tags(distributed, raw),
            meta.layer_ids,
            meta.facet_ids,
            coordinates,
            meta.checksum,
            meta.generated,
            topology.index_map(0).size_global,
            topology.index_map(topology.dim).size_global,
            topology.original_cell_index,
            Motion(distributed),
        )

    @property
    def comm(self) -> MPI.Intracomm:
        """The communicator."""
        comm: MPI.Intracomm = self.mesh.comm
        return comm

    @property
    def dimension(self) -> int:
        """Geometric dimension, 1 to 3."""
        return int(self.mesh.topology.dim)

    @property
    def order(self) -> int:
        """Of the cells: 1, or 2 where edges may be curved."""
        return 2 if self.mesh.geometry.dofmaps[0].shape[1] > self.dimension + 1 else 1

    @property
    def displacement(self) -> npt.NDArray[np.float64] | None:
        """Of this rank's owned nodes from where the mesh was made (n, dim) [m]; None at rest."""
        return self._motion.displacement

    @property
    def moves(self) -> int:
        """How often the nodes have moved."""
        return self._motion.count

    def distortion(self) -> float:
        """Largest factor by which the volume of a cell has grown or shrunk since the mesh was made;
        collective."""
        return self._motion.distortion()

    def move(self, displacement: Displacement) -> None:
        """Move the nodes, and the copies that regions have, from where the mesh was made.

        Moves do not add up: each begins at rest, where None leads back. Topology, tags and compiled
        forms stay. Collective.

        Parameters
        ----------
        displacement : A function of positions at rest (n, dim) [m], or values at the owned nodes
            of this rank (n, dim) [m], as `at_nodes` takes from a vector field.

        Raises
        ------
        MeshError
            A cell would be turned over; nothing moves.
        """
        if self._motion.move(displacement):
            for region in self._regions.values():
                region.mesh.geometry.x[:] = self.mesh.geometry.x[region.nodes]

    def region(self, layers: Iterable[str]) -> Region:
        """The submesh of some layers; made once per set of layers. Collective.

        Raises
        ------
        KeyError
            A layer is not meshed.
        """
        wanted = set(layers)
        for name in wanted:
            self.layer_ids[name]
        key = tuple(name for name in self.layer_ids if name in wanted)
        if key not in self._regions:
            self._regions[key] = self._made(key)
        return self._regions[key]

    def _made(self, layers: tuple[str, ...]) -> Region:
        # Below three dimensions a copy weighs little, and its forms serve all stacks.
        if self.dimension == 3 and len(layers) == len(self.layer_ids):
            return _whole(self.mesh, layers)
        tags = [self.layer_ids[name] for name in layers]
        cells = self.cell_tags.indices[np.isin(self.cell_tags.values, tags)]
        return Region(layers, *create_submesh(self.mesh, self.dimension, cells))

    def interface(self, lower: str, upper: str, group: str | None = None) -> npt.NDArray[np.int32]:
        """Facets between two layers that this rank owns, for interior facet integrals.

        ``group`` is their name where it is not made of those of the layers. Not collective.

        Returns
        -------
        (cell, local facet, cell, local facet) per facet with the cell of ``lower`` first, so
        that "+" is the lower side; shape (4 n,).

        Raises
        ------
        KeyError
            A layer is not meshed, or the two do not touch.
        """
        below, above = self.layer_ids[lower], self.layer_ids[upper]
        names = (group,) if group else (f"{lower}|{upper}", f"{upper}|{lower}")
        tag = next((self.facet_ids[name] for name in names if name in self.facet_ids), None)
        if tag is None:
            raise KeyError(names[0])
        facets = self.facet_tags.find(tag)
        pairs = self._owned_pairs(fem.IntegralType.interior_facet, facets).reshape(-1, 2, 2)
        layer = self.cell_tags.values[pairs[:, :, 0]]
        swapped = layer[:, 0] != below
        pairs[swapped] = pairs[swapped][:, ::-1]
        layer = np.sort(layer, axis=1)
        assert np.all(layer == np.sort([below, above]))
        return np.ascontiguousarray(pairs.reshape(-1))

    def boundary(self, name: str) -> npt.NDArray[np.int32]:
        """Exterior facets of a group that this rank owns: (cell, local facet) each, shape (2 n,).

        Not collective.

        Raises
        ------
        KeyError
            There is no such group.
        """
        facets = self.facet_tags.find(self.facet_ids[name])
        return self._owned_pairs(fem.IntegralType.exterior_facet, facets).reshape(-1)

    def seen_from(self, layer: str, name: str) -> npt.NDArray[np.int32]:
        """Facets of a group that this rank owns as a layer on one side of them, or both, has them:
        rows (cell, local facet), shape (n, 2). Not collective.

        Raises
        ------
        KeyError
            There is no such layer or group.
        """
        own, facets = self.layer_ids[layer], self.facet_tags.find(self.facet_ids[name])
        links = self.mesh.topology.connectivity(self.dimension - 1, self.dimension)
        cells = np.diff(links.offsets)[facets]
        kinds = {1: fem.IntegralType.exterior_facet, 2: fem.IntegralType.interior_facet}
        found = [self._owned_pairs(kind, facets[cells == n]) for n, kind in kinds.items()]
        rows = np.concatenate([pairs.reshape(-1, 2) for pairs in found])
        return np.ascontiguousarray(rows[self.cell_tags.values[rows[:, 0]] == own])

    def owned_cells(self, layers: Iterable[str]) -> npt.NDArray[np.int32]:
        """Cells of some layers that this rank owns, in their order. Not collective."""
        cells = np.sort(np.concatenate([self.cell_tags.find(self.layer_ids[s]) for s in layers]))
        return np.asarray(cells[cells < self.mesh.topology.index_map(self.dimension).size_local])

    def _owned_pairs(
        self, kind: fem.IntegralType, facets: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.int32]:
        # DOLFINx keeps owned facets only.
        pairs = fem.compute_integration_domains(kind, self.mesh.topology, facets)
        return np.array(pairs, dtype=np.int32)


def _whole(mesh: Mesh[np.float64], layers: tuple[str, ...]) -> Region:
    """All of a mesh, without a copy."""
    topology = mesh.topology

    def numbers(index_map: IndexMap) -> npt.NDArray[np.int32]:
        return np.arange(index_map.size_local + index_map.num_ghosts, dtype=np.int32)

    cells, vertices = (
        entity_map(topology, topology, dim, numbers(topology.index_map(dim)))
        for dim in (topology.dim, 0)
    )
    return Region(layers, mesh, cells, vertices, numbers(mesh.geometry.index_map()))


@dataclass(frozen=True)
class _Meta:
    """What every rank must know of the raw mesh."""

    dimension: int
    layer_ids: dict[str, int]
    facet_ids: dict[str, int]
    checksum: str
    generated: bool
    degree: int

    @classmethod
    def of(cls, raw: RawMesh) -> _Meta:
        groups = dict(raw.layer_ids), dict(raw.facet_ids)
        degree = 1 if raw.middles is None else 2
        return cls(raw.dimension, *groups, raw.checksum, raw.generated, degree)


def _distributed(
    comm: MPI.Intracomm, raw: RawMesh | None, meta: _Meta, partition: Tags | None, forced: bool
) -> Mesh[np.float64]:
    element = coordinate_element(meta.dimension, meta.degree)
    points = np.zeros((0, meta.dimension))
    cells = np.zeros((0, element.dim // meta.dimension), dtype=np.int64)
    if raw is not None and raw.middles is None:
        points, cells = raw.points, raw.cells
    elif raw is not None:
        whole = second_order(raw)
        points, cells = whole.points, whole.cells
    if forced:
        owner = np.zeros(0, dtype=np.int32) if partition is None else partition
        partitioner = forced_partitioner(cells[:, : meta.dimension + 1], owner)
    else:
        partitioner = shared_facet_partitioner()
    return create_mesh(comm, cells, ufl.Mesh(element), points, partitioner=partitioner)


def coordinate_element(dimension: int, degree: int) -> Any:
    """Of the places in simplices whose edges are straight, or parabolas with degree 2."""
    shape = {1: "interval", 2: "triangle", 3: "tetrahedron"}[dimension]
    return basix.ufl.element("Lagrange", shape, degree, shape=(dimension,), dtype=np.float64)


def connect(distributed: Mesh[np.float64]) -> None:
    """Make the facets of a mesh known, and what a domain asks of them. Collective."""
    cell = distributed.topology.dim
    distributed.topology.create_entities(cell - 1)
    for pair in ((cell - 1, cell), (cell, cell - 1), (cell - 1, 0)):
        distributed.topology.create_connectivity(*pair)


def _cell_tags(comm: MPI.Intracomm, distributed: Mesh[np.float64], tags: Tags | None) -> MeshTags:
    """Tags, known to rank 0, of owned and ghost cells; a ghost without one would lose its
    interface."""
    topology = distributed.topology
    count = topology.index_map(topology.dim).size_global
    blocks = Blocks(comm, topology.original_cell_index, count)
    block = np.empty(blocks.size, dtype=np.int32)
    comm.Scatterv(None if tags is None else [tags, np.diff(blocks.starts)], block)
    values = blocks.of_rank(block)
    cells = np.arange(values.size, dtype=np.int32)
    return meshtags(distributed, topology.dim, cells, values)


def _facet_tags(distributed: Mesh[np.float64], raw: RawMesh | None) -> MeshTags:
    facet = distributed.topology.dim - 1
    empty = np.zeros((0, facet + 1), dtype=np.int64)
    vertices = empty if raw is None else raw.facets
    tags = np.zeros(0, dtype=np.int32) if raw is None else raw.facet_tags
    entities, values = distribute_entity_data(distributed, facet, vertices, tags)
    distributed.topology.create_connectivity(facet, distributed.topology.dim)
    result: Any = meshtags_from_entities(distributed, facet, adjacencylist(entities), values)
    assert isinstance(result, MeshTags)
    return result
