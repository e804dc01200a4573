"""Cells divided by the rank that owns them: no rank ever holds the finer mesh whole."""

from __future__ import annotations

import gc
import hashlib
from dataclasses import dataclass, replace
from typing import Any

import basix
import basix.ufl
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from dolfinx.mesh import create_mesh, meshtags

from zinterphase.fem_types import Mesh
from zinterphase.geometry.chart import Chart
from zinterphase.geometry.division import Division, division
from zinterphase.geometry.quadratic import shape_functions
from zinterphase.geometry.raw import Floats, Ints
from zinterphase.mesh.domain import Domain, connect, coordinate_element
from zinterphase.mesh.motion import Motion
from zinterphase.mesh.partition import Partitioner, listed_partitioner
from zinterphase.mesh.parts import Locals, facets_of, tags_of_facets
from zinterphase.mesh.straightening import straighten_folded


def divided(coarse: Domain, times: int, chart: Chart | None) -> Domain:
    """Divide every cell ``times`` times, into 4 (triangles) or 8 (tetrahedra) children each time.

    Children belong to the rank of their parent, which sees those across the facets of its own as
    ghosts. Collective.

    Parameters
    ----------
    coarse : At rest, in two or three dimensions. Its mesh is no longer needed.
    times : At least 1.
    chart : Of the recipe that made it: nodes are placed by the formulas of its faces, and edges
        that fold a cell are straightened. Without one they lie where its cells are, straight or
        curved.
    """
    gc.collect()  # as Domain.create
    corners = _places(coarse, chart)
    pattern = _pattern(coarse, times, corners, chart)
    fine = _divided_mesh(coarse, corners, pattern, chart)
    connect(fine)
    topology, facet = fine.topology, coarse.dimension - 1
    origin = _origin(coarse, fine, pattern.count)
    cells = np.arange(len(origin.parent), dtype=np.int32)
    facets, values = _facet_tags(coarse, fine, origin, pattern)
    text = f"{coarse.checksum} divided {times} times"
    if chart is not None:  # between the vertices too
        text += f" on {chart.recipe.key()}"
    return replace(
        coarse,
        mesh=fine,
        cell_tags=meshtags(fine, facet + 1, cells, coarse.cell_tags.values[origin.parent]),
        facet_tags=meshtags(fine, facet, facets, values),
        checksum=hashlib.sha256(text.encode()).hexdigest(),
        vertex_count=topology.index_map(0).size_global,
        cell_count=topology.index_map(facet + 1).size_global,
        cell_numbers=coarse.cell_numbers[origin.parent] * pattern.count + origin.child,
        _motion=Motion(fine),
        _regions={},
    )


@dataclass(frozen=True, eq=False)
class _Pattern:
    """How each local cell is divided: ``kind`` (m,) is 1 where its last two corners change places.

    Columns of prisms are split into tetrahedra in the order of their vertices. With it, halves of
    such a prism are split in the same way. The dofs of ``element`` are the nodes in a cell.
    """

    element: Any
    kinds: tuple[Division, Division]
    kind: npt.NDArray[np.intp]

    @property
    def count(self) -> int:
        """Children of a cell."""
        return len(self.kinds[0].children)

    @property
    def children(self) -> Ints:
        """Nodes of the children by kind, (2, c, n)."""
        return np.stack([each.children for each in self.kinds])

    @property
    def faces(self) -> Ints:
        """Facets of the parent that children have, by kind, (2, c, d + 1)."""
        return np.stack([each.faces for each in self.kinds])


def _places(coarse: Domain, chart: Chart | None) -> Floats:
    """Corners of the local cells (m, d + 1, d), in coordinates in which cells are straight."""
    geometry, dimension = coarse.mesh.geometry, coarse.dimension
    corners, known = geometry.dofmaps[0][:, : dimension + 1], geometry.x[:, :dimension].copy()
    if chart is not None:
        used = np.unique(corners)
        known[used, -1] = chart.numbers(known[used])
    return known[corners]


def _swapped(corners: Floats, height: Floats) -> npt.NDArray[np.bool_]:
    """Tetrahedra of columns whose last two corners have changed places, so as to be positively
    oriented; before they came level by level, one above another next to each other, and else by
    falling height (`geometry.extrusion.split_order`).

    ``corners`` (m, 4, 3) have numbers of levels, ``height`` (m, 4) their heights [m].
    """
    lateral, number = corners[:, :, :-1], corners[:, :, -1]
    in_column = (number == np.rint(number)).all(axis=1)
    is_wrong = number[:, 2] > number[:, 3]
    is_wrong |= (lateral[:, 1] == lateral[:, 3]).all(axis=1)
    is_wrong |= (number[:, 0] < number[:, 1]) & (height[:, 2] < height[:, 3])
    return np.asarray(in_column & is_wrong)


def _pattern(coarse: Domain, times: int, corners: Floats, chart: Chart | None) -> _Pattern:
    is_curved = coarse.order > 1
    element = basix.ufl.element(
        "Lagrange",
        coarse.mesh.basix_cell().name,
        2 ** (times + is_curved),
        lagrange_variant=basix.LagrangeVariant.equispaced,
        dtype=np.float64,
    )
    places = np.asarray(element.basix_element.points)
    kind = np.zeros(len(corners), dtype=np.intp)
    if chart is not None and coarse.dimension == 3:
        geometry = coarse.mesh.geometry
        kind[_swapped(corners, geometry.x[geometry.dofmaps[0][:, :4], 2])] = 1
    plain, swapped = (division(places, times, middles=is_curved, swapped=k) for k in (False, True))
    return _Pattern(element, (plain, swapped), kind)


