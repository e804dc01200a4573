"""Silver that takes up zinc: closed forms of diffusion, capacity, potential at rest, balances."""

from __future__ import annotations

import numpy as np
import pytest

from zinterphase.march.stepper import Stepper
from zinterphase.scales import FARADAY
from zinterphase.solve.control import Drive
from zinterphase.solve.surface_states import AlloyState

from .marching import March, symmetric
from .walls import NEWTON

LAYER = 'double_layer_capacitance = "0.3 F/m^2"'
CAPACITY = 0.156 * 3.6e4 / 1e-7 / (2 * FARADAY)
"""Of the library [mol/m3]: 0.156 mAh/cm2 in 100 nm."""


def text(steps: list[str], alloying: str, *, barrier: float = 0.015, rtol: float = 1e-4) -> str:
    """Silver, all but bare, against zinc on a line."""
    nucleation = f'nucleation = {{overpotential = "{barrier} V", growth = 0.1, coverage = 1e-6}}'
    found = symmetric(
        "secondary",
        100e-6,
        steps,
        cells=4,
        kinetics=f"{nucleation}\nalloying = {{{alloying}}}\n{LAYER}",
        more=f"time.rtol = {rtol}",
    )
    return found.replace('material = "Zn"', 'material = "Ag"').replace("50 um", "200 nm")


def alloy(march: March) -> AlloyState:
    assert march.problem.storage is not None
    return next(s for s in march.problem.storage.surfaces.values() if isinstance(s, AlloyState))


def profile(march: March) -> np.ndarray:
    return np.asarray(march.stepper.now.stored.surfaces[alloy(march).name][0])


def test_constant_flux_into_a_slab_that_has_no_end() -> None:
    """The surface's composition is 2 q sqrt(t/(pi D))/capacity (Carslaw & Jaeger, 2.9)."""
    diffusivity, current, time = 1e-16, 1.0, 100.0
    steps = [f"plate at {current} A/m^2 for {time} s"]
    keys = f'diffusivity = "{diffusivity} m^2/s", thickness = "1 um", back = "none", cells = 200'
    march = March(text(steps, keys, barrier=1.0))
    march.run()
    found = profile(march)
    speed = current / (2 * FARADAY) / CAPACITY
    half = alloy(march).layer.sizes[0] / (2 * diffusivity)
    surface = found[0] + speed * half - 1e-3
    assert surface == pytest.approx(2 * speed * np.sqrt(time / (np.pi * diffusivity)), rel=2e-3)


@pytest.mark.parametrize(
    ("composition", "potential"), [(0.16, 0.1), (0.533, 0.035), (0.99, 0.01024)]
)
def test_at_rest_the_alloy_has_its_potential_against_zinc(
    composition: float, potential: float
) -> None:
    keys = f'composition = {composition}, back = "none"'
    march = March(text(["rest for 1 s"], keys))
    (rest,) = march.run()
    assert rest.last.voltage == pytest.approx(potential, abs=2e-4)


def test_silver_takes_zinc_up_to_its_capacity_then_zinc_is_plated() -> None:
    """With fast diffusion the potential falls through the phases, then below the barrier."""
    keys = 'diffusivity = "1e-14 m^2/s", back = "none"'
    step = "plate at 10 A/m^2 until charge >= 0.4 mAh/cm^2"
    march = March(text([step], keys, rtol=1e-3))
    (plating,) = march.run()
    capacity = alloy(march).layer.charge
    assert capacity == pytest.approx(2 * 0.156 * 3.6e4, rel=1e-3)
    half = [s for s in plating.samples if 0.3 * capacity < -s.charge < 0.5 * capacity]
    # A monolayer holds 5 C/m2 and covers at once where zinc is plated: nothing yet.
    assert all(s.alloyed == pytest.approx(-s.charge, rel=1e-3) for s in half)
    assert all(s.coverage < 1e-2 for s in half)
    last = plating.last
    assert last.alloyed == pytest.approx(capacity * (1 - 1e-3), rel=1e-3)
    assert last.coverage > 0.5
    plated = last.thickness / march.probe.deposits["working"].volume
    assert plated == pytest.approx(-last.charge - last.alloyed, rel=1e-3)
    assert last.mismatch < NEWTON


def test_hydrogen_beside_a_host_is_told_apart() -> None:
    """An irreversible reaction has no part in the state at rest, where walls hold what the case
    gives; what goes into the host is the metal's, hydrogen is not."""
    hydrogen = """
[kinetics.zinc.reactions.hydrogen_evolution]
exchange_current_density = "1e-4 A/m^2"
reference_concentration = "0.1 mol/m^3"
formal_potential = "-0.237 V"
tafel_slope = "120 mV"
"""
    host = text(
        ["plate at 10 A/m^2 for 20 s"], 'diffusivity = "1e-14 m^2/s", back = "none"', rtol=1e-3
    )
    host = host.replace('salt = "ZnSO4"', 'salt = "ZnSO4"\npH = 4.0')
    march = March(host.replace("[[protocol]]", f"{hydrogen}[[protocol]]"))
    laws = march.problem.working.surface.reactions
    assert [law.name for law in laws if law.reaction.rate.irreversible] == ["hydrogen_evolution"]
    first = march.stepper.now.stored.surfaces["working.zinc.deposition"]
    np.testing.assert_allclose(first[:, 0], 1e-6, rtol=1e-12)
    (plating,) = march.run()
    last = plating.last
    assert last.side_charge < -1.0
    reacted = last.metal_charge + last.side_charge
    assert last.charge == pytest.approx(reacted + last.layer_charge, rel=1e-9)
    assert 0.0 < abs(last.layer_charge) < 0.3 * 0.2
    assert last.metal_charge == pytest.approx(-last.alloyed, rel=1e-3)
    assert last.mismatch < NEWTON


