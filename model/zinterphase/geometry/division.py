"""A simplex divided several times at once: nodes, children, and its faces that these have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from zinterphase.geometry.quadratic import EDGES
from zinterphase.geometry.raw import Floats, Ints
from zinterphase.geometry.subdivision import children_places


@dataclass(frozen=True, eq=False)
class Division:
    """Of any simplex of d dimensions into c = 2^(d n) children.

    Attributes
    ----------
    barycentric : Coordinates of its nodes, shape (k, d + 1).
    halvings : One table after the other, rows (node, a, b): it lies halfway between a and b, which
        are corners or nodes of the tables before.
    children : Nodes of each child, corners first, then the middles of its edges where there are
        any, as Basix numbers them; the same way round as the simplex; shape (c, d + 1 or more).
    faces : The facet of the simplex that has each facet of each child, by the corner opposite to
        it; -1 of those inside; shape (c, d + 1).
    """

    barycentric: Floats
    halvings: tuple[Ints, ...]
    children: Ints
    faces: Ints

    def spread(self, corners: Floats) -> Floats:
        """Values at all nodes (m, k, .) of simplices with values at their corners (m, d + 1, .),
        linear between them.

        By halves alone, so that nodes which lie above each other do to the last digit.
        """
        count, ends, width = corners.shape
        values = np.empty((count, len(self.barycentric), width))
        values[:, :ends] = corners
        for node, a, b in (table.T for table in self.halvings):
            values[:, node] = 0.5 * (values[:, a] + values[:, b])
        return values


def division(places: Floats, times: int, *, middles: bool, swapped: bool = False) -> Division:
    """Divide a simplex ``times`` times, as `subdivision.subdivided` does.

    Where it matters in which order corners come, in three dimensions, ``swapped`` takes the last
    two of them for each other.

    Parameters
    ----------
    places : Reference coordinates (k, d) of the nodes of a lattice with 2^times intervals on an
        edge, or twice as many with ``middles``; the corners come first.
    middles : Whether the edges of children have nodes halfway.
    """
    dimension, intervals = places.shape[1], 2 ** (times + middles)
    last = np.rint(places * intervals).astype(np.int64)
    lattice = np.column_stack([intervals - last.sum(axis=1), last])
    table = np.full((intervals + 1,) * dimension, -1, dtype=np.int64)
    table[tuple(last.T)] = np.arange(len(last))

    def numbers(nodes: Ints) -> Ints:
        return np.asarray(table[tuple(np.moveaxis(nodes[..., 1:], -1, 0))])

    corners, turned = lattice[None, : dimension + 1], np.full(1, swapped)
    if swapped:
        corners = corners[:, [*range(dimension - 1), dimension, dimension - 1]]
    halvings = []
    shares = children_places(dimension + 1)
    for _ in range(times):
        halvings.append(_halved(corners, numbers))
        # Twice the shares are whole numbers.
        corners = np.einsum("ckj,mjx->mckx", np.rint(2 * shares).astype(np.int64), corners) // 2
        turned = (turned[:, None] ^ (np.linalg.det(shares) < 0.0)).ravel()
        corners = corners.reshape(-1, dimension + 1, dimension + 1)
    corners[turned, -2:] = corners[turned, -2:][:, ::-1]
    children = numbers(corners)
    if middles:
        halvings.append(_halved(corners, numbers))
        a, b = np.array(EDGES[dimension]).T
        children = np.column_stack([children, numbers((corners[:, a] + corners[:, b]) // 2)])
    return Division(lattice / intervals, tuple(halvings), children, _faces(corners))


def _halved(corners: Ints, numbers: Callable[[Ints], Ints]) -> Ints:
    """Rows (node, a, b) of the middles of all edges of simplices (m, d + 1, d + 1)."""
    a, b = np.array(list(combinations(range(corners.shape[1]), 2))).T
    first, second = corners[:, a], corners[:, b]
    rows = np.stack([numbers((first + second) // 2), numbers(first), numbers(second)], axis=-1)
    rows = rows.reshape(-1, 3)
    _, once = np.unique(rows[:, 0], return_index=True)
    return np.asarray(rows[once])


def _faces(corners: Ints) -> Ints:
    """The parent's facet of each child's facet, -1 inside."""
    count, ends, _ = corners.shape
    found = np.full((count, ends), -1, dtype=np.int64)
    for facet in range(ends):
        others = np.delete(corners, facet, axis=1)
        child, face = np.nonzero((others == 0).all(axis=1))
        found[child, facet] = face
    return found
