"""A line of nodes that grows along its normal, its nodes spread along it as they were at first."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, pi

import numpy as np
import numpy.typing as npt
from scipy.sparse import block_array, coo_array, csc_array, csr_array, diags_array
from scipy.sparse.linalg import splu

from zinterphase.errors import MeshError
from zinterphase.mesh.lines import (
    LEFT,
    below_slopes,
    bending,
    edges,
    lengths,
    mirrored,
    normals,
    shares,
)

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ROUNDS = 30
ROUNDING, NO_BETTER = 1e-12, 0.1
"""Of the line's length: a step of Newton's that may be its last, where it is no longer much shorter
than the one before."""
DAMPING = 1.0 / 8.0
"""Of waves from node to node, as in an upwind difference."""


@dataclass(frozen=True, eq=False)
class Growth:
    """What a line is to obey at the end of a step of time.

    ``rate`` [1/s] times a displacement plus ``earlier`` (n, 2) [m/s] is the velocity of its nodes,
    ``rate`` times the volume below plus ``volume`` [m3/s] what is deposited a second. ``speed``
    (n,) [m/s] is that along the normal: the volume that each node's function gets over its
    integral.
    """

    rate: float
    earlier: Array
    volume: float
    speed: Array


class SpreadLine:
    """A line of nodes between two mirror planes, in a plane or turned about x = 0.

    Node k grows by N_k . V_k = (volume that its function gets), with N_k the derivative of the
    whole volume by its place: volumes are those of the deposit exactly in time. In a step of
    time, over which a volume is no linear function of places, the same speed is added all along
    the line until they are so again, of second order in the step. Along the line nodes go where
    all its edges have stretched alike.

    Attributes
    ----------
    made : The nodes (n, 2) [m] as they were made, with the liquid on the left of who follows them.
    planes : The axes that the planes at both ends are across.
    area : Of the surface as it was made [m2, m in a plane].
    """

    def __init__(self, made: Array, planes: tuple[int, int], *, radial: bool) -> None:
        """``radial`` where the plane is turned."""
        self.made, self.planes, self.radial = made, planes, radial
        self.area = float(shares(made, radial=radial)[0].sum())
        self._first, self._level = lengths(made), float(made[:, 1].mean())
        count = len(made)
        self._of_edge = 2 * np.arange(count - 1)[:, None] + np.arange(4)
        self._fixed = np.array([planes[0], 2 * (count - 1) + planes[1]])
        ones = np.ones(count - 1)
        self._steps = csr_array(
            diags_array([-ones, ones], offsets=[0, 1], shape=(count - 1, count))
        )

    def volume(self, moved: Array) -> float:
        """Between the line and where it was made [m3, m2 in a plane], into the liquid."""
        # Simpson's rule over the way, exact for cubes: differences of whole volumes would round.
        slopes = sum(
            weight * self._slopes(part * moved)[0]
            for part, weight in ((0.0, 1 / 6), (0.5, 4 / 6), (1.0, 1 / 6))
        )
        still = np.zeros((1, 2))
        ways = np.hstack([np.vstack([still, moved]), np.vstack([moved, still])])
        return float(np.einsum("ej,ej->", slopes, ways))

    def weights(self, moved: Array) -> Array:
        """Integrals of the nodal functions (n,) [m2, m in a plane]."""
        each, _ = shares(self.made + moved, radial=self.radial)
        return np.asarray(np.append(each[:, 0], 0.0) + np.append(0.0, each[:, 1]))

    def grown(self, moved: Array, growth: Growth) -> Array:
        """The displacement at the end of a step, from one near it. Raises :class:`MeshError`."""
        found, added, former = moved.copy(), 0.0, inf
        rounding = ROUNDING * float(self._first.sum())
        for _ in range(ROUNDS):
            matrix, rest = self._linearised(found, added, growth)
            step = np.asarray(splu(matrix).solve(rest))
            if not np.isfinite(step).all():
                break
            found = found - step[:-1].reshape(-1, 2)
            found.flat[self._fixed] = 0.0
            added -= float(step[-1])
            size = float(np.abs(step).max())
            if size == 0.0 or (size <= rounding and size > NO_BETTER * former):
                return found
            former = size
        raise MeshError("front: the nodes of a surface find no places along it")

    # -- details --------------------------------------------------------------------------

    def _slopes(self, moved: Array) -> tuple[Array, Array]:
        """Of what is below each edge of the line, and of the ways of its ends since it was made."""
        closed = np.vstack([self.made[:1], self.made + moved, self.made[-1:]])
        return below_slopes(closed - [0.0, self._level], radial=self.radial)

    def _linearised(self, moved: Array, added: float, growth: Growth) -> tuple[csc_array, Array]:
        """Matrix and rest, in metres: of the nodes' growth, of their places along the line, and of
        the whole volume; for their coordinates, and what is added to the speed over the rate."""
        rate, weight = growth.rate, self.weights(moved)
        velocity, speed = rate * moved + growth.earlier, growth.speed + rate * added
        first, second = self._slopes(moved)
        whole = self._summed(first[1:-1])
        whole[:2] += first[0, 2:]
        whole[-2:] += first[-1, :2]
        normal = whole.reshape(-1, 2)
        wider = shares(self.made + moved, radial=self.radial)[1]
        growing = self._growing(normal, second, velocity, speed, wider, rate)
        slow, bent, bends = self._damping(moved, velocity)
        spill = self._steps.T @ diags_array(slow) @ self._steps
        scale = 1.0 / (rate * weight)
        rows = np.einsum("kx,kx->k", normal, velocity) - speed * weight + spill @ bent
        along, spread = self._spread(moved)
        ends = np.stack([growth.speed[:-1], growth.speed[1:]], axis=1)
        gained = self._summed(np.einsum("ei,eij->ej", ends, wider))
        left = self.volume(moved) - (growth.speed @ weight - growth.volume) / rate
        matrix = block_array(
            [
                [diags_array(scale) @ (growing + spill @ bends), -np.ones((len(moved), 1))],
                [along, None],
                [((whole - gained / rate) / self.area)[None], None],
            ],
            format="csc",
        )
        return csc_array(matrix), np.concatenate([scale * rows, spread, [left / self.area]])

    def _growing(
        self, normal: Array, second: Array, velocity: Array, speed: Array, wider: Array, rate: float
    ) -> csr_array:
        """Derivative of what nodes grow by less what they get."""
        nodes = np.arange(len(normal))
        entries = [(nodes, 2 * nodes + axis, rate * normal[:, axis]) for axis in (0, 1)]
        for end in (0, 1):
            rows = nodes[:-1] + end
            turned = second[1:-1, 2 * end : 2 * end + 2]
            turning = np.einsum("ex,exj->ej", velocity[rows], turned)
            entries.append(
                (rows[:, None], self._of_edge, turning - speed[rows, None] * wider[:, end])
            )
        last = len(normal) - 1
        for node, ways in ((0, second[0, 2:, 2:]), (last, second[-1, :2, :2])):
            columns = 2 * node + np.arange(2)
            entries.append((np.array([node]), columns, velocity[node] @ ways))
        return self._matrix(entries)

    def _damping(self, moved: Array, velocity: Array) -> tuple[Array, Array, csr_array]:
        """How easily metal moves over each edge to the next node, by the speed at which nodes slide
        along the line; the curvature at nodes and, but for its metric, its derivative."""
        line = self.made + moved
        normal, size = normals(line, self.planes), lengths(line)
        sliding = np.abs(np.einsum("kx,kx->k", velocity, normal @ LEFT))
        slow = DAMPING * size**2 * (sliding[1:] + sliding[:-1]) / 2
        if self.radial:
            slow *= pi * (line[1:, 0] + line[:-1, 0])
        bent = np.einsum("kx,kx->k", bending(line, self.planes), normal)
        spans, nodes = lengths(mirrored(line, self.planes)), np.arange(len(line))
        share = normal * 2 / (spans[1:] + spans[:-1])[:, None]
        entries = []
        for side, span in ((-1, spans[:-1]), (1, spans[1:])):
            beside = nodes + side
            beside = np.where((beside < 0) | (beside >= len(line)), nodes - side, beside)
            for axis in (0, 1):
                part = share[:, axis] / span
                entries += [(nodes, 2 * nodes + axis, part), (nodes, 2 * beside + axis, -part)]
        return slow, bent, self._matrix(entries)

    def _spread(self, moved: Array) -> tuple[csr_array, Array]:
        """Ends on their planes, and between them as much stretched on the left as on the right."""
        line, mean = self.made + moved, float(self._first.mean())
        size = lengths(line)
        tangent = mean * edges(line) / (size * self._first)[:, None]
        inner = np.arange(1, len(line) - 1)
        rest = np.zeros(len(line))
        rest[1:-1] = mean * np.diff(size / self._first)
        rest[[0, -1]] = moved.ravel()[self._fixed]
        entries = [(np.array([0, len(line) - 1]), self._fixed, np.ones(2))]
        for axis in (0, 1):
            left, right = tangent[:-1, axis], tangent[1:, axis]
            for way, values in ((-1, left), (0, -left - right), (1, right)):
                entries.append((inner, 2 * (inner + way) + axis, values))
        return self._matrix(entries), rest

    def _summed(self, of_edges: Array) -> Array:
        """By coordinate, of values (n - 1, 4) by edge."""
        found = np.bincount(self._of_edge.ravel(), of_edges.ravel(), minlength=self.made.size)
        return np.asarray(found)

    def _matrix(self, entries: list[tuple[Ints, Ints, Array]]) -> csr_array:
        """Of nodes by coordinates, from rows, columns and values."""
        parts = [[part.ravel() for part in np.broadcast_arrays(*entry)] for entry in entries]
        rows, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
        shape = len(self.made), self.made.size
        return csr_array(coo_array((values, (rows, columns)), shape=shape))
