"""Where an electrode's metal grows: its current as a map that no distribution of cells changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from mpi4py import MPI
from scipy.sparse import csr_array

from zinterphase.cell.deposit import volume_per_charge
from zinterphase.expressions import Expr
from zinterphase.mesh.cuts import lateral_order, parents
from zinterphase.mesh.spacing import footprints
from zinterphase.observe.evaluate import (
    FacetExpressions,
    SolidTrace,
    electrode_facets,
    ion_concentration,
    metal_potential,
)
from zinterphase.observe.projection import PoreColumns
from zinterphase.routes import everywhere
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.problem import Problem
from zinterphase.solve.walls import Wall, WallState

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class SurfaceGrowth:
    """One state of an electrode's surface, the same on all ranks, in lateral order.

    ``rate`` [m/s] is that of the deposit's thickness on each facet, NaN where the volume of the
    metal is not known; ``current_density`` [A/m2] that of the metal's own reaction;
    ``least_concentration`` [mol/m3] that of its ion anywhere on the surface.
    """

    current_density: Array
    rate: Array
    least_concentration: float


@dataclass(frozen=True, eq=False)
class FirstFacets:
    """Centres (f, d) [m] and areas (f,) [m2] of the facets of a surface, in lateral order, and the
    nodes between them of a front over a line (f + 1,) or one that may fold (f + 1, 2) [m], none of
    others."""

    position: Array
    area: Array
    nodes: Array


class DepositMap:
    """The metal's own reaction on the facets of an electrode, per projected area.

    What reacts in pores above a facet counts to it. Where the surface is no graph over the
    electrode plane, facets count per their own area, and without pores. Collective.

    Attributes
    ----------
    first : Facets of the surface as it was first made, which the map keeps.
    """

    def __init__(self, problem: Problem, electrode: Electrode, *, graph: bool) -> None:
        """Compile what is evaluated at every step."""
        self._comm, self._domain = problem.domain.comm, problem.domain
        self._moves = problem.domain.moves
        measures, order = problem.measures, problem.case.mesh.order
        pairs = measures.facets[electrode.surface.facets]
        plane = problem.level.plane(problem.unknowns.liquid)
        self._trace = SolidTrace(problem)
        at = WallState(metal_potential(problem, electrode, self._trace), plane)
        laws = {"current": _own_current}
        if any(wall.steps or wall.main.isolation for wall in electrode.walls):
            laws["growing"] = _growing
        ion = electrode.surface.main.reaction.ion
        expressions = {name: law(electrode.surface, at) for name, law in laws.items()}
        expressions["concentration"] = ion_concentration(problem, ion)
        self._points = FacetExpressions(measures, pairs, order, expressions)
        self._count = len(pairs)
        dimension = problem.domain.dimension
        corners = electrode_facets(problem, electrode)[:, :dimension]
        self._place, position = _places(self._comm, corners.mean(axis=1))
        self._whole = len(position)
        points = self._points.evaluate()
        area = self.everywhere(self._summed_points(points.projected_area if graph else points.area))
        self._weights = points.area
        self._pores: dict[str, PoreColumns] = {}
        if graph and electrode.pores:
            ordered = self._ordered(corners)
            for name, law in laws.items():
                self._pores[name] = PoreColumns(problem, electrode, ordered, partial(law, at=at))
        self._front, self._name = problem.front, electrode.name
        self._own = self._nodes()
        self.first = FirstFacets(position, area, self._own)
        self._onto: csr_array | None = None
        self.volume = volume_per_charge(electrode.parts.surface.main)

    @property
    def position(self) -> Array:
        """Centres of the facets (f, d) [m]."""
        return self.first.position

    @property
    def area(self) -> Array:
        """Of the facets (f,) [m2]."""
        return self.first.area

    def recall(self, first: FirstFacets) -> None:
        """Keep the facets of a mesh that came before."""
        self.first = first
        self._hand_on()

    def now(self) -> SurfaceGrowth:
        """At the present state."""
        self._trace.follow()
        self._follow_mesh()
        values = self._points.values()
        density = self._density("current", values)
        growing = self._density("growing", values) if "growing" in values else density
        least = float(np.min(values["concentration"], initial=np.inf))
        least = self._comm.allreduce(least, MPI.MIN)
        return SurfaceGrowth(density, -growing * self.volume, least)

    def _density(self, name: str, values: Mapping[str, Array]) -> Array:
        whole = self.everywhere(self._summed_points(values[name] * self._weights))
        if self._onto is not None:
            whole = self._onto @ whole
        if name in self._pores:
            whole += self._pores[name].now()
        return whole / self.area

    def _follow_mesh(self) -> None:
        """Measure again where nodes have moved: along the stack, so that footprints stay, unless
        the front's have slid, whither the map does not follow."""
        if self._moves == self._domain.moves:
            return
        self._moves = self._domain.moves
        self._weights = self._points.areas()[0]
        for columns in self._pores.values():
            columns.follow_mesh()
        self._hand_on()

    def _hand_on(self) -> None:
        """What facets gain where the front's nodes are not those of the map."""
        nodes, first = self._nodes(), self.first.nodes
        if np.array_equal(nodes, first):
            return
        if isinstance(self._front, FreeFront):
            self._onto = _collected(parents(first, nodes), first, self._own)
        elif self._front is not None:
            radial = self._front.faces[self._name].is_radial
            self._onto = footprints(nodes, first, radial=radial)

    def _nodes(self) -> Array:
        """Of a front over a line, in order [m], or where they were made of one that may fold; none
        of others."""
        if isinstance(self._front, FreeFront):
            return self._front.lines[self._name].made
        if self._front is None or self._domain.dimension != 2:
            return np.zeros(0)
        return self._front.faces[self._name].position[:, 0]

    def _summed_points(self, values: Array) -> Array:
        return values.reshape(self._count, -1).sum(axis=1) if self._count else np.zeros(0)

    def everywhere(self, own: Array) -> Array:
        """Values of this rank's facets, and those of the others, in lateral order."""
        whole = np.zeros(self._whole)
        whole[self._place] = own
        self._comm.Allreduce(MPI.IN_PLACE, whole, MPI.SUM)
        return whole

    def _ordered(self, corners: Array) -> Array:
        """Corners of the facets of all ranks, in lateral order."""
        gathered = everywhere(self._comm, corners)
        ordered = np.empty_like(gathered)
        ordered[everywhere(self._comm, self._place)] = gathered
        return ordered


