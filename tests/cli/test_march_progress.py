"""What the bar of a long run in time says."""

from __future__ import annotations

from typing import cast

from zinterphase.case.protocol import Visit
from zinterphase.cli.march_command import course, time_left
from zinterphase.march.sample import Sample


class Cycle:
    cycle = 12


def test_cycle_voltage_and_what_is_left() -> None:
    sample = Sample(3600.0, -0.0561427, -10.0, -36e3)
    text = course(cast("Visit", Cycle()), sample, 3725.4)
    assert text == "cycle 12, -56.143 mV, 1:02:05 left"


def test_what_came_before_a_restart_took_no_time_of_this_one() -> None:
    """100 steps in 50 s, 200 to come, however many there were before."""
    assert time_left(done=100, left=200, spent=50.0) == 100.0
