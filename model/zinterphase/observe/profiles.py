"""Fields along lines normal to the electrode, and at probe points."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from dolfinx import geometry
from mpi4py import MPI

from zinterphase.fem_types import Function, Mesh
from zinterphase.mesh.places import barycentric_of, cell_nodes, places, reference_of
from zinterphase.observe.evaluate import electrode_facets
from zinterphase.observe.patches import Patches
from zinterphase.observe.recovery import patches_of
from zinterphase.routes import everywhere
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
    """Values of named fields at points (n, d) [m]; NaN where a point lies outside.

    ``errors`` are their estimated errors, NaN where there is none.
    """

    label: str
    position: Array
    values: dict[str, Array]
    errors: dict[str, Array] = field(default_factory=dict)


def are_asked(problem: Problem) -> bool:
    """Whether the case has normals or probes; a line is a normal of its own."""
    output = problem.case.output
    return problem.domain.dimension == 1 or bool(output.normals or output.probes)


def sampled(problem: Problem, functions: Sequence[Function]) -> list[Samples]:
    """Scalar ``functions`` along the case's normals and at its probes; collective."""
    if not are_asked(problem):
        return []
    patches = patches_of(problem)
    return normals(problem, functions, patches) + probes(problem, functions, patches)


def normals(
    problem: Problem, functions: Sequence[Function], patches: Patches | None
) -> list[Samples]:
    """Scalar ``functions`` along the case's normals, from the surface to the far side; collective.

    The normal is the stack direction at the given lateral position; a line is its own. ``patches``
    are those of the surface.
    """
    top = _highest(problem)
    first = _nearest_distance(problem, top)
    if patches is None:
        foot = everywhere(problem.domain.comm, electrode_facets(problem))[0, 0, 0]
        return [sample(problem, functions, normal_line((), foot, top, first), "line")]
    samples = []
    for lateral in problem.case.output.normals:
        foot = _foot(patches, np.array(lateral))
        line = normal_line(lateral, float(foot.place[-1]), top, first)
        label = f"normal at {', '.join(f'{1e6 * x:g} um' for x in lateral)}"
        samples.append(_recovered(problem, functions, line, label, patches))
    return samples


def probes(
    problem: Problem, functions: Sequence[Function], patches: Patches | None
) -> list[Samples]:
    """Scalar ``functions`` at the case's probe points; collective."""
    asked = [(f"probe {k}", np.array([p])) for k, p in enumerate(problem.case.output.probes, 1)]
    if patches is None:
        return [sample(problem, functions, at, label) for label, at in asked]
    return [_recovered(problem, functions, at, label, patches) for label, at in asked]


def _recovered(
    problem: Problem, functions: Sequence[Function], points: Array, label: str, patches: Patches
) -> Samples:
    """Values at points of one lateral position from means over the facets below and around them,
    each lifted by as much; collective.

    Surface and layers on it are followed near the metal, the far side far from it. Where a lifted
    facet leaves the mesh the value is the plain one, without an estimate.
    """
    top = _highest(problem)
    foot = _foot(patches, points[0, :-1])
    facets, at_points = patches.stencil(foot.facet, foot.place)
    own = patches.points[foot.facet]
    fits = [patches.stencil(foot.facet, place)[1] for place in own]
    start = patches.points[facets].reshape(-1, points.shape[1])
    far = (points[:, -1] - foot.place[-1]) / (top - foot.place[-1])
    lifted = np.tile(start, (len(points), 1, 1))
    lifted[:, :, -1] = points[:, -1:] + (start[:, -1] - foot.place[-1]) * (1.0 - far[:, None] ** 2)
    plain = sample(problem, functions, points, label)
    around = sample(problem, functions, lifted.reshape(-1, points.shape[1]), label)
    values, errors = {}, {}
    for name, found in around.values.items():
        samples = found.reshape(len(points), len(facets), -1)
        means = np.einsum("pfq,fq->pf", samples, patches.shares[facets])
        fitted = np.stack([means @ weights for weights in fits], axis=1)
        value = means @ at_points
        known = np.isfinite(value)
        values[name] = np.where(known, value, plain.values[name])
        # the own facet is the last one
        errors[name] = np.where(known, np.abs(samples[:, -1] - fitted).max(axis=1), np.nan)
    return Samples(label, points, values, errors)


def sample(problem: Problem, functions: Sequence[Function], points: Array, label: str) -> Samples:
    """Evaluate scalar ``functions`` of the liquid's mesh at ``points`` (n, d), NaN in what it
    surrounds; collective."""
    comm, domain = problem.domain.comm, functions[0].function_space.mesh
    padded = np.zeros((len(points), 3))
    padded[:, : points.shape[1]] = points
    cells = _holders(domain, problem.liquid_cells, padded)
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


def _holders(domain: Mesh, cells: npt.NDArray[np.int32], points: Array) -> npt.NDArray[np.int32]:
    """The owned one of some cells that holds each point, -1 where there is none.

    By barycentric coordinates: DOLFINx's own collision test has an absolute tolerance of the size
    of boundary-layer cells.
    """
    dim = domain.topology.dim
    owned = cells[cells < domain.topology.index_map(dim).size_local]
    found = np.full(len(points), -1, dtype=np.int32)
    if not len(owned):
        return found
    tree = geometry.bb_tree(domain, dim, entities=owned)
    candidates = geometry.compute_collisions_points(tree, points)
    count = np.diff(candidates.offsets)
    if not len(candidates.array):
        return found
    point = np.repeat(np.arange(len(points)), count)
    near = np.asarray(candidates.array)
    inside = barycentric_of(cell_nodes(domain, near), points[point, :dim]).min(axis=1)
    order = np.lexsort((inside, point))
    last = np.append(np.flatnonzero(np.diff(point[order])), len(order) - 1)
    best = order[last]
    found[point[best]] = np.where(inside[best] > -OUTSIDE, near[best], -1)
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


@dataclass(frozen=True)
class _Foot:
    """The point (d,) of the surface [m] below a lateral position, and its facet."""

    facet: int
    place: Array


def _foot(patches: Patches, lateral: Array) -> _Foot:
    """By the facet whose footprint holds the position."""
    footprints, dim = patches.nodes[:, :, :-1], len(lateral)
    seen = np.flatnonzero(np.abs(np.linalg.det(footprints[:, 1 : dim + 1] - footprints[:, :1])) > 0)
    reference = reference_of(footprints[seen], np.tile(lateral, (len(seen), 1)))
    inside = np.minimum(reference.min(axis=1), 1.0 - reference.sum(axis=1))
    holder = int(np.argmax(inside))
    facet = seen[holder]
    return _Foot(int(facet), places(patches.nodes[[facet]], reference[[holder]])[0, 0])
