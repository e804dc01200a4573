"""Zinc against iodine: potentials at rest, what the shuttle takes, and what is conserved."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from math import log

import pytest

from zinterphase.case import Case
from zinterphase.cell.electrodes import cell_of
from zinterphase.errors import CaseError
from zinterphase.materials.iodine import IODINE, TRIIODIDE, standard_potentials
from zinterphase.observe.fields import nodal_fields, solid_fields
from zinterphase.scales import FARADAY, thermal_voltage

from .full_cells import BINDING, D_IODINE, D_TRIIODIDE, SOLUBILITY, full_cell
from .marching import March, Passed

VOLTAGE = thermal_voltage(298.15)
SHUTTLE = """
[kinetics.zinc.reactions.shuttle]
form = "mass_action"
equation = "I3- + Zn(s) -> 3 I- + Zn2+"
rate_constant = "{} mol/m^2/s"
"""
DISSOLVED = """triiodide = {}
[kinetics.host.reactions.dissolved]
equation = "I- -> 1/2 I2 + e-"
exchange_current_density = "10 A/m^2"
reference_concentration = "1 mol/L"
alpha_a = 0.5
alpha_c = 0.5
form = "butler_volmer"
"""


def with_dissolved(potential: float) -> str:
    return DISSOLVED + f'formal_potential = "{potential!r} V"'


@pytest.mark.parametrize(("iodide", "iodine"), [(200.0, SOLUBILITY), (50.0, 1e-2), (800.0, 0.3)])
def test_rest_without_solid_is_nernst_s_and_no_current_runs_in_a_circle(
    iodide: float, iodine: float
) -> None:
    reactions = with_dissolved(standard_potentials(298.15)[IODINE])
    text = full_cell(
        ["rest for 10 s"], iodide=iodide, iodine=iodine, precipitate="", reactions=reactions
    )
    march = March(text)
    (step,) = march.run()
    cell = march.problem.cell
    triiodide = BINDING * iodide * iodine
    quotient = (triiodide / 1e3) / (iodide / 1e3) ** 3
    expected = standard_potentials(298.15)[TRIIODIDE] + 0.5 * VOLTAGE * log(quotient)
    # The constant of triiodide is known to rounding, the composition to that of the text.
    assert cell.counter is not None
    assert cell.counter.equilibrium_potential == pytest.approx(expected, abs=1e-9)
    assert step.last.voltage == pytest.approx(cell.voltage_at_gauge, abs=1e-9)
    counter = march.problem.counter
    assert counter is not None
    forms = counter.currents(march.problem.level, march.problem.measures)
    currents = {key: march.problem.integrate(form) for key, form in forms.items()}
    assert len(currents) == 2
    assert max(abs(current) for current in currents.values()) < 1e-7


def test_potentials_that_were_measured_apart_are_refused() -> None:
    text = full_cell(["rest for 1 s"], reactions=with_dissolved(0.6215))
    with pytest.raises(CaseError, match=r"kinetics\.host\.reactions .* one equilibrium"):
        cell_of(Case.from_dict(tomllib.loads(text)))


def test_solid_iodine_pins_the_potential_at_rest() -> None:
    """Where solid is at hand the liquid is saturated, and its potential that of the solid."""
    potential = standard_potentials(298.15)["iodine"]
    march = March(full_cell(["rest for 200 s"], iodine=0.7 * SOLUBILITY))
    (step,) = march.run()
    assert -step.last.voltage + _zinc_potential(march) == pytest.approx(
        potential - VOLTAGE * log(_at_host(march)["I-"] / 1e3), abs=2e-5
    )


def _at_host(march: March) -> dict[str, float]:
    """Mean concentrations in the host [mol/m3]."""
    problem = march.problem
    liquid, media = problem.unknowns.liquid, problem.media.liquid
    held = problem.level.concentrations(liquid, media)
    volume = problem.integrate(problem.measures.over_layers(1.0 + 0 * liquid[0], ("host",)))
    return {
        name: problem.integrate(problem.measures.over_layers(c, ("host",))) / volume
        for name, c in held.items()
    }


def _zinc_potential(march: March) -> float:
    """Of zinc in equilibrium with the liquid, which is even at rest [V vs SHE]."""
    zinc = _at_host(march)["Zn2+"] / march.problem.bulk.reference("Zn2+")
    return march.problem.cell.working.equilibrium_potential + 0.5 * VOLTAGE * log(zinc)


def test_potentials_of_both_metals_are_on_one_scale() -> None:
    march = March(full_cell(["discharge at 20 C for 1 s"]))
    (step,) = march.run()
    problem = march.problem
    top = problem.liquid.dofs_on(problem.measures.facets["counter"])
    fields = {field.name: field.x.array for field in nodal_fields(problem)}
    working = problem.bulk.thermal_voltage * problem.potential.value
    assert fields["electronic_potential"][top] == pytest.approx(working - step.last.voltage)
    # Reduction of iodine.
    assert -0.1 < fields["overpotential"][top][0] < 0.0
    solid = {field.name: field.x.array for field in solid_fields(problem)}
    assert solid["electronic_potential"].max() == pytest.approx(
        working - step.last.voltage, abs=1e-3
    )


@pytest.mark.parametrize("rate", [1e-2, 1e3])
def test_shuttle_is_what_transport_lets_through(rate: float) -> None:
    """I3- + Zn -> 3 I- + Zn2+ behind a separator: 1/N = 1/(k c) + L/(D c) of triiodide, with what
    dissolved iodine carries where the step is fast."""
    length, saturation, iodide = 50e-6, 1e-2, 800.0
    solid = f"""
