"""Cases that are quickly compared, and what is read of a comparison."""

from __future__ import annotations

import tomllib
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.compare import Comparison

CASES = Path(__file__).parents[2] / "cases"
SMALL = ["geometry.width=20 um", "layers.electrolyte.thickness=20 um"]
CURRENT = "working.current_density"
SELF = MPI.COMM_SELF


def case(name: str, *overrides: str) -> Case:
    return Case.load(CASES / f"{name}.toml", [*SMALL, *overrides])


def even() -> Case:
    """Flat, with a uniform exchange current density."""
    tables = tomllib.loads((CASES / "bare.toml").read_text(encoding="utf-8"))
    tables["geometry"]["surface"] = {"shape": "flat"}
    del tables["kinetics"]["zinc"]["spread"]
    tables["title"] = "even Zn"
    return Case.from_dict(tables)


def values(comparison: Comparison) -> list[float]:
    """Every number of every run, in order."""
    return [
        number
        for run in comparison.members
        for numbers in (*run.metrics.values(), run.scalars)
        for number in numbers.values()
        if number is not None
    ]
