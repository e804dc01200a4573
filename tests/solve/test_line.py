"""A flat, uniform cell has the same numbers on a line as in a cross-section."""

from __future__ import annotations

from typing import Any

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.output.results import quantities
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.verification.cells import on_a_line
from zinterphase.verification.lines import flat_cell

SELF = MPI.COMM_SELF
SIMPLEX_RULE = {"pnp": 6e-3, "electroneutral": 3e-4, "concentrated": 3e-5, "secondary": 2e-5}
"""Relative difference that rules on triangles make where coefficients vary within a cell."""


def both(data: dict[str, Any], **more: Any) -> tuple[Result, Result]:
    section, line = (
        solve(Case.from_dict(tables), SELF, **more) for tables in (data, on_a_line(data))
    )
    assert section.problem.domain.cell_count == 2 * line.problem.domain.cell_count
    return section, line


def numbers(result: Result) -> dict[str, float]:
    """What is not of a lateral direction, or of the solver's rounding."""
    lateral = ("smoothing_radius", "wagner_number", "potentials", "cv", "gini", "median")
    return {
        name: found.value
        for name, found in quantities(result).items()
        if isinstance(found.value, float) and not name.endswith(lateral)
    }


@pytest.mark.parametrize(
    ("level", "counter", "stack"),
    [
        ("primary", False, "film"),
        ("secondary", True, "porous"),
        ("concentrated", True, "film"),
        ("electroneutral", False, "porous"),
        ("pnp", False, "film"),
    ],
)
def test_numbers_are_those_of_the_cross_section(level: str, counter: bool, stack: str) -> None:
    section, line = map(numbers, both(flat_cell(level, counter=counter, stack=stack)))
    assert line.keys() == section.keys()
    for name, value in section.items():
        assert line[name] == pytest.approx(value, rel=SIMPLEX_RULE.get(level, 1e-10), abs=1e-12), (
            name
        )


@pytest.mark.parametrize("level", ["secondary", "concentrated", "electroneutral"])
def test_voltage_is_that_of_the_cross_section_to_rounding(level: str) -> None:
    data = flat_cell(level, stack="metal")
    data["layers"][1].pop("fixed_charge", None)
    section, line = both(data)
    assert line.potential == pytest.approx(section.potential, rel=1e-8)
    assert line.currents.total * section.problem.projected_area == pytest.approx(
        section.currents.total, rel=1e-10
    )


@pytest.mark.parametrize("level", ["secondary", "concentrated"])
def test_second_order_on_a_line(level: str) -> None:
    section, line = both(flat_cell(level, order=2))
    assert line.potential == pytest.approx(section.potential, rel=1e-8)


def test_double_layers_of_a_closed_cell_in_second_order() -> None:
    """Cells so thin that rounding is what is left of the residual."""
    data = on_a_line(flat_cell("pnp", order=2, counter=True))
    coarse = solve(Case.from_dict(on_a_line(flat_cell("pnp", counter=True))), SELF)
    assert solve(Case.from_dict(data), SELF).potential == pytest.approx(coarse.potential, rel=1e-2)


def test_results_are_per_area() -> None:
    line = solve(Case.from_dict(on_a_line(flat_cell("secondary"))), SELF, errors=True)
    assert len(line.surface) == 1
    assert line.surface.area.tolist() == [1.0]
    assert line.problem.projected_area == 1.0
    assert line.currents.total == pytest.approx(-10.0, rel=1e-12)
    assert all(row.unit.endswith("per square metre") for row in line.balances)
    assert line.errors is not None
    assert abs(line.errors.error("potential")) < 1e-9


def test_error_estimate_of_a_double_layer_meets_the_finer_mesh() -> None:
    data = on_a_line(flat_cell("pnp"))
    data["mesh"] = {**data["mesh"], "first_cell": "2 nm"}
    finer = {**data, "mesh": {**data["mesh"], "refinement": 8.0}}
    coarse = solve(Case.from_dict(data), SELF, errors=True)
    assert coarse.errors is not None
    exact = solve(Case.from_dict(finer), SELF).potential
    assert coarse.errors.error("potential") == pytest.approx(exact - coarse.potential, rel=0.1)
