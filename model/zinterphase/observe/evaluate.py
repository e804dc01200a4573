"""Values of expressions at points of cells and facets, and the reacting surface as a map."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import basix
import numpy as np
import numpy.typing as npt
import ufl
from mpi4py import MPI
from scipy.spatial import cKDTree

from zinterphase.expressions import Expr
from zinterphase.fem_types import new_function
from zinterphase.forms import compiled_expression
from zinterphase.mesh.places import (
    cell_nodes,
    facet_nodes,
    facet_stretches,
    places,
    stretches,
    tangents,
)
from zinterphase.observe.acidity import PRECIPITATE, PRECIPITATION, acidity
from zinterphase.observe.planes import equipotential_map
from zinterphase.observe.surface import SurfaceMap
from zinterphase.routes import everywhere
from zinterphase.scales import FARADAY
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.measures import Measures
from zinterphase.solve.problem import Problem
from zinterphase.solve.unknowns import constant
from zinterphase.solve.walls import Surface, WallState

Array = npt.NDArray[np.float64]
Pairs = npt.NDArray[np.int32]
Nodes = npt.NDArray[np.int64]
_CELLS = {
    1: basix.CellType.interval,
    2: basix.CellType.triangle,
    3: basix.CellType.tetrahedron,
}
_AREA = 8
"""Quadrature degree of the areas of curved facets."""


def quadrature(dimension: int, degree: int) -> tuple[Array, Array]:
    """Points (n, dimension) and weights (n,) on the reference simplex of a dimension, 0 to 3."""
    if dimension == 0:
        return np.zeros((1, 0)), np.ones(1)
    points, weights = basix.make_quadrature(_CELLS[dimension], degree)
    return np.asarray(points, dtype=np.float64), np.asarray(weights, dtype=np.float64)


@dataclass(frozen=True)
class FacetPoints:
    """Quadrature points on facets of this rank, rows (facet, point) flattened.

    ``area`` and ``projected_area`` are the weights with the axisymmetric factor included [m2].
    """

    position: Array
    area: Array
    projected_area: Array
    values: dict[str, Array]


class FacetExpressions:
    """Scalar expressions at the quadrature points of rows (cell, local facet), compiled once.

    ``cells`` are those of the points, flattened. The constructor is collective, evaluation is not.
    """

    def __init__(
        self, measures: Measures, pairs: Pairs, order: int, expressions: Mapping[str, Any]
    ) -> None:
        """``order`` is the polynomial order of the unknowns."""
        self._mesh, self._pairs, self._names = measures.domain.mesh, pairs, tuple(expressions)
        self._axisymmetric = measures.axisymmetric
        mesh, dim = self._mesh, self._mesh.geometry.dim
        points, self._weights = quadrature(dim - 1, Measures.facet_degree(order))
        self.cells = np.repeat(pairs[:, 0], len(self._weights))
        maps = measures.entity_maps
        # Apart: FFCx 0.11 gives the coordinates of two meshes, whole and liquid, one name.
        self._places = compiled_expression(ufl.SpatialCoordinate(mesh), points, mesh, maps)
        # Numbers alone would tell no mesh.
        nothing = constant(mesh, 0.0)
        stacked = ufl.as_vector([each + nothing for each in expressions.values()])
        self._compiled = compiled_expression(stacked, points, mesh, maps)

    def values(self) -> dict[str, Array]:
        """The expressions alone at the present state."""
        return self._named(self._table())

    def evaluate(self) -> FacetPoints:
        """At the present state, with places and areas."""
        position = self._position()
        return FacetPoints(position, *self._areas(position), self._named(self._table()))

    def areas(self) -> tuple[Array, Array]:
        """True and projected areas of the points where the mesh is now, as :class:`FacetPoints`
        has them."""
        return self._areas(self._position())

    def _position(self) -> Array:
        dim = self._mesh.geometry.dim
        return np.asarray(self._places.eval(self._mesh, self._pairs)).reshape(-1, dim)

    def _areas(self, position: Array) -> tuple[Array, Array]:
        weights = np.tile(self._weights, len(self._pairs))
        turn = 2 * np.pi * position[:, 0] if self._axisymmetric else 1.0
        stretch = facet_stretches(self._mesh, self._pairs, position)
        area, projected = (turn * weights * part for part in stretch)
        return area, projected

    def _table(self) -> Array:
        """Values, a row for each point."""
        table = np.asarray(self._compiled.eval(self._mesh, self._pairs), dtype=np.float64)
        return table.reshape(-1, len(self._names))

    def _named(self, values: Array) -> dict[str, Array]:
        return dict(zip(self._names, values.T, strict=True))


class CellExpressions:
    """Scalar expressions at the quadrature points of a layer's owned cells, compiled once.

    ``cells``, ``position`` [m] and ``weight`` [m3] of the points are flattened. The constructor is
    collective, evaluation is not.
    """

    def __init__(self, problem: Problem, layer: str, expressions: Mapping[str, Any]) -> None:
        """Compile; ``layer`` is meshed."""
        self._mesh, domain = problem.domain.mesh, problem.domain
        self._names, mesh = tuple(expressions), self._mesh
        self._cells = domain.owned_cells((layer,))
        self._rule = quadrature(mesh.topology.dim, 2 * problem.case.mesh.order)
        stacked = ufl.as_vector(list(expressions.values()))
        maps = problem.measures.entity_maps
        self._compiled = compiled_expression(stacked, self._rule[0], mesh, maps)
        self._axisymmetric = problem.measures.axisymmetric
        self.cells = np.repeat(self._cells, len(self._rule[1]))
        self.follow_mesh()

    def follow_mesh(self) -> None:
        """Measure again where nodes have moved."""
        points, weights = self._rule
        nodes = cell_nodes(self._mesh, self._cells)
        place = places(nodes, points)
        size = np.abs(np.linalg.det(tangents(nodes, points))) * weights
        turn = 2 * np.pi * place[..., 0] if self._axisymmetric else 1.0
        self.position: Array = place.reshape(-1, self._mesh.geometry.dim)
        self.weight: Array = (size * turn).ravel()

    def evaluate(self) -> dict[str, Array]:
        """Values at the points at the present state."""
        table = np.asarray(self._compiled.eval(self._mesh, self._cells), dtype=np.float64)
        return dict(zip(self._names, table.reshape(-1, len(self._names)).T, strict=True))


def facet_corners(problem: Problem) -> Array:
    """Corners of the reacting facets of this rank, (facet, corner, coordinate) [m]."""
    return electrode_facets(problem)[:, : problem.domain.dimension]


def electrode_facets(problem: Problem, electrode: Electrode | None = None) -> Array:
    """Nodes of the facets of an electrode (default: the working one) on this rank, corners first,
    (facet, node, coordinate) [m]."""
    chosen = problem.working if electrode is None else electrode
    pairs = problem.measures.facets[chosen.surface.facets]
    return facet_nodes(problem.domain.mesh, pairs)


def facet_areas(nodes: Array) -> tuple[Array, Array]:
    """True and projected areas of facets given by their nodes, (facet, node, coordinate).

    A point of a line stands for a unit of area.
    """
    points, weights = quadrature(nodes.shape[2] - 1, _AREA)
    true, projected = (part @ weights for part in stretches(nodes, points))
    return true, projected


def gather_map(comm: MPI.Intracomm, points: FacetPoints, per_facet: int) -> SurfaceMap:
    """The points of all ranks on every rank, in an order that no partition changes; collective."""
    position = everywhere(comm, points.position)
    area = everywhere(comm, points.area)
    projected = everywhere(comm, points.projected_area)
    values = {k: everywhere(comm, v) for k, v in points.values.items()}
    centre = position.reshape(-1, per_facet, position.shape[1]).mean(axis=1)
    rank = np.empty(len(centre), dtype=np.int64)
    rank[np.lexsort(centre.T[::-1])] = np.arange(len(centre))
    return SurfaceMap(position, area, projected, np.repeat(rank, per_facet), values).sorted()


class SolidTrace:
    """The electronic potential's deviation on the nodes of the liquid that it shares.

    ``nodes`` are those, as :func:`shared_nodes` has them.
    """

    def __init__(self, problem: Problem) -> None:
        """At the present state."""
        self.function = new_function(problem.liquid.scalar, "solid_trace")
        self.nodes = shared_nodes(problem)
        self._field = problem.solid_field
        self.follow()

    def follow(self) -> None:
        """Take over the present state."""
        if self._field is not None:
            here, there = self.nodes
            self.function.x.array[here] = self._field.x.array[there]


def shared_nodes(problem: Problem) -> tuple[Nodes, Nodes]:
    """Scalar dofs of liquid and solid at the nodes of this rank that both have."""
    none = np.zeros(0, dtype=np.int64)
    if problem.solid is None:
        return none, none
    nodes = problem.solid.scalar.tabulate_dof_coordinates()
    targets = problem.liquid.scalar.tabulate_dof_coordinates()
    if not (len(nodes) and len(targets)):
        return none, none
    reach = 1e-9 * float(np.ptp(problem.liquid.region.mesh.geometry.x))
    distance, nearest = cKDTree(nodes).query(targets, distance_upper_bound=reach)
    found = np.flatnonzero(np.isfinite(distance))
    return found, nearest[found]


def surface_expressions(problem: Problem, electrode: Electrode) -> dict[str, Expr]:
    """What is reported pointwise on a reacting surface, per geometric area, SI units.

    `current_density` of all reactions together, `current_density_<name>` of each where there are
    several, `rate_<name>` [mol/m2/s] of each chemical step; `pH`, saturation indices and solids
    where acid is solved; `ion_flux`, `overpotential`, `concentration` and
    `exchange_current_density` are those of the metal's own reaction and its ion. Currents of a
    blocking electrode are zero.
    """
    level, voltage, surface = problem.level, problem.bulk.thermal_voltage, electrode.surface
    at = WallState(metal_potential(problem, electrode), level.plane(problem.unknowns.liquid))
    main, ion = surface.main, surface.main.reaction.ion
    driven = main.driven(at.metal, at.trace)
    nothing = 0 * at.metal
    currents, rates = surface.current_densities(at), {ion: nothing, **surface.rates(at)}
    liquid, media = problem.unknowns.liquid, problem.media.liquid
    towards = media.towards(ufl.FacetNormal(problem.domain.mesh))
    concentration = ion_concentration(problem, ion)
    found = {
        "current_density": sum(currents.values(), nothing),
        "ion_flux": -rates[ion] / FARADAY,
        "normal_field": level.normal_field(rates, surface.charge_density(at), liquid, towards),
        "overpotential": main.surface_overpotential(driven, at.plane) * voltage,
        "concentration": concentration,
        "exchange_current_density": main.exchange_current_density(main.ln_factor),
    }
    if len(currents) > 1:
        found |= {f"current_density_{name}": current for name, current in currents.items()}
    found |= {f"rate_{name}": rate for name, rate in surface.turnovers(at).items()}
    if level.concentrations(liquid, media) and not level.has_double_layer:
        charge = problem.bulk.ion(ion).charge
        outside = ufl.exp(charge * level.donnan_potential(liquid, media))
        found["neutral_concentration"] = concentration * outside
    return found | acidity(problem, at.plane) | _solids(problem, surface, at)


def _solids(problem: Problem, surface: Surface, at: WallState) -> dict[str, Expr]:
    """What forms of each solid [mol/(m2 s)], and in time how much there is [mol/m2]."""
    found = {}
    for law in surface.solids:
        name = law.solid.name
        found[f"{PRECIPITATION}{name}"] = surface.share * law.formation(at.plane, at.trace)
        if problem.storage is not None:
            found[f"{PRECIPITATE}{name}"] = surface.share * law.amount(at.plane, at.trace)
    return found


def metal_potential(
    problem: Problem, electrode: Electrode, trace: SolidTrace | None = None
) -> Expr:
    """The metal's potential as the liquid's nodes see it [RT/F], at the state of ``trace``."""
    if electrode is not problem.working:
        return electrode.unknowns.metal
    return electrode.unknowns.metal + (trace or SolidTrace(problem)).function


def ion_concentration(problem: Problem, ion: str) -> Expr:
    """Concentration of an ion per pore volume [mol/m3]."""
    found = problem.level.concentrations(problem.unknowns.liquid, problem.media.liquid)
    if not found:
        return problem.bulk.ion(ion).concentration + 0 * problem.unknowns.liquid[0]
    return found[ion]


def _on_surface(problem: Problem, electrode: Electrode) -> FacetExpressions:
    expressions = surface_expressions(problem, electrode)
    facets = problem.measures.facets[electrode.surface.facets]
    return FacetExpressions(problem.measures, facets, problem.case.mesh.order, expressions)


def surface_map(problem: Problem, electrode: Electrode | None = None) -> SurfaceMap:
    """The surface of an electrode (default: the working one) point by point; collective."""
    if problem.equipotential:
        return equipotential_map(problem)
    chosen = problem.working if electrode is None else electrode
    order = problem.case.mesh.order
    points = problem.once(_on_surface, chosen).evaluate()
    degree = Measures.facet_degree(order)
    per_facet = len(quadrature(problem.domain.dimension - 1, degree)[1])
    return gather_map(problem.domain.comm, points, per_facet)
