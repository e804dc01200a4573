"""A mesh between surfaces that may fold, as they are now, and these surfaces on it."""

from collections.abc import Mapping

import numpy as np
from scipy.spatial import cKDTree

from zinterphase.geometry.raw import RawMesh, signed_volumes
from zinterphase.mesh.cuts import interpolated, parents
from zinterphase.mesh.gathered import Gathered, gathered_mesh
from zinterphase.mesh.lines import lengths
from zinterphase.parallel import on_root
from zinterphase.solve.footing import Footing
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.front import SIDES
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import Array

LONGEST = 1.5
"""Of a facet of another boundary than the surfaces, in the size of cells there."""
SAME = 1e-9
"""Of the mesh's size: places that are one."""
NEAR = 3
"""Cells over which sizes are averaged."""


def cells_anew(problem: Problem) -> RawMesh | None:
    """New cells of the sizes that cells had where they were made; on rank 0, None on the others.
    Collective.

    Facets of a surface are all cut into as many parts as they have become times as long as at
    first, rounded. Raises :class:`MeshError` where Gmsh finds no mesh.
    """
    front, found = problem.front, gathered_mesh(problem.domain)
    assert isinstance(front, FreeFront)
    made = None

    def make() -> None:
        from zinterphase.geometry.from_boundary import meshed_between  # Gmsh takes time to load

        nonlocal made
        assert found is not None
        sizes = _Sizes(found, front)
        made = meshed_between(found.now, sizes.of_cells, sizes.of_facets)

    on_root(problem.domain.comm, make)
    return made


class _Sizes:
    """Wanted ones [m] by place."""

    def __init__(self, mesh: Gathered, front: FreeFront) -> None:
        points, cells = mesh.now.points, mesh.now.cells
        self._scale = float(np.ptp(points, axis=0).max())
        self._cells = cKDTree(points[cells].mean(axis=1))
        # Of an equilateral triangle of the same area.
        self._sides = 2 / 3**0.25 * np.sqrt(np.abs(signed_volumes(mesh.made, cells)))
        lines = [front.line(name) for name in SIDES]
        self._middles = cKDTree(np.vstack([(line[1:] + line[:-1]) / 2 for line in lines]))
        counts = [max(1, round(front.stretch_of(name))) for name in SIDES]
        parts = [lengths(line) / count for line, count in zip(lines, counts, strict=True)]
        self._parts = np.concatenate(parts)

    def of_cells(self, x: float, y: float) -> float:
        _, near = self._cells.query((x, y), k=NEAR)
        return float(self._sides[near].mean())

    def of_facets(self, x: float, y: float) -> float:
        """About the middle of one."""
        distance, number = self._middles.query((x, y))
        if distance <= SAME * self._scale:
            return float(self._parts[number])
        return LONGEST * self.of_cells(x, y)


def cut_footing(former: FreeFront, front: FreeFront, new: Problem) -> Footing:
    """Of the surfaces as the former front has them, on a mesh at rest that was made between them;
    collective."""
    nodes = new.domain.mesh.geometry.index_map().size_local
    spacing = np.concatenate(
        [former.spacing[name][parents(former.line(name), front.line(name))] for name in SIDES]
    )
    return Footing(
        np.zeros((nodes, 2)),
        cut_rises(former, front, former.rises),
        0,
        former.remeshes + 1,
        former.missed,
        0.0,
        0.0,
        tuple(spacing.tolist()),
        (former.first_gap,),
    )


def cut_rises(former: FreeFront, front: FreeFront, rises: Mapping[str, Array]) -> dict[str, Array]:
    """Displacements of nodes [m] on facets that are parts of the former's."""
    found = dict(rises)
    for name in SIDES:
        found[name] = interpolated(former.line(name), front.line(name), rises[name])
    return found
