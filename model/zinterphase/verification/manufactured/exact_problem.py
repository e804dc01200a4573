"""A problem with the data that make given fields its solution, and the errors it leaves.

Electrode at the lower end with n = -e into the metal, e the stack direction. A row of the residual
is -J . grad v + S v: with the fluxes J and terms S of the exact fields the data are div J + S in
each layer, -J . n at the electrode and the jump of J across interior faces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from mpi4py import MPI
from scipy.spatial import cKDTree

from zinterphase.case import Case
from zinterphase.expressions import Expr
from zinterphase.fem_types import FunctionSpace, new_function
from zinterphase.forms import compiled_expression
from zinterphase.geometry.raw import RawMesh
from zinterphase.levels import LiquidMedia
from zinterphase.mesh import Domain
from zinterphase.solve.measures import COUNTER, ELECTRODE
from zinterphase.solve.model import Model
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID, SOLID, FixedDofs
from zinterphase.solve.terms import Rows, Term

Array = npt.NDArray[np.float64]
ExactRows = Sequence[Expr]


@dataclass(frozen=True)
class Exact:
    """Fields in RT/F on the whole mesh and the data that belong to them, one entry per row [A].

    ``layers`` are div J + S in each layer, ``faces`` J_upper . e - J_lower . e at "lower|upper",
    ``wall`` is J . e plus what the reaction adds at the electrode; None where the electrode has
    Dirichlet data. ``solid`` is the metal's deviation, ``solid_source`` div i_s and
    ``solid_wall`` i_F - i_s . e.
    """

    liquid: ExactRows
    layers: Mapping[str, ExactRows]
    faces: Mapping[str, ExactRows] = field(default_factory=dict)
    wall: ExactRows | None = None
    solid: Expr = None
    solid_source: Expr = None
    solid_wall: Expr = None


ExactOf = Callable[[Model], Exact]
MediaOf = Callable[[Model], LiquidMedia]
WORKING = "working electrode"


class Manufactured:
    """The case's problem with the data of ``exact_of(problem)``, at the full load; collective.

    ``media_of`` makes other effective properties than the layers' from the mesh. Exact values are
    the Dirichlet data, and the start of Newton's method inside.
    """

    def __init__(
        self, case: Case, domain: Domain, exact_of: ExactOf, media_of: MediaOf | None = None
    ) -> None:
        def equations(model: Model) -> list[Term]:
            self.exact = exact_of(model)
            terms = model.terms(None if media_of is None else media_of(model))
            # The electrode has Dirichlet data where nothing reacts.
            kept = [t for t in terms if self.exact.wall is not None or t.name != WORKING]
            return [*kept, Term("exact data", -_data_rows(model, self.exact))]

        def prescribed(model: Model) -> list[FixedDofs]:
            if self.exact.wall is not None or model.equipotential:
                return []
            dofs = model.liquid.dofs_on(model.measures.facets[ELECTRODE])
            return [FixedDofs(LIQUID, k, dofs) for k in range(len(model.level.component_names))]

        self.problem = Problem(case, domain, equations, prescribed)
        self.problem.set_load(1.0)
        for block, exact in self._exact_fields():
            space = block.field.function_space
            block.field.x.array[:] = _interpolated(self.problem, exact, space)

    def errors(self) -> Errors:
        """By quadrature of far higher degree than the problem's, relative to the exact norms."""
        l2: list[float] = []
        h1: list[float] = []
        layers = [self.problem.stack.liquid, self.problem.stack.solid]
        for (block, exact), names in zip(self._exact_fields(), layers, strict=False):
            for k in range(len(exact)):
                gap = block.field[k] - exact[k]
                pairs = ((gap**2, exact[k] ** 2), (_square(gap), _square(exact[k])))
                for norms, (error, size) in zip((l2, h1), pairs, strict=True):
                    squares = (self._integral(error, names), self._integral(size, names))
                    norms.append(np.sqrt(squares[0] / squares[1]))
        return Errors(np.array(l2), np.array(h1))

    def flux_errors(self, fluxes: Sequence[Expr]) -> Array:
        """Relative error by row of the outflow recovered at the counter boundary.

        ``fluxes`` are the exact J of each row.
        """
        problem = self.problem
        recovered = -problem.recovered(LIQUID, problem.reservoir_dofs)
        pairs = [(1, problem.measures.facets[COUNTER].ravel())]
        degree = {"quadrature_degree": 14}
        ds = ufl.Measure("ds", problem.domain.mesh, subdomain_data=pairs, metadata=degree)
        normal = ufl.FacetNormal(problem.domain.mesh)
        exact = [problem.integrate(ufl.dot(flux, normal) * ds(1)) for flux in fluxes]
        return np.asarray(np.abs(recovered / np.array(exact) - 1))

    def _integral(self, integrand: Expr, layers: tuple[str, ...]) -> float:
        problem = self.problem
        form = problem.measures.over_layers(integrand, layers, _degree(problem))
        return problem.integrate(form)

    def _exact_fields(self) -> list[tuple[Expr, Expr]]:
        blocks = self.problem.system.blocks
        fields = [(blocks[LIQUID], ufl.as_vector(list(self.exact.liquid)))]
        if self.problem.solid is not None:
            fields.append((blocks[SOLID], ufl.as_vector([self.exact.solid])))
        return fields


