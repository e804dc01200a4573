"""Ions at equilibrium in charged pores: what is left of the charge's selectivity."""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, exp, log, sinh, tanh

import numpy as np
import ufl
from dolfinx import fem
from dolfinx.fem.petsc import assemble_matrix, assemble_vector
from mpi4py import MPI
from petsc4py import PETSc

from zinterphase.errors import SolveError
from zinterphase.fem_types import Form, Function, new_function
from zinterphase.forms import compiled_form, value
from zinterphase.geometry.raw import PARTICLES
from zinterphase.mesh import Domain
from zinterphase.upscale.linear import solution
from zinterphase.upscale.walls import Walls

_ORDER = 2
_MOST = 60
_TOLERANCE = 1e-10
_LARGEST_STEP = 1.0


@dataclass(frozen=True)
class Pores:
    """Charged pores in equilibrium with a z:z salt.

    Attributes
    ----------
    co_ions : Mean concentration of ions of the walls' sign over that outside.
    counter_ions : The same of the others.
    mean_potential : Mean potential against outside [RT/zF].
    smeared : The walls' charge per pore volume over twice that of one ion outside, s: pores much
        narrower than the Debye length have a potential of asinh(s) everywhere (Donnan).
    walls : Mean charge of the walls over permittivity RT/(zF length).
    """

    co_ions: float
    counter_ions: float
    mean_potential: float
    smeared: float
    walls: float

    @property
    def apparent(self) -> float:
        """What `smeared` would have to be for pores of one potential to hold as few co-ions."""
        return sinh(-log(self.co_ions))

    @property
    def donnan_shift(self) -> float:
        """Potential that pores of one potential would have [RT/zF], positive where walls are."""
        return asinh(self.smeared)


def charged_pores(domain: Domain, layer: str, walls: Walls, length: float) -> Pores:
    """Solve Poisson and Boltzmann's equation in the liquid of a cell; collective.

    lap psi = sinh(psi)/length^2 with psi in RT/zF, length dpsi/dn the charge of ``walls`` on
    particles (n out of the liquid) and mirrors elsewhere, by Newton's method.

    Parameters
    ----------
    walls : Their charge, above 0 at a plane (the sign is that of psi).
    length : Debye length outside [m].

    Raises
    ------
    SolveError
        Newton's method does not converge.
    """
    space = fem.functionspace(domain.mesh, ("Lagrange", _ORDER))
    psi, test, trial = new_function(space), ufl.TestFunction(space), ufl.TrialFunction(space)
    facets = domain.boundary(f"{PARTICLES}{layer}")
    ds = ufl.Measure("ds", domain.mesh, subdomain_data=[(1, facets)])(1)
    dx = ufl.Measure("dx", domain.mesh, metadata={"quadrature_degree": 2 * _ORDER + 2})
    square = length**2
    residual = square * ufl.inner(ufl.grad(psi), ufl.grad(test)) * dx + ufl.sinh(psi) * test * dx
    charge = walls.density(psi, ufl.tanh)
    residual -= length * charge * test * ds
    slope = square * ufl.inner(ufl.grad(trial), ufl.grad(test)) * dx
    slope += ufl.cosh(psi) * trial * test * dx
    if walls.half != 0.0:
        slope -= length * ufl.derivative(charge * test * ds, psi, trial)
    one = fem.Constant(domain.mesh, 1.0)
    volume, area = (value(domain.comm, compiled_form(form)) for form in (one * dx, one * ds))
    per_volume = length * area / volume
    psi.x.array[:] = asinh(walls.at_plane * per_volume)
    _newton(compiled_form(residual), compiled_form(slope), psi)
    co, counter, mean = (
        value(domain.comm, compiled_form(form * dx)) / volume
        for form in (ufl.exp(-psi), ufl.exp(psi), psi)
    )
    found = value(domain.comm, compiled_form(charge * one * ds)) / area
    return Pores(co, counter, mean, found * per_volume, found)


def thin_layers(walls: Walls, length: float, surface: float) -> Pores:
    """As :func:`charged_pores` of double layers much thinner than the pores are wide, by Gouy and
    Chapman's plane; ``surface`` is the walls' area per volume of liquid [1/m].

    Raises
    ------
    SolveError
        Double layers overlap after all.
    """
    charge = walls.at_plane
    at_wall = 2.0 * asinh(0.5 * charge)
    each = 2.0 * length * surface
    co, counter = 1.0 - each * (1.0 - exp(-at_wall / 2.0)), 1.0 + each * (exp(at_wall / 2.0) - 1.0)
    if co <= 0.0:
        raise SolveError(f"double layers of {length:.2g} m overlap in pores of {1 / surface:.2g} m")
    # The integral of psi is 4 length chi(tanh(psi/4)), Legendre's chi of order two, by its series.
    slope = tanh(at_wall / 4.0)
    mean = sum(slope ** (2 * k + 1) / (2 * k + 1) ** 2 for k in range(200))
    smeared = charge * length * surface
    return Pores(co, counter, 4.0 * length * surface * mean, smeared, charge)


def _newton(residual: Form, slope: Form, psi: Function) -> None:
    """Steps clipped at one RT/zF, until one is below the tolerance; collective."""
    for _ in range(_MOST):
        if _step(residual, slope, psi) < _TOLERANCE:
            return
    raise SolveError(f"ions between charged particles: no equilibrium in {_MOST} iterations")


def _step(residual: Form, slope: Form, psi: Function) -> float:
    """One of them, and its largest entry before it is clipped."""
    matrix, load = assemble_matrix(slope), assemble_vector(residual)
    matrix.assemble()
    load.ghostUpdate(addv=PETSc.InsertMode.ADD, mode=PETSc.ScatterMode.REVERSE)
    comm, step = psi.function_space.mesh.comm, solution(matrix, load, direct=True)
    psi.x.array[: step.size] -= np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
    psi.x.scatter_forward()
    return float(comm.allreduce(np.abs(step).max(initial=0.0), MPI.MAX))
