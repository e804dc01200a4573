"""Cases of studies that are quickly solved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Draft
from zinterphase.mechanisms.ranges import Anodes

CASES = Path(__file__).parents[2] / "cases"
SELF = MPI.COMM_SELF
TINY = [
    "geometry.width=10 um", "layers.electrolyte.thickness=10 um", "mesh.far_size=20 um",
    "mesh.lateral_size=0.6 um", "time.rtol=1e-2", "control={}",
]  # fmt: skip
CYCLE = '"plate at 1 mA/cm^2 for 6 s", "strip at 1 mA/cm^2 for 3 s"'


def in_time(name: str, *, steps: str = CYCLE) -> Draft:
    """A cell whose double layers alone store, on a mesh of few cells."""
    metal = "silver" if name in ("silver", "dual_layer") else "zinc"
    stored = f"kinetics.{metal}.double_layer_capacitance=library"
    protocol = f"protocol=[{{steps=[{steps}]}}]"
    return Draft.load(CASES / f"{name}.toml", [*TINY, stored, protocol])


def few(chosen: Anodes, *kept: str) -> Anodes:
    """With some of the factors."""
    return replace(chosen, factors=tuple(f for f in chosen.factors if f.name in kept))