initial = {{host = "1000 mol/m^3"}}
log_K = {-log(saturation / 1e3) / log(10)!r}
rate_constant = "1 mol/m^2/s"
"""
    text = full_cell(
        ["rest for 15 s"],
        iodide=iodide,
        iodine=saturation,
        precipitate=solid,
        zinc=SHUTTLE.format(rate),
        separator=length,
    )
    march = March(text)
    (step,) = march.run()
    medium = march.case.layer("paper").medium
    factor = medium.ionic_conductivity_factor / length
    iodide = _at_host(march)["I-"]  # what the shuttle has made of the solid is in it
    triiodide = BINDING * saturation * iodide
    through = factor * (D_TRIIODIDE * triiodide + D_IODINE * saturation)
    at_wall = rate / 1e3  # m/s
    expected = through / (1 + factor * (D_TRIIODIDE + D_IODINE / BINDING / iodide) / at_wall)
    turns = march.problem.working.turns(march.problem.level, march.problem.measures)
    (turned,) = (march.problem.integrate(form) for form in turns.values())
    assert turned == pytest.approx(expected, rel=2e-2)
    assert step.last.dissolved > 0.0
    assert step.last.thickness < 0.0


def kept(cycles: int, steps: Sequence[str]) -> tuple[March, list[Passed]]:
    """March cycles with a shuttle, in which iodine and zinc have to stay what they were to 1e-10:
    what Newton leaves open of their balances does not add up."""
    text = full_cell(steps, zinc=SHUTTLE.format(1e-4))
    march = March(text.replace("[[protocol]]", f"[[protocol]]\nrepeat = {cycles}"))
    before = march.probe.amounts()
    assert march.problem.storage is not None
    charged = march.problem.storage.amounts().charges["counter"]
    passed = march.run()
    after = march.probe.amounts()
    assert max(step.last.mismatch for step in passed) < 1e-10
    # Triiodide is iodine and iodide: an atom of iodine is in I-, two in I2.
    atoms = [2 * each["I2"] + each["I-"] for each in (before, after)]
    assert atoms[1] == pytest.approx(atoms[0], rel=1e-10)
    zinc = after["Zn2+"] - before["Zn2+"]
    last = passed[-1].last
    # The ion that charges the host's double layer is zinc's.
    given = march.problem.storage.amounts().charges["counter"] - charged
    come = (last.metal_charge + last.dissolved + given) / 2
    assert zinc == pytest.approx(come, abs=1e-10 * before["Zn2+"])
    return march, passed


def test_iodine_zinc_and_charge_are_kept_over_cycles() -> None:
    steps = (
        "discharge at 20 C until voltage <= 0.9 V",
        "charge at 20 C until voltage >= 1.45 V",
        "charge at 1.45 V until current <= 5 C",
    )
    march, passed = kept(2, steps)
    assert [step.why.split()[0] for step in passed] == 2 * ["voltage", "voltage", "current"]
    assert passed[0].last.voltage == pytest.approx(-0.9, abs=1e-6)
    # Near the end of a discharge everything changes at once: Newton's loops are long there.
    assert march.problem.linear.updates < 4.5 * march.driver.cost.steps


@pytest.mark.slow
def test_they_are_kept_over_fifty_cycles() -> None:
    kept(50, ("discharge at 20 C for 60 s", "charge at 20 C until charge >= 0.03 mAh/cm^2"))


def test_micro_pores_hold_what_langmuir_says_and_give_it_back() -> None:
    capacity, affinity, thickness, saturation = 400.0, 2.0, 50e-6, 1.0
    text = full_cell(
        ["discharge at 20 C until voltage <= 0.9 V"],
        iodine=saturation,
        precipitate="",
        thickness=thickness,
        adsorption='adsorption = {I2 = {capacity = "400 mol/m^3", affinity = "2000 L/mol"}}',
    )
    march, bare = (March(each) for each in (text, text.replace("2000 L/mol", "1e-9 L/mol")))
    held = march.probe.amounts()["I2"] - bare.probe.amounts()["I2"]
    strength = affinity * saturation
    expected = FARADAY * thickness * capacity * strength / (1 + strength)
    assert held == pytest.approx(expected, rel=1e-9)
    (step,) = march.run()
    assert step.last.mismatch < 1e-8
    # Two electrons for each I2 that came out, but for what the double layer took.
    given = step.last.charge
    assert given > 1.5 * held
    assert given < 2.0 * march.probe.amounts()["I-"]


def test_adsorption_of_what_is_charged_or_not_there_is_refused() -> None:
    for species in ("I-", "Br2"):
        isotherm = '{capacity = "1 mol/L", affinity = "1 L/mol"}'
        text = full_cell(["rest for 1 s"], adsorption=f"adsorption = {{{species} = {isotherm}}}")
        with pytest.raises(CaseError, match="neutral species of the electrolyte: I2"):
            Case.from_dict(tomllib.loads(text))
