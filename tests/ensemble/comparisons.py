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
DEPOSIT = "working.deposit_thickness"
SELF = MPI.COMM_SELF
TINY = [
    "geometry.width=10 um", "mesh.far_size=20 um", "mesh.lateral_size=0.6 um", "level=secondary",
    "time.rtol=1e-2",
]  # fmt: skip
CYCLE = '"plate at 1 mA/cm^2 for 60 s", "strip at 1 mA/cm^2 for 30 s"'


def case(name: str, *overrides: str) -> Case:
    return Case.load(CASES / f"{name}.toml", [*SMALL, *overrides])


def in_time(name: str, *overrides: str, steps: str = CYCLE) -> Case:
    """A cell whose double layers alone store, on a mesh of few cells."""
    metal = "silver" if name == "silver" else "zinc"
    charged = f"kinetics.{metal}.double_layer_capacitance=library"
    driven = ["control={}", f"protocol=[{{steps=[{steps}]}}]"]
    return Case.load(CASES / f"{name}.toml", [*TINY, charged, *driven, *overrides])


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
