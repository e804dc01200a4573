"""Fields along lines normal to the electrode, and at probe points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from dolfinx import geometry
from mpi4py import MPI

from zinterphase.fem_types import Function, Mesh
from zinterphase.mesh.places import barycentric_of, cell_nodes, places, reference_of
from zinterphase.observe.evaluate import electrode_facets
from zinterphase.observe.lateral import columns_of, window
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]
POINTS = 200
"""Points along a normal, geometrically spaced from the surface."""
OUTSIDE = 1e-6
"""Barycentric coordinate below zero by which a point may miss a cell (rounding)."""
NEAREST = 1e-3
"""First distance from the surface on a normal over the cell's height."""


@dataclass(frozen=True)
class Samples:
    """Values of named fields at points (n, d) [m]; NaN where a point lies outside."""

    label: str
    position: Array
    values: dict[str, Array]


def normals(problem: Problem, functions: Sequence[Function]) -> list[Samples]:
    """Scalar ``functions`` along the case's normals, from the surface to the far side; collective.

    The normal is the stack direction at the given lateral position; a line is its own.
    """
    facets = np.concatenate(problem.domain.comm.allgather(electrode_facets(problem)))
    top = _highest(problem)
    first = _nearest_distance(problem, top)
    samples = []
    asked = problem.case.output.normals if problem.domain.dimension > 1 else ((),)
    for lateral in asked:
        line = normal_line(lateral, _surface_height(facets, np.array(lateral)), top, first)
        place = ", ".join(f"{1e6 * x:g} um" for x in lateral)
        label = f"normal at {place}" if place else "line"
        samples.append(_evened(problem, functions, line, label, facets))
    return samples


def probes(problem: Problem, functions: Sequence[Function]) -> list[Samples]:
    """Scalar ``functions`` at the case's probe points; collective."""
    facets = np.concatenate(problem.domain.comm.allgather(electrode_facets(problem)))
    points = [np.array([point]) for point in problem.case.output.probes]
    return [
        _evened(problem, functions, point, f"probe {k}", facets)
        for k, point in enumerate(points, 1)
    ]


def _evened(
    problem: Problem, functions: Sequence[Function], points: Array, label: str, facets: Array
) -> Samples:
    """Values at points of one lateral position, without saw-tooth over a flat meshed surface whose
    columns the recipe made; collective."""
    comm, columns = problem.domain.comm, columns_of(facets)
    if columns is None or not problem.domain.generated:
        return sample(comm, functions, points, label)
    around = window(columns, float(points[0, 0]))
    places = np.array([[x, height] for height in points[:, 1] for x in around.places])
    found = sample(comm, functions, places, label)
    shape = (len(points), len(around.places))
    values = {name: around.values(v.reshape(shape)) for name, v in found.values.items()}
    return Samples(label, points, values)


def sample(
    comm: MPI.Intracomm, functions: Sequence[Function], points: Array, label: str
) -> Samples:
    """Evaluate scalar ``functions`` of one mesh at ``points`` (n, d); collective."""
    domain = functions[0].function_space.mesh
    padded = np.zeros((len(points), 3))
    padded[:, : points.shape[1]] = points
    cells = _owned_cells(domain, padded)
    here = np.flatnonzero(cells >= 0)
    values = {}
    for function in functions:
        local = np.full(len(points), -np.inf)
        if len(here):
            local[here] = function.eval(padded[here], cells[here]).reshape(len(here), -1)[:, 0]
        best = np.empty_like(local)
        comm.Allreduce(local, best, MPI.MAX)
        values[function.name] = np.where(np.isneginf(best), np.nan, best)
    return Samples(label, points, values)


def normal_line(lateral: Sequence[float], foot: float, top: float, first: float) -> Array:
    """Points (n, d) from the surface at height ``foot`` to ``top`` at a lateral position [m].

    Distances grow geometrically from ``first``.
    """
    distance = np.geomspace(first, top - foot, POINTS - 1)
    heights = foot + np.concatenate([[0.0], distance])
    heights[-1] = top
    return np.column_stack([np.tile(lateral, (POINTS, 1)), heights])


def _owned_cells(domain: Mesh, points: Array) -> npt.NDArray[np.int32]:
    """An owned cell that holds each point, -1 where there is none.

    By barycentric coordinates: DOLFINx's own collision test has an absolute tolerance of the size
    of boundary-layer cells.
    """
    dim = domain.topology.dim
    owned = np.arange(domain.topology.index_map(dim).size_local, dtype=np.int32)
    found = np.full(len(points), -1, dtype=np.int32)
    if not len(owned):
        return found
    tree = geometry.bb_tree(domain, dim, entities=owned)
    candidates = geometry.compute_collisions_points(tree, points)
    for k, point in enumerate(points):
        cells = candidates.links(k)
        if len(cells):
            at = np.tile(point[:dim], (len(cells), 1))
            inside = barycentric_of(cell_nodes(domain, cells), at).min(axis=1)
            best = int(np.argmax(inside))
            found[k] = cells[best] if inside[best] > -OUTSIDE else -1
    return found


def _highest(problem: Problem) -> float:
    """Height of the far side [m]."""
    x = problem.domain.mesh.geometry.x[:, problem.domain.mesh.geometry.dim - 1]
    highest = float(x.max()) if len(x) else -np.inf
    return float(problem.domain.comm.allreduce(highest, MPI.MAX))


def _nearest_distance(problem: Problem, top: float) -> float:
    """First distance from the surface: inside the diffuse layer where there is one [m]."""
    if problem.level.has_double_layer:
        return 0.1 * problem.bulk.debye_length
    return NEAREST * top


def _surface_height(facets: Array, lateral: Array) -> float:
    """Height of the meshed surface at a lateral position, by the facet that holds it [m].

    ``facets`` are their nodes, (facet, node, coordinate).
    """
    footprints, dim = facets[:, :, :-1], len(lateral)
    if dim == 0:
        return float(facets[0, 0, -1])
    seen = np.abs(np.linalg.det(footprints[:, 1 : dim + 1] - footprints[:, :1])) > 0
    reference = reference_of(footprints[seen], np.tile(lateral, (int(seen.sum()), 1)))
    inside = np.minimum(reference.min(axis=1), 1.0 - reference.sum(axis=1))
    holder = int(np.argmax(inside))
    return float(places(facets[seen][[holder]], reference[[holder]])[0, 0, -1])
