"""Reference case 7: jumps of permittivity and conductivity between layers.

7a runs as a `pnp` case whose ions are so dilute that only fixed and surface charge act; 7b is in
test_series.py. 7c is posed as conduction, which has the same equation: the oblique interface and
Kellogg's corner, on fitted grids handed over as arrays with the exact potential all around.

Left out: the dielectric cylinder of 7c (no condition that the oblique interface does not test); 7d,
steady and transient (a neutral species, which no level has; its steady part is the ohm stack of
test_series.py under another name, its transient part needs time stepping).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.geometry.raw import RawMesh
from zinterphase.mesh import Domain
from zinterphase.scales import FARADAY
from zinterphase.solve.problem import Problem
from zinterphase.studies import solve
from zinterphase.verification.cells import VT, Metal, binary, case_of, film, potential, si
from zinterphase.verification.grids import BASE, COUNTER, named, triangles
from zinterphase.verification.references import reference, values

EXPECTED = values("case07")
PARAMETERS = reference("case07")["parameters"]
SIZE = 1e-6


def test_poisson_stack() -> None:
    """7a with P2: layers of permittivity 10, 86, 78.4, space charge, one charged interface."""
    stack = PARAMETERS["poisson"]
    first, second, third = stack["layers"]
    mobile = binary(1, 1e-19)
    films = [
        film("first", first["L"], permittivity=first["eps"], porosity=1.0),
        film(
            "second",
            second["L"],
            porosity=0.5,
            transport=0.5,
            permittivity=second["eps"],
            fixed_charge=si(second["rho"] / FARADAY / 0.5, "mol/m^3"),
            surface_charge=si(stack["sigma_interfaces"][1], "C/m^2"),
        ),
    ]
    charge = si(third["rho"] / FARADAY, "mol/m^3")
    case = case_of(
        "pnp",
        third["L"],
        mobile,
        Metal(1e-17, 0.5, 0.5, pzc=-stack["phi_left"], stern=1e6),
        films=films,
        liquid={"fixed_charge": charge, "permittivity": third["eps"]},
        control=potential(0.0),
        width=20e-9,
        mesh={"lateral_size": "20 nm", "first_cell": "25 nm", "far_size": "50 nm", "order": 2},
    )
    problem = solve(case, MPI.COMM_SELF).problem
    height = problem.liquid.scalar.tabulate_dof_coordinates()[:, 1]
    phi = VT * problem.liquid_field.x.array.reshape(-1, 3)[:, 2]
    interfaces = np.cumsum([0.0, first["L"], second["L"]])
    for place, name in zip(interfaces, ("left", "if1", "if2"), strict=True):
        found = phi[np.abs(height - place) < 1e-12]
        assert found == pytest.approx(EXPECTED[f"poisson|{name}|phi"], abs=2e-9)


def imposed(mesh: RawMesh, low: float, field: Callable[[np.ndarray], np.ndarray]) -> Problem:
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
    problem = Problem(case, Domain.create(MPI.COMM_SELF, mesh))
    problem.set_load(1.0)
    place = problem.liquid.scalar.tabulate_dof_coordinates()[:, :2] / SIZE
    for fixed in problem.system.fixed:
        problem.liquid_field.x.array[fixed.dofs] = field(place[fixed.dofs])
    problem.solve_here()
    return problem


def plate(x: np.ndarray, y: np.ndarray, upper: Callable[[np.ndarray], np.ndarray]) -> RawMesh:
    """A grid of points, with "liquid" where ``upper`` holds and Dirichlet data all around."""
    points = SIZE * np.column_stack([x.ravel(), y.ravel()])
    cells = triangles(x.shape[1] - 1, x.shape[0] - 1)
    middle = points[cells].mean(axis=1) / SIZE
    tags = np.where(upper(middle), 2, 1).astype(np.int32)

    def group_of(middle: np.ndarray) -> np.ndarray:
        return np.where(middle[:, 1] <= -0.999 * SIZE, BASE, COUNTER)

    return named(points, cells, tags, ["film", "liquid"], group_of)


def test_oblique_interface() -> None:
    """7c (ii): a fitted mesh reproduces the piecewise linear potential to rounding."""
    normal = np.array([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    inner = np.array(PARAMETERS["oblique"]["E1"])
    outer = np.array([EXPECTED["oblique|E2x"], EXPECTED["oblique|E2y"]])
    share, y = np.meshgrid(np.linspace(-1, 1, 13), np.linspace(-1, 1, 9))
    kink = -y * np.tan(np.pi / 6)
    x = np.where(share < 0, kink + share * (kink + 1), kink + share * (1 - kink))

    def field(place: np.ndarray) -> np.ndarray:
        return np.where(place @ normal > 0, -place @ outer, -place @ inner)

    problem = imposed(plate(x, y, lambda middle: middle @ normal > 0), 0.1, field)
    place = problem.liquid.scalar.tabulate_dof_coordinates()[:, :2] / SIZE
    assert problem.liquid_field.x.array == pytest.approx(field(place), abs=1e-12)
    assert field(np.array([[0.5, 0.5]])) == pytest.approx(EXPECTED["oblique|phi_at_(0.5,0.5)"])


def kellogg(place: np.ndarray) -> np.ndarray:
    """r^gamma mu(theta) of the checkerboard with gamma = 1/2."""
    given = PARAMETERS["kellogg"]
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
    return np.hypot(*place.T) ** gamma * np.choose(quadrant, pieces)


def test_kellogg_corner() -> None:
    """7c (iii): on uniform grids the energy converges at first order, i.e. H1 at 1/2, no faster."""
    corner = kellogg(np.array([[0.5, 0.5], [-0.5, 0.25]]))
    names = ("kellogg|gamma0.5|u(0.5,0.5)", "kellogg|gamma0.5|u(-0.5,0.25)")
    assert corner == pytest.approx([EXPECTED[name] for name in names])
    strong, errors = PARAMETERS["kellogg"]["a1"], []
    for n in (16, 32, 64, 128):
        x, y = np.meshgrid(np.linspace(-1, 1, n + 1), np.linspace(-1, 1, n + 1))
        problem = imposed(plate(x, y, lambda m: m[:, 0] * m[:, 1] > 0), 1 / strong, kellogg)
        power = problem.level.dissipation(problem.unknowns.liquid, problem.media.liquid)
        whole = problem.integrate(problem.measures.over_layers(power, problem.stack.liquid))
        energy = strong * whole / VT
        errors.append(abs(energy - EXPECTED["kellogg|gamma0.5|energy_int_a_grad2"]))
    order = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.all((order > 0.85) & (order < 1.15)), order
