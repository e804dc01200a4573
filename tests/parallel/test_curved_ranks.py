"""Cells of second order on any number of ranks: the same numbers, moved, and where points lie."""

from __future__ import annotations

import numpy as np
import pytest
import ufl
from dolfinx import fem
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import MeshError
from zinterphase.fem_types import new_function
from zinterphase.geometry.build import build
from zinterphase.geometry.quadratic import volume
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.mesh import Domain, at_nodes
from zinterphase.observe.profiles import normals, sample
from zinterphase.observe.recovery import patches_of
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import potential, si
from zinterphase.verification.ranks import WIDTH, case_called, corrugated, invariance, owners


def curved(comm: MPI.Intracomm, **more: object) -> tuple[Case, Domain]:
    mesh = {"lateral_size": si(WIDTH / 16, "m"), "growth": 2.0, "order": 2}
    case = corrugated("secondary", mesh=mesh, control=potential(-0.01), **more)
    raw = build(recipe_from_case(case)) if comm.rank == 0 else None
    kind = "quarters" if comm.size > 2 else "interfaces"
    partition = None if raw is None else owners(raw, comm.size, kind)
    return case, Domain.create(comm, raw, partition=partition)


@pytest.mark.parallel([2, 3])
def test_the_same_numbers(comm: MPI.Intracomm) -> None:
    for check in invariance("pnp-curved", comm):
        assert check.passed, check


@pytest.mark.parallel([2])
def test_fluxes_recovered_on_triangles(comm: MPI.Intracomm) -> None:
    for check in invariance("primary-curved-3D", comm):
        assert check.passed, check


@pytest.mark.parallel([1, 3])
def test_all_nodes_move(comm: MPI.Intracomm) -> None:
    case, domain = curved(comm)
    layer = domain.region(["liquid"])
    whole = volume(build(recipe_from_case(case)))
    area = fem.form(fem.Constant(layer.mesh, 1.0) * ufl.dx(layer.mesh))

    def shift(x: np.ndarray) -> np.ndarray:
        return np.column_stack([np.zeros(len(x)), 0.2 * x[:, 1]])

    field = fem.Function(fem.functionspace(domain.mesh, ("Lagrange", 2, (2,))))
    field.interpolate(lambda x: shift(x[:2].T).T)
    for displacement in (shift, at_nodes(field)):
        domain.move(displacement)
        found = comm.allreduce(fem.assemble_scalar(area))
        assert found == pytest.approx(1.2 * whole, rel=1e-12)
    linear = fem.Function(fem.functionspace(domain.mesh, ("Lagrange", 1, (2,))))
    with pytest.raises(ValueError, match="of 3 nodes a cell: allowed 6"):
        at_nodes(linear)

    def folds(x: np.ndarray) -> np.ndarray:
        """Only middles of edges go up, far: corners alone would not tell."""
        return 0.1 * WIDTH * np.column_stack([0 * x[:, 0], np.sin(16 * np.pi * x[:, 0] / WIDTH)])

    with pytest.raises(MeshError, match="cells without a volume or turned over"):
        domain.move(folds)


@pytest.mark.parallel([3])
def test_points_are_found_in_curved_cells(comm: MPI.Intracomm) -> None:
    """The foot of a normal is on the true surface; a position is its own value."""
    case, domain = curved(comm)
    output = case.output.model_copy(update={"normals": ((0.0,), (0.33e-6,), (0.7e-6,), (WIDTH,))})
    problem = Problem(case.model_copy(update={"output": output}), domain)
    height = new_function(problem.liquid.scalar, "height")
    height.interpolate(lambda x: x[1])
    shape = recipe_from_case(case).surface
    for line in normals(problem, [height], patches_of(problem)):
        plain = sample(problem, [height], line.position, "line").values["height"]
        assert plain == pytest.approx(line.position[:, 1], rel=1e-9, abs=1e-15)
        assert line.values["height"] == pytest.approx(line.position[:, 1], abs=2e-9)
        foot = shape.height(line.position[:1, :1])[0]
        # A parabola through three points of the wave; the chord is 1e-9 m off.
        assert abs(line.position[0, 1] - foot) < 2e-11
    outside = np.array([[0.5e-6, -0.1e-6]])
    assert np.isnan(sample(problem, [height], outside, "outside").values["height"]).all()


def test_case_of_the_ranks_is_curved() -> None:
    assert build(recipe_from_case(case_called("pnp-curved"))).middles is not None
