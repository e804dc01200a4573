"""A problem with the data that make given fields its solution, and the errors it leaves.

Electrode at the lower end with n = -e into the metal, e the stack direction. A row of the residual
is -J . grad v + S v: with the fluxes J and terms S of the exact fields the data are div J + S in
each layer, -J . n at the electrode and the jump of J across interior faces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from mpi4py import MPI
from scipy.spatial import cKDTree

from zinterphase.case import Case
from zinterphase.fem_types import FunctionSpace, new_function
from zinterphase.forms import compiled_expression
from zinterphase.geometry.raw import RawMesh
from zinterphase.levels import LiquidMedia
from zinterphase.mesh import Domain
from zinterphase.solve.electrode import Reaction
from zinterphase.solve.measures import COUNTER, ELECTRODE
from zinterphase.solve.problem import LIQUID, SOLID, Problem
from zinterphase.solve.system import FixedDofs

Array = npt.NDArray[np.float64]
Rows = Sequence[Any]


@dataclass(frozen=True)
class Exact:
    """Fields in RT/F on the whole mesh and the data that belong to them, one entry per row [A].

    ``layers`` are div J + S in each layer, ``faces`` J_upper . e - J_lower . e at "lower|upper",
    ``wall`` is J . e plus what the reaction adds at the electrode; None where the electrode has
    Dirichlet data. ``solid`` is the metal's deviation, ``solid_source`` div i_s and
    ``solid_wall`` i_F - i_s . e.
    """

    liquid: Rows
    layers: Mapping[str, Rows]
    faces: Mapping[str, Rows] = field(default_factory=dict)
    wall: Rows | None = None
    solid: Any = None
    solid_source: Any = None
    solid_wall: Any = None


ExactOf = Callable[[Problem], Exact]
MediaOf = Callable[[Problem], LiquidMedia]


class Manufactured(Problem):
    """The case's problem with the data of ``exact_of(problem)``, at the full load; collective.

    ``media_of`` makes other effective properties than the layers' from the mesh. Exact values are
    the Dirichlet data, and the start of Newton's method inside.
    """

    exact: Exact

    def __init__(
        self, case: Case, domain: Domain, exact_of: ExactOf, media_of: MediaOf | None = None
    ) -> None:
        self._exact_of, self._media_of = exact_of, media_of
        super().__init__(case, domain)
        self.set_load(1.0)
        for block, exact in self._exact_fields():
            block.field.x.array[:] = _interpolated(self, exact, block.field.function_space)

    @property
    def reactions(self) -> tuple[Reaction, ...]:
        """None where the electrode has Dirichlet data."""
        return () if self.exact.wall is None else super().reactions

    def whole_liquid_form(self) -> ufl.Form:
        """With the data of the exact fields."""
        if self._media_of is not None:
            self.media.liquid = self._media_of(self)
        self.exact = self._exact_of(self)
        form: ufl.Form = super().whole_liquid_form() - self._liquid_data()
        return form

    def solid_form(self) -> ufl.Form:
        """With the data of the exact fields."""
        test, exact = self.unknowns.solid_test, self.exact
        assert test is not None
        data = self.measures.over_layers(exact.solid_source * test, self.stack.solid, self._degree)
        data += self.measures.over_interface(exact.solid_wall("+") * test("+"))
        form: ufl.Form = super().solid_form() - data
        return form

    def errors(self) -> Errors:
        """By quadrature of far higher degree than the problem's, relative to the exact norms."""
        l2: list[float] = []
        h1: list[float] = []
        layers = [self.stack.liquid, self.stack.solid]
        for (block, exact), names in zip(self._exact_fields(), layers, strict=False):
            for k in range(len(exact)):
                gap = block.field[k] - exact[k]
                pairs = ((gap**2, exact[k] ** 2), (_square(gap), _square(exact[k])))
                for norms, (error, size) in zip((l2, h1), pairs, strict=True):
                    squares = (self._integral(error, names), self._integral(size, names))
                    norms.append(np.sqrt(squares[0] / squares[1]))
        return Errors(np.array(l2), np.array(h1))

    def flux_errors(self, fluxes: Sequence[Any]) -> Array:
        """Relative error by row of the outflow recovered at the counter boundary.

        ``fluxes`` are the exact J of each row.
        """
        recovered = -self.recovered(LIQUID, self.reservoir_dofs)
        pairs = [(1, self.measures.facets[COUNTER].ravel())]
        degree = {"quadrature_degree": 14}
        ds = ufl.Measure("ds", self.domain.mesh, subdomain_data=pairs, metadata=degree)
        normal = ufl.FacetNormal(self.domain.mesh)
        exact = [self.integrate(ufl.dot(flux, normal) * ds(1)) for flux in fluxes]
        return np.asarray(np.abs(recovered / np.array(exact) - 1))

    @property
    def _degree(self) -> int:
        return 2 * self.case.mesh.order + 6

    def _integral(self, integrand: Any, layers: tuple[str, ...]) -> float:
        return self.integrate(self.measures.over_layers(integrand, layers, self._degree))

    def _liquid_data(self) -> ufl.Form:
        test, exact = self.unknowns.liquid_test, self.exact
        forms = [
            self.measures.over_layers(_tested(rows, test), (layer,), self._degree)
            for layer, rows in exact.layers.items()
        ]
        forms += [
            self.measures.over_facets(_tested(rows, test), face)
            for face, rows in exact.faces.items()
        ]
        if exact.wall is not None and self.surface.meshed_metal:
            wall = _tested(exact.wall, test)
            forms.append(self.measures.over_interface(wall("-")))
        elif exact.wall is not None:
            forms.append(self.measures.over_facets(_tested(exact.wall, test), ELECTRODE))
        return sum(forms[1:], forms[0])

    def _fixed_dofs(self) -> list[FixedDofs]:
        fixed = super()._fixed_dofs()
        if self.exact.wall is None and not self.equipotential:
            dofs = self.liquid.dofs_on(self.measures.facets[ELECTRODE])
            components = range(len(self.level.component_names))
            fixed += [FixedDofs(LIQUID, k, dofs) for k in components]
        return fixed

    def _exact_fields(self) -> list[tuple[Any, Any]]:
        fields = [(self.system.blocks[LIQUID], ufl.as_vector(list(self.exact.liquid)))]
        if self.solid is not None:
            fields.append((self.system.blocks[SOLID], ufl.as_vector([self.exact.solid])))
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


def _interpolated(problem: Problem, exact: Any, space: FunctionSpace) -> Array:
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


def _tested(rows: Rows, test: Any) -> Any:
    """Each row times its test function."""
    return sum(row * test[k] for k, row in enumerate(rows))


def _square(expression: Any) -> Any:
    gradient = ufl.grad(expression)
    return ufl.inner(gradient, gradient)
