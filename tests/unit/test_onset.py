"""How plating sets in, read from instants of a march."""

from __future__ import annotations

from math import isnan

import pytest

from zinterphase.march.onset import Onset
from zinterphase.march.sample import Sample


def sample(time: float, voltage: float, charge: float, coverage: float) -> Sample:
    return Sample(time, voltage, 0.0, charge, coverage=coverage)


def test_dip_and_time_are_those_of_the_first_step_that_plates() -> None:
    onset = Onset()
    onset.starts(sample(0.0, 0.0, 0.0, 0.01))
    onset.goes_on(sample(5.0, -0.5, -1e-12, 0.01))
    onset.ends(sample(5.0, -0.5, -1e-12, 0.01))
    onset.starts(sample(5.0, -0.10, 0.0, 0.01))
    for time, voltage, coverage in ((6.0, -0.12, 0.4), (7.0, -0.08, 0.98), (8.0, -0.07, 1.0)):
        now = sample(time, voltage, -10.0 * (time - 5.0), coverage)
        onset.goes_on(now)
    assert onset.covered == pytest.approx(2.5)
    onset = Onset.recalled(onset.memory())
    onset.ends(now)
    onset.starts(sample(8.0, 0.05, -30.0, 1.0))
    onset.goes_on(sample(9.0, -0.9, -20.0, 1.0))
    assert onset.overpotential == pytest.approx(0.05)


def test_without_a_coverage_that_changes_there_is_none() -> None:
    onset = Onset()
    onset.starts(sample(0.0, 0.0, 0.0, float("nan")))
    onset.goes_on(sample(1.0, -0.1, -10.0, float("nan")))
    onset.ends(sample(1.0, -0.1, -10.0, float("nan")))
    assert isnan(onset.overpotential)
