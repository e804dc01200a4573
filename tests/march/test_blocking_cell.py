"""Two electrodes at which nothing reacts, after a step of voltage: reference 6.

The reference puts -V and +V on the electrodes, the case -2 V and 0: potentials are counted from
the mid-plane of both there, which shifts them all by the same.
"""

from __future__ import annotations

import pytest

from zinterphase.scales import thermal_voltage
from zinterphase.verification.cells import WATER

from .marching import March, reference

REFERENCE = reference("case06")
PARAMETERS = REFERENCE["parameters"]
THERMAL = thermal_voltage(298.15)
PERMITTIVITY = WATER * 8.8541878128e-12


def blocking(
    charge: int,
    concentration: float,
    diffusivities: tuple[float, float],
    length: float,
    stern: float,
    voltage: float,
    duration: float,
    cells: int,
) -> str:
    """A case file: ``length`` [m] of a salt between blocking electrodes, held at ``voltage``."""
    ions = ", ".join(
        f'{{name = "{name}", charge = {z}, diffusivity = "{d!r} m^2/s", '
        f'concentration = "{concentration!r} mol/m^3"}}'
        for name, z, d in zip(("M", "A"), (charge, -charge), diffusivities, strict=True)
    )
    size = f'"{length / cells!r} m"'
    return f"""
level = "pnp"
accept_invalid = true
time.rtol = 1e-5
geometry.dimension = 1
mesh.first_cell = {size}
mesh.far_size = {size}
counter.type = "electrode"
electrolyte = {{permittivity = {WATER}, species = [{ions}]}}
[[layers]]
name = "metal"
material = "Zn"
thickness = "1 um"
[[layers]]
name = "liquid"
material = "electrolyte"
thickness = "{length!r} m"
permittivity = {WATER}
[kinetics.metal]
reactant = "M"
reactions = []
exchange_current_density = "1 A/m^2"
reference_concentration = "{concentration!r} mol/m^3"
formal_potential = "0 V"
alpha_a = {charge / 2}
alpha_c = {charge / 2}
pzc = "0 V"
stern_capacitance = "{stern!r} F/m^2"
contact_fraction = 1.0
[[protocol]]
steps = [{{mode = "voltage", voltage = "{voltage!r} V", for = "{duration!r} s"}}]
"""


@pytest.mark.parametrize("voltage", [1.0, 4.0])
def test_equal_ions(voltage: float) -> None:
    """A 1:1 salt, 20 Debye lengths to the mid-plane, beyond the linear theory."""
    debye, diffusivity = PARAMETERS["linear"]["lambda_D"], 1e-9
    thickness, delta = 0.05, 0.1
    half = debye / thickness
    history = REFERENCE["profiles"][f"NL|eps{thickness}|delta{delta}|v{voltage}|history"]
    times, columns = history["x"], {k: c["values"] for k, c in history["columns"].items()}
    text = blocking(
        1,
        1.0,
        (diffusivity, diffusivity),
        2 * half,
        PERMITTIVITY / (delta * debye),
        -2 * voltage * THERMAL,
        times[-1],
        400 if voltage < 2 else 800,
    )
    (held,) = March(text).run()
    for number, time in enumerate(times):
        found = held.at(time)
        near = 6e-4 * abs(columns["sigma_electrode"][-1])
        assert found.charge == pytest.approx(columns["sigma_electrode"][number], abs=near)
        counter, co = columns["c_counter_wall"][number], columns["c_co_wall"][number]
        near = 1e-3 * (columns["c_counter_wall"][-1] - 1.0)
        assert found.concentration_working == pytest.approx(counter, abs=near)
        assert found.concentration_counter == pytest.approx(co, abs=1e-3)


def test_a_salt_whose_ions_are_not_equally_fast() -> None:
    """ZnSO4 between 50 mV either side: both metals' charges, amounts of both ions kept."""
    given = PARAMETERS["zn"]
    history = REFERENCE["profiles"]["ZN|V0.05|history"]
    times, left = history["x"], history["columns"]["sigma_left"]["values"]
    text = blocking(
        2,
        given["c0"],
        (given["D_plus"], given["D_minus"]),
        2 * given["L_half"],
        given["C_Stern"],
        given["V_left"] - given["V_right"],
        times[-1],
        400,
    )
    march = March(text)
    (held,) = march.run()
    for number, time in enumerate(times):
        assert held.at(time).charge == pytest.approx(left[number], abs=6e-4 * abs(left[-1]))
    charges = march.stepper.now.stored.charges
    assert charges["working"] == pytest.approx(left[-1], rel=6e-4)
    assert charges["counter"] == pytest.approx(-left[-1], rel=6e-4)
    assert held.last.mismatch < 1e-9
