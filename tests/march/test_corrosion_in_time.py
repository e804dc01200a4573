"""Hydrogen and corrosion while cycling: reference case 15a (see data/case15.md)."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from zinterphase.materials.library import parameter

from .marching import March, Passed, reference, symmetric

DATA = reference("case15")
EXPECTED = {key: entry["value"] for key, entry in DATA["expected"].items()}
VOLUMES = parameter("zn_kinetics.Vm_Zn").si / DATA["parameters"]["V_m"]
"""Molar volume of the library over that of the reference."""
PROTOCOL = (
    "plate at 10 A/m^2 for 3600 s",
    "rest for 3600 s",
    "strip at 10 A/m^2 for 4000 s until thickness <= 0 um",
    "rest for 3600 s",
)


def cell(name: str) -> str:
    """Two zinc electrodes with hydrogen; the pH is a constant at this level."""
    given = DATA["parameters"]["sets"][name]
    kinetics = f"""
exchange_current_density = "5 A/m^2"
reference_concentration = "2 mol/L"
formal_potential = "-0.795 V"
alpha_a = 1.5
alpha_c = 0.5
double_layer_capacitance = "1e-3 F/m^2"
[kinetics.zinc.reactions.hydrogen_evolution]
exchange_current_density = "{given["i0_H"]} A/m^2"
reference_concentration = "{1000 * 10 ** -given["pH"]!r} mol/m^3"
formal_potential = "{-0.0592 * given["pH"]!r} V"
tafel_slope = "120 mV"
"""
    electrolyte = f'salt = "ZnSO4"\npH = {given["pH"]}\nconductivity = "5.65 S/m"'
    text = symmetric(
        "secondary", 2e-4, PROTOCOL, cells=4, kinetics=kinetics, electrolyte=electrolyte
    )
    return text.replace("[[protocol]]\n", "[[protocol]]\nrepeat = 3\n")


@pytest.mark.parametrize("name", list(DATA["parameters"]["sets"]))
def test_cycles_with_corrosion(name: str) -> None:
    """Potentials, times, hydrogen and efficiencies of three cycles."""
    march = March(cell(name))
    steps = march.run()
    at_rest = 7200.0 * EXPECTED[f"{name}|i_corr"]
    rows = march.journal.book.rows
    for number in (1, 2, 3):
        row, key = rows[number - 1], f"{name}|cycle{number}"
        plate, _, strip, last = steps[4 * number - 4 : 4 * number]
        assert strip.duration == pytest.approx(EXPECTED[f"{key}|t_strip"], rel=1e-5)
        start = steps[4 * number - 4].before.thickness
        grown = (plate.last.thickness - start) / VOLUMES
        assert grown == pytest.approx(EXPECTED[f"{key}|thickness_after_plate"], rel=1e-6)
        assert row.efficiency == pytest.approx(EXPECTED[f"{key}|CE"], rel=1e-5)
        # The reference's fronts move: its gap is wider by what has dissolved.
        moved = abs(EXPECTED[f"{key}|front_C"]) + abs(EXPECTED[f"{key}|front_W"])
        ohmic = 10.0 * moved / 5.65
        expected = pytest.approx(EXPECTED[f"{key}|V_end_plate"], rel=1e-6, abs=2 * ohmic)
        assert -plate.last.voltage == expected
        assert last.last.thickness / VOLUMES == pytest.approx(EXPECTED[f"{key}|front_W"], rel=1e-4)
        assert last.last.hydrogen == pytest.approx(EXPECTED[f"{key}|H2_total"], rel=1e-6)
        efficiency = EXPECTED[f"{name}|plating_current_efficiency"]
        assert row.plating_efficiency == pytest.approx(efficiency, rel=1e-6)
        lost = [value for key, value in asdict(row).items() if key.startswith("lost_")]
        assert sum(lost) == pytest.approx(1.0 - row.stripped / row.plated, abs=1e-9)
        assert row.lost_plating == pytest.approx(1.0 - efficiency, rel=1e-4)
        assert row.lost_resting == pytest.approx(at_rest / row.plated, rel=1e-4)
        assert row.lost_alloyed == row.bound == 0.0
    assert corroding(steps[1]) == pytest.approx(EXPECTED[f"{name}|i_corr"], rel=1e-6)


def corroding(rest: Passed) -> float:
    """Current density of hydrogen at open circuit [A/m2]."""
    return abs(rest.last.side_current)
