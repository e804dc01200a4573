"""Total currents converge with twice the order of the elements, at corners with twice the exponent.

Order 2p of functionals by their own residual: Babuska and Miller, Int. J. Numer. Methods Eng. 20
(1984) 1085. At a corner where the potential goes with r**a, uniform meshes give h**(2a). Between an
equipotential and an insulator at the angle w, a = pi/(2 w): 1/2 at the edge of an electrode in an
insulating plane, 2/3 at the ridge of 270 degrees of electrolyte (half of it beside a mirror plane).
The integral of the squared current density is infinite at the edge, as a logarithm.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.meshstudy.convergence import Convergence
from zinterphase.meshstudy.driver import converge
from zinterphase.meshstudy.families import uniform_family
from zinterphase.verification.cells import Metal, binary, case_of, linear, potential, si
from zinterphase.verification.grids import drawn

SALT, KAPPA, SIZE = binary(2, 2000.0), 5.0, 100e-6
PATCHES = {"sigma_ln": 0.5, "correlation_length": "50 um", "covariance": "gaussian", "seed": 3}
EDGE = [(0, 0), (0.5, 0), (1, 0), (1, 1), (0, 1)], ["base", "sides", "sides", "counter", "sides"]
RIDGE = [(0, 0.5), (0.5, 0), (0.5, 1), (0, 1)], ["base", "sides", "counter", "sides"]


def family(case: Case, meshes: int) -> Convergence:
    study = converge(case, uniform_family(case), meshes, comm=MPI.COMM_SELF)
    return study.convergence


@pytest.mark.parametrize(("order", "meshes"), [(1, 4), (2, 4)])
def test_total_current_of_a_smooth_problem_has_order_2p(order: int, meshes: int) -> None:
    """A patchy flat electrode, linear kinetics; the CV is made of facet means, of order 2."""
    cell = si(SIZE / 8, "m")
    mesh = {"lateral_size": cell, "first_cell": cell, "far_size": cell, "order": order}
    found = family(
        case_of(
            "secondary", SIZE, SALT, linear(1.284e-4, extra={"spread": PATCHES}),
            conductivity=KAPPA, width=SIZE, control=potential(-0.1), mesh=mesh,
            solver={"tolerance": 1e-11},
        ),
        meshes,
    )  # fmt: skip
    current = found.quantities["working.mean_current_density"].estimate
    assert current.behaviour == "asymptotic"
    assert current.order == pytest.approx(2 * order, abs=0.1)
    variation = found.quantities["working.current_density.cv"].estimate
    assert variation.order == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(
    ("shape", "width", "order"),
    [(EDGE, SIZE, 1.0), (RIDGE, SIZE / 2, 4 / 3)],
    ids=["edge", "ridge"],
)
def test_singular_exponent_at_a_corner_of_an_equipotential(
    shape: tuple[list[tuple[float, float]], list[str]], width: float, order: float, tmp_path: Path
) -> None:
    corners = [(x * SIZE, y * SIZE) for x, y in shape[0]]
    file = drawn(tmp_path / "own.msh", corners, shape[1], lambda x, y: SIZE / 5)
    case = case_of(
        "primary", SIZE, SALT, Metal(1.0), conductivity=KAPPA, width=width,
        control=potential(-0.1), mesh={"file": str(file)},
    )  # fmt: skip
    found = family(case, 5)
    current = found.quantities["working.mean_current_density"].estimate
    assert current.behaviour == "asymptotic"
    assert current.order == pytest.approx(order, abs=0.02)
    variation = found.quantities["working.current_density.cv"]
    assert not variation.passed
    assert not found.met
    assert variation.estimate.behaviour == ("diverging" if shape is EDGE else "not asymptotic")
