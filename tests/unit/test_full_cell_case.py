"""A stack that ends with its counter electrode: what a case may say of it, and C-rates."""

from __future__ import annotations

import tomllib

import pytest

from zinterphase.case import Case
from zinterphase.cell.electrodes import cell_of
from zinterphase.errors import CaseError
from zinterphase.materials.iodine import IODINE, SOLID, TRIIODIDE, standard_potentials
from zinterphase.scales import thermal_voltage

from ..march.full_cells import full_cell

REST = ("rest for 1 s",)


def case(text: str) -> Case:
    return Case.from_dict(tomllib.loads(text))


def refusal(text: str) -> str:
    with pytest.raises(CaseError) as error:
        cell_of(case(text))
    return str(error.value)


def test_the_last_conductors_are_the_counter_electrode() -> None:
    cell = cell_of(case(full_cell(REST)))
    assert cell.stack.liquid == ("paper", "host")
    assert (cell.stack.porous, cell.stack.opposite) == ((), ("host",))
    assert cell.counter is not None
    assert [wall.layer for wall in cell.counter.walls] == ["counter", "host"]
    assert cell.counter.reaction_names == ("triiodide",)
    assert cell.is_full
    assert cell.reacting_ions == {"Zn2+", "I-", "I2"}
    # Zinc at -0.8 V, iodine at about 0.55 V: working minus counter.
    assert -1.45 < cell.voltage_at_gauge < -1.25


def test_standard_potentials_are_one_set() -> None:
    found, voltage = standard_potentials(298.15), thermal_voltage(298.15)
    assert found[SOLID] == 0.5355
    # Model numbers of the literature: 0.5362 V and 0.6206 V.
    assert found[TRIIODIDE] == pytest.approx(0.5362, abs=5e-5)
    assert found[IODINE] == pytest.approx(0.6206, abs=5e-5)
    assert voltage == pytest.approx(0.025693, abs=1e-6)


def test_c_rates_are_currents_of_the_iodine() -> None:
    steps = (
        "discharge at 2 C until voltage <= 0.6 V",
        "charge at C/2 until voltage >= 1.6 V or time >= 3 h",
        "charge at 1.6 V until current <= 0.1 C",
    )
    found = case(full_cell(steps, loading="2 mg/cm^2"))
    assert found.active is not None
    one = 2e-2 * 211.2  # kg/m2 x mAh/g is A/m2 of one hour
    assert found.active.current == pytest.approx(one)
    strip, plate, hold = (step for step in found.protocol[0].steps)
    assert strip.current_density == pytest.approx(2 * one)
    assert plate.current_density == pytest.approx(-one / 2)
    assert hold.voltage == -1.6
    assert [str(c) for c in strip.until] == ["voltage >= -0.6 V"]
    assert [c.quantity for c in plate.until] == ["voltage", "time"]
    (faded,) = hold.until
    assert (faded.comparison, faded.value) == (">=", pytest.approx(-0.1 * one))
    again = Case.from_dict(tomllib.loads(found.to_toml()))
    assert again == found


def test_a_c_rate_may_have_an_exponent() -> None:
    found = case(full_cell(["charge at 5e-1 C until voltage >= 1.6 V", "rest for 1 s"]))
    assert found.active is not None
    assert found.protocol[0].steps[0].current_density == pytest.approx(-found.active.current / 2)


def test_other_conventions_of_capacity() -> None:
    text = full_cell(REST, loading="2 mg/cm^2")
    four = text.replace("[active]", '[active]\nspecific = "four_electrons"')
    own = text.replace("[active]", '[active]\nspecific = "105.6 mAh/g"')
    one, twice, half = (case(each).active for each in (text, four, own))
    assert one is not None
    assert twice is not None
    assert half is not None
    assert twice.charge == pytest.approx(2 * one.charge)
    assert half.charge == pytest.approx(one.charge / 2)
    sources = {entry.field: entry.source for entry in case(four).provenance}
    assert sources["active.specific"].startswith("2 x iodine.capacity_I2")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('counter.type = "electrode"', 'counter.type = "reservoir"', "layers.host"),
        ("triiodide = {}", "", "kinetics.LAYER.reactions"),
        ('material = "graphite"', 'material = "graphite"\npotential = "resolved"', "collector"),
        ('loading = "0.127 mg/cm^2"', 'loading = "0 mg/cm^2"', "active.loading"),
        ("time.rtol = 1e-3", "front = {}", "front"),
        ("{host =", "{paper =", "electrolyte.precipitates.iodine.initial.paper"),
        ('{host = "100 mol/m^3"}', '{host = "20000 mol/m^3"}', "fills the pores"),
        ('material = "carbon"', 'material = "carbon"\naccumulation = {}', "layers.host.accumul"),
    ],
)
def test_what_cannot_be_is_refused(old: str, new: str, said: str) -> None:
    text = full_cell(REST)
    assert old in text
    assert said in refusal(text.replace(old, new))


def test_sentences_of_a_full_cell_are_refused_elsewhere() -> None:
    text = """
counter.type = "electrode"
geometry.dimension = 1
electrolyte.concentration = "2 mol/L"
layers = [{name = "zinc", material = "Zn", thickness = "50 um"},
    {name = "paper", material = "separator", thickness = "50 um"}]
[[protocol]]
steps = ["charge at 1 mA/cm^2 for 1 h"]
"""
    assert "protocol.1.steps.1" in refusal(text)
    assert "full cell" in refusal(text)
    capacity = text.replace("[[protocol]]", '[active]\nloading = "1 mg/cm^2"\n[[protocol]]')
    assert "active" in refusal(capacity.replace("charge at", "plate at"))


def test_diffusivities_are_scaled_to_a_conductivity() -> None:
    text = full_cell(REST)
    scaled = text.replace("permittivity = 78.4", 'permittivity = 78.4\nscaled_to = "5.65 S/m"')
    found, plain = case(scaled), case(text)
    voltage = thermal_voltage(298.15)
    assert found.electrolyte.ideal_conductivity(voltage) == pytest.approx(5.65)
    factor = found.electrolyte.mobility
    assert factor == pytest.approx(5.65 / plain.electrolyte.ideal_conductivity(voltage))
    for name in ("Zn2+", "I2", "I3-"):
        slow, fast = (_mobile(each, name) for each in (found, plain))
        assert slow == pytest.approx(factor * fast)
    assert Case.from_dict(tomllib.loads(found.to_toml())) == found
    assert "scaled_to" in refusal(scaled.replace("5.65 S/m", "5.65 S"))
    both = scaled.replace("permittivity = 78.4", "permittivity = 78.4\nmobility = 0.5")
    assert "scaled_to" in refusal(both)


def _mobile(found: Case, name: str) -> float:
    liquid = found.electrolyte
    dissolved = (*liquid.resolved_species, *liquid.resolved_complexes)
    return next(s.diffusivity for s in dissolved if s.name == name)


def test_what_is_measured_is_not_scaled() -> None:
    text = """
geometry.dimension = 1
electrolyte = {concentration = "2 mol/L", mobility = 0.5}
layers = [{name = "zinc", material = "Zn", thickness = "50 um"},
    {name = "paper", material = "separator", thickness = "50 um"}]
control.current_density = "-1 mA/cm^2"
"""
    assert "electrolyte.mobility" in refusal(text)
