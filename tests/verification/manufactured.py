"""Problems with sources and boundary data that make a given solution exact.

The exact fields come as UFL expressions, the laws are written out again here: the product's own
forms only appear on the left-hand side. Electrode at the lower end with n = -e_y into the metal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI
from scipy.spatial import cKDTree

from zinterphase.case import Case
from zinterphase.geometry.raw import RawMesh
from zinterphase.mesh import Domain
from zinterphase.scales import FARADAY
from zinterphase.solve.measures import COUNTER, ELECTRODE
from zinterphase.solve.problem import LIQUID, SOLID, Problem
from zinterphase.solve.system import FixedDofs, System


@dataclass(frozen=True)
class Exact:
    """Fields in RT/F and the data that belong to them, on the whole mesh.

    ``sources`` are div N_i [mol/m3/s], ``charge`` is div D - rho [C/m3] with D the displacement.
    ``wall_flux`` and ``wall_charge`` are what the reaction and the compact layer do not deliver:
    N_i . n + nu_i i_F/(z F) and D . n + q; None where the electrode has Dirichlet data instead.
    ``solid`` is the metal's deviation, ``solid_source`` div i_s and ``solid_wall`` i_s . n - i_F.
    """

    potentials: Sequence[Any]
    phi: Any
    sources: Sequence[Any]
    charge: Any
    wall_flux: Sequence[Any] | None = None
    wall_charge: Any = None
    solid: Any = None
    solid_source: Any = None
    solid_wall: Any = None

    @property
    def liquid(self) -> Any:
        return ufl.as_vector([*self.potentials, self.phi])


@dataclass(frozen=True)
class Errors:
    """Relative L2 and H1 seminorm errors by component, the liquid's, then the solid's."""

    l2: np.ndarray
    h1: np.ndarray


def build(case: Case, raw: RawMesh, exact_of: Any, media_of: Any = None) -> tuple[Problem, Exact]:
    """The case's problem with the sources of ``exact_of(problem)`` added, at the full load.

    ``media_of`` makes other effective properties than the layers' from the mesh.
    """
    problem = Problem(case, Domain.create(MPI.COMM_SELF, raw))
    problem.set_load(1.0)
    if media_of is not None:
        problem.media.liquid = media_of(problem)
    exact = exact_of(problem)
    fixed = list(problem.system.fixed)
    reactions = problem.reactions
    if exact.wall_flux is None:
        reactions = ()
        dofs = problem.liquid.dofs_on(problem.measures.facets[ELECTRODE])
        fixed += [FixedDofs(LIQUID, k, dofs) for k in range(problem.system.components(LIQUID))]
    blocks = list(problem.system.blocks)
    form = problem.liquid_form(problem.stack.liquid, reactions) - _liquid_data(problem, exact)
    blocks[LIQUID] = replace(blocks[LIQUID], residual=form)
    if problem.solid is not None:
        form = blocks[SOLID].residual - _solid_data(problem, exact)
        blocks[SOLID] = replace(blocks[SOLID], residual=form)
    maps = problem.measures.entity_maps
    problem.system = System(problem.domain.mesh.comm, blocks, (), fixed, maps)
    problem.linear = problem._linear_solver()
    _impose(problem, exact)
    return problem, exact


def _liquid_data(problem: Problem, exact: Exact) -> ufl.Form:
    test, rate = problem.unknowns.liquid_test, problem.bulk.charge_rate
    rows = sum(FARADAY * f * test[k] for k, f in enumerate(exact.sources))
    rows += rate * exact.charge * test[len(exact.sources)]
    number = problem.measures._layer_sets.index(problem.stack.liquid) + 1
    degree = {"quadrature_degree": 2 * problem.case.mesh.order + 6}
    form = rows * problem.measures._dx(number, metadata=degree)
    if exact.wall_flux is None:
        return form
    meshed = problem.surface.meshed_metal
    side = test("-") if meshed else test
    at = (lambda e: e("-")) if meshed else (lambda e: e)
    wall = sum(-FARADAY * at(g) * side[k] for k, g in enumerate(exact.wall_flux))
    wall += -rate * at(exact.wall_charge) * side[len(exact.sources)]
    over = problem.measures.over_interface if meshed else _over_electrode(problem)
    return form + over(wall)


def _over_electrode(problem: Problem) -> Any:
    return lambda integrand: problem.measures.over_facets(integrand, ELECTRODE)


def _solid_data(problem: Problem, exact: Exact) -> ufl.Form:
    test = problem.unknowns.solid_test
    form = problem.measures.over_layers(exact.solid_source * test, problem.stack.solid)
    return form - problem.measures.over_interface(exact.solid_wall("+") * test("+"))


def _impose(problem: Problem, exact: Exact) -> None:
    """Exact nodal values: Dirichlet data, and the start of Newton's method inside."""
    for block, field in _fields(problem, exact):
        block.field.x.array[:] = _interpolated(problem, field, block.field.function_space)


