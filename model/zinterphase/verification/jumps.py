"""Jumps of permittivity in a stack, of conductivity across oblique faces and at a corner.

Reference cases 7a and 7c; the latter is posed as conduction on grids handed over as arrays, with
the exact potential all around. Left out of case 7: the dielectric cylinder (no condition that the
oblique face does not test) and 7d (its steady part is a stack of :mod:`stacks` under another name,
its transient part needs time stepping).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.geometry.raw import Floats, RawMesh
from zinterphase.mesh import Domain
from zinterphase.run import solve
from zinterphase.scales import FARADAY
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import VT, Metal, binary, case_of, film, potential, si
from zinterphase.verification.closed.series import Slab, poisson_stack
from zinterphase.verification.compared import nodal_profile, nodal_values, reference, values
from zinterphase.verification.grids import BASE, COUNTER, named, triangles
from zinterphase.verification.known import Check, KnownProblem, absolute, relative, worst

SIZE = 1e-6


def imposed(
    mesh: RawMesh, low: float, field: Callable[[Floats], Floats], comm: MPI.Intracomm
) -> Problem:
    """Conduction, "film" of conductivity ``low`` and "liquid" of 1, ``field`` all around."""
    case = case_of(
        "primary",
        SIZE,
        binary(2, 100.0),
        Metal(1.0),
        films=[film("film", SIZE, transport=low)],
        conductivity=1.0,
        width=2 * SIZE,
        control=potential(0.0),
    )
    problem = Problem(case, Domain.create(comm, mesh if comm.rank == 0 else None))
    problem.set_load(1.0)
    place = problem.liquid.scalar.tabulate_dof_coordinates()[:, :2] / SIZE
    for fixed in problem.system.fixed:
        problem.liquid_field.x.array[fixed.dofs] = field(place[fixed.dofs])
    problem.solve_here()
    return problem


def plate(x: Floats, y: Floats, upper: Callable[[Floats], Floats]) -> RawMesh:
    """A grid of points, with "liquid" where ``upper`` holds and Dirichlet data all around."""
    points = SIZE * np.column_stack([x.ravel(), y.ravel()])
    cells = triangles(x.shape[1] - 1, x.shape[0] - 1)
    middle = points[cells].mean(axis=1) / SIZE
    tags = np.where(upper(middle), 2, 1).astype(np.int32)

    def group_of(middle: Floats) -> Floats:
        return np.where(middle[:, 1] <= -0.999 * SIZE, BASE, COUNTER)

    return named(points, cells, tags, ["film", "liquid"], group_of)


def oblique(comm: MPI.Intracomm) -> Iterator[Check]:
    """7c (ii): a fitted mesh reproduces the piecewise linear potential to rounding."""
    known, given = values("case07"), reference("case07")["parameters"]["oblique"]
    normal = np.array([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    inner = np.array(given["E1"])
    outer = np.array([known["oblique|E2x"], known["oblique|E2y"]])
    share, y = np.meshgrid(np.linspace(-1, 1, 13), np.linspace(-1, 1, 9))
    kink = -y * np.tan(np.pi / 6)
    x = np.where(share < 0, kink + share * (kink + 1), kink + share * (1 - kink))

    def field(place: Floats) -> Floats:
        return np.asarray(np.where(place @ normal > 0, -place @ outer, -place @ inner))

    mesh = plate(x, y, lambda middle: np.asarray(middle @ normal > 0))
    points, phi = nodal_values(imposed(mesh, 0.1, field, comm))
    exact = field(points / SIZE)
    yield worst("worst node [RT/F]", phi[:, 0], exact, 1e-12, scale=1.0)
    there = float(field(np.array([[0.5, 0.5]]))[0])
    tabulated = known["oblique|phi_at_(0.5,0.5)"]
    yield relative("closed form against the table", there, tabulated, 1e-12)


def kellogg(place: Floats) -> Floats:
    """r^gamma mu(theta) of the checkerboard with gamma = 1/2."""
    given = reference("case07")["parameters"]["kellogg"]
    gamma, rho, sigma = given["gamma"], given["rho"], given["sigma"]
    angle = np.mod(np.arctan2(place[:, 1], place[:, 0]), 2 * np.pi)
    half = np.pi / 2
    pieces = [
        np.cos((half - sigma) * gamma) * np.cos((angle - half + rho) * gamma),
        np.cos(rho * gamma) * np.cos((angle - np.pi + sigma) * gamma),
        np.cos(sigma * gamma) * np.cos((angle - np.pi - rho) * gamma),
        np.cos((half - rho) * gamma) * np.cos((angle - 3 * half - sigma) * gamma),
    ]
    quadrant = np.minimum(angle // half, 3).astype(int)
    return np.asarray(np.hypot(*place.T) ** gamma * np.choose(quadrant, pieces))


def kellogg_corner(comm: MPI.Intracomm) -> Iterator[Check]:
    """7c (iii): on uniform grids the energy converges at first order, H1 at 1/2, no faster."""
    known, given = values("case07"), reference("case07")["parameters"]["kellogg"]
    strong, energy = given["a1"], known["kellogg|gamma0.5|energy_int_a_grad2"]
    for point in ((0.5, 0.5), (-0.5, 0.25)):
        at = "({:g},{:g})".format(*point)
        found, tabulated = float(kellogg(np.array([point]))[0]), known[f"kellogg|gamma0.5|u{at}"]
        yield relative(f"closed form against the table at {at}", found, tabulated, 1e-9)
    cells, errors = (16, 32, 64, 128), []
    for n in cells:
        x, y = np.meshgrid(np.linspace(-1, 1, n + 1), np.linspace(-1, 1, n + 1))
        mesh = plate(x, y, lambda m: np.asarray(m[:, 0] * m[:, 1] > 0))
        problem = imposed(mesh, 1 / strong, kellogg, comm)
        power = problem.level.dissipation(problem.unknowns.liquid, problem.media.liquid)
        whole = problem.integrate(problem.measures.over_layers(power, problem.stack.liquid))
        errors.append(abs(strong * whole / VT - energy))
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    for n, observed in zip(cells[1:], orders, strict=True):
        yield absolute(f"order of the energy to {n} cells", observed, 1.0, 0.15)


def poisson(comm: MPI.Intracomm) -> Iterator[Check]:
    """Reference case 7a with P2: permittivities 10, 86, 78.4, space charge, one charged face.

    A `pnp` case whose ions are so dilute that only fixed and surface charge act.
    """
    stack = reference("case07")["parameters"]["poisson"]
    result = solve(_poisson_case(stack), comm)
    height, phi = nodal_profile(result.problem, component=2)
    slabs = [Slab(layer["L"], layer["eps"], layer["rho"]) for layer in stack["layers"]]
    ends = (stack["phi_left"], stack["phi_right"])
    exact = poisson_stack(slabs, stack["sigma_interfaces"], ends)
    known = values("case07")
    faces = np.cumsum([0.0, *(slab.thickness for slab in slabs)])
    names = ("metal", "first face", "second face", "reservoir")
    for name, place, value in zip(names, faces, exact, strict=True):
        found = VT * phi[np.argmin(np.abs(height - place))]
        yield absolute(f"phi at the {name} [V]", found, value, 2e-9)
    for name, value in zip(("if1", "if2"), exact[1:3], strict=True):
        tabulated = known[f"poisson|{name}|phi"]
        yield absolute(f"closed form against the table, {name} [V]", value, tabulated, 1e-9)


def _poisson_case(stack: Mapping[str, Any]) -> Case:
    first, second, third = stack["layers"]
    films = [
        film("first", first["L"], permittivity=first["eps"], porosity=1.0),
        film(
            "second",
            second["L"],
            transport=0.5,
            permittivity=second["eps"],
            fixed_charge=si(second["rho"] / FARADAY / 0.5, "mol/m^3"),
            surface_charge=si(stack["sigma_interfaces"][1], "C/m^2"),
        ),
    ]
    return case_of(
        "pnp",
        third["L"],
        binary(1, 1e-19),
        Metal(1e-17, 0.5, 0.5, pzc=-stack["phi_left"], stern=1e6),
        films=films,
        liquid={
            "fixed_charge": si(third["rho"] / FARADAY, "mol/m^3"),
            "permittivity": third["eps"],
        },
        control=potential(0.0),
        width=20e-9,
        mesh={"lateral_size": "20 nm", "first_cell": "25 nm", "far_size": "50 nm", "order": 2},
    )


PROBLEMS = (
    KnownProblem(
        "jump.permittivity",
        "jumps of permittivity with volume and face charge",
        "reference case 7a, closed form",
        poisson,
    ),
    KnownProblem(
        "jump.oblique",
        "piecewise linear potential on a fitted mesh",
        "reference case 7c, closed form",
        oblique,
    ),
    KnownProblem(
        "jump.kellogg",
        "order of the energy at a corner of four quadrants",
        "Kellogg (1975), reference case 7c",
        kellogg_corner,
    ),
)
