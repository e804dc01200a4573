"""Values at points and their errors are the same on any number of ranks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.fields import nodal_fields
from zinterphase.observe.profiles import Samples, sampled
from zinterphase.observe.recovery import RecoveredSurface, recovered_surface
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.verification.cells import Metal, binary, case_of, potential, problem_of

FLAT: dict[str, Any] = {
    "width": 0.2e-6,
    "geometry": {"dimension": 3, "depth": "0.2 um"},
    "mesh": {"lateral_size": "50 nm"},
    "output": {"normals": [["60 nm", "0.1 um"]], "probes": [["0.1 um", "0.1 um", "2 nm"]]},
}
WAVY: dict[str, Any] = {
    "width": 0.5e-6,
    "surface": {"shape": "sinusoidal", "amplitude": "50 nm", "wavelength": "1 um"},
    "mesh": {"lateral_size": "50 nm"},
    "output": {"normals": [["0.3 um"]], "probes": [["0.1 um", "0.4 um"]]},
}


def case(options: dict[str, Any]) -> Case:
    return case_of(
        "pnp", 0.5e-6, binary(2, 10.0), Metal(10.0), control=potential(-0.02),
        solver={"preset": "direct", "tolerance": 1e-11}, **options,
    )  # fmt: skip


def same(one: RecoveredSurface, other: RecoveredSurface, largest: float) -> None:
    for here, there in ((one.map.values, other.map.values), (one.errors, other.errors)):
        assert here.keys() == there.keys()
        for name, values in here.items():
            room = largest * np.abs(one.map.values[name]).max()
            np.testing.assert_allclose(there[name], values, rtol=0.0, atol=room, err_msg=name)


def same_lines(one: list[Samples], other: list[Samples], largest: float) -> None:
    for here, there in zip(one, other, strict=True):
        for name, values in here.values.items():
            room = largest * np.abs(values).max()
            np.testing.assert_allclose(there.values[name], values, rtol=0.0, atol=room)
            np.testing.assert_allclose(
                there.errors[name], here.errors[name], rtol=0.0, atol=room, err_msg=name
            )


@pytest.mark.parallel([2, 3])
def test_values_in_three_dimensions(comm: MPI.Intracomm) -> None:
    found = []
    for ranks in (MPI.COMM_SELF, comm):
        problem = problem_of(case(FLAT), ranks)
        problem.solve()
        surface = recovered_surface(problem, surface_map(problem))
        found.append((surface, sampled(problem, nodal_fields(problem))))
    (one, lines), (other, same_again) = found
    same(one, other, 1e-9)
    same_lines(lines, same_again, 1e-9)


@pytest.mark.parallel([2, 3])
def test_errors_from_the_richer_solution(comm: MPI.Intracomm) -> None:
    def lines(result: Result) -> list[Samples]:
        assert result.errors is not None
        assert result.errors.points is not None
        functions = nodal_fields(result.problem)
        return result.errors.points.judged_lines(sampled(result.problem, functions))

    one, other = (solve(case(WAVY), ranks, errors=True) for ranks in (MPI.COMM_SELF, comm))
    same(one.facets, other.facets, 1e-9)
    same_lines(lines(one), lines(other), 1e-9)