def _fields(problem: Problem, exact: Exact) -> list[tuple[Any, Any]]:
    fields = [(problem.system.blocks[LIQUID], exact.liquid)]
    if problem.solid is not None:
        fields.append((problem.system.blocks[SOLID], ufl.as_vector([exact.solid])))
    return fields


def _interpolated(problem: Problem, field: Any, space: fem.FunctionSpace) -> np.ndarray:
    """Nodal values of an expression of the parent's coordinates on a region's space."""
    mesh = problem.domain.mesh
    order = space.ufl_element().degree
    parent = fem.functionspace(mesh, ("Lagrange", order, (len(field),)))
    whole = fem.Function(parent)
    whole.interpolate(fem.Expression(field, parent.element.interpolation_points))
    nodes = fem.functionspace(mesh, ("Lagrange", order)).tabulate_dof_coordinates()
    region = space.mesh
    scalar = fem.functionspace(region, ("Lagrange", order)).tabulate_dof_coordinates()
    distance, nearest = cKDTree(nodes).query(scalar)
    assert distance.max() < 1e-9 * np.ptp(nodes)
    return whole.x.array.reshape(-1, len(field))[nearest].ravel()


def errors(problem: Problem, exact: Exact) -> Errors:
    """Errors by quadrature of far higher degree than the problem's, relative to the exact norm."""
    degree = 2 * problem.case.mesh.order + 6
    domain = problem.domain
    dx = ufl.Measure(
        "dx", domain.mesh, subdomain_data=domain.cell_tags, metadata={"quadrature_degree": degree}
    )
    maps = problem.measures.entity_maps
    l2, h1 = [], []
    layers = [problem.stack.liquid, problem.stack.solid]
    for (block, field), names in zip(_fields(problem, exact), layers, strict=False):
        ids = tuple(domain.layer_ids[name] for name in names)
        for k in range(len(field)):
            gap = block.field[k] - field[k]
            norms = []
            for integrand in (gap**2, field[k] ** 2, _square(gap), _square(field[k])):
                form = fem.form(integrand * dx(ids), entity_maps=maps)
                norms.append(np.sqrt(fem.assemble_scalar(form)))
            l2.append(norms[0] / norms[1])
            h1.append(norms[2] / norms[3])
    return Errors(np.array(l2), np.array(h1))


def _square(expression: Any) -> Any:
    gradient = ufl.grad(expression)
    return ufl.inner(gradient, gradient)


def flux_error(problem: Problem, exact_outflow: np.ndarray) -> np.ndarray:
    """Relative error by component of the outflow recovered at the nodes with Dirichlet data."""
    recovered = -problem.recovered(LIQUID, problem.reservoir_dofs)
    return np.abs(recovered / exact_outflow - 1)


def outflow(problem: Problem, integrands: Sequence[Any]) -> np.ndarray:
    """Integrals of exact expressions over the counter boundary, high degree."""
    pairs = [(1, problem.measures.facets[COUNTER].ravel())]
    ds = ufl.Measure(
        "ds", problem.domain.mesh, subdomain_data=pairs, metadata={"quadrature_degree": 14}
    )
    return np.array([fem.assemble_scalar(fem.form(e * ds(1))) for e in integrands])
