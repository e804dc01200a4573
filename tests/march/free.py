"""Cells of a user's mesh whose surfaces move freely, marched in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from mpi4py import MPI

from zinterphase.mesh import Domain
from zinterphase.parallel import on_root
from zinterphase.run import mesh_case
from zinterphase.solve.free_front import FreeFront
from zinterphase.verification.grids import drawn

from .marching import March

UM = 1e-6
type Corners = Sequence[tuple[float, float]]


class Free(March):
    """A case with ``mesh.file`` on its way; ``charge`` [C] is what has plated."""

    charge = 0.0

    def _domain(self, comm: MPI.Intracomm, kind: str) -> Domain:
        return mesh_case(self.case, comm).domain

    @property
    def front(self) -> FreeFront:
        front = self.problem.front
        assert isinstance(front, FreeFront)
        return front


def written(
    path: Path, corners: Corners, edges: Sequence[str], size: Callable[[float, float], float],
    comm: MPI.Intracomm = MPI.COMM_SELF,
) -> Path:  # fmt: skip
    """The file of a polygon's mesh, its corners [m] and the group of each edge after them."""
    on_root(comm, partial(drawn, path, corners, edges, size))
    return path


def case_on(
    path: Path, width: float, thickness: float, steps: Sequence[str], *,
    level: str = "secondary", exchange: float = 100.0, front: str = "", more: str = "",
    coordinates: str = "planar",
) -> str:  # fmt: skip
    """Bare zinc under electrolyte, lengths in m."""
    said = ", ".join(f'"{step}"' for step in steps)
    return f"""
level = "{level}"
accept_invalid = true
{more}
mesh.file = "{path}"
front = {{motion = "free"{front}}}
[geometry]
dimension = 2
width = "{width!r} m"
coordinates = "{coordinates}"
[[layers]]
name = "zinc"
material = "Zn"
thickness = "50 um"
[[layers]]
name = "liquid"
material = "electrolyte"
thickness = "{thickness!r} m"
[electrolyte]
salt = "ZnSO4"
concentration = "2 mol/L"
[kinetics.zinc]
contact_fraction = 1.0
exchange_current_density = "{exchange!r} A/m^2"
[[protocol]]
steps = [{said}]
"""


def arc(radius: float, begin: float, end: float, count: int, centre: float = 0.0) -> Corners:
    """Corners on a circle about (0, ``centre``) by angles [degrees], both ends among them."""
    angles = np.radians(np.linspace(begin, end, count + 1))
    places = np.column_stack([np.cos(angles), np.sin(angles)])
    places[np.abs(places) < 1e-15] = 0.0
    x, y = (radius * places).T
    return list(zip(x.tolist(), (y + centre).tolist(), strict=True))


INNER, OUTER = 4 * UM, 10 * UM


def ring(path: Path, cells: int, comm: MPI.Intracomm = MPI.COMM_SELF,
         bump: Callable[[float], float] = lambda angle: 0.0) -> Path:  # fmt: skip
    """A quarter of a ring, zinc inside, ``cells`` facets on either arc; ``bump`` [m] is added to
    the inner radius by angle."""
    inner = [
        (x * (1 + bump(np.arctan2(y, x)) / INNER), y * (1 + bump(np.arctan2(y, x)) / INNER))
        for x, y in arc(INNER, 90, 0, cells)
    ]
    corners = [*arc(OUTER, 0, 90, cells), *inner]
    edges = ["counter"] * cells + ["sides"] + ["base"] * cells + ["sides"]
    step = np.pi / 2 * INNER / cells
    return written(path, corners, edges, lambda x, y: step * np.hypot(x, y) / INNER, comm)


def ring_case(
    path: Path, cells: int, steps: Sequence[str], coordinates: str = "planar", **more: float
) -> str:
    """Of that mesh, whose chords are a little nearer to each other than its arcs."""
    gap = float((OUTER - INNER) * np.cos(np.pi / 4 / cells))
    return case_on(path, OUTER, gap, steps, coordinates=coordinates, **more)  # type: ignore[arg-type]


WIDE, TALL, HIGH = 4 * UM, 4 * UM, 9 * UM
"""Half a wave, its amplitude, and the height of the far side above its middle [m]."""
SWAY = 2.2 * UM


def mushroom(path: Path, cell: float, comm: MPI.Intracomm = MPI.COMM_SELF) -> Path:
    """Half of a bump that is wider above than below, facets of about ``cell`` [m]: a wave whose
    places are shifted along x. Between its edge and the plane x = WIDE is a mouth."""
    shares = np.linspace(0.0, 1.0, round(3.1 * TALL / cell) + 1)
    x = WIDE * shares + SWAY * np.sin(2 * np.pi * shares)
    y = TALL * np.cos(np.pi * shares)
    x[-1] = WIDE
    surface = list(zip(x.tolist(), y.tolist(), strict=True))
    corners = [*surface, (WIDE, HIGH), (0.0, HIGH)]
    edges = ["base"] * (len(surface) - 1) + ["sides", "counter", "sides"]
    return written(
        path, corners, edges, lambda x, y: cell * (1 + max(0.0, y - TALL) / UM / 4), comm
    )


def mouth() -> float:
    """Between the bump's edge and the mirror plane [m]."""
    share = np.arccos(-WIDE / (2 * np.pi * SWAY)) / (2 * np.pi)
    return float(WIDE - WIDE * share - SWAY * np.sin(2 * np.pi * share))
