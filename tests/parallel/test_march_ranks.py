"""A march in time gives the same numbers on any number of ranks, steps of time included."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.march.sample import Sample

from ..march.marching import March

LAYERS = """
[[layers]]
name = "zinc"
material = "Zn"
thickness = "50 um"
[[layers]]
name = "titania"
material = "TiO2"
thickness = "1 um"
top = "flat"
[[layers]]
name = "paper"
material = "separator"
thickness = "5 um"
[[layers]]
name = "liquid"
material = "electrolyte"
thickness = "5 um"
"""
PROTOCOL = """
[[protocol]]
steps = [
    "plate at 5 mA/cm^2 until thickness >= 0.1 nm",
    "rest for 0.02 s",
    {mode = "sweep", from = "0 V", to = "5 mV", rate = "100 mV/s"},
]
"""
LINE = "geometry.dimension = 1"
WAVE = """
geometry.dimension = 2
geometry.width = "2 um"
mesh = {lateral_size = "120 nm", far_size = "1 um", growth = 2.0}
geometry.surface = {shape = "sinusoidal", amplitude = "60 nm", wavelength = "2 um"}
"""
PARTS = ("kinetic", "counter_kinetic", "ohmic", "rest")
LAYER = 'double_layer_capacitance = "0.3 F/m^2"'


def case(shape: str, level: str, kinetics: str = "") -> str:
    return f"""
level = "{level}"
accept_invalid = true
time.rtol = 1e-2
time.first_step = "5 ms"
counter.type = "electrode"
{shape}
{LAYERS}
[electrolyte]
salt = "ZnSO4"
concentration = "2 mol/L"
[kinetics.zinc]
{kinetics}
{PROTOCOL}
"""


def assert_same(text: str, comm: MPI.Intracomm, *kinds: str) -> None:
    """The steps of time and their numbers, with partitions of these ``kinds``."""
    alone = March(text).run()
    wanted = scales([sample for step in alone for sample in step.samples])
    for kind in kinds:
        found = March(text, comm, kind).run()
        assert [len(step.samples) for step in found] == [len(step.samples) for step in alone]
        for one, other in zip(alone, found, strict=True):
            assert one.why == other.why
            rests = abs(one.last.current) <= 1e-9 * wanted["current"]
            for name, scale in wanted.items():
                if name == "current_cv" and rests:
                    continue  # of rounding, or of exactly nothing, which has none
                a, b = getattr(one.last, name), getattr(other.last, name)
                # Newton's iteration with kept Jacobians ends within 1e-7; an estimate is made of
                # differences of such solutions.
                share = 5e-2 if name.endswith("_error") else 3e-8
                assert b == pytest.approx(a, abs=share * scale, nan_ok=True), name


def scales(samples: list[Sample]) -> dict[str, float]:
    """Largest magnitude of each number that a march has; balances are rounding."""
    names = [entry.name for entry in fields(Sample) if entry.name != "mismatch"]
    columns = {name: np.abs([getattr(s, name) for s in samples]) for name in names}
    known = {name: values for name, values in columns.items() if not np.isnan(values).all()}
    found = {name: float(np.nanmax(values)) for name, values in known.items()}
    # Parts of the voltage may be rounding of it.
    return found | {name: found["voltage"] for name in PARTS if name in found}


@pytest.mark.parallel([2])
def test_on_a_line(comm: MPI.Intracomm) -> None:
    assert_same(case(LINE, "concentrated", LAYER), comm, "interfaces")


@pytest.mark.parallel([3])
def test_on_three_ranks(comm: MPI.Intracomm) -> None:
    """Without a double layer, whose charging takes most of the steps of time."""
    assert_same(case(LINE, "concentrated"), comm, "interfaces")


@pytest.mark.parallel([2])
def test_over_a_wave(comm: MPI.Intracomm) -> None:
    assert_same(case(WAVE, "concentrated"), comm, "graph", "interfaces")
