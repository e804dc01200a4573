"""Linear-solver presets: names, overrides, mistakes, and a clean database of PETSc options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem, mesh
from mpi4py import MPI
from petsc4py import PETSc

from zinterphase.errors import CaseError, SolveError
from zinterphase.solve.linear import (
    DIRECT_LIMIT_3D,
    QUICK_LIMIT,
    QUICK_LIMIT_FEW,
    LinearSolver,
    choose_preset,
    quick_ordering,
)
from zinterphase.solve.presets import Fields, flatten, preset_options
from zinterphase.solve.system import FieldBlock, FixedDofs, System

FIELDS = [
    Fields(liquid, has_poisson, has_solid, serial)
    for liquid, has_poisson in ((1, False), (2, False), (3, True), (5, True))
    for has_solid in (False, True)
    for serial in (False, True)
]


def system_of(components: int, solid: bool = False) -> System:
    """Diffusion with a reaction between the components; the second block has its own equation."""
    domain = mesh.create_unit_square(MPI.COMM_SELF, 12, 12)
    blocks = []
    for name, size in (("liquid", components), *([("solid", 1)] if solid else [])):
        space = fem.functionspace(domain, ("Lagrange", 1, (size,)))
        field, test = fem.Function(space, name=name), ufl.TestFunction(space)
        source = ufl.inner(ufl.as_vector([1.0] * size), test)
        coupling = ufl.inner(sum(field) * ufl.as_vector([0.1] * size), test)
        own = ufl.inner(ufl.grad(field), ufl.grad(test)) + ufl.inner(field, test)
        form = (own + coupling - source) * ufl.dx
        blocks.append(FieldBlock(name, field, test, form))
    fixed = [FixedDofs(k, 0, np.arange(13, dtype=np.int32)) for k in range(len(blocks))]
    return System(MPI.COMM_SELF, blocks, [], fixed, [])


def solver_of(system: System, preset: str, **overrides: Any) -> LinearSolver:
    return LinearSolver(system, preset, system.components(0) > 2, overrides)


def solve(system: System, solver: LinearSolver) -> np.ndarray[Any, np.dtype[np.float64]]:
    solver.update(system.assemble_jacobian())
    (solution,) = solver.solve([-np.concatenate(system.residual())], [None])
    return solution


@pytest.fixture(autouse=True)
def clean_database() -> Iterator[None]:
    """No test leaves a trace in the options that all PETSc solvers of the process share."""
    before = PETSc.Options().getAll()
    yield
    assert PETSc.Options().getAll() == before


def test_flatten_joins_names() -> None:
    assert flatten({"ksp": {"type": "cg", "max": {"it": 2}}}) == {"ksp_type": "cg", "ksp_max_it": 2}


@pytest.mark.parametrize("fields", FIELDS, ids=str)
def test_every_field_gets_a_solver(fields: Fields) -> None:
    options = preset_options("fieldsplit", fields)
    outer = "fieldsplit_liquid_" if fields.has_solid else ""
    assert ("fieldsplit_solid_pc_type" in options) == fields.has_solid
    for k in range(fields.liquid if fields.liquid > 1 else 0):
        assert f"{outer}fieldsplit_{k}_pc_type" in options
    assert f"{outer}fieldsplit_{fields.liquid}_pc_type" not in options


def test_unknown_preset_is_refused() -> None:
    with pytest.raises(CaseError, match=r"solver\.preset = \"fast\": allowed auto, direct or"):
        preset_options("fast", FIELDS[0])


@pytest.mark.parametrize(
    ("dimension", "size", "chosen"),
    [
        (2, 10**6, "direct"),
        (3, DIRECT_LIMIT_3D, "direct"),
        (3, DIRECT_LIMIT_3D + 1, "fieldsplit"),
    ],
)
def test_auto(dimension: int, size: int, chosen: str) -> None:
    assert choose_preset("auto", dimension, size) == chosen
    assert choose_preset("direct", dimension, size) == "direct"


def test_small_plane_systems_are_ordered_quickly() -> None:
    assert quick_ordering(2, QUICK_LIMIT, few=False)
    assert not quick_ordering(2, QUICK_LIMIT + 1, few=False)
    assert quick_ordering(2, QUICK_LIMIT_FEW, few=True)
    assert not quick_ordering(2, QUICK_LIMIT_FEW + 1, few=True)
    assert not quick_ordering(3, 1000, few=True)


@pytest.mark.parametrize(("overrides", "ordering"), [({}, 0), ({"mat_mumps_icntl_7": 5}, 5)])
def test_the_case_decides_the_ordering(overrides: dict[str, int], ordering: int) -> None:
    system = system_of(2)
    solver = solver_of(system, "direct", **overrides)
    solve(system, solver)
    assert solver.ksp.getPC().getFactorMatrix().getMumpsInfog(7) == ordering
    solver.destroy()


@pytest.mark.parametrize("components", [1, 3])
@pytest.mark.parametrize("solid", [False, True])
def test_presets_agree_and_read_all_their_options(components: int, solid: bool) -> None:
    system = system_of(components, solid)
    split, direct = solver_of(system, "fieldsplit"), solver_of(system, "direct")
    np.testing.assert_allclose(solve(system, split), solve(system, direct), rtol=0, atol=1e-5)
    assert split.unread == direct.unread == frozenset()
    assert direct.relative_tolerance == 0.0
    assert split.relative_tolerance == 1e-6


def test_transposed_solutions_agree() -> None:
    """With the same factors, after a solve that is not transposed too."""
    system = system_of(3, solid=True)
    right_side = np.random.default_rng(1).normal(size=system.local_size)
    found = []
    for preset in ("fieldsplit", "direct"):
        solver = solver_of(system, preset)
        solve(system, solver)
        found.append(solver.solve_transposed([right_side])[0])
    np.testing.assert_allclose(*found, rtol=0, atol=1e-5 * np.abs(found[1]).max())


def test_a_split_that_is_applied_once_takes_right_hand_sides_by_themselves() -> None:
    """PETSc applied it to several at once with components of another."""
    system = system_of(3)
    solver = solver_of(system, "fieldsplit", ksp_type="preonly")
    solver.update(system.assemble_jacobian())
    first = -np.concatenate(system.residual())
    second = np.cos(np.arange(len(first)))
    together = solver.solve([first, second], [None, first])
    for rhs, solution in zip((first, second), together, strict=True):
        np.testing.assert_allclose(solution, solver.solve([rhs], [None])[0], rtol=1e-12)


def test_factors_leave_the_jacobian_as_it_is() -> None:
    """The preset scales what it factorises."""
    system = system_of(3, solid=True)
    solver = solver_of(system, "fieldsplit")
    solve(system, solver)
    matrix = system.assemble_jacobian()
    before = matrix.copy()
    solver.update(matrix)
    solver.solve([-np.concatenate(system.residual())], [None])
    assert matrix.equal(before)


def test_prefixes_are_unique() -> None:
    system = system_of(1)
    assert solver_of(system, "direct").prefix != solver_of(system, "direct").prefix


def test_overrides_win_in_inner_solvers() -> None:
    system = system_of(3, solid=True)
    inner = "fieldsplit_liquid_fieldsplit_1_"
    options = {f"{inner}pc_type": "jacobi", f"{inner}ksp_type": "cg", f"{inner}ksp_max_it": 7}
    solver = solver_of(system, "fieldsplit", ksp_rtol=1e-3, **options)
    with pytest.raises(CaseError, match="mg_levels"):
        # The preset's options for what was replaced are its own affair, the case's are not.
        solve(system, solver_of(system, "fieldsplit", **options, **{f"{inner}mg_levels_x": 1}))
    solve(system, solver)
    liquid = solver.ksp.getPC().getFieldSplitSubKSP()[1]
    changed = liquid.getPC().getFieldSplitSubKSP()[1]
    assert (changed.getType(), changed.getPC().getType()) == ("cg", "jacobi")
    assert changed.getTolerances()[3] == 7
    assert solver.relative_tolerance == 1e-3


def test_solver_may_be_replaced_as_a_whole() -> None:
    system = system_of(3)
    solver = solver_of(system, "fieldsplit", ksp_type="preonly", pc_type="lu")
    np.testing.assert_allclose(solve(system, solver), solve(system, solver_of(system, "direct")))


@pytest.mark.parametrize("preset", ["direct", "fieldsplit"])
def test_unread_option_is_named(preset: str) -> None:
    system = system_of(3)
    solver = solver_of(system, preset, ksp_rtoll=1e-3)
    with pytest.raises(CaseError, match=rf"^solver\.options\.ksp_rtoll = 0\.001: .*'{preset}'"):
        solve(system, solver)


@pytest.mark.parametrize(
    ("name", "value"), [("pc_type", "magic"), ("ksp_rtol", "small"), ("fieldsplit_0_pc_type", "x1")]
)
def test_refused_value_is_named(name: str, value: str) -> None:
    system = system_of(3)
    with pytest.raises(CaseError, match=rf"^solver\.options\.{name} = \"{value}\": "):
        solve(system, solver_of(system, "fieldsplit", **{name: value}))


def test_singular_matrix_is_a_solve_error() -> None:
    system = system_of(1)
    solver = solver_of(system, "direct")
    matrix = system.assemble_jacobian()
    matrix.zeroEntries()
    with pytest.raises(SolveError, match="could not factorise"):
        solver.update(matrix)


def test_symbolic_factorisation_is_kept() -> None:
    system = system_of(2)
    solver = solver_of(system, "direct")
    solve(system, solver)
    factors = solver.ksp.getPC().getFactorMatrix().handle
    solve(system, solver)
    assert solver.ksp.getPC().getFactorMatrix().handle == factors


@pytest.mark.parametrize("kind", ["bjacobi", "sor"])
def test_smoothers_of_another_kind_solve_too(kind: str) -> None:
    """Blocks that are no copies of the matrix are not scaled."""
    system = system_of(1)
    expected = solve(system, solver_of(system, "direct"))
    solver = solver_of(system, "fieldsplit", mg_levels_pc_type=kind)
    assert solve(system, solver) == pytest.approx(expected, rel=1e-5)
