"""Double layers as capacitors between which nothing reacts: charging through a resistance."""

from __future__ import annotations

import numpy as np
import pytest

from .marching import March, symmetric

CAPACITANCE, LENGTH, STEP = 0.3, 1e-4, -10e-3
CONCENTRATION = 50.0
"""Dilute, so that rounding of the amounts leaves short steps [mol/m3]; for the same reason the
exchange current, which nothing but the scale of the currents depends on, is large."""


def blocking(level: str, electrolyte: str, carrier: str) -> str:
    """A case file: electrodes that only charge, after a step of voltage; they have 2 C/R."""
    ion = f'double_layer_ion = "{carrier}"' if carrier else ""
    return symmetric(
        level,
        LENGTH,
        [f'{{mode = "voltage", voltage = "{STEP} V", for = "0.3 ms"}}'],
        cells=20,
        concentration=CONCENTRATION,
        electrolyte=electrolyte,
        kinetics=f"""reactions = []
            exchange_current_density = "1000 A/m^2"
            reference_concentration = "{CONCENTRATION} mol/m^3"
            double_layer_capacitance = "{CAPACITANCE} F/m^2"
            {ion}""",
        more="accept_invalid = true\ntime.rtol = 1e-4",
    )


@pytest.mark.parametrize(
    ("level", "electrolyte", "carrier"),
    [
        ("secondary", 'salt = "ZnSO4"\nconductivity = "1 S/m"', ""),
        ("electroneutral", 'salt = "ZnSO4"', "Zn2+"),
        ("electroneutral", 'salt = "ZnSO4"', "SO42-"),
        ("concentrated", 'salt = "ZnSO4"', ""),
    ],
)
def test_a_symmetric_blocking_cell(level: str, electrolyte: str, carrier: str) -> None:
    """I = U/R exp(-t/tau) and q = U C/2 (1 - exp(-t/tau)) with tau = R C/2; R is what the current
    just after the step says, for so little charge leaves the liquid as it was."""
    march = March(blocking(level, electrolyte, carrier))
    held = march.probe.amounts()
    (passed,) = march.run()
    resistance = STEP / passed.after.current
    tau, full = resistance * CAPACITANCE / 2, STEP * CAPACITANCE / 2
    for time in tau * np.array([0.3, 1.0, 2.0]):
        found, rest = passed.at(time), np.exp(-time / tau)
        assert found.charge == pytest.approx(full * (1 - rest), abs=5e-3 * abs(full))
        assert found.current == pytest.approx(STEP / resistance * rest, rel=1e-2)
    charges = march.stepper.now.stored.charges
    assert charges["counter"] == pytest.approx(-charges["working"], rel=1e-6)
    assert passed.last.mismatch < 1e-9
    for ion, amount in march.probe.amounts().items():
        assert amount == pytest.approx(held[ion], rel=1e-9)


@pytest.mark.parametrize("carrier", ["Zn2+", "SO42-"])
def test_the_ion_that_charges_a_reacting_electrode(carrier: str) -> None:
    """What it gives or takes is what the metals' charge says; the other one stays or reacts."""
    march = March(
        symmetric(
            "electroneutral",
            LENGTH,
            ["plate at 10 A/m^2 for 2 ms"],
            cells=20,
            concentration=CONCENTRATION,
            kinetics=f"""exchange_current_density = "10 A/m^2"
                alpha_a = 1.4
                alpha_c = 0.6
                reference_concentration = "10 mol/m^3"
                double_layer_capacitance = "{CAPACITANCE} F/m^2"
                double_layer_ion = "{carrier}" """,
            more="accept_invalid = true\ntime.rtol = 1e-3",
        )
    )
    held = march.probe.amounts()
    (passed,) = march.run()
    moved = sum(march.stepper.now.stored.charges.values())
    sulphate = march.probe.amounts()["SO42-"] - held["SO42-"]
    assert abs(moved) > 1e-6 * march.problem.projected_area
    expected = moved / -2 if carrier == "SO42-" else 0.0
    assert sulphate == pytest.approx(expected, abs=1e-4 * abs(moved))
    assert passed.last.mismatch < 1e-9
