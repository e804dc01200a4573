"""Reductions against closed forms, on courses that are made up."""

from collections.abc import Callable

import numpy as np
import pytest

from zinterphase.errors import SolveError
from zinterphase.experiments.course import Array
from zinterphase.experiments.polarisation import rising

from .laboratory import FACTS, course, numbers, reduced, step, sweep

RAMP = np.linspace(-1.0, 1.0, 51)
"""-1 to 1 over a step, 0 at half of its charge."""


def test_hysteresis_is_taken_at_half_of_the_charge() -> None:
    plating = step(0, -10.0, -0.83 + 0.01 * RAMP)
    stripping = step(1, 10.0, -0.76 + 0.02 * RAMP, charge=-1e4)
    found = numbers("cycle", course([plating, stripping]))
    assert found["hysteresis.last"] == pytest.approx(0.07)
    assert found["overpotential.plating"] == pytest.approx(-0.03)
    assert found["overpotential.stripping"] == pytest.approx(0.04)
    assert found["coulombic_efficiency.last"] is None


def test_an_efficiency_is_defined_where_stripping_ends_early() -> None:
    stripping = step(1, 9.0, -0.76, charge=-1e4)
    found = numbers("cycle", course([step(0, -10.0, -0.83), stripping]))
    assert found["coulombic_efficiency.last"] == pytest.approx(0.9)


def test_no_cycle_is_an_error_in_words() -> None:
    with pytest.raises(SolveError, match=r"^no cycle: no plating step"):
        numbers("cycle", course([step(0, -10.0, -0.83)]))


def test_a_rate_test_has_the_last_cycle_of_every_current() -> None:
    steps = [
        step(k, sign * i, sign * 0.001 * (i + k), charge=-1e3 * i if sign > 0 else 0.0)
        for k, (i, sign) in enumerate(
            [(5.0, -1), (5.0, 1), (5.0, -1), (5.0, 1), (20.0, -1), (20.0, 1)]
        )
    ]
    found = reduced("rate", course(steps))
    values = {name: q.value for name, q in found.quantities.items()}
    assert values["hysteresis.at_0.5_mA_cm2"] == pytest.approx(0.015)
    assert values["hysteresis.largest_current"] == pytest.approx(0.049)
    assert found.curves[0].x.tolist() == [5.0, 20.0]


def test_the_average_efficiency_by_the_reservoir() -> None:
    """(n Q + Q_strip)/(n Q + Q_reservoir) with n = 2, Q = 5, Q_reservoir = 20, Q_strip = 14."""
    charges = [-20.0, 5.0, -5.0, 5.0, -5.0, 14.0]
    steps, passed = [], 0.0
    for k, charge in enumerate(charges):
        steps.append(step(k, charge, 0.0, charge=1e3 * passed))
        passed += charge
    for entry in steps:
        entry["charge.hydrogen"] = np.linspace(0.0, -6e3, 51)
        entry["reaction.hydrogen"] = np.full(51, -1.0)
    found = reduced("coulombic_efficiency", course(steps))
    assert found.quantities["coulombic_efficiency"].value == pytest.approx(24.0 / 30.0)
    assert found.remark == "hydrogen took 1 of the charge that was not given back"


def test_what_is_lost_at_rest_is_the_difference_of_two_strippings() -> None:
    steps = [
        step(0, -10.0, -0.83), step(1, 9.5, -0.77), step(2, -10.0, -0.83),
        step(3, 0.0, np.linspace(-0.79, -0.8, 51)), step(4, 7.5, -0.77),
    ]  # fmt: skip
    found = numbers("rest", course(steps))
    assert found["capacity_lost"] == pytest.approx(0.2)
    assert found["corrosion_rate"] == pytest.approx(2.0)
    assert found["open_circuit_voltage"] == pytest.approx(-0.8)


def test_the_nucleation_overpotential_is_dip_against_plateau() -> None:
    voltage = np.full(51, -0.85)
    voltage[1:10] = -0.9 + 0.05 * np.linspace(0.0, 1.0, 9)
    found = numbers("nucleation", course([step(0, -10.0, voltage)]))
    assert found["nucleation_overpotential"] == pytest.approx(0.05)
    assert found["dip"] == pytest.approx(-0.1)
    assert found["plateau"] == pytest.approx(-0.05)
    assert found["dip_time"] == pytest.approx(20.0)


def test_a_level_voltage_has_no_dip() -> None:
    found = reduced("nucleation", course([step(0, -10.0, -0.85)]))
    assert found.quantities["nucleation_overpotential"].value == pytest.approx(0.0, abs=1e-12)
    assert found.remark.startswith("no dip")


def transient(current: np.ndarray) -> dict[str, np.ndarray]:
    rows = step(0, -1.0, -0.95)
    shares = {"kinetic": -0.14, "counter_kinetic": 0.0, "ohmic": -0.01, "rest": 0.0}
    return rows | {
        "current": current,
        **{name: np.full(51, value) for name, value in shares.items()},
        "concentration_working": np.linspace(2000.0, 1500.0, 51),
    }


def test_the_transient_ends_where_the_current_stays_near_its_end() -> None:
    """1 + exp(-t/100 s) is within 5 % of 1 from t = 100 ln 20 = 300 s on."""
    time = np.linspace(0.0, 1000.0, 51)
    rows = transient(-(1.0 + np.exp(-time / 100.0)))
    rows["rest"] = np.linspace(0.0, -0.02, 51)
    found = reduced("chronoamperometry", course([rows]))
    assert found.quantities["transient_time"].value == pytest.approx(300.0, abs=20.0)
    assert found.quantities["transient_change"].value == pytest.approx(1.0, rel=1e-3)
    assert "read as 2D diffusion for 3" in found.remark
    assert "while diffusion takes 20 mV more" in found.remark


