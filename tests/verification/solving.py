"""Steady cases solved, their numbers by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.materials.electrolyte import zinc_sulphate
from zinterphase.output.results import quantities
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.solve import discretisation


def balanced(case: Case) -> Result:
    """Solved, with every balance closed."""
    result = solve(case, MPI.COMM_SELF)
    assert max(b.mismatch for b in result.balances) < 1e-10
    return result


def value(result: Result, key: str) -> float:
    found = quantities(result)[key].value
    assert isinstance(found, float)
    return found


def transport_by(properties: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let zinc sulphate be transported with these properties; kinetics keep the library's."""
    known, build = replace(zinc_sulphate(), properties=properties), discretisation.build_level
    monkeypatch.setattr(
        discretisation,
        "build_level",
        lambda cell, *rest: build(replace(cell, bulk=replace(cell.bulk, salt=known)), *rest),
    )