def _collected(edges: Ints, first: Array, own: Array) -> csr_array:
    """Sums over the facets between nodes ``own`` by the ``first`` ones, ``edges``, that they are
    parts of, each in their lateral order, shape (first, own)."""
    whole, parts = lateral_order(first), lateral_order(own)
    places = np.argsort(whole)
    entries = np.ones(len(parts)), (places[edges[parts]], np.arange(len(parts)))
    return csr_array(entries, shape=(len(whole), len(parts)))


def _own_current(wall: Wall, at: WallState) -> Expr:
    """Of the metal's own reaction per geometric area or volume; zero where nothing reacts."""
    return wall.current_densities(at).get(wall.main.name, 0 * at.metal)


def _growing(wall: Wall, at: WallState) -> Expr:
    """The same with what chemical steps and isolation take of the metal, as a current of it."""
    found = wall.growing(at)
    return 0 * at.metal if found is None else found


def _places(comm: MPI.Intracomm, centres: Array) -> tuple[Ints, Array]:
    """Numbers of this rank's facets among all in lateral order, and all centres in that order."""
    whole = everywhere(comm, centres)
    order = np.lexsort(whole.T[::-1])
    numbers = np.empty(len(whole), dtype=np.intp)
    numbers[order] = np.arange(len(whole))
    first = comm.scan(len(centres)) - len(centres)
    return numbers[first : first + len(centres)], whole[order]