@dataclass(frozen=True)
class Errors:
    """Relative L2 and H1 seminorm errors by component, the liquid's, then the solid's."""

    l2: Array
    h1: Array


def manufactured(
    case: Case,
    raw: RawMesh,
    exact_of: ExactOf,
    comm: MPI.Intracomm,
    media_of: MediaOf | None = None,
) -> Manufactured:
    """The problem on a mesh handed over as arrays; collective."""
    domain = Domain.create(comm, raw if comm.rank == 0 else None)
    return Manufactured(case, domain, exact_of, media_of)


def _degree(model: Model) -> int:
    return 2 * model.case.mesh.order + 6


def _data_rows(model: Model, exact: Exact) -> Rows:
    """Sources of the exact fields in the layers, at the faces and at the electrode."""
    test, measures, degree = model.unknowns.liquid_test, model.measures, _degree(model)
    forms = [
        measures.over_layers(_tested(rows, test), (layer,), degree)
        for layer, rows in exact.layers.items()
    ]
    forms += [measures.over_facets(_tested(rows, test), face) for face, rows in exact.faces.items()]
    if exact.wall is not None and model.working.surface.meshed_metal:
        forms.append(measures.over_interface(_tested(exact.wall, test)("-")))
    elif exact.wall is not None:
        forms.append(measures.over_facets(_tested(exact.wall, test), ELECTRODE))
    liquid = Rows(sum(forms[1:], forms[0]))
    if model.solid is None:
        return liquid
    solid_test = model.unknowns.solid_test
    assert solid_test is not None
    solid = measures.over_layers(exact.solid_source * solid_test, model.stack.solid, degree)
    solid += measures.over_interface(exact.solid_wall("+") * solid_test("+"))
    return liquid + Rows(solid=solid)


def _interpolated(problem: Problem, exact: Expr, space: FunctionSpace) -> Array:
    """Nodal values of an expression of the parent's coordinates on a region's space."""
    mesh = problem.domain.mesh
    order = space.ufl_element().degree
    parent = fem.functionspace(mesh, ("Lagrange", order, (len(exact),)))
    whole = new_function(parent)
    whole.interpolate(compiled_expression(exact, parent.element.interpolation_points, mesh))
    nodes = fem.functionspace(mesh, ("Lagrange", order)).tabulate_dof_coordinates()
    scalar = fem.functionspace(space.mesh, ("Lagrange", order)).tabulate_dof_coordinates()
    distance, nearest = cKDTree(nodes).query(scalar)
    assert not scalar.size or distance.max() < 1e-9 * np.ptp(nodes)
    return np.asarray(whole.x.array.reshape(-1, len(exact))[nearest].ravel())


def _tested(rows: ExactRows, test: Expr) -> Expr:
    """Each row times its test function."""
    return sum(row * test[k] for k, row in enumerate(rows))


def _square(expression: Expr) -> Expr:
    gradient = ufl.grad(expression)
    return ufl.inner(gradient, gradient)
