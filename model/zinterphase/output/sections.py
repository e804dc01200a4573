"""Plane sections of a solution to be drawn: the cell itself in 2D, its middle plane in 3D."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from matplotlib.tri import Triangulation

from zinterphase.observe.snapshot import Snapshot
from zinterphase.output.vtk_data import TRIANGLE, add, grid, on_raster

Array = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int64]

MICROMETRE = 1e6
GRID = 160
"""Points along each side of the regular grid that carries lines of flux."""
EDGE = 1e-6
"""Distance from the frame, over its size, within which a point lies on it."""


@dataclass(frozen=True, eq=False)
class Section:
    """Triangles in a plane; lateral coordinate first, then height, in micrometres.

    ``depth`` is where the plane lies across a 3D cell [um], None in 2D.
    """

    points: Array
    triangles: Nodes
    layer: Nodes
    layers: tuple[str, ...]
    nodal: dict[str, Array]
    cellwise: dict[str, Array]
    depth: float | None = None

    @property
    def frame(self) -> tuple[Array, Array]:
        """Lower and upper end of both coordinates."""
        return self.points.min(axis=0), self.points.max(axis=0)

    @property
    def triangulation(self) -> Triangulation:
        """For Matplotlib."""
        return Triangulation(self.points[:, 0], self.points[:, 1], self.triangles)

    @property
    def up(self) -> str:
        """Name of the coordinate that points away from the metal."""
        return "y" if self.depth is None else "z"

    def borders(self) -> Array:
        """Segments between layers, shape (s, 2, 2)."""
        edges, first, last, count = self._edges
        inner = (count == 2) & (self.layer[first] != self.layer[last])
        return np.asarray(self.points[edges[inner]])

    def outline(self) -> Array:
        """Segments of the lower boundary, where the metal begins, shape (s, 2, 2)."""
        edges, _, _, count = self._edges
        segments = self.points[edges[count == 1]]
        low, high = self.frame
        reach = EDGE * (high - low)
        on_frame = [
            (np.abs(segments[:, :, axis] - end[axis]) < reach[axis]).all(axis=1)
            for axis, end in ((0, low), (0, high), (1, high))
        ]
        return np.asarray(segments[~np.any(on_frame, axis=0)])

    def on_grid(self, name: str) -> tuple[Array, Array, Array, Array]:
        """A vector field on a regular grid: x, y (GRID,), components (GRID, GRID), NaN outside."""
        low, high = self.frame
        flat = np.column_stack([self.points, np.zeros(len(self.points))])
        data = grid(flat, TRIANGLE, self.triangles)
        add(data.GetCellData(), name, self.cellwise[name])
        image = on_raster(data, name, low, high, GRID)
        x, y = (np.linspace(low[k], high[k], GRID) for k in (0, 1))
        return x, y, image[..., 0], image[..., 1]

    @cached_property
    def _edges(self) -> tuple[Nodes, Nodes, Nodes, Nodes]:
        """Edges, the first and the last triangle at each, and how many there are."""
        table = np.concatenate(
            [np.sort(self.triangles[:, pair]) for pair in ((0, 1), (1, 2), (0, 2))]
        )
        owner = np.tile(np.arange(len(self.triangles)), 3)
        edges, index, count = np.unique(table, axis=0, return_inverse=True, return_counts=True)
        order = np.argsort(index, kind="stable")
        ends = np.cumsum(count)
        return edges, owner[order[ends - count]], owner[order[ends - 1]], count


def section_of(snapshot: Snapshot) -> Section:
    """The plane that pictures show."""
    if snapshot.depth is None:
        return Section(
            MICROMETRE * snapshot.points, snapshot.cells, snapshot.layer, snapshot.layers,
            snapshot.nodal, snapshot.cellwise,
        )  # fmt: skip
    points = MICROMETRE * snapshot.points
    across = [0, 2]
    height = snapshot.points[:, 1] - snapshot.depth
    ends, triangles, owner = _cut(snapshot.cells, height > 0.0)
    first, last = height[ends].T
    share = (first / (first - last))[:, None]

    def between(values: Array) -> Array:
        first, last = values[ends[:, 0]], values[ends[:, 1]]
        weight = share if values.ndim == 2 else share[:, 0]
        return np.asarray(first + weight * (last - first))

    cellwise = {name: values[owner] for name, values in snapshot.cellwise.items()}
    return Section(
        between(points)[:, across],
        triangles,
        snapshot.layer[owner],
        snapshot.layers,
        {name: between(values) for name, values in snapshot.nodal.items()},
        {n: v[:, across] if v.ndim == 2 else v for n, v in cellwise.items()},
        MICROMETRE * snapshot.depth,
    )


def _cut(cells: Nodes, above: npt.NDArray[np.bool_]) -> tuple[Nodes, Nodes, Nodes]:
    """Tetrahedra cut by a plane, given which nodes lie above it.

    Points are told apart by the edge they lie on, not by where they are, so that triangles meet
    properly where the plane runs through nodes.

    Returns
    -------
    The two nodes of the edge of each point (p, 2), triangles (t, 3), and their cells (t,).
    """
    count = above[cells].sum(axis=1)
    order = np.argsort(~above[cells], axis=1, kind="stable")  # nodes above come first
    nodes = np.take_along_axis(cells, order, axis=1)
    patterns = {
        1: (((0, 1), (0, 2), (0, 3)),),
        2: (((0, 2), (0, 3), (1, 3)), ((0, 2), (1, 3), (1, 2))),
        3: (((0, 3), (1, 3), (2, 3)),),
    }
    edges, owner = [], []
    for number, shapes in patterns.items():
        chosen = np.flatnonzero(count == number)
        for shape in shapes:
            edges.append(nodes[chosen][:, np.array(shape)])
            owner.append(chosen)
    table = np.concatenate(edges)
    ends, index = np.unique(table.reshape(-1, 2), axis=0, return_inverse=True)
    return ends, index.reshape(-1, 3), np.concatenate(owner)
