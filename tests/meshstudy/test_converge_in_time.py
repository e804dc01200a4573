"""Families of meshes through a protocol: orders at a fixed tolerance of time."""

from __future__ import annotations

import tomllib
from itertools import islice
from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import SolveError
from zinterphase.meshstudy.driver import converge
from zinterphase.meshstudy.families import uniform_family

from ..march.marching import symmetric

STEPS = ["plate at 20 mA/cm^2 for 5 s", "strip at 20 mA/cm^2 for 5 s"]


def cell(*more: str) -> Case:
    """Diffusion layers of 50 um on cells of 50 um at first."""
    text = symmetric("concentrated", 200e-6, STEPS, cells=4, more="\n".join(more))
    return Case.from_dict(tomllib.loads(text))


def test_voltages_converge_with_second_order(tmp_path: Path) -> None:
    case = cell()
    study = converge(case, uniform_family(case), 3, comm=MPI.COMM_SELF, folder=tmp_path)
    found = study.convergence
    assert study.result is None
    assert [target.name for target in found.targets] == [
        "working.deposit_thickness.cv", "last_plating.mean_voltage", "last_cycle.hysteresis",
    ]  # fmt: skip
    voltage = found.quantities["last_plating.mean_voltage"]
    assert voltage.estimate.order == pytest.approx(2.0, abs=0.5)
    assert voltage.passed
    # by Faraday's law the same on every mesh
    assert found.quantities["working.deposit_thickness.mean"].estimate.behaviour == "exact"
    again = converge(case, uniform_family(case), 3, comm=MPI.COMM_SELF, folder=tmp_path)
    assert again.convergence.kept == 3
    assert again.convergence.quantities == found.quantities


def test_a_march_that_does_not_end_is_one_line() -> None:
    case = cell('limits.voltage = ["-1 mV", "1 mV"]')
    family = islice(uniform_family(case), 3)
    with pytest.raises(SolveError, match=r"^limits\.voltage: "):
        converge(case, family, 3, comm=MPI.COMM_SELF)
