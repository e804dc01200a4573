"""States of walls that answer a frequency: by closed forms, and by their own laws at a rate."""

from __future__ import annotations

import numpy as np
import pytest

from zinterphase.impedance import states
from zinterphase.impedance.linearised import SmallSignal
from zinterphase.impedance.prepared import Prepared
from zinterphase.impedance.response import Response
from zinterphase.impedance.spectrum import spectrum
from zinterphase.impedance.split import SURFACES
from zinterphase.scales import thermal_voltage

from ..march.marching import March, symmetric
from ..march.test_growing_coverage import (
    CURRENT,
    GROWTH,
    NUCLEATION,
    PER_CHARGE,
    Surface,
)
from ..march.walls import PORES, on_a_wave

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


NUCLEI = (
    'nucleation = {overpotential = "15 mV", coverage = 1e-3, nuclei = '
    '{density = "1e17 1/m^2", rate = "2 1/s", activation = "20 mV"}}'
)
GROWN = 'nucleation = {overpotential = "15 mV", growth = 0.2, coverage = 1e-2}'
CORRODING = """
level = "concentrated"
geometry.dimension = 1
mesh.first_cell = "1 um"
mesh.far_size = "10 um"
counter.type = "reservoir"
time.rtol = 1e-2
[[layers]]
name = "zinc"
material = "Zn"
thickness = "50 um"
[[layers]]
name = "liquid"
material = "electrolyte"
thickness = "100 um"
[electrolyte]
salt = "ZnSO4"
concentration = "2 mol/L"
pH = 4.3
[electrolyte.precipitates.zinc_hydroxide_sulfate]
blocking_thickness = "library"
[kinetics.zinc]
contact_fraction = 1.0
exchange_current_density = "0.5 mA/cm^2"
[kinetics.zinc.reactions.hydrogen_evolution]
exchange_current_density = "1e-3 A/m^2"
[[protocol]]
steps = ["plate at 1 mA/cm^2 for 100 s"]
"""
PLATED = ("plate at 1 mA/cm^2 for 1 s",)


def predicted(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[np.ndarray, complex], tuple[np.ndarray, complex]]:
    """How rows and current change from one rate of the laws to another: what the resolvents say,
    and what the laws do."""
    state, other = prepared(text), 50.0
    before = SmallSignal(state.problem, state.storage, answering_states=True)
    system = before.system
    even = np.full(system.local_size, 2.0)
    fields = np.concatenate(system.free(system.split(even))) + 0j
    moved = np.real(sum(s.rows(s.answer(other, fields, 1.0)) for s in before._states))
    current = sum(s.current(s.answer(other, fields, 1.0)) for s in before._states)
    by_itself = unweighted(before, fields)
    monkeypatch.setattr(states, "RATE", other)
    wanted = unweighted(SmallSignal(state.problem, state.storage, answering_states=True), fields)
    change = wanted[0] - by_itself[0], wanted[1] - by_itself[1]
    return (np.concatenate(system.free(system.split(moved))), current), change


@pytest.mark.parametrize(
    "text",
    [
        symmetric("secondary", 100e-6, PLATED, cells=4, kinetics=NUCLEI, more="time.rtol = 1e-2"),
        CORRODING,
    ],
    ids=["nuclei", "solids"],
)
def test_other_rates_follow_from_one(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (rows, current), (more, change) = predicted(text, monkeypatch)
    assert np.abs(more).max() > 0.0
    assert rows == pytest.approx(more, abs=1e-5 * np.abs(more).max())
    assert current == pytest.approx(change, rel=1e-5)


def test_other_rates_follow_from_one_in_pores(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the order of the mesh: states are means over its cells, in which currents vary."""
    text = on_a_wave("silver", PORES, GROWN, PLATED, "concentrated")
    (_, current), (_, change) = predicted(text, monkeypatch)
    assert current == pytest.approx(change, rel=1e-2)


def unweighted(signal: SmallSignal, fields: np.ndarray) -> tuple[np.ndarray, complex]:
    """Rows and current of fields and a terminal at 1, at the rate of the laws."""
    for each in signal._states:
        assert np.all(each.answer(states.RATE, fields, 1.0) == 0.0)
    still = list(signal._states)
    signal._states = []
    rows = np.real(signal.times(0.0, fields) + signal.driven(0.0)) / signal._weights
    current = signal.current(0.0, fields, 1.0)
    signal._states = still
    return rows, current


def test_what_surfaces_add_is_a_part() -> None:
    """And nothing of it where a frequency is too high for them."""
    state = prepared(
        symmetric("secondary", 100e-6, PLATED, cells=4, kinetics=NUCLEI, more="time.rtol = 1e-2")
    )
    found = spectrum(state, 1e-3, 1e5, given=True)
    part = found.parts[SURFACES]
    assert abs(part[0]) > 0.1 * abs(found.impedance[0])
    assert abs(part[-1]) < 1e-4 * abs(found.impedance[-1])
    assert sum(found.parts.values()) == pytest.approx(found.impedance, rel=1e-12)
