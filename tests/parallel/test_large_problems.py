"""What keeps the memory of large problems small changes none of their numbers."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import numpy as np
import pytest
from dolfinx import fem
from mpi4py import MPI
from petsc4py import PETSc

import zinterphase.forms
from zinterphase.case import Case
from zinterphase.case.load import overridden
from zinterphase.errors import OutOfMemory
from zinterphase.run import mesh_case
from zinterphase.solve.component_blocks import ComponentBlocks
from zinterphase.solve.measures import COUNTER, ELECTRODE
from zinterphase.solve.media import media_fields
from zinterphase.solve.problem import Problem

from .test_iterative import CASE, RESOLVED, SMALL

IONS = 0, 1
"""Numbers of two components that do not drive each other at level `pnp`."""
DRIVEN = 0, 2
"""Of an ion and the potential."""


def case_of(*more: str) -> Case:
    """A small dual layer in 3D with resolved double layers."""
    tree = tomllib.loads(CASE.read_text())
    tree["geometry"]["surface"] = {"shape": "flat"}
    del tree["kinetics"]["silver"]["spread"]
    return Case.from_dict(
        overridden(tree, ["level=pnp", "solver.preset=fieldsplit", *SMALL, *more])
    )


def problem_of(comm: MPI.Intracomm, *more: str) -> Problem:
    """At full load from rest."""
    case = case_of(*more)
    problem = Problem(case, mesh_case(case, comm).domain)
    problem.set_load(1.0)
    return problem


def product(matrix: PETSc.Mat, vector: np.ndarray) -> np.ndarray:
    x, y = matrix.createVecs()
    x.array[:] = vector
    matrix.mult(x, y)
    return np.array(y.array)


def present(nest: PETSc.Mat, row: int, column: int) -> bool:
    return bool(nest.getNestSubMatrix(row, column).handle)


@pytest.mark.parallel([1, 2, 3])
def test_blocks_of_components_are_the_matrix(comm: MPI.Intracomm) -> None:
    """Also with new values, and once components are coupled that were not."""
    system = problem_of(comm).system
    components = system.components(0)
    blocks = ComponentBlocks(comm, system.owned_size(0) // components, components)
    vector = np.random.default_rng(comm.rank).normal(size=system.local_size)

    def checked(matrix: PETSc.Mat) -> PETSc.Mat:
        nest = blocks.of(matrix)
        found = blocks.by_node(product(nest, blocks.ordered(vector)))
        wanted = product(matrix, vector)
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12 * np.abs(wanted).max())
        return nest

    # Without a current the field does not drive the deviations from equilibrium.
    assert not present(checked(system.assemble_jacobian()), *DRIVEN)
    system.set_unknowns(np.append(0.1 * vector, 0.3))
    matrix = system.assemble_jacobian()
    first = checked(matrix)
    assert present(first, *DRIVEN)
    assert not present(first, *IONS)
    matrix.scale(3.0)
    assert checked(matrix).handle == first.handle
    start, _ = matrix.getOwnershipRange()
    matrix.setValue(start + IONS[0], start + IONS[1], 7.0)
    matrix.assemble()
    assert present(checked(matrix), *IONS)
    blocks.free()
    checked(matrix)


@pytest.mark.parallel([1, 3])
@pytest.mark.parametrize("more", [(), (RESOLVED,)], ids=["liquid", "with a solid"])
def test_residuals_in_parts_are_the_whole(
    comm: MPI.Intracomm, more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = problem_of(comm, *more)
    monkeypatch.setattr(zinterphase.forms, "PART", 100)
    parts = problem_of(comm, *more)
    values = np.random.default_rng(comm.rank).normal(scale=0.1, size=whole.system.local_size)
    values = np.concatenate([values, [0.3]])
    residuals = []
    for problem in (whole, parts):
        problem.system.set_unknowns(values)
        residuals.append(problem.system.raw_residual())
    for one, other in zip(*residuals, strict=True):
        np.testing.assert_allclose(other, one, rtol=0, atol=1e-12 * np.abs(one).max())
    cells = len(whole.domain.owned_cells(whole.stack.liquid))
    forms = [len(each.system._residuals[0]) for each in (whole, parts)]
    assert forms == [1, -(-cells // 100)]


@pytest.mark.parallel([1, 2])
def test_want_of_memory_for_blocks_is_told(
    comm: MPI.Intracomm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise PETSc.Error(55)

    monkeypatch.setattr(ComponentBlocks, "_block", refuse)
    with pytest.raises(OutOfMemory):
        problem_of(comm).solve()


@pytest.mark.parallel([1, 2])
@pytest.mark.parametrize("more", [(), (RESOLVED,)], ids=["liquid", "with a solid"])
def test_a_light_problem_has_no_matrix(comm: MPI.Intracomm, more: tuple[str, ...]) -> None:
    problem = problem_of(comm, *more)
    problem.linear.update(problem.system.assemble_jacobian())
    problem.lighten()
    assert problem.system._matrix is None


@pytest.mark.parallel([1, 2])
def test_a_solve_after_a_solver_was_emptied(comm: MPI.Intracomm) -> None:
    """It makes its preconditioner anew, and Newton's rounding has a Jacobian again."""
    problem = problem_of(comm)
    problem.solve()
    potential, scales = problem.potential.value, problem.scales.components
    dropped = problem.system.rounding(scales)
    problem.lighten()
    assert not problem.bordered.is_ready
    problem.solve(start=problem.state())
    assert problem.potential.value == pytest.approx(potential, abs=1e-8)
    problem.system.scaled_jacobian(
        np.concatenate(
            [
                np.tile(1 / np.asarray(s), problem.system.owned_size(k) // len(s))
                for k, s in enumerate(scales)
            ]
        )
    )
    for one, other in zip(dropped, problem.system.rounding(scales), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9 * np.abs(other).max())


@pytest.mark.parallel([1, 2, 3])
@pytest.mark.parametrize("more", [(), (RESOLVED,)], ids=["whole", "part"])
def test_dofs_on_facets_are_those_of_the_region_s_own(
    comm: MPI.Intracomm, more: tuple[str, ...]
) -> None:
    problem = problem_of(comm, *more)
    spaces = problem.liquid
    mesh = spaces.region.mesh
    assert (mesh is problem.domain.mesh) == (not more)
    dim = mesh.topology.dim
    mesh.topology.create_entities(dim - 1)
    mesh.topology.create_connectivity(dim, dim - 1)
    mesh.topology.create_connectivity(dim - 1, dim)
    links = mesh.topology.connectivity(dim, dim - 1)
    for name in (ELECTRODE, COUNTER):
        pairs = problem.measures.facets[name]
        facets = [links.links(c)[f] for c, f in zip(spaces.cells(pairs), pairs[:, 1], strict=True)]
        own = np.unique(np.array(facets, dtype=np.int32))
        wanted = fem.locate_dofs_topological(spaces.scalar, dim - 1, own, remote=True)
        np.testing.assert_array_equal(spaces.dofs_on(pairs), wanted)


def test_the_load_scales_the_fixed_charge_alone() -> None:
    """Properties with the same numbers share them."""
    case = case_of()
    domain = mesh_case(case, MPI.COMM_SELF).domain
    media = {x.name: replace(x.medium, fixed_charge=5.0, specific_area=5.0) for x in case.layers}
    fields = media_fields(domain, media)
    for fraction in (0.5, 0.0, 1.0):
        fields.set_load(fraction)
        assert np.unique(fields.liquid.fixed_charge.x.array) == pytest.approx([5.0 * fraction])
        assert np.unique(fields.specific_area.x.array) == pytest.approx([5.0])
