"""The counter electrode's pores: their resistance against a closed form, and any dimension."""

from __future__ import annotations

import tomllib
from math import cosh, sinh, sqrt
from typing import Any

import pytest

from zinterphase.case import Case
from zinterphase.cell.electrodes import cell_of
from zinterphase.run import solve

from ..march.full_cells import full_cell
from ..march.marching import March

CONDUCTIVITY, THICKNESS, CURRENT = 5.0, 50e-6, -10.0


def ohmic(law: dict[str, Any], solid: str, current: float = CURRENT) -> Case:
    """A cell whose iodide reacts by a law at the composition of the bulk."""
    tables: dict[str, Any] = tomllib.loads(full_cell([], thickness=THICKNESS, separator=THICKNESS))
    for key in ("protocol", "active", "time"):
        tables.pop(key)
    tables["level"] = "secondary"
    tables["electrolyte"].pop("precipitates")
    tables["electrolyte"]["conductivity"] = f"{CONDUCTIVITY} S/m"
    tables["kinetics"]["host"] = {"reactions": {"triiodide": law}}
    host = next(layer for layer in tables["layers"] if layer["name"] == "host")
    host["electronic_conductivity"] = solid
    tables["control"] = {"current_density": f"{current!r} A/m^2"}
    tables["mesh"] = {"first_cell": "0.5 um", "far_size": "0.5 um"}
    return Case.from_dict(tables)


@pytest.mark.parametrize(
    ("exchange", "solid"), [("1 A/m^2", "50 S/m"), ("100 A/m^2", "50 S/m"), ("1000 A/m^2", "1 S/m")]
)
def test_resistance_of_the_host(exchange: str, solid: str) -> None:
    """From even reaction to one that the ohmic drops confine to an edge: R = L/(s + k) (1 + (2 +
    (s/k + k/s) cosh nu)/(nu sinh nu)). Newman & Tobias, J. Electrochem. Soc. 109 (1962) 1183."""
    case = ohmic({"form": "linear", "exchange_current_density": exchange}, solid)
    found = solve(case).voltage
    assert found is not None
    cell, medium = cell_of(case), case.layer("host").medium
    assert cell.counter is not None
    reaction = cell.counter.surface.main
    k = CONDUCTIVITY * medium.ionic_conductivity_factor
    s = medium.electronic_conductivity
    exchange_current = reaction.equilibrium.exchange_current_density
    conductance = medium.specific_area * exchange_current * reaction.electrons
    nu = THICKNESS * sqrt(conductance / cell.bulk.thermal_voltage * (1 / k + 1 / s))
    edge = (2 + (s / k + k / s) * cosh(nu)) / (nu * sinh(nu))
    resistance = THICKNESS / (s + k) * (1 + edge)
    drop = found.counter_kinetic + found.ohmic["host"] + found.electronic
    assert drop == pytest.approx(CURRENT * resistance, rel=1e-3)
    assert found.sum == pytest.approx(found.total, rel=1e-9)


def test_a_cross_section_is_a_line() -> None:
    steps = ["discharge at 20 C for 0.2 s"]
    plane = """
geometry = {dimension = 2, width = "10 um"}
mesh.lateral_size = "10 um"
metrics.smoothing_radius = "1 um"
"""
    line, section = (
        March(full_cell(steps, **shape)).run()[0].last for shape in ({}, {"shape": plane})
    )
    assert section.voltage == pytest.approx(line.voltage, abs=1e-5)
    assert section.charge == pytest.approx(line.charge, rel=1e-9)