def test_charge_that_silver_keeps_is_told_from_deposit_that_is_left() -> None:
    """Behind the silver nothing gives zinc: what it holds more at the end was plated."""
    keys = 'diffusivity = "1e-17 m^2/s", back = "none"'
    steps = [
        "plate at 10 A/m^2 for 2000 s",
        "rest for 200 s",
        "strip at 10 A/m^2 for 4000 s until voltage >= 60 mV",
    ]
    march = March(text(steps, keys, rtol=1e-3))
    passed = march.run()
    (row,) = march.journal.book.rows
    assert row.efficiency < 0.9
    taken = passed[-1].last.alloyed / row.plated
    assert row.lost_alloyed == pytest.approx(taken, rel=1e-6)
    assert row.lost_alloyed > 0.1
    parts = row.lost_alloyed + row.lost_left + row.lost_layer
    assert parts == pytest.approx(1.0 - row.efficiency, abs=1e-9)
    assert (row.lost_plating, row.lost_resting, row.lost_stripping) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("back", ["zinc", "none"])
def test_what_is_held_is_what_came(back: str) -> None:
    """From the liquid, from deposit upon it, and from the foil behind, through a cycle."""
    keys = f'diffusivity = "1e-18 m^2/s", back = "{back}"'
    steps = [
        "plate at 10 A/m^2 for 100 s",
        "rest for 200 s",
        "strip at 1 A/m^2 for 100 s",
        "rest for 100 s",
    ]
    march = March(text(steps, keys, rtol=1e-3))
    passed = march.run()
    for step in passed:
        for sample in step.samples[1:]:
            assert sample.mismatch < NEWTON
            assert abs(sample.side_current) < 1e-12
    alloyed = [step.last.alloyed for step in passed]
    assert alloyed[0] > 0
    # At rest metal goes on from deposit into the silver.
    assert alloyed[1] > alloyed[0]
    names = [b.name for b in march.probe.balances(march.stepper.now)]
    assert "alloy working.zinc.alloying" in names


def test_foil_alone_fills_the_layer() -> None:
    """Silver on zinc alloys from below: at rest, with a closed surface, as a slab from one side."""
    diffusivity, thickness, time = 1e-18, 200e-9, 2000.0
    keys = f'diffusivity = "{diffusivity} m^2/s", cells = 200, composition = 1e-6'
    march = March(text([f"rest for {time} s"], keys, barrier=1.0))
    (rest,) = march.run()
    layer = alloy(march).layer
    flux = 2 * np.sqrt(diffusivity * time / np.pi) / thickness
    assert rest.last.alloyed == pytest.approx(layer.charge * flux, rel=3e-3)


def stepped(march: March, count: int) -> np.ndarray:
    """The profile after equal steps under a current that begins smoothly."""
    duration, area = 50.0, march.problem.projected_area
    stepper = Stepper(march.problem, march.probe.rates, march.tolerances)
    begin = stepper.now

    def drive(time: float) -> Drive:
        share = float(np.sin(0.5 * np.pi * time / duration) ** 4)
        return Drive.by_current(-share * area)

    stepper.switch(drive, duration / count, 1)
    for _ in range(count):
        trial = stepper.attempt(duration / count)
        assert trial.solved, trial.reason
        stepper.accept(trial)
    held = stepper.now.stored.surfaces[alloy(march).name]
    march.problem.stand(begin.state, begin.stored)
    return np.asarray(held[0])


def test_second_order_in_time() -> None:
    keys = 'diffusivity = "1e-17 m^2/s", back = "none", composition = 0.05'
    march = March(text(["rest for 1 s"], keys, barrier=1.0))
    coarse, middle, fine = (stepped(march, count) for count in (64, 128, 256))
    order = np.log2(np.linalg.norm(coarse - middle) / np.linalg.norm(middle - fine))
    assert order == pytest.approx(2.0, abs=0.1)


def test_a_lost_flux_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Profiles that get a thousandth less than the liquid gives."""
    values = AlloyState.values

    def leaking(self: AlloyState) -> np.ndarray:
        if self._formula is None:
            return values(self)
        current = self.cells.mean(self._current) * 0.999
        return self.layer.profiles(*self._formula, current)

    march = March(text(["plate at 1 A/m^2 for 10 s"], 'back = "none"', barrier=1.0))
    monkeypatch.setattr(AlloyState, "values", leaking)
    (plating,) = march.run()
    assert plating.last.mismatch > 1e-5
