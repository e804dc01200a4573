"""The real block system: against complex elimination, and how many iterations it takes."""

from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI
from petsc4py import PETSc

from zinterphase.case import Case
from zinterphase.impedance.linearised import SmallSignal
from zinterphase.impedance.prepared import steady
from zinterphase.impedance.realblock import RealBlockSolver
from zinterphase.impedance.response import Response
from zinterphase.verification.cells import Metal, binary, current, on_a_line, tables

from .spectra import binary_tables

MOST = 17
"""Iterations with factors of the same frequency, for a residual of 1e-9: eigenvalues in [1/2, 1]
give 14 of a symmetric system."""


def resolved_layers() -> Case:
    data = tables("pnp", 1e-6, binary(2, 10.0), Metal(10.0), counter=True, control=current(-20.0))
    return Case.from_dict(on_a_line(data))


def under_current() -> Case:
    return Case.from_dict(binary_tables("A", 50.0))


def dense(matrix: PETSc.Mat) -> np.ndarray:
    size = matrix.getSize()[0]
    return np.asarray(matrix.getValues(range(size), range(size)))


@pytest.mark.parametrize("case", [resolved_layers, under_current])
def test_solutions_of_the_complex_system(case) -> None:  # type: ignore[no-untyped-def]
    state = steady(case(), MPI.COMM_SELF, 1e4)
    signal = SmallSignal(state.problem, state.storage)
    j, m = dense(signal.conducting), dense(signal.storing)
    response = Response(signal)
    for frequency in (1.0, 1e3, 1e6):
        omega = 2 * np.pi * frequency
        exact = np.linalg.solve(j + 1j * omega * m, -signal.driven(omega))
        wanted = signal.current(omega, exact, 1.0)
        assert response.at(frequency).current == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("case", [resolved_layers, under_current])
def test_iterations_hardly_depend_on_the_frequency(case) -> None:  # type: ignore[no-untyped-def]
    state = steady(case(), MPI.COMM_SELF, 1e4)
    signal = SmallSignal(state.problem, state.storage)
    solver = RealBlockSolver(signal)
    for frequency in np.geomspace(1e-2, 1e8, 11):
        omega = float(2 * np.pi * frequency)
        solver.solve(omega, -signal.driven(omega))
    assert max(solver.iterations) <= MOST


def test_neighbours_share_factors() -> None:
    state = steady(under_current(), MPI.COMM_SELF, 1e4)
    signal = SmallSignal(state.problem, state.storage)
    solver = RealBlockSolver(signal)
    for frequency in (100.0, 150.0, 180.0, 1000.0):
        omega = 2 * np.pi * frequency
        solver.solve(omega, -signal.driven(omega))
    assert solver.linear.updates == 2
    assert max(solver.iterations) < 2 * MOST


@pytest.mark.parametrize("level", ["electroneutral", "pnp"])
def test_iterative_and_direct_factors_in_three_dimensions(level: str) -> None:
    """Slow, where J is nearly singular, and far above D/L^2, where a field split fails."""
    extra = {} if level == "pnp" else {"double_layer_capacitance": "0.3 F/m^2"}
    size = 2e-7 if level == "pnp" else 2e-5
    found = []
    for preset in ("direct", "fieldsplit"):
        data = tables(
            level, size, binary(2, 10.0), Metal(5.0, extra=extra), width=size, counter=True,
            control=current(-1.0), geometry={"dimension": 3, "depth": f"{size} m"},
            mesh={"lateral_size": f"{size / 4} m", "far_size": f"{size / 4} m", "growth": 2.0},
            solver={"preset": preset},
        )  # fmt: skip
        state = steady(Case.from_dict(data), MPI.COMM_SELF, 1e4)
        response = Response(SmallSignal(state.problem, state.storage))
        found.append(np.array([response.at(f).impedance for f in (1.0, 1e2, 1e6)]))
    assert found[1] == pytest.approx(found[0], rel=1e-6)
