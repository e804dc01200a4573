"""A density on walls at quadrature points and its derivatives by every unknown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx.la import InsertMode

from zinterphase.expressions import Expr
from zinterphase.fem_types import Function, new_function
from zinterphase.mesh.places import cell_nodes, reference_of
from zinterphase.observe.evaluate import (
    CellExpressions,
    FacetExpressions,
    SolidTrace,
)
from zinterphase.solve.discretisation import RegionSpaces
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID, Array
from zinterphase.solve.walls import Surface, Wall, WallState

Cells = npt.NDArray[np.int32]
Density = Callable[[Wall, WallState], Expr]


@dataclass(frozen=True, eq=False)
class DensityPoints:
    """Points of this rank with a wall's density there and its derivatives.

    Attributes
    ----------
    cells : Cell of the domain each point lies in, shape (n,).
    position : Points [m], shape (n, d).
    weight : Area [m2] or volume [m3] a point stands for, shape (n,).
    projected : The area seen along the stack, 0 in a volume, shape (n,).
    density : Of current [A] or charge [C], per geometric area or volume, shape (n,).
    by_liquid : Its derivatives by the components of the liquid, shape (n, components).
    by_solid : That by the electronic potential, shape (n,).
    by_scalars : Those by the global unknowns, shape (n, number of constraints).
    """

    cells: Cells
    position: Array
    weight: Array
    projected: Array
    density: Array
    by_liquid: Array
    by_solid: Array
    by_scalars: Array


class DensitySlopes:
    """Turns derivatives of a goal by a local density into those by the unknowns. Collective."""

    def __init__(self, problem: Problem, walls: Sequence[Wall], density: Density) -> None:
        """Compile ``density`` on some of the working electrode's ``walls`` in ``problem``."""
        self._problem, self._density = problem, density
        self._trace = SolidTrace(problem)
        self._by_component = [f"by component {k}" for k in range(problem.system.components(LIQUID))]
        self._by_scalar = [f"by scalar {k}" for k in range(len(problem.system.constraints))]
        self._compiled = [self._compile(wall) for wall in walls]

    def points(self) -> list[DensityPoints]:
        """Every wall at the present state."""
        self._trace.follow()
        return [self._points_of(expressions) for expressions in self._compiled]

    def by_unknowns(
        self, points: Sequence[DensityPoints], by_density: Sequence[Array]
    ) -> tuple[Array, Array]:
        """Derivatives by the owned unknowns of all fields and by the global unknowns.

        ``by_density`` holds the goal's derivatives by the density at each of the ``points``.
        """
        problem = self._problem
        liquid = new_function(problem.liquid.space)
        trace = new_function(problem.liquid.scalar)
        scalars = np.zeros(len(problem.system.constraints))
        for chart, slope in zip(points, by_density, strict=True):
            dofs, basis = basis_at(problem.liquid, chart.cells, chart.position)
            table = liquid.x.array.reshape(-1, chart.by_liquid.shape[1])
            np.add.at(table, dofs, np.einsum("n,nb,nc->nbc", slope, basis, chart.by_liquid))
            np.add.at(trace.x.array, dofs, (slope * chart.by_solid)[:, None] * basis)
            scalars += slope @ chart.by_scalars
        blocks = [owned_sums(liquid)]
        if problem.solid is not None:
            solid = new_function(problem.solid.space)
            here, there = self._trace.nodes
            solid.x.array[there] = trace.x.array[here]
            blocks.append(owned_sums(solid))
        total = problem.domain.comm.allreduce(scalars) if scalars.size else scalars
        return np.concatenate(blocks), np.asarray(total)

    def _compile(self, wall: Wall) -> FacetExpressions | CellExpressions:
        problem, expressions = self._problem, self._expressions(wall)
        if isinstance(wall, Surface):
            pairs, order = problem.measures.facets[wall.facets], problem.case.mesh.order
            return FacetExpressions(problem.measures, pairs, order, expressions)
        return CellExpressions(problem, wall.layer, expressions)

    def _points_of(self, compiled: FacetExpressions | CellExpressions) -> DensityPoints:
        if isinstance(compiled, FacetExpressions):
            found = compiled.evaluate()
            cells, position, values = compiled.cells, found.position, found.values
            weight, projected = found.area, found.projected_area
        else:
            cells, position, values = compiled.cells, compiled.position, compiled.evaluate()
            weight = compiled.weight
            projected = np.zeros_like(weight)
        components = [values[name] for name in self._by_component]
        scalars = [values[name] for name in self._by_scalar]
        return DensityPoints(
            cells,
            position,
            weight,
            projected,
            values["density"],
            np.stack(components, axis=1),
            values["solid"],
            np.stack(scalars, axis=1) if scalars else np.zeros((len(weight), 0)),
        )

    def _expressions(self, wall: Wall) -> dict[str, Expr]:
        problem, liquid = self._problem, self._problem.liquid_field
        metal = problem.unknowns.metal + self._trace.function
        plane = problem.level.plane(problem.unknowns.liquid)
        density = self._density(wall, WallState(metal, plane))
        directions = np.eye(len(self._by_component))
        by: dict[str, tuple[Expr, Expr]] = {
            name: (liquid, ufl.as_vector(direction.tolist()))
            for name, direction in zip(self._by_component, directions, strict=True)
        }
        by["solid"] = (self._trace.function, ufl.as_ufl(1.0))
        for name, constraint in zip(self._by_scalar, problem.system.constraints, strict=True):
            by[name] = (constraint.scalar.function, ufl.as_ufl(1.0))
        slopes = {name: _derivative(density, *what) for name, what in by.items()}
        return {"density": density, **slopes}


def _derivative(expression: Expr, function: Function, direction: Expr) -> Expr:
    return ufl.algorithms.expand_derivatives(ufl.derivative(expression, function, direction))


def basis_at(
    spaces: RegionSpaces, where: Cells, position: Array
) -> tuple[npt.NDArray[np.int32], Array]:
    """Scalar dofs and values of their basis functions at points, (n, dofs of a cell) each.

    ``where`` are the points' cells in the domain. Not collective.
    """
    mesh = spaces.region.mesh
    cells = np.asarray(spaces.entity_map.sub_topology_to_topology(where, True))
    dofs = spaces.scalar.dofmap.list[cells]
    reference = reference_of(cell_nodes(mesh, cells), position)
    element = spaces.scalar.element.basix_element
    values = np.asarray(element.tabulate(0, reference), dtype=np.float64)
    return dofs, values[0, :, :, 0]


def owned_sums(function: Function) -> Array:
    """Owned entries of what every rank added up in ``function``; collective."""
    function.x.scatter_reverse(InsertMode.add)
    dofmap = function.function_space.dofmap
    return np.array(function.x.array[: dofmap.index_map.size_local * dofmap.index_map_bs])
