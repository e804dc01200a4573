"""A substrate that deposit covers in time, against an independent integration without space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from zinterphase.march.sample import Sample
from zinterphase.march.stepper import Stepper
from zinterphase.scales import FARADAY, thermal_voltage
from zinterphase.solve.control import Drive

from .marching import March, Passed, symmetric

VT = thermal_voltage(298.15)
BARRIER, WIDTH, BEGIN, GROWTH, MONOLAYER = 45e-3, 3e-3, 1e-3, 0.1, 2.7e-5
PER_CHARGE = 1.0 / (2 * FARADAY * MONOLAYER)
CURRENT = 10.0
NUCLEATION = (
    f'nucleation = {{overpotential = "{BARRIER} V", growth = {GROWTH}, coverage = {BEGIN}}}'
)


def text(steps: list[str], rtol: float, kinetics: str = NUCLEATION) -> str:
    return symmetric(
        "secondary", 100e-6, steps, cells=4, kinetics=kinetics, more=f"time.rtol = {rtol}"
    )


@dataclass(frozen=True)
class Surface:
    """The working electrode as a point: potentials in volts, Butler-Volmer with 1.5 and 0.5."""

    exchange: float
    ohmic: float

    def law(self, eta: float) -> float:
        return float(self.exchange * (np.exp(1.5 * eta / VT) - np.exp(-0.5 * eta / VT)))

    def bare(self, eta: float) -> float:
        closed = 1 / (1 + np.exp((eta + BARRIER) / WIDTH))
        return float(closed * min(0.0, self.law(eta + BARRIER)))

    def potential(self, share: float, current: float) -> float:
        return float(brentq(lambda eta: self.balance(eta, share) - current, -0.5, 0.5, xtol=1e-14))

    def balance(self, eta: float, share: float) -> float:
        return share * self.law(eta) + (1 - share) * self.bare(eta)

    def voltage(self, share: float, current: float) -> float:
        counter = brentq(lambda eta: self.law(eta) + current, -0.5, 0.5, xtol=1e-14)
        return self.potential(share, current) - float(counter) + self.ohmic * current

    def course(self, current: float, times: np.ndarray) -> np.ndarray:
        """Coverage while metal is plated."""

        def slope(time: float, share: np.ndarray) -> list[float]:
            eta = self.potential(share[0], current)
            return [(1 - share[0]) * GROWTH * PER_CHARGE * -self.bare(eta)]

        span = (0.0, float(times[-1]))
        found = solve_ivp(
            slope, span, [BEGIN], t_eval=times, rtol=1e-11, atol=1e-13, method="LSODA"
        )
        return np.asarray(found.y[0])


def surface_of(march: March) -> Surface:
    law = march.problem.working.surface.main.reaction.equilibrium
    conductivity = march.problem.bulk.conductivity
    return Surface(law.exchange_current_density, 100e-6 / conductivity)


def plated(rtol: float) -> tuple[Surface, Passed]:
    march = March(text(["plate at 1 mA/cm^2 for 20 s"], rtol))
    (passed,) = march.run()
    return surface_of(march), passed


def test_coverage_and_voltage_follow_the_independent_integration() -> None:
    """As closely as the tolerance says; the voltage is that of the coverage at each instant."""
    errors = []
    for rtol in (1e-3, 1e-5):
        surface, passed = plated(rtol)
        times = np.array([sample.time for sample in passed.samples])
        found = np.array([sample.coverage for sample in passed.samples])
        errors.append(np.abs(found - surface.course(-CURRENT, times)).max())
        assert errors[-1] < 40 * rtol
        voltages = np.array([surface.voltage(share, -CURRENT) for share in found])
        assert np.abs(voltages - [sample.voltage for sample in passed.samples]).max() < 1e-6
        assert passed.last.coverage > 0.7
    assert errors[1] < errors[0] / 10


def test_the_estimated_error_of_time_is_of_the_size_of_the_error() -> None:
    """What steps err in the coverage moves the voltage: nothing else is stored in this cell."""
    for rtol in (1e-2, 1e-4):
        surface, passed = plated(rtol)
        times = np.array([sample.time for sample in passed.samples])
        exact = [surface.voltage(share, -CURRENT) for share in surface.course(-CURRENT, times)]
        found = np.array([sample.voltage for sample in passed.samples])
        estimate = np.array([sample.voltage_error for sample in passed.samples])[1:]
        ratios = estimate / np.abs(found - exact)[1:]
        assert np.all((ratios > 0.5) & (ratios < 4.0)), ratios


def stepped(march: March, count: int) -> float:
    """Coverage after equal steps under a current that begins smoothly."""
    duration, area = 20.0, march.problem.projected_area
    stepper = Stepper(march.problem, march.probe.rates, march.tolerances)
    begin = stepper.now

    def drive(time: float) -> Drive:
        share = float(np.sin(0.5 * np.pi * time / duration) ** 4)
        return Drive.by_current(-CURRENT * share * area)

    stepper.switch(drive, duration / count, 1)
    for _ in range(count):
        trial = stepper.attempt(duration / count)
        assert trial.solved, trial.reason
        stepper.accept(trial)
    (held,) = stepper.now.stored.surfaces.values()
    march.problem.stand(begin.state, begin.stored)
    return float(held[0, 0])


def test_second_order_in_time() -> None:
    march = March(text(["rest for 1 s"], 1e-3, NUCLEATION.replace("0.001", "0.1")))
    coarse, middle, fine = (stepped(march, count) for count in (128, 256, 512))
    order = np.log2(abs(coarse - middle) / abs(middle - fine))
    assert order == pytest.approx(2.0, abs=0.1)


def test_stripping_leaves_a_monolayer_before_it_uncovers() -> None:
    """Coverage stays until the metal on it is one monolayer, then falls with it to nothing."""
    march = March(
        text(["plate at 1 mA/cm^2 for 10 s", "strip at 1 mA/cm^2 until voltage >= 0.4 V"], 1e-4)
    )
    plating, stripping = march.run()
    covered = plating.last.coverage
    metal = CURRENT * 10 * PER_CHARGE + BEGIN
    assert metal > covered
    for sample in stripping.samples[1:]:
        left = metal - PER_CHARGE * CURRENT * (sample.time - 10)
        assert sample.coverage == pytest.approx(min(covered, left), abs=1e-3)
    assert stripping.last.coverage < 5e-3
    surface = surface_of(march)
    last = stripping.last
    assert surface.voltage(last.coverage, CURRENT) == pytest.approx(last.voltage, abs=1e-6)


@pytest.mark.parametrize(("given", "factor"), [("", 0.01), (", factors = {H = 3.0}", 3.0)])
def test_hydrogen_on_deposit_is_that_of_zinc(given: str, factor: float) -> None:
    """The library's rate on silver where it is bare, its rate on zinc where zinc covers it."""
    name = "H" if given else "hydrogen_evolution"
    own = 'exchange_current_density = "1e-4 A/m^2"\nequation = "2 H+ + 2 e- -> H2(g)"\n'
    own += 'form = "tafel"\ntafel_slope = "120 mV"\nformal_potential = "0 V"\n'
    own += 'reference_concentration = "1 mol/L"'
    kinetics = (
        f"{NUCLEATION[:-1]}{given}}}\n[kinetics.zinc.reactions.{name}]\n{own if given else ''}"
    )
    steps = ["plate at 1 mA/cm^2 for 60 s"]
    acid = 'salt = "ZnSO4"\npH = 4.3'
    silver = symmetric(
        "secondary",
        1e-4,
        steps,
        cells=4,
        kinetics=kinetics,
        electrolyte=acid,
        more="time.rtol=1e-3",
    )
    march = March(silver.replace('material = "Zn"', 'material = "Ag"'))
    (plating,) = march.run()
    samples = [s for s in plating.samples[1:] if s.coverage > 2 * BEGIN]
    assert samples[-1].coverage > 5 * samples[0].coverage

    def on_silver(sample: Sample) -> float:
        """At the potential of the first sample."""
        own = sample.voltage - sample.counter_kinetic - sample.ohmic
        relative = 1.0 + (factor - 1.0) * sample.coverage
        return float(sample.side_current / relative * 10.0 ** (own / 0.12))

    assert on_silver(samples[-1]) == pytest.approx(on_silver(samples[0]), rel=1e-4)
    assert max(s.mismatch for s in plating.samples) < 1e-9


def test_a_rejected_step_leaves_nothing() -> None:
    march = March(text(["rest for 1 s"], 1e-3))
    current = -CURRENT * march.problem.projected_area
    stepper = march.stepper
    stepper.switch(lambda time: Drive.by_current(current), 1e-3, 1)
    stepper.accept(stepper.attempt(0.01))
    before = stepper.now.stored.surfaces
    once = stepper.attempt(0.02).points[0].stored.surfaces
    stepper.go_back()
    assert stepper.problem.storage is not None
    for name, values in stepper.problem.storage.amounts().surfaces.items():
        np.testing.assert_allclose(values, before[name], rtol=1e-13)
    stepper.attempt(0.5)
    stepper.go_back()
    again = stepper.attempt(0.02).points[0].stored.surfaces
    for name, values in once.items():
        assert np.array_equal(values, again[name])
