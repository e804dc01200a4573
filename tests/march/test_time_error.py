"""The estimated error of time against what a run at a tenth of the tolerance says."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from .marching import Passed, marched, symmetric

PARTS = (0.2, 0.4, 0.6, 0.8, 1.0)
LAYER = 'double_layer_capacitance = "0.3 F/m^2"'
CURRENTS = [f"{verb} at 50 A/m^2 for {time} s"
            for verb in ("plate", "strip") for time in (0.03, 1.5)]  # fmt: skip


def run(level: str, steps: list[str], kinetics: str, rtol: float) -> list[Passed]:
    more = f"time.rtol = {rtol}"
    return marched(symmetric(level, 50e-6, steps, cells=40, kinetics=kinetics, more=more))


def largest(passed: Sequence[Passed], name: str) -> float:
    """Of an estimate at some times in every step."""
    return max(getattr(p.at(part * p.duration), name) for p in passed for part in PARTS)


def largest_difference(loose: Sequence[Passed], tight: Sequence[Passed], name: str) -> float:
    """Between two runs at the same times."""
    pairs = zip(loose, tight, strict=True)
    return max(
        abs(getattr(a.at(t * a.duration), name) - getattr(b.at(t * b.duration), name))
        for a, b in pairs
        for t in PARTS
    )


@pytest.mark.parametrize(
    ("level", "kinetics"), [("concentrated", ""), ("electroneutral", ""), ("concentrated", LAYER)]
)
def test_voltage(level: str, kinetics: str) -> None:
    """The largest of a run, as its results have it; at a single time the estimate may pass 0."""
    loose, tight = (run(level, CURRENTS, kinetics, rtol) for rtol in (1e-3, 1e-4))
    found, error = largest(loose, "voltage_error"), largest_difference(loose, tight, "voltage")
    assert 0.3 < found / error < 10
    assert largest(loose, "current_error") == 0.0
    if kinetics:
        found = largest(loose, "thickness_error")
        assert 0.3 < found / largest_difference(loose, tight, "thickness") < 10
    else:  # nothing else takes the current
        assert largest(loose, "thickness_error") < 1e-9 * loose[1].last.thickness


def test_current() -> None:
    steps = [f'{{mode = "voltage", voltage = "-20 mV", for = "{time} s"}}' for time in (0.1, 0.5)]
    loose, tight = (run("concentrated", steps, "", rtol) for rtol in (1e-3, 1e-4))
    found, error = largest(loose, "current_error"), largest_difference(loose, tight, "current")
    assert 0.3 < found / error < 10
    found = largest(loose, "thickness_error")
    assert 0.3 < found / largest_difference(loose, tight, "thickness") < 10
    assert largest(loose, "voltage_error") < 1e-12
