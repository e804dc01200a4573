"""Meshes and fields gathered on one rank, in an order that no partition changes: for pictures.

In three dimensions a picture shows a plane, and only the cells that it meets are gathered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from zinterphase.fem_types import Function, Mesh
from zinterphase.mesh import Domain
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int64]
ON_PLANE = 1e-9
"""Of the mesh's extent across: what lies on one plane."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Simplices with values at their corners and by cell, SI units.

    Attributes
    ----------
    points : Corners, by x, then y, then height, shape (n, d) [m].
    cells : Corners of each cell, shape (m, d + 1).
    layer : Name of the layer of each cell by its place in ``layers``, shape (m,).
    layers : Names from the metal upwards.
    nodal : Values at the corners, each of shape (n,).
    cellwise : Values of the cells, each of shape (m,) or (m, d).
    depth : Where the plane lies across a 3D cell [m], other cells than its own being left out; None
        in fewer dimensions, where all cells are here.
    """

    points: Array
    cells: Nodes
    layer: Nodes
    layers: tuple[str, ...]
    nodal: dict[str, Array]
    cellwise: dict[str, Array]
    depth: float | None = None


@dataclass(frozen=True, eq=False)
class MeshView:
    """What a picture shows of a mesh; ``cells`` and ``nodes`` are numbers of the whole, ``ends``
    its lowest and highest coordinates (2, d) [m], ``seen`` places of layers that have cells."""

    shown: Snapshot
    ends: Array
    cells: int
    nodes: int
    seen: tuple[int, ...]


def liquid_snapshot(problem: Problem, functions: Sequence[Function]) -> Snapshot | None:
    """The liquid with fields of :func:`zinterphase.observe.fields.liquid_fields`, without what it
    surrounds; collective.

    In 3D the cells that the middle plane cuts. Continuous fields give their values at the corners
    of cells. None on all ranks but rank 0.
    """
    spaces, domain = problem.liquid, problem.domain
    dim, dofmap, cells = domain.dimension, spaces.scalar.dofmap, problem.liquid_cells
    cells = cells[cells < _owned_cells(spaces.region.mesh)]
    places = spaces.scalar.tabulate_dof_coordinates()[:, :dim]
    depth = None
    if dim == 3:
        corners = dofmap.list[cells, : dim + 1]
        depth = 0.5 * float(_ends(domain, places[np.unique(corners)])[:, 1].sum())
        above = (places[:, 1] > depth)[corners].sum(axis=1)
        cells = cells[(above > 0) & (above <= dim)]
    corners = dofmap.list[cells, : dim + 1]
    nodal: dict[str, Array] = {}
    cellwise: dict[str, Array] = {}
    for function in functions:
        element = function.function_space.ufl_element()
        values = function.x.array.reshape(-1, max(1, int(np.prod(element.reference_value_shape))))
        if element.degree > 0:
            nodal[function.name] = values[:, 0]
        elif function.name not in ("layer", "owned"):
            own = function.function_space.dofmap.list[cells, 0]
            cellwise[function.name] = values[own] if values.shape[1] > 1 else values[own, 0]
    names = dofmap.index_map.local_to_global(
        np.arange(dofmap.index_map.size_local + dofmap.index_map.num_ghosts, dtype=np.int32)
    )
    parents = np.asarray(spaces.entity_map.sub_topology_to_topology(cells, False))
    layer = _layers(domain, parents)
    return _gathered(domain, corners, names, places, nodal, cellwise, layer, depth)


def mesh_view(domain: Domain) -> MeshView | None:
    """All meshed layers without fields; in 3D the cells with a face on the side of the lowest y.
    Collective. None on all ranks but rank 0."""
    cells = np.arange(_owned_cells(domain.mesh), dtype=np.int32)
    corners = domain.mesh.geometry.dofmaps[0][cells, : domain.dimension + 1]
    index_map = domain.mesh.geometry.index_map()
    nodes = np.arange(index_map.size_local + index_map.num_ghosts, dtype=np.int32)
    places = domain.mesh.geometry.x[:, : domain.dimension]
    layer = _layers(domain, cells)
    present = np.bincount(layer, minlength=len(domain.layer_ids))
    seen = np.flatnonzero(domain.comm.allreduce(present))
    depth, ends = None, _ends(domain, places[np.unique(corners)])
    if domain.dimension == 3:
        low, high = ends[:, 1]
        depth = float(low + ON_PLANE * (high - low))
        kept = (places[:, 1] <= depth)[corners].sum(axis=1) == 3
        corners, layer = corners[kept], layer[kept]
    names = index_map.local_to_global(nodes)
    shown = _gathered(domain, corners, names, places, {}, {}, layer, depth)
    if shown is None:
        return None
    return MeshView(shown, ends, domain.cell_count, domain.vertex_count, tuple(map(int, seen)))


def _ends(domain: Domain, places: Array) -> Array:
    """Lowest and highest coordinates (2, d) of places (n, d) on all ranks; collective."""
    ends = np.stack([-places.min(axis=0, initial=np.inf), places.max(axis=0, initial=-np.inf)])
    domain.comm.Allreduce(MPI.IN_PLACE, ends, MPI.MAX)
    return np.stack([-ends[0], ends[1]])


def _owned_cells(mesh: Mesh) -> int:
    return int(mesh.topology.index_map(mesh.topology.dim).size_local)


def _layers(domain: Domain, cells: npt.NDArray[np.int32]) -> Nodes:
    """Place of the layer of each cell among all meshed ones."""
    ids = list(domain.layer_ids.values())
    place = np.zeros(max(ids) + 1, dtype=np.int64)
    place[ids] = np.arange(len(ids))
    tags = np.zeros(int(domain.cell_tags.indices.max(initial=-1)) + 1, dtype=np.int64)
    tags[domain.cell_tags.indices] = domain.cell_tags.values
    return place[tags[cells]]


def _gathered(
    domain: Domain,
    corners: npt.NDArray[np.int32],
    names: Nodes,
    places: Array,
    nodal: Mapping[str, Array],
    cellwise: Mapping[str, Array],
    layer: Nodes,
    depth: float | None,
) -> Snapshot | None:
    """Cells of all ranks on rank 0; ``names`` are the global numbers of local nodes."""
    used = np.unique(corners)
    mine = (
        names[corners], names[used], places[used],
        {name: values[used] for name, values in nodal.items()}, dict(cellwise), layer,
    )  # fmt: skip
    parts = domain.comm.gather(mine, root=0)
    if domain.comm.rank != 0:
        return None
    assert parts is not None
    first, index = np.unique(np.concatenate([part[1] for part in parts]), return_index=True)
    points = np.concatenate([part[2] for part in parts])[index]
    order = np.lexsort(points.T[::-1])
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    cells = place[np.searchsorted(first, np.concatenate([part[0] for part in parts]))]
    cells.sort(axis=1)
    sequence = np.lexsort(cells.T[::-1])
    by_cell = {
        name: np.concatenate([part[4][name] for part in parts])[sequence] for name in cellwise
    }
    return Snapshot(
        points[order],
        cells[sequence],
        np.concatenate([part[5] for part in parts])[sequence],
        tuple(domain.layer_ids),
        {n: np.concatenate([part[3][n] for part in parts])[index][order] for n in nodal},
        by_cell,
        depth,
    )
