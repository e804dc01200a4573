"""The facets of a surface in two dimensions as one line of nodes, known to all ranks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from mpi4py import MPI
from scipy.spatial import cKDTree

from zinterphase.errors import MeshError
from zinterphase.mesh.domain import Domain
from zinterphase.mesh.places import cell_nodes, facet_nodes
from zinterphase.routes import everywhere

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int32]

SAME = 1e-9
"""Of the surface's size: places that are one."""


def chain_of(domain: Domain, pairs: Pairs, name: str) -> Array:
    """Nodes of a surface in order (n, 2) [m], with the liquid on the left of who follows them;
    collective.

    ``pairs`` are this rank's facets as rows (cell, local facet), the cells in the liquid.

    Raises :class:`MeshError` for a surface, called ``name``, that is not one line with two ends.
    """
    own = _directed(domain, pairs)
    segments = everywhere(domain.comm, own)
    places, number = np.unique(segments.reshape(-1, 2), axis=0, return_inverse=True)
    begin, end = number.reshape(-1, 2).T
    following = np.full(len(places), -1, dtype=np.int64)
    following[end] = -2
    firsts = np.setdiff1d(begin, end)
    following[begin] = end
    order = _walked(int(firsts[0]), following) if len(firsts) == 1 else []
    if len(order) != len(places) or len(segments) != len(places) - 1:
        text = f"front: the {name} electrode is no single line from side to side, which is what"
        raise MeshError(f'{text} front.motion = "free" moves')
    return np.asarray(places[order])


def numbers_on(chain: Array, places: Array) -> Ints:
    """The node of a chain at each of some places (n, 2), -1 where there is none."""
    size = float(np.ptp(chain, axis=0).max())
    distance, number = cKDTree(chain).query(places)
    return np.where(distance <= SAME * size, number, -1)


def summed(comm: MPI.Intracomm, numbers: Ints, values: Array, count: int) -> Array:
    """Values (n,) of this rank's places by node of a chain, over all ranks; collective."""
    held = numbers >= 0
    found = np.zeros(count)
    np.add.at(found, numbers[held], values[held])  # bincount of nothing counts in integers
    comm.Allreduce(MPI.IN_PLACE, found, MPI.SUM)
    return np.asarray(found)


def _directed(domain: Domain, pairs: Pairs) -> Array:
    """Facets (f, 2, 2) whose cell lies on their left."""
    nodes = facet_nodes(domain.mesh, pairs)
    middle = cell_nodes(domain.mesh, pairs[:, 0]).mean(axis=1)
    along, across = nodes[:, 1] - nodes[:, 0], middle - nodes[:, 0]
    turned = along[:, 0] * across[:, 1] < along[:, 1] * across[:, 0]
    nodes[turned] = nodes[turned][:, ::-1]
    return nodes


def _walked(first: int, following: Ints) -> list[int]:
    """Numbers from the first on; no longer than there are any."""
    order: list[int] = []
    now = first
    while now >= 0 and len(order) <= len(following):
        order.append(now)
        now = int(following[now])
    return order
