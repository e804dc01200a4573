"""How the nodes of a mesh follow two electrode surfaces that move along the stack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from scipy.sparse import csr_array, diags_array, hstack

from zinterphase.errors import MeshError
from zinterphase.fem_types import Function, FunctionSpace, new_function
from zinterphase.mesh.domain import Domain
from zinterphase.mesh.lateral import LateralMesh
from zinterphase.mesh.motion import at_nodes
from zinterphase.mesh.outline import face_of

Array = npt.NDArray[np.float64]
Pairs = npt.NDArray[np.int32]
type Onto = Callable[[Array, Array, Array], Array]

STIFF = 0.02
"""Share of the liquid's height beside each electrode that moves with it as a whole: cells that
resolve a boundary layer keep their size; what lies between is stretched or compressed."""
ROUNDING = 1e-12


@dataclass(frozen=True)
class Faces:
    """Facets of this rank, rows (cell, local facet).

    ``ceiling`` is the face between a film upon the metal and the liquid above it, None without a
    film. It moves with the surface, or ``stays``; with a ``floor`` the film is lifted as a whole:
    that is its face to the liquid between it and the metal.
    """

    surface: Pairs
    counter: Pairs
    floor: Pairs | None
    ceiling: Pairs | None
    stays: bool


class Riding:
    """Nodes move along the last coordinate, in proportion to the rise of the surface below them and
    of the one above them; linear in both, and the same for all time. Everything collective.

    Every cell's volume is then a linear function of the rises, and so are integrals over it of any
    field that moves with the nodes: a difference formula in time keeps an even field even.

    Attributes
    ----------
    space : Nodal functions of the mesh's own order; ``surface``, ``counter``, ``floor`` (None but
        of a lifted film) and ``ceiling`` (the surface where there is no film) are the faces where
        the mesh was measured.
    rise : How far the nodes have gone from there [m].
    base : Displacement of this rank's nodes where the mesh was measured (n, dim) [m].
    """

    def __init__(self, domain: Domain, faces: Faces, area: float) -> None:
        """``area`` [m2, per depth] is that of the electrode plane.

        Raises :class:`MeshError` where an electrode has not one height over each place of it.
        """
        self._domain, self._faces, self._area = domain, faces, area
        self.space: FunctionSpace = fem.functionspace(domain.mesh, ("Lagrange", domain.order))
        self._order = _order_of_nodes(self.space)
        self.rise = new_function(self.space, "rise")
        self.measure()

    def measure(self) -> None:
        """Take the mesh where it is now for where nodes rise from; raises :class:`MeshError`."""
        domain, faces = self._domain, self._faces
        start = domain.displacement
        self.base: Array = (
            np.zeros((len(self._order), domain.dimension)) if start is None else start
        )
        self.rise.x.array[:] = 0.0
        self.surface, self.counter = self._face(faces.surface), self._face(faces.counter)
        for name, face in (("working", self.surface), ("counter", self.counter)):
            if not face.is_graph(self._area):
                text = f"front: the {name} electrode has walls or overhangs; allowed is one height"
                raise MeshError(f"{text} over each place, which moves along the stack")
        self._bottom = self._face(domain.boundary("base").reshape(-1, 2))
        ceiling = self.surface if faces.ceiling is None else self._face(faces.ceiling)
        self.ceiling, self.floor = ceiling, None if faces.floor is None else self._face(faces.floor)
        self._on_ceiling = self.surface.at(ceiling.position)
        self._area_shares = np.asarray(self.surface.mass().sum(axis=0)).ravel()
        self._area_shares /= self._area_shares.sum()
        dofmap = self.space.dofmap
        count = dofmap.index_map.size_local
        places = self.space.tabulate_dof_coordinates()[:count, : domain.dimension]
        lateral, height = places[:, :-1], places[:, -1]
        self.below, self.above = self.surface.at(lateral), self.counter.at(lateral)
        metal, top = self.below @ self.surface.height, self.above @ self.counter.height
        film = ceiling.at(lateral) @ ceiling.height
        with np.errstate(divide="ignore", invalid="ignore"):
            in_metal = _part(height, self._bottom.at(lateral) @ self._bottom.height, metal)
            in_film = 1.0 - _part(height, metal, film)
            in_liquid = _part(height, film, top)
        near_counter = np.clip((in_liquid - STIFF) / (1 - 2 * STIFF), 0.0, 1.0)
        lifted = np.zeros_like(height)
        if faces.stays:
            own = np.where(height < film, in_film, 0.0)
        elif self.floor is None:
            own = 1.0 - near_counter
        else:
            in_gap = _part(height, metal, self.floor.at(lateral) @ self.floor.height)
            own, lifted = 1.0 - in_gap, in_gap * (1.0 - near_counter)
        # A metal that is not meshed has no node below its surface, but for rounding.
        below = height < metal - ROUNDING * (self.counter.height.max() - self.surface.height.min())
        own, lifted = np.where(below, in_metal, own), np.where(below, 0.0, lifted)
        self._lifted = lifted if lifted.any() else None
        self._parts = _Parts(places, below, height < film, in_metal, 1.0 - in_film, in_liquid)
        self._slides = np.where(below, in_metal, 1.0 - near_counter)
        shares = diags_array(own) @ self.below, diags_array(near_counter) @ self.above
        self._shares: csr_array = hstack(shares, format="csr")

    @property
    def stays(self) -> bool:
        """Whether the film stays where it is."""
        return self._faces.stays

    def put(self, function: Function, surface: Array, counter: Array) -> None:
        """Values (n,) of the nodes of both faces, upwards, on all nodes of the mesh."""
        values = self._shares @ np.concatenate([surface, counter])
        if self._lifted is not None:
            values += self._lifted * self.mean(surface)
        function.x.array[: len(values)] = values
        function.x.scatter_forward()

    def mean(self, surface: Array) -> float:
        """Of the surface's nodes' values, over the electrode plane."""
        return float(self._area_shares @ surface)

    def carried(self, surface: Array) -> Array:
        """Heights of the ceiling where the surface has risen so far."""
        rise = self._on_ceiling @ surface if self.floor is None else self.mean(surface)
        return np.asarray(self.ceiling.height + rise)

    def move(self, surface: Array, counter: Array) -> None:
        """Raise both faces so far from where they were made [m].

        Raises
        ------
        MeshError
            Where a cell would be turned over; nothing moves.
        """
        self.put(self.rise, surface, counter)
        displacement = self.base.copy()
        displacement[:, -1] += self.rise.x.array[self._order]
        self._domain.move(displacement)

    def slid(self, lateral: Array, onto: Onto) -> Array:
        """Displacement of this rank's nodes (n, dim) [m] from where the mesh was made, where the
        surface, over a line, has its nodes at ``lateral`` (s,) [m].

        From where the mesh was measured. What lies above and below slides along as far as it rides,
        keeping its part of the way between the faces. ``onto`` takes the nodes of a face, their
        heights, and where the nodes go, and gives the heights there.
        """
        parts, surface, ceiling = self._parts, self.surface, self.ceiling
        old = surface.position[:, 0]
        there = parts.place[:, 0] + self._slides * (self.below @ (lateral - old))
        there = np.clip(there, old[0], old[-1])
        risen = np.interp(there, lateral, onto(old, surface.height, lateral))
        film = risen
        if ceiling is not surface:
            begin = ceiling.position[:, 0]
            end = np.interp(begin, old, lateral)
            film = np.interp(there, end, onto(begin, ceiling.height, end))
        bottom, top = (f.at(there[:, None]) @ f.height for f in (self._bottom, self.counter))
        moved = np.column_stack([there, parts.height(bottom, risen, film, top)]) - parts.place
        found = self.base.copy()
        for axis, values in enumerate(moved.T):
            along = new_function(self.space)
            along.x.array[: len(values)] = values
            along.x.scatter_forward()
            found[:, axis] += along.x.array[self._order]
        return found

    def _face(self, pairs: Pairs) -> LateralMesh:
        return face_of(self._domain, pairs)


@dataclass(frozen=True, eq=False)
class _Parts:
    """Where nodes lie between the faces: their ``place`` (n, dim) [m], whether in the metal or in
    a film, and the part of the way through each."""

    place: Array
    is_below: npt.NDArray[np.bool_]
    is_in_film: npt.NDArray[np.bool_]
    in_metal: Array
    in_film: Array
    in_liquid: Array

    def height(self, bottom: Array, surface: Array, film: Array, top: Array) -> Array:
        """Of the nodes [m] at the same parts between faces of these heights."""
        above = np.where(
            self.is_in_film,
            surface + self.in_film * (film - surface),
            film + self.in_liquid * (top - film),
        )
        return np.where(self.is_below, bottom + self.in_metal * (surface - bottom), above)


def _order_of_nodes(space: FunctionSpace) -> npt.NDArray[np.intp]:
    """The dof at each node of the mesh that this rank owns."""
    numbers = new_function(space)
    numbers.x.array[:] = np.arange(len(numbers.x.array))
    return at_nodes(numbers)[:, 0].astype(np.intp)


def _part(height: Array, lower: Array, upper: Array) -> Array:
    """Of the way from one face to another; 0 where they meet."""
    return np.nan_to_num(np.clip((height - lower) / (upper - lower), 0.0, 1.0), nan=0.0)
