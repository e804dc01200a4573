"""Fields along lines normal to the electrode, and at probe points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from dolfinx import fem, geometry
from mpi4py import MPI

Array = npt.NDArray[np.float64]
POINTS = 200
"""Points along a normal, geometrically spaced from the surface."""


@dataclass(frozen=True)
class Samples:
    """Values of named fields at points (n, d) [m]; NaN where a point lies outside."""

    position: Array
    values: dict[str, Array]


def sample(comm: MPI.Intracomm, functions: Sequence[fem.Function], points: Array) -> Samples:
    """Evaluate scalar continuous ``functions`` of one mesh at ``points`` (n, d); collective."""
    mesh = functions[0].function_space.mesh
    padded = np.zeros((len(points), 3))
    padded[:, : points.shape[1]] = points
    cells = _owned_cells(mesh, padded)
    here = np.flatnonzero(cells >= 0)
    values = {}
    for function in functions:
        local = np.full(len(points), -np.inf)
        if len(here):
            local[here] = function.eval(padded[here], cells[here]).reshape(len(here), -1)[:, 0]
        best = comm.allreduce(local, MPI.MAX)
        values[function.name] = np.where(np.isneginf(best), np.nan, best)
    return Samples(points, values)


def _owned_cells(mesh: object, points: Array) -> npt.NDArray[np.int32]:
    """An owned cell that holds each point, -1 where there is none."""
    dim = mesh.topology.dim  # type: ignore[attr-defined]
    owned = np.arange(mesh.topology.index_map(dim).size_local, dtype=np.int32)  # type: ignore[attr-defined]
    tree = geometry.bb_tree(mesh, dim, entities=owned, padding=0.0)  # type: ignore[arg-type]
    candidates = geometry.compute_collisions_points(tree, points)
    colliding = geometry.compute_colliding_cells(mesh, candidates, points)  # type: ignore[arg-type]
    found = np.full(len(points), -1, dtype=np.int32)
    for k in range(len(points)):
        links = colliding.links(k)
        if len(links):
            found[k] = links[0]
    return found


def normal_line(lateral: Sequence[float], foot: float, top: float, first: float) -> Array:
    """Points from the surface at height ``foot`` to ``top`` above a lateral position [m].

    Distances grow geometrically from a third of ``first``, the first cell.
    """
    distance = np.geomspace(first / 3, top - foot, POINTS - 1)
    heights = foot + np.concatenate([[0.0], distance])
    heights[-1] = top
    return np.column_stack([np.tile(lateral, (POINTS, 1)), heights])
