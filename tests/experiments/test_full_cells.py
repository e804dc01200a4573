"""Experiments on full cells, on a thin one with little iodine."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from mpi4py import MPI

from zinterphase.case import Draft
from zinterphase.errors import CaseError
from zinterphase.experiments.outcome import perform
from zinterphase.experiments.parameters import values_of
from zinterphase.experiments.registry import OF_FULL_CELLS
from zinterphase.experiments.setup import Setup

from ..march.full_cells import full_cell
from ..march.test_full_cell import SHUTTLE
from .laboratory import CASES, course, step


def ready(name: str, **given: str) -> Setup:
    text = full_cell(["rest for 1 s"], zinc=SHUTTLE.format(1e-4))
    experiment = OF_FULL_CELLS[name]
    values = values_of(experiment.parameters, given | {"upper": "1.45 V", "lower": "1 V"})
    return Setup(experiment, values, Draft(tomllib.loads(text), Path()), ("time.rtol=1e-2",))


def found(setup: Setup) -> dict[str, Any]:
    outcome = perform([setup], comm=MPI.COMM_SELF)
    (anode,) = outcome.anodes
    assert anode.failures == {}
    return {name: anode.interval(name).value for name in outcome.quantities}


def test_the_shuttle_has_less_time_at_a_larger_rate() -> None:
    numbers = found(ready("rate_capability", c_rates="20, 60"))
    assert numbers["capacity.largest_rate"] == numbers["capacity.at_60_C"]
    assert 0.5 < numbers["efficiency.at_20_C"] < numbers["efficiency.at_60_C"] < 1.0


def test_a_rate_at_which_nothing_comes_back_has_no_capacity() -> None:
    """Its discharge is over with its first instant."""
    once = {name: values[:1] for name, values in step(4, 40.0, -0.5, charge=-3e3).items()}
    steps = [
        step(0, 10.0, -1.0), step(1, -10.0, -1.4), step(2, 9.0, -1.2, charge=-1e4),
        step(3, -2.0, -1.6, charge=-1e3), once,
    ]  # fmt: skip
    experiment = OF_FULL_CELLS["rate_capability"]
    found = experiment.reduce(course(steps), values_of(experiment.parameters, {"c_rates": "1, 4"}))
    told = {name: each.value for name, each in found.quantities.items()}
    assert told["capacity.at_1_C"] == pytest.approx(9e3)
    assert told["efficiency.at_1_C"] == pytest.approx(0.9)
    assert told["capacity.at_4_C"] == told["efficiency.at_4_C"] == 0.0


def test_what_rests_loses_by_the_shuttle() -> None:
    numbers = found(ready("self_discharge", c_rate="20", duration="60 s"))
    assert 0.0 < numbers["capacity_lost"] < 1.0
    assert numbers["self_discharge_current"] > 0.0
    assert 1.2 < numbers["open_circuit_voltage"] < 1.5


def test_a_cell_that_is_no_full_cell_is_refused() -> None:
    experiment = OF_FULL_CELLS["self_discharge"]
    values = values_of(experiment.parameters, {})
    with pytest.raises(CaseError, match="full cell"):
        Setup.load(experiment, values, CASES / "symmetric_cell.toml", ())
