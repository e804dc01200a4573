"""When steps of a protocol end, and what is imposed in between."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from zinterphase.march.driver import LimitReached
from zinterphase.march.point import Trial

from .marching import March, Passed, marched, symmetric

RATE = "5 mA/cm^2"
CURRENT = 50.0


def cell(*steps: str, level: str = "concentrated", more: str = "") -> str:
    return symmetric(level, 20e-6, steps, cells=10, more=more)


@pytest.mark.parametrize(
    ("name", "condition", "value"),
    [
        ("charge", "charge >= 0.0123 mAh/cm^2", 0.0123 * 36000.0),
        ("voltage", "voltage <= -158.8 mV", -0.1588),
        ("thickness", "thickness >= 5 nm", 5e-9),
        ("thickness", "thickness_total >= 5 nm", 5e-9),
        ("concentration", "concentration <= 1999 mol/m^3", 1999.0),
        ("time", "time >= 0.0123 s", 0.0123),
    ],
)
def test_the_end_is_met(name: str, condition: str, value: float) -> None:
    """The quantity is the condition's to 1e-6 of its change in the last step of time."""
    (step,) = marched(cell(f"plate at {RATE} for 1 h until {condition}"))
    assert step.why.split()[0] == condition.split()[0]
    found = getattr(step.last, name)
    moved = abs(found - getattr(step.samples[-2], name))
    found = abs(found) if name == "charge" else found
    assert abs(found - value) <= 1e-6 * moved + 1e-12 * abs(value)


def test_the_first_of_two_ends_counts() -> None:
    both = "charge >= 0.02 mAh/cm^2 or thickness >= 5 nm"
    (step,) = marched(cell(f"plate at {RATE} for 1 h until {both}"))
    assert step.why.startswith("thickness")
    assert step.last.thickness == pytest.approx(5e-9, rel=1e-9)


def test_a_condition_that_holds_ends_the_step_at_once() -> None:
    """The voltage jumps beyond it at the switch; the step passes no charge."""
    steps = (f"plate at {RATE} for 1 s until voltage <= -1 mV", f"strip at {RATE} for 1 s")
    first, second = marched(cell(*steps))
    assert first.duration == 0.0
    assert first.last.charge == 0.0
    assert first.why.startswith("voltage")
    assert second.duration == pytest.approx(1.0, rel=1e-14)


def test_stripping_back_to_the_start() -> None:
    """Thickness counts from the cycle's beginning; charge in this step and its condition."""
    steps = (f"plate at {RATE} for 2 s", f"strip at {RATE} until thickness <= 0 um")
    plated, stripped = marched(cell(*steps))
    assert stripped.duration == pytest.approx(plated.duration, rel=1e-9)
    assert abs(stripped.last.thickness) < 1e-9 * plated.last.thickness


def test_limits_end_the_run() -> None:
    march = March(cell(f"plate at {RATE} for 1 s", more='limits.voltage = ["-10 mV", "1 V"]'))
    with pytest.raises(LimitReached, match=r"limits\.voltage: -0\.\d+ V at t = .* allowed -0\.01"):
        march.run()


def times(step: Passed) -> list[float]:
    return [sample.time for sample in step.samples]


def stands_in(step: Passed, time: float) -> bool:
    """Whether a step of time ends there."""
    return any(abs(t - time) <= 1e-12 * max(time, 1.0) for t in times(step))


def test_pulses() -> None:
    """The current is on and off exactly as long as it says."""
    pulse = (
        '{mode = "pulse", on = "-5 mA/cm^2", on_time = "0.3 s", off = "1 mA/cm^2", '
        'off_time = "0.2 s", for = "1.25 s"}'
    )
    (step,) = marched(cell(pulse))
    assert step.duration == pytest.approx(1.25, rel=1e-12)
    for switch in (0.3, 0.5, 0.8, 1.0):
        assert stands_in(step, switch)
    passed = -50.0 * (0.3 + 0.3 + 0.25) + 10.0 * (0.2 + 0.2)
    assert step.last.charge == pytest.approx(passed, rel=1e-9)
    assert {round(sample.current, 6) for sample in step.samples} == {-50.0, 10.0}


def test_a_sweep_of_the_voltage() -> None:
    """Cathodic and back; the voltage is the one of the time, the current follows."""
    there = '{mode = "sweep", from = "0 V", to = "-20 mV", rate = "10 mV/s"}'
    back = '{mode = "sweep", from = "-20 mV", to = "0 V", rate = "10 mV/s", until = "time >= 1 s"}'
    forth, again = marched(cell(there, back))
    assert forth.duration == pytest.approx(2.0, rel=1e-12)
    for sample in forth.samples[1:]:
        assert sample.voltage == pytest.approx(-0.01 * sample.time, abs=1e-12)
    assert forth.last.current < -1.0
    assert again.duration == pytest.approx(1.0, rel=1e-6)
    assert again.last.voltage == pytest.approx(-0.01, abs=1e-8)


def test_holding_a_voltage() -> None:
    """Through leads the voltage that is held is the terminal's."""
    hold = "hold at -50 mV for 10 s until current >= -1 mA/cm^2"
    (step,) = marched(cell(hold, more='terminal.series_resistance = "2 ohm*cm^2"'))
    (bare,) = marched(cell(hold))
    for sample in step.samples[1:]:
        assert sample.voltage == pytest.approx(-0.05, abs=1e-9)
    assert abs(step.last.current) < abs(bare.last.current)


def test_currents_of_a_file(tmp_path: Path) -> None:
    """Linear between rows, each a place where a step of time ends."""
    rows = [(0.0, 0.0), (1.0, -50.0), (1.5, -50.0), (2.0, 20.0)]
    file = tmp_path / "currents.csv"
    lines = [f"{time},{current}" for time, current in rows]
    file.write_text("\n".join(["time,current_density", *lines]) + "\n")
    (step,) = marched(cell(f'{{mode = "file", file = "{file}"}}'))
    assert step.duration == pytest.approx(2.0, rel=1e-12)
    given = np.interp(times(step), *np.transpose(rows))
    assert [sample.current for sample in step.samples] == pytest.approx(given, abs=1e-6)
    assert all(stands_in(step, time) for time, _ in rows[1:])
    charge = np.trapezoid([c for _, c in rows], [t for t, _ in rows])
    assert step.last.charge == pytest.approx(charge, rel=1e-3)


def test_no_step_of_time_straddles_a_switch() -> None:
    text = cell(f"plate at {RATE} for 0.7 s", "rest for 0.3 s", f"strip at {RATE} for 0.7 s")
    steps = marched(text)
    assert [step.last.time for step in steps] == pytest.approx([0.7, 1.0, 1.7], rel=1e-14)
    for one, other in pairwise(steps):
        assert other.before == one.last
        assert other.after.time == one.last.time
        assert other.after.charge == one.last.charge
        assert other.after.voltage != one.last.voltage


def test_a_voltage_is_found_in_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below what its last step changed by 1e-6, and beyond it, so that nothing is left to do."""
    march = March(cell(f"plate at {RATE} for 1 h until voltage <= -158.8 mV"))
    tried: list[float] = []
    attempt = march.stepper.attempt

    def counted(length: float) -> Trial:
        tried.append(length)
        return attempt(length)

    monkeypatch.setattr(march.stepper, "attempt", counted)
    (step,) = march.run()
    cost = march.driver.cost
    assert len(tried) - cost.steps - cost.rejected <= 4
    moved = abs(step.last.voltage - step.samples[-2].voltage)
    assert -1e-6 * moved <= step.last.voltage + 0.1588 <= 0.0
