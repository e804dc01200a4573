"""Where simplices of first order treat a field that is curved across them unevenly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from dolfinx.la import InsertMode
from scipy.spatial import cKDTree

from zinterphase.fem_types import new_function
from zinterphase.mesh.places import cell_nodes
from zinterphase.observe.evaluate import electrode_facets, facet_areas
from zinterphase.solve.measures import ELECTRODE
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]


def wall_defects(problem: Problem, facets: Array) -> Array:
    """Defect [m] at the corners of the working electrode's facets on this rank, (facet, corner).

    The residual that the interpolant I of the parabola q = n^2/2 of the distance n to the wall
    leaves in the row of a corner v, over the corner's area:

        g_v = int grad(I q - q) . grad phi_v dV / int phi_v dA.

    It is of the size of the first cell, sums to zero around a facet of a column of cells, and
    differs from corner to corner with the diagonals there. A double layer, curved in n and thinner
    than its cells are wide, answers with a saw-tooth proportional to it. Zero for unknowns of
    second order, which hold the parabola, and where no double layer is resolved. ``facets`` are the
    nodes of those of all ranks, (facet, node, coordinate); collective.
    """
    pairs, spaces, dim = problem.measures.facets[ELECTRODE], problem.liquid, facets.shape[2]
    if problem.case.mesh.order > 1 or not problem.level.has_double_layer:
        return np.zeros((len(pairs), dim))
    dofs, scalar = spaces.scalar.dofmap.list, spaces.scalar
    own = dofs[spaces.cells(pairs)] if len(pairs) else np.zeros((0, dim + 1), dtype=np.int32)
    corners = np.array([[j for j in range(dim + 1) if j != k] for k in range(dim + 1)])
    corners = np.take_along_axis(own, corners[pairs[:, 1]], axis=1)
    wall = np.zeros(len(scalar.tabulate_dof_coordinates()), dtype=bool)
    wall[spaces.dofs_on(pairs)] = True
    topology = spaces.region.mesh.topology
    touching = np.flatnonzero(wall[dofs[: topology.index_map(dim).size_local]].any(axis=1))
    residual, area = new_function(scalar), new_function(scalar)
    nodes = cell_nodes(spaces.region.mesh, touching.astype(np.int32))
    rows = _rows(nodes, wall[dofs[touching]], facets)
    np.add.at(residual.x.array, dofs[touching], rows)
    shares = facet_areas(electrode_facets(problem))[0][:, None] / dim
    np.add.at(area.x.array, corners, shares)
    for function in (residual, area):
        function.x.scatter_reverse(InsertMode.add)
        function.x.scatter_forward()
    return np.asarray(residual.x.array[corners] / area.x.array[corners])


def _rows(nodes: Array, wall: npt.NDArray[np.bool_], facets: Array) -> Array:
    """What cells at the wall leave in the rows of their corners, (cell, corner)."""
    count = nodes.shape[2] + 1
    corners = nodes[:, :count]
    edges = corners[:, 1:] - corners[:, :1]
    inverse = np.linalg.inv(edges)
    slopes = np.concatenate([-inverse.sum(axis=2, keepdims=True), inverse], axis=2)
    volume = np.abs(np.linalg.det(edges)) / float(np.prod(np.arange(1, count)))
    distance = np.where(wall, 0.0, _distances(corners, facets))
    parabola = np.einsum("cxj,cj->cx", slopes, 0.5 * distance**2)
    exact = distance.mean(axis=1)[:, None] * np.einsum("cxj,cj->cx", slopes, distance)
    return np.asarray(volume[:, None] * np.einsum("cx,cxj->cj", parabola - exact, slopes))


def _distances(corners: Array, facets: Array) -> Array:
    """Of the corners of cells from the plane of the nearest facet [m]."""
    dim = corners.shape[2]
    place, edges = facets[:, :dim].mean(axis=1), facets[:, 1:dim] - facets[:, :1]
    normal = np.linalg.qr(np.swapaxes(edges, 1, 2), mode="complete")[0][:, :, -1]
    _, nearest = cKDTree(place).query(corners.mean(axis=1))
    offset = corners - place[nearest][:, None]
    return np.asarray(np.abs(np.einsum("cjx,cx->cj", offset, normal[nearest])))
