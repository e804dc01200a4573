"""Harmonic potentials in one phase of a cell between mirror planes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import ufl
from dolfinx import fem
from dolfinx.fem.petsc import apply_lifting, assemble_matrix, assemble_vector, set_bc
from dolfinx.mesh import locate_entities_boundary
from petsc4py import PETSc

from zinterphase.fem_types import DirichletBC, Form, Function, FunctionSpace, new_function
from zinterphase.forms import compiled_form, value
from zinterphase.geometry.raw import PARTICLES
from zinterphase.mesh import Domain
from zinterphase.upscale.linear import solution

_ORDER = 2
_ON_PLANE = 1e-9


def conduction_factor(domain: Domain, box: Sequence[float], axis: int) -> float:
    """Effective conductivity of the cell along an axis over that of the phase; collective.

    Mirror planes all around make the cell one of a periodic packing, in which a field along an axis
    is that between two planes of constant potential: the factor is the dissipation at a unit drop
    over that of the empty box. It is zero where the phase does not reach both planes.

    Raises
    ------
    SolveError
        The linear solver fails.
    """
    space = fem.functionspace(domain.mesh, ("Lagrange", _ORDER))
    planes = [_held(space, axis, box[axis], drop) for drop in (0.0, 1.0)]
    owned = space.dofmap.index_map.size_local
    held = [int(np.count_nonzero(plane.dof_indices()[0] < owned)) for plane in planes]
    if min(domain.comm.allreduce(np.array(held))) == 0:
        return 0.0
    trial, test = ufl.TrialFunction(space), ufl.TestFunction(space)
    potential = new_function(space)
    _solve(
        compiled_form(ufl.inner(ufl.grad(trial), ufl.grad(test)) * ufl.dx),
        compiled_form(fem.Constant(domain.mesh, 0.0) * test * ufl.dx),
        planes,
        potential,
        direct=domain.dimension == 2,
    )
    potential.x.scatter_forward()
    gradient = ufl.grad(potential)
    dissipated = value(domain.comm, compiled_form(ufl.inner(gradient, gradient) * ufl.dx))
    return float(dissipated * box[axis] ** 2 / np.prod(box))


def _held(space: FunctionSpace, axis: int, length: float, drop: float) -> DirichletBC:
    """The potential ``drop``, 0 or 1, on the lower or upper plane across an axis."""
    facet = space.mesh.topology.dim - 1
    place, slack = drop * length, _ON_PLANE * length
    facets = locate_entities_boundary(space.mesh, facet, lambda x: np.abs(x[axis] - place) <= slack)
    dofs = fem.locate_dofs_topological(space, facet, facets)
    return fem.dirichletbc(PETSc.ScalarType(drop), dofs, space)


def _solve(
    stiffness: Form, nothing: Form, held: list[DirichletBC], found: Function, *, direct: bool
) -> None:
    matrix, load = assemble_matrix(stiffness, bcs=held), assemble_vector(nothing)
    matrix.assemble()
    apply_lifting(load, [stiffness], [held])
    load.ghostUpdate(addv=PETSc.InsertMode.ADD, mode=PETSc.ScatterMode.REVERSE)
    set_bc(load, held)
    values = solution(matrix, load, direct=direct)
    found.x.array[: len(values)] = values


def volume_and_surface(domain: Domain, layer: str) -> tuple[float, float]:
    """Of the phase [m^d], and of its surface on particles [m^(d-1)]; collective."""
    one = fem.Constant(domain.mesh, 1.0)
    surface = domain.boundary(f"{PARTICLES}{layer}")
    ds = ufl.Measure("ds", domain.mesh, subdomain_data=[(1, surface)])
    degree = {"quadrature_degree": 2 * domain.dimension}
    dx = ufl.Measure("dx", domain.mesh, metadata=degree)
    forms = (one * dx, one * ds(1, metadata={"quadrature_degree": 4}))
    volume, area = (value(domain.comm, compiled_form(form)) for form in forms)
    return volume, area