def test_a_flat_current_is_read_as_3d_from_the_start() -> None:
    found = reduced("chronoamperometry", course([transient(np.full(51, -2.0))]))
    assert found.quantities["transient_time"].value == 0.0
    assert "3D diffusion from the first moment" in found.remark


CATHODIC, ANODIC = np.linspace(0.0, -0.12, 61), np.linspace(0.0, 0.12, 61)
REST = {
    "visit": np.zeros(2), "time": np.zeros(2), "voltage": np.full(2, -0.8),
    "current": np.zeros(2), "own": np.zeros(2), "reaction.hydrogen": np.zeros(2),
}  # fmt: skip


AGAIN = {**REST, "visit": np.full(2, 2.0)}


type Law = Callable[[Array], Array]


def polarised(own: Law, hydrogen: Law, **given: str) -> dict[str, float | None]:
    laws = {"own": own, "hydrogen": hydrogen}
    at_rest = np.full(2, hydrogen(np.zeros(1))[0])
    steps = [{**rest, "reaction.hydrogen": at_rest, "own": -at_rest} for rest in (REST, AGAIN)]
    steps = [steps[0], sweep(1, CATHODIC, laws), steps[1], sweep(3, ANODIC, laws)]
    return numbers("tafel", course(steps), **given)


def test_extrapolation_finds_the_rate_where_both_branches_are_tafel_lines() -> None:
    """Dissolution and hydrogen, both irreversible, 0.3 A/m2 at E_corr."""
    found = polarised(
        lambda e: 0.3 * np.exp(e / 0.0257),
        lambda e: -0.3 * np.exp(-e / 0.0514),
        fit_from="90 mV",
        fit_to="120 mV",
    )
    assert found["corrosion_rate"] == pytest.approx(0.3)
    assert found["corrosion_current.extrapolated"] == pytest.approx(0.3, rel=0.02)
    assert found["tafel_slope.cathodic"] == pytest.approx(0.0514 * np.log(10), rel=0.02)
    assert found["tafel_slope.anodic"] == pytest.approx(0.0257 * np.log(10), rel=0.02)


def test_extrapolation_finds_the_exchange_current_where_zinc_plates_faster() -> None:
    """Zinc at 5 A/m2 exchange current, hydrogen at 0.01: the lines tell of zinc."""
    found = polarised(
        lambda e: 10.0 * np.sinh(e / 0.0257) + 0.01, lambda e: -0.01 * np.exp(-e / 0.0514)
    )
    assert found["corrosion_rate"] == pytest.approx(0.01)
    assert found["corrosion_current.extrapolated"] == pytest.approx(5.0, rel=0.1)
    assert (found["side_share.cathodic_window"] or 1.0) < 0.01


def test_a_window_without_points_gives_no_line() -> None:
    laws = {"own": lambda e: 10.0 * np.sinh(e / 0.0257)}
    rests = [{n: v for n, v in rest.items() if n != "reaction.hydrogen"} for rest in (REST, AGAIN)]
    steps = [rests[0], sweep(1, CATHODIC / 4, laws), rests[1], sweep(3, ANODIC / 4, laws)]
    found = reduced("tafel", course(steps))
    assert found.quantities["corrosion_current.extrapolated"].value is None
    assert "widen fit_from" in str(found.quantities["corrosion_current.extrapolated"].reason)
    assert found.quantities["corrosion_rate"].value == 0.0


def test_onset_lies_where_the_partial_current_says() -> None:
    """0.01 exp(-e/0.05) A/m2 is 10 A/m2 at e = -0.05 ln 1000, whatever zinc does."""
    eta = np.linspace(0.0, -0.5, 61)
    laws = {"own": lambda e: -1e3 * np.tanh(-e), "hydrogen": lambda e: -0.01 * np.exp(-e / 0.05)}
    found = numbers("lsv", course([sweep(0, eta, laws)]))
    assert found["onset_overpotential"] == pytest.approx(-0.05 * np.log(1000.0), abs=1e-9)
    later = reduced("lsv", course([sweep(0, eta, laws)]), onset="1 A/cm^2")
    assert later.quantities["onset_potential"].value is None
    assert later.remark.startswith("hydrogen reached 22 mA/cm2 at -1.3 V")


def test_exchange_current_and_resistance_by_the_slope_at_zero() -> None:
    """eta = (RT/F)(1/n) asinh... of i = 2 i0 sinh(n F eta/2RT), and 0.001 ohm m2 in series."""
    current = np.array([0.0, 0.05, -0.05, -10.0, -100.0])
    kinetic = 2 * 0.0257 / 2 * np.arcsinh(current / 10.0)
    columns = {"current": current, "kinetic": kinetic, "voltage": -0.8 + kinetic + 1e-3 * current}
    found = numbers("polarisation", course([columns]))
    assert found["exchange_current_density.from_slope"] == pytest.approx(5.0, rel=1e-4)
    assert found["charge_transfer_resistance"] == pytest.approx(0.0257 / 2 / 5.0, rel=1e-4)
    assert found["polarisation_resistance"] == pytest.approx(0.0257 / 2 / 5.0 + 1e-3, rel=1e-4)
    assert found["largest_current"] == 100.0
    assert found["limiting_current"] == FACTS["limiting_current"]


@pytest.mark.parametrize(("begin", "end"), [(0.5, 4000.0), (3.0, 4.0)])
def test_points_of_a_curve_rise_to_its_end(begin: float, end: float) -> None:
    points = rising(begin, end, 20)
    assert len(points) == 20
    assert (np.diff(points) > 0.0).all()
    assert points[-1] == pytest.approx(end)
