"""Solid iodine as it forms and is used at the electrode: equilibrium, rates, and what is kept."""

from __future__ import annotations

from math import asinh, log

import numpy as np
import numpy.typing as npt
import pytest

from zinterphase.materials.iodine import TRIIODIDE, standard_potentials
from zinterphase.observe.currents import reaction_currents
from zinterphase.observe.fields import nodal_fields
from zinterphase.observe.through_cell import ThroughCell
from zinterphase.scales import FARADAY

from .full_cells import BINDING, SOLUBILITY, full_cell
from .marching import March, order_amid_solids
from .test_full_cell import VOLTAGE, _at_host, _zinc_potential

BOTH = "triiodide = {}\niodine = {}"
ONE_C = 1.27e-3 * 211.2
"""Of 0.127 mg/cm2 [A/m2]."""


def currents(march: March) -> dict[str, float]:
    """Of the host by reaction [A/m2], reduction negative."""
    counter = march.problem.counter
    assert counter is not None
    return {name: i for (_, name), i in reaction_currents(march.problem, counter).items()}


def solid(march: March) -> npt.NDArray[np.float64]:
    """Amounts in the cells of the host and elsewhere [mol/m2 of wall], areas of wall beside."""
    storage = march.problem.storage
    assert storage is not None
    state = storage.surfaces["pores.iodine"]
    return np.stack([state.values()[:, 0], state.cells.area])


@pytest.mark.parametrize("iodide", [200.0, 800.0])
def test_no_current_runs_in_a_circle_beside_the_solid(iodide: float) -> None:
    march = March(full_cell(["rest for 10 s"], iodide=iodide, reactions=BOTH))
    (step,) = march.run()
    by_hand = 0.5355 - VOLTAGE * log(iodide / 1e3)
    assert -step.last.voltage + _zinc_potential(march) == pytest.approx(by_hand, abs=1e-8)
    assert set(currents(march)) == {"triiodide", "iodine"}
    assert max(abs(current) for current in currents(march).values()) < 1e-7
    # All of 100 mol/m3 in 50 um.
    amounts, areas = solid(march)
    assert amounts @ areas == pytest.approx(5e-3, rel=1e-9)


def test_rest_before_the_protocol_takes_nothing_from_the_solid() -> None:
    """In a liquid that is not saturated it would feed triiodide."""
    texts = (full_cell(["rest for 1 s"], iodine=0.5, reactions=r) for r in ("triiodide = {}", BOTH))
    alone, both = (March(text).probe.amounts() for text in texts)
    assert both == pytest.approx(alone, rel=1e-9)


def test_iodine_and_charge_are_kept_until_the_solid_is_used_up_and_back() -> None:
    steps = [
        "discharge at 20 C for 400 s",
        "discharge at 20 C until voltage <= 0.9 V",
        "charge at 20 C until voltage >= 1.45 V",
    ]
    march = March(full_cell(steps, reactions=BOTH, more="solver.tolerance = 1e-11"))
    before = march.probe.amounts()
    passed = march.run()
    after = march.probe.amounts()
    assert max(step.last.mismatch for step in passed) < 1e-9
    atoms = [2 * each["I2"] + each["I-"] for each in (before, after)]
    assert atoms[1] == pytest.approx(atoms[0], rel=2e-9)
    assert passed[1].last.precipitated == pytest.approx(0.0, abs=1e-12)
    assert passed[2].last.precipitated > 5e-3


def test_where_the_solid_is_used_up_triiodide_has_the_potential() -> None:
    """What is left of it is undersaturated, and drives nothing out of what is not there."""
    march = March(full_cell(["discharge at 20 C for 400 s", "rest for 200 s"], reactions=BOTH))
    used, rest = march.run()
    assert used.last.precipitated == pytest.approx(0.0, abs=1e-12)
    held = {name: value / 1e3 for name, value in _at_host(march).items()}
    iodine = held["I3-"] / held["I-"] / BINDING
    assert iodine < 0.9 * SOLUBILITY
    by_hand = standard_potentials(298.15)[TRIIODIDE]
    by_hand += 0.5 * VOLTAGE * log(held["I3-"] / held["I-"] ** 3)
    assert -rest.last.voltage + _zinc_potential(march) == pytest.approx(by_hand, abs=1e-5)
    assert currents(march)["iodine"] == pytest.approx(0.0, abs=1e-9)


def test_the_reaction_alone_makes_and_uses_what_faraday_says() -> None:
    """Where next to nothing dissolves, and no double layer is charged."""
    frozen = 'initial = {host = "100 mol/m^3"}\nrate_constant = "1e-15 mol/m^2/s"'
    steps = ["charge at 20 C for 60 s", "discharge at 20 C for 100 s"]
    march = March(full_cell(steps, reactions="iodine = {}", precipitate=frozen, host=""))
    there, back = march.run()
    for step, passed in ((there, 60.0), (back, -40.0)):
        gained = step.last.precipitated - 5e-3
        assert gained == pytest.approx(20 * ONE_C * passed / (2 * FARADAY), rel=1e-6)
    amounts, areas = solid(march)
    walls = march.case.layer("host").specific_area
    closed = walls * 51.5e-6 * amounts.max() / march.case.layer("host").porosity
    assert back.last.open_pores == pytest.approx(1 - closed, rel=1e-12)
    assert march.problem.storage is not None
    through = ThroughCell(march.problem)
    profile = through.take(march.problem.storage.amounts(), 160.0, 1, 2, "end of discharge")
    host = np.array(profile.layers) == "host"
    assert profile.values["porosity"][host].min() == pytest.approx(0.55 * (1 - closed), rel=1e-12)
    assert profile.values["solid_iodine"][host] == pytest.approx(walls * amounts, rel=1e-12)
    assert np.isnan(profile.values["solid_iodine"][~host]).all()
    assert profile.values["reaction"][host] @ (areas / walls) == pytest.approx(-20 * ONE_C)
    assert profile.values["c_I-"].min() > 200.0


@pytest.mark.parametrize("rate", [1e-3, 1e-1, 10.0])
def test_rates_are_linear_near_equilibrium_and_tafel_s_far_from_it(rate: float) -> None:
    exchange, thickness = 1e-2, 1e-6
    slow = f'iodine = {{exchange_current_density = "{exchange} A/m^2"}}'
    text = full_cell(
        [f"discharge at {rate} C for 1 ms"], thickness=thickness, reactions=slow, host=""
    )
    march = March(text)
    march.run()
    walls = march.case.layer("host").medium.specific_area * thickness
    amount = 100.0 * thickness / walls  # mol/m2
    covered = amount / (amount + 1e-9 / 51.5e-6)
    # The rate at 0.1 mol/L of iodide, of order a half in it.
    full = exchange * (0.2 / 0.1) ** 0.5 * walls * covered
    expected = -2 * VOLTAGE * asinh(rate * ONE_C / full / 2)
    fields = {field.name: field.x.array for field in nodal_fields(march.problem)}
    top = march.problem.liquid.dofs_on(march.problem.measures.facets["counter"])
    assert fields["overpotential"][top][0] == pytest.approx(expected, rel=1e-3)


def test_derivatives_are_exact_where_solid_is_used() -> None:
    problem = March(full_cell(["rest for 1 s"], reactions=BOTH)).problem
    assert order_amid_solids(problem) == pytest.approx(2.0, abs=0.1)
