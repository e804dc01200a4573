"""Chemical steps while cycling: what the metal loses is what the liquid and the gas gain."""

from __future__ import annotations

import pytest

from zinterphase.materials.library import parameter
from zinterphase.scales import FARADAY

from .marching import March, symmetric

ATTACK = """
[kinetics.zinc.reactions.attack]
form = "mass_action"
equation = "Zn(s) + 2 H+ -> Zn2+ + H2(g)"
orders = {"H+" = 1}
rate_constant = "1e-3 mol/m^2/s"
"""
PROTOCOL = ("plate at 5 mA/cm^2 for 60 s", "rest for 60 s", "strip at 5 mA/cm^2 for 30 s")


@pytest.mark.parametrize("level", ["concentrated", "electroneutral"])
def test_zinc_lost_is_zinc_dissolved_and_hydrogen_made(level: str) -> None:
    """Both electrodes are attacked; the deposit is what was plated less what was lost."""
    liquid = 'salt = "ZnSO4"\npH = 2.5'
    march = March(symmetric(level, 1e-4, PROTOCOL, cells=20, kinetics=ATTACK, electrolyte=liquid))
    before = march.probe.amounts()
    steps = march.run()
    after, last = march.probe.amounts(), steps[-1].last
    assert max(step.last.mismatch for step in steps) < 1e-10
    assert last.hydrogen > 1e-6
    assert before["H+"] - after["H+"] == pytest.approx(2 * FARADAY * last.hydrogen, rel=1e-8)
    sums = march.stepper.now.sums
    lost = sum(float(sums[f"taken {name}"][0]) for name in ("working", "counter"))
    assert lost == pytest.approx(2 * FARADAY * last.hydrogen, rel=1e-9)
    assert before["SO42-"] == pytest.approx(after["SO42-"], rel=1e-12)
    if level == "electroneutral":
        # What one electrode gives the other takes: the liquid gains what the metals lose.
        assert after["Zn2+"] - before["Zn2+"] == pytest.approx(lost / 2, rel=1e-9)
    volume = parameter("zn_kinetics.Vm_Zn").si / (2 * FARADAY)
    assert last.thickness == pytest.approx(-volume * (last.metal_charge + last.dissolved), rel=1e-9)
    assert last.metal_charge == pytest.approx(last.charge, rel=1e-9)
    # At open circuit no current passes, and the metal thins.
    rest = steps[1]
    assert rest.last.current == pytest.approx(0.0, abs=1e-9)
    assert rest.last.thickness < rest.after.thickness


POROUS = """
[[layers]]
name = "silver"
material = "Ag_nanoparticles"
thickness = "2 um"
specific_area = "1e6 1/m"
[[layers]]
name = "liquid"
"""


def test_attack_in_the_pores_of_a_metal_thins_the_deposit_above_its_facet() -> None:
    """On the pore walls alone."""
    liquid = 'salt = "ZnSO4"\npH = 2.5'
    steps = ("plate at 1 mA/cm^2 for 5 s", "rest for 20 s")
    text = symmetric("electroneutral", 2e-5, steps, cells=20, electrolyte=liquid)
    text = text.replace('[[layers]]\nname = "liquid"', POROUS.strip())
    attack = ATTACK.replace("kinetics.zinc", "kinetics.silver")
    text = text.replace("[[protocol]]", f"{attack}\n[[protocol]]")
    last = March(text).run()[-1].last
    assert last.mismatch < 1e-10
    assert last.dissolved > 1.0
    assert last.dissolved == pytest.approx(2 * FARADAY * last.hydrogen, rel=1e-9)
    volume = parameter("zn_kinetics.Vm_Zn").si / (2 * FARADAY)
    assert last.thickness == pytest.approx(-volume * (last.metal_charge + last.dissolved), rel=1e-9)


COVERED = """
nucleation = {overpotential = "20 mV", coverage = 0.5, growth = 1.0, monolayer = "2.7e-5 mol/m^2"}
double_layer_capacitance = "0.3 F/m^2"
"""


def test_a_deposit_that_is_dissolved_uncovers_its_substrate() -> None:
    """Half a monolayer in acid: what is lost is what there was, and no more."""
    liquid = 'salt = "ZnSO4"\npH = 2.0'
    text = symmetric(
        "electroneutral", 2e-5, ("rest for 60 s",), cells=10,
        kinetics=COVERED + ATTACK, electrolyte=liquid,
    )  # fmt: skip
    march = March(text)
    (rest,) = march.run()
    assert rest.last.mismatch < 1e-10
    assert rest.last.coverage < 1e-3
    held = 2 * FARADAY * 2.7e-5 * 0.5
    assert rest.last.dissolved + rest.last.metal_charge == pytest.approx(held, rel=1e-2)
