"""States of walls that answer a frequency: by closed forms, and by their own laws at a rate."""

from __future__ import annotations

import numpy as np
import pytest

from zinterphase.impedance.linearised import SmallSignal
from zinterphase.impedance.prepared import Prepared
from zinterphase.impedance.response import Response
from zinterphase.impedance.spectrum import spectrum
from zinterphase.impedance.split import SURFACES
from zinterphase.scales import thermal_voltage

from ..march.marching import March, symmetric
from ..march.test_growing_coverage import (
    BARRIER,
    CURRENT,
    GROWTH,
    NUCLEATION,
    PER_CHARGE,
    WIDTH,
    Surface,
)

VT = thermal_voltage(298.15)
FREQUENCIES = (1e-4, 1e-2, 0.1, 1.0, 1e2, 1e5)


def prepared(text: str) -> Prepared:
    """The state at the end of a protocol."""
    march = March(text)
    march.run()
    problem = march.problem
    assert problem.storage is not None
    problem.remember(0.0, None)
    return Prepared(problem, problem.storage, march.stepper.now.time)


def test_a_coverage_that_grows() -> None:
    """d theta/dt = (1 - theta) g(eta): d theta = (1 - theta) g' d eta/(i w + g), of a state that is
    on its way."""
    state = prepared(
        symmetric(
            "secondary", 100e-6, [f"plate at {CURRENT} A/m^2 for 0.2 s"], cells=4,
            kinetics=NUCLEATION, more="time.rtol = 1e-3",
        )
    )  # fmt: skip
    problem, storage = state.problem, state.storage
    (values,) = (each.values() for name, each in storage.surfaces.items() if "working" in name)
    share = float(values[0, 0])
    assert 0.01 < share < 0.9
    wall = problem.cell.working.surface
    point = Surface(wall.exchange_current_density, 0.0)
    current = problem.terminal_current / problem.projected_area
    eta = point.potential(share, current)
    step = 1e-6

    def slope(law) -> float:  # type: ignore[no-untyped-def]
        return float((law(eta + step) - law(eta - step)) / (2 * step))

    covered, bare = slope(point.law), slope(point.bare)
    growth = -GROWTH * PER_CHARGE * point.bare(eta)
    faster = -GROWTH * PER_CHARGE * bare
    more = point.law(eta) - point.bare(eta)
    response = Response(SmallSignal(problem, storage, answering_states=True))
    held = Response(SmallSignal(problem, storage))
    still = 1 / (share * covered + (1 - share) * bare)
    for frequency in FREQUENCIES:
        answer = (1 - share) * faster / (2j * np.pi * frequency + growth)
        rest = held.at(frequency).impedance - still  # the counter electrode and the liquid
        exact = 1 / (share * covered + (1 - share) * bare + more * answer)
        assert abs(rest.imag) < 1e-9 * abs(still)
        found = response.at(frequency).impedance - rest
        assert found == pytest.approx(exact, rel=2e-5), frequency