def _divided_mesh(coarse: Domain, corners: Floats, pattern: _Pattern, chart: Chart | None) -> Mesh:
    """The nodes of the finer mesh are dofs on the coarser one, and have their numbers."""
    dimension = coarse.dimension
    dofmap = fem.functionspace(coarse.mesh, pattern.element).dofmap
    owned = coarse.mesh.topology.index_map(dimension).size_local
    table, dofs = dofmap.list[: len(corners)], dofmap.index_map
    points = _points(coarse, corners, pattern, table, dofs.size_local, chart)
    nodes = dofs.local_to_global(table[:owned].ravel()).reshape(owned, 1, table.shape[1])
    cells = np.take_along_axis(nodes, pattern.children[pattern.kind[:owned]], axis=2)
    made = create_mesh(
        coarse.comm,
        cells.reshape(-1, cells.shape[2]),
        ufl.Mesh(coordinate_element(dimension, coarse.order)),
        points,
        partitioner=_in_place(coarse, pattern),
    )
    if coarse.order > 1 and chart is not None:
        straighten_folded(made)
    return made


def _points(
    coarse: Domain,
    corners: Floats,
    pattern: _Pattern,
    table: Locals,
    owned: int,
    chart: Chart | None,
) -> Floats:
    """Of the nodes that this rank owns (n, dim) [m]; ``table`` has the nodes of the local cells."""
    geometry, dimension = coarse.mesh.geometry, coarse.dimension
    found = np.empty((int(table.max(initial=-1)) + 1, dimension))
    if chart is None and coarse.order > 1:
        shares = shape_functions(pattern.kinds[0].barycentric)
        nodes = geometry.x[geometry.dofmaps[0], :dimension]
        found[table] = np.einsum("kn,mnx->mkx", shares, nodes)
        return found[:owned]
    for kind, each in enumerate(pattern.kinds):
        here = pattern.kind == kind
        found[table[here]] = each.spread(corners[here])
    found = found[:owned]
    return found if chart is None else chart.points(found[:, :-1], found[:, -1])


def _in_place(coarse: Domain, pattern: _Pattern) -> Partitioner:
    """Children stay on the rank of their parent; those on a facet go to the rank beyond it too."""
    topology, dimension, rank = coarse.mesh.topology, coarse.dimension, coarse.comm.rank
    cells = topology.index_map(dimension)
    owned, count = cells.size_local, pattern.count
    owner = np.concatenate([np.full(owned, rank), cells.owners])
    links = topology.connectivity(dimension - 1, dimension)
    facets = facets_of(coarse.mesh)[:owned]
    first = links.offsets[facets]
    is_inner = links.offsets[facets + 1] - first > 1
    last = first + is_inner
    beyond = owner[links.array[first] + links.array[last] - np.arange(owned)[:, None]]
    rows = []
    for face in range(dimension + 1):
        cut = np.flatnonzero(is_inner[:, face] & (beyond[:, face] != rank))
        on_face = (pattern.faces == face).any(axis=2)
        children = np.stack([np.flatnonzero(each) for each in on_face])[pattern.kind[cut]]
        child = (cut[:, None] * count + children).ravel()
        rows.append(np.column_stack([child, np.repeat(beyond[cut, face], children.shape[1])]))
    ghosts = np.unique(np.concatenate(rows), axis=0)
    return listed_partitioner(np.full(owned * count, rank, dtype=np.int32), ghosts)


@dataclass(frozen=True, eq=False)
class _Origin:
    """Of each local cell: its parent, on this rank, and which child of it it is."""

    parent: npt.NDArray[np.int64]
    child: npt.NDArray[np.int64]


def _origin(coarse: Domain, fine: Mesh, count: int) -> _Origin:
    cells = coarse.mesh.topology.index_map(coarse.dimension)
    # Children were handed over in the order of their parents, rank after rank.
    parent, child = np.divmod(fine.topology.original_cell_index, count)
    start, end = cells.local_range
    ghosts = np.argsort(cells.ghosts)
    is_own = (parent >= start) & (parent < end)
    place = np.searchsorted(cells.ghosts, parent[~is_own], sorter=ghosts)
    found = parent - start
    found[~is_own] = cells.size_local + ghosts[place]
    return _Origin(found, child)


def _facet_tags(
    coarse: Domain, fine: Mesh, origin: _Origin, pattern: _Pattern
) -> tuple[Locals, Locals]:
    """Facets of the finer mesh that lie on tagged ones, ascending, and the tags of those."""
    face = pattern.faces[pattern.kind[origin.parent], origin.child]
    on_parent = facets_of(coarse.mesh)[origin.parent[:, None], face]
    tag = np.where(face < 0, 0, tags_of_facets(coarse)[on_parent])
    found, first = np.unique(facets_of(fine)[tag > 0], return_index=True)
    return found, tag[tag > 0][first]
