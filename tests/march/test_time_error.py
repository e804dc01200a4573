"""The estimated error of time against what a run at a tenth of the tolerance says."""

from __future__ import annotations

import pytest

from .marching import Passed, marched, symmetric

LAYER = 'double_layer_capacitance = "0.3 F/m^2"'
CURRENTS = [f"{verb} at 50 A/m^2 for {time} s"
            for verb in ("plate", "strip") for time in (0.03, 0.3, 1.5)]  # fmt: skip


def run(level: str, steps: list[str], kinetics: str, rtol: float) -> list[Passed]:
    more = f"time.rtol = {rtol}"
    return marched(symmetric(level, 50e-6, steps, cells=40, kinetics=kinetics, more=more))


def effectivities(found: list[float], errors: list[float]) -> list[float]:
    """Of those errors that matter: a tenth of the largest at least."""
    largest = max(errors)
    return [a / b for a, b in zip(found, errors, strict=True) if b > 0.1 * largest]


@pytest.mark.parametrize(
    ("level", "kinetics"), [("concentrated", ""), ("electroneutral", ""), ("concentrated", LAYER)]
)
def test_voltage(level: str, kinetics: str) -> None:
    loose, tight = (run(level, CURRENTS, kinetics, rtol) for rtol in (1e-3, 1e-4))
    ends = [(a.last, b.last) for a, b in zip(loose, tight, strict=True)]
    errors = [abs(a.voltage - b.voltage) for a, b in ends]
    for each in effectivities([a.voltage_error for a, _ in ends], errors):
        assert 0.3 < each < 10
    assert all(a.current_error < 1e-6 for a, _ in ends)


def test_current() -> None:
    steps = [f'{{mode = "voltage", voltage = "-20 mV", for = "{time} s"}}' for time in (0.1, 0.5)]
    loose, tight = (run("concentrated", steps, "", rtol) for rtol in (1e-3, 1e-4))
    ends = [(a.last, b.last) for a, b in zip(loose, tight, strict=True)]
    errors = [abs(a.current - b.current) for a, b in ends]
    for each in effectivities([a.current_error for a, _ in ends], errors):
        assert 0.3 < each < 10
    assert all(a.voltage_error < 1e-12 for a, _ in ends)
