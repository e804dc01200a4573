"""Oxide particles give protons back while hydrogen takes them."""

import pytest

from zinterphase.scales import FARADAY

from .marching import March

WIDTH = 60e-9
TEXT = f"""
level = "pnp"
accept_invalid = true
counter.type = "electrode"
geometry = {{dimension = 2, width = "{WIDTH} m"}}
mesh.order = 1
[[layers]]
name = "zinc"
material = "Zn"
thickness = "50 um"
[[layers]]
name = "film"
material = "TiO2"
thickness = "60 nm"
packing = {{diameter = "30 nm", porosity = 0.7, regulation = {{site_density = "0.2 1/nm^2"}}}}
[[layers]]
name = "liquid"
material = "electrolyte"
thickness = "40 nm"
[electrolyte]
salt = "ZnSO4"
concentration = "20 mmol/L"
permittivity = 78.4
pH = 4.0
[kinetics.zinc]
exchange_current_density = "0.5 mA/cm^2"
pzc = "-0.8 V"
contact_fraction = 1.0
reactions.proton_reduction = {{exchange_current_density = "1e-4 A/m^2"}}
[[protocol]]
steps = ["plate at 1 mA/cm^2 for 50 us"]
"""


@pytest.mark.parametrize("more", ["", ", permittivity = 41.4"])
def test_protons_on_particles_are_counted(more: str) -> None:
    march = March(TEXT.replace("porosity = 0.7", f"porosity = 0.7{more}"))
    form = march.problem.charged_faces.held("H+")
    assert form is not None
    before, on_walls = march.probe.amounts(), march.problem.integrate(form)
    (step,) = march.run()
    after, given = march.probe.amounts(), on_walls - march.problem.integrate(form)
    taken = 2 * step.last.hydrogen * WIDTH
    assert before["H+"] - after["H+"] == pytest.approx(FARADAY * taken, rel=1e-6)
    assert step.last.mismatch < 1e-8
    assert 0.1 * taken < given < taken
