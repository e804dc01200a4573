"""Capacity and energy of a full cell from its history."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zinterphase.output.capacity import cell_cycles, course, write_capacity
from zinterphase.output.history import History


def history() -> History:
    """Charged with 10 A/m2 for 100 s at 1.4 V, discharged for 80 s at a voltage that falls from 1.3
    to 1.1 V; then a cycle of rest. Both sides of a switch are rows."""
    time = np.array([0.0, 0.0, 50.0, 100.0, 100.0, 140.0, 180.0, 180.0, 200.0])
    current = np.array([0.0, -10.0, -10.0, -10.0, 10.0, 10.0, 10.0, 0.0, 0.0])
    voltage = -np.array([1.35, 1.4, 1.4, 1.4, 1.3, 1.2, 1.1, 1.3, 1.3])
    cycle = np.array([1.0] * 7 + [2.0] * 2)
    nothing = np.full(len(time), np.nan)
    others = dict.fromkeys(
        ("thickness", "thickness_min", "thickness_max", "sq", "peak", "valley"), nothing
    )
    charge = np.concatenate([[0.0], np.cumsum(current[1:] * np.diff(time))])
    columns = {"time": time, "cycle": cycle, "voltage": voltage, "current": current}
    return History(**columns, charge=charge, **others)


def test_charges_and_energies_are_integrals() -> None:
    first, second = cell_cycles(history())
    assert (first.charged, first.discharged) == pytest.approx((1000.0, 800.0))
    assert first.efficiency == pytest.approx(0.8)
    assert first.energy_charged == pytest.approx(1400.0)
    assert first.energy_discharged == pytest.approx(960.0)
    assert first.energy_efficiency == pytest.approx(960 / 1400)
    assert first.voltage_discharging == pytest.approx(1.2)
    assert second.charged == 0.0
    assert np.isnan(second.efficiency)


def test_a_course_begins_with_no_charge() -> None:
    found = course(history().of_cycle(1), 0.0, charging=False)
    assert found.charge == pytest.approx([0.0, 400.0, 800.0])
    assert found.voltage == pytest.approx([1.3, 1.2, 1.1])


def test_what_newton_leaves_of_a_rest_is_no_charge() -> None:
    made = history()
    resting = np.where(made.current == 0.0, -1e-15, made.current)
    charge = made.charge - np.where(made.cycle == 2, 1e-14 * made.time, 0.0)
    first, second = cell_cycles(replace(made, current=resting, charge=charge))
    assert first.charged == pytest.approx(1000.0)
    assert second.charged == 0.0
    assert np.isnan(second.voltage_charging)


def test_the_table_leaves_out_what_is_not_known(tmp_path: Path) -> None:
    write_capacity(cell_cycles(history()), tmp_path / "capacity.csv")
    with (tmp_path / "capacity.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["1", "2"]
    assert float(rows[0]["efficiency"]) == pytest.approx(0.8)
    assert rows[1]["efficiency"] == ""
