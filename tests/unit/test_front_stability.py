"""Growth of waves over a protocol: numbers by hand, the order of steps, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.case.protocol import visits
from zinterphase.cell.depleted import beside_the_metal
from zinterphase.cell.electrodes import cell_of
from zinterphase.cell.stability import Stability, stability_findings, stability_of
from zinterphase.materials.electrolyte import zinc_sulphate
from zinterphase.scales import FARADAY

METAL = 9.157e-6 / (2 * FARADAY)
RESISTANCE, CELL = 0.025692579 / (2 * 10.0), 1e-6
HOUR = "plate at 1 mA/cm^2 for 1 h"


def case_of(protocol: list[Any], *, front: dict[str, Any] | None = None, **more: Any) -> Case:
    """Zinc with linear kinetics, i0 = 1 mA/cm2, under 300 um of 2 M."""
    tables = {
        "level": "secondary",
        "geometry": {"width": "100 um"},
        "layers": [
            {"name": "zinc", "material": "Zn", "thickness": "1 um"},
            *more.pop("films", []),
            {"name": "electrolyte", "material": "electrolyte", "thickness": "300 um"},
        ],
        "electrolyte": {"salt": "ZnSO4", "concentration": "2 mol/L", "conductivity": "5 S/m"},
        "kinetics": {
            "zinc": {
                "form": "linear",
                "exchange_current_density": "1 mA/cm^2",
                "reference_concentration": "2 mol/L",
                "contact_fraction": 1.0,
            }
        },
        "front": front or {},
        "protocol": protocol,
        **more,
    }
    return Case.from_dict(tables)


def grown(protocol: list[Any], **more: Any) -> Stability:
    found = stability_of(case_of(protocol, **more), CELL)
    assert found is not None
    return found


def test_of_bare_metal_by_hand() -> None:
    found = grown([{"steps": [HOUR]}], front={"surface_energy": "0.9 J/m^2"})
    assert found.wavelength[[0, -1]] == pytest.approx([2e-6, 200e-6])
    k = 2 * np.pi / found.wavelength
    gap = np.tanh(300e-6 * k)
    driven = k * (10.0 - 5.0 * 0.9 * METAL * k**2)
    exact = METAL * driven / (gap + RESISTANCE * 5.0 * k)
    step = found.steps[0]
    assert step.fastest is not None
    assert step.fastest.resistance == pytest.approx(RESISTANCE, rel=1e-6)
    assert step.fastest.rate == pytest.approx(exact, rel=1e-6)
    assert step.exponent == pytest.approx(3600 * exact, rel=1e-6)
    assert found.largest == pytest.approx(np.maximum(3600 * exact, 0.0), rel=1e-6)


def test_steps_add_up_in_their_order() -> None:
    """Largest amplitude at the end of any step, for blocks within blocks."""
    protocol = [
        {"steps": ["strip at 1 mA/cm^2 for 1 h"]},
        {
            "repeat": 3,
            "steps": [
                {"repeat": 2, "steps": [HOUR, "strip at 2 mA/cm^2 for 10 min"]},
                "plate at 2 mA/cm^2 for 2 h",
                "rest for 1 h",
                "strip at 3 mA/cm^2 for 1 h",
            ],
        },
        {"steps": ["plate at 0.1 mA/cm^2 for 1 h"]},
    ]
    case = case_of(protocol, front={"surface_energy": "0.9 J/m^2"})
    found = stability_of(case, CELL)
    assert found is not None
    exponents = {id(s.planned.step): s.exponent for s in found.steps}
    so_far = largest = np.zeros_like(found.wavelength)
    for visit in visits(case.protocol):
        so_far = so_far + exponents[id(visit.step)]
        largest = np.maximum(largest, so_far)
    assert found.largest == pytest.approx(largest, rel=1e-12)
    assert largest.max() > 0.0


def test_currents_of_a_step_by_their_shares_of_time(tmp_path: Path) -> None:
    pulse = {
        "mode": "pulse", "on": "-3 mA/cm^2", "on_time": "1 s", "off": "0 A/m^2", "off_time": "2 s",
        "for": "1 h",
    }  # fmt: skip
    (tmp_path / "i.csv").write_text("time,current_density\n0,-10\n1200,-10\n1201,-30\n2400,-30\n")
    table = {"mode": "file", "file": str(tmp_path / "i.csv")}
    found = grown([{"steps": [HOUR, pulse, table]}])
    plain, pulsed, read = (step.exponent for step in found.steps)
    # Linear kinetics: sigma is proportional to the current without capillarity.
    assert pulsed == pytest.approx(plain, rel=1e-9)
    assert read == pytest.approx(plain * (1200 * 1 + 1199 * 3 + 1 * 2) / 3600, rel=1e-9)


def test_duration_by_charge_and_by_thickness() -> None:
    found = grown([{"steps": [
        HOUR,
        "plate at 1 mA/cm^2 until charge >= 1 mAh/cm^2",
        "plate at 1 mA/cm^2 until thickness >= 1.7083 um",
    ]}])  # fmt: skip
    assert [step.duration for step in found.steps] == pytest.approx([3600] * 3, rel=1e-4)


def test_what_is_not_known_is_said() -> None:
    case = case_of([{"steps": [
        HOUR, "hold at -50 mV for 1 h", "plate at 1 mA/cm^2 until voltage <= -1 V",
    ]}])  # fmt: skip
    found = stability_of(case, CELL)
    assert found is not None
    assert found.unknown == [2, 3]
    (note,) = stability_findings(case, found)
    assert "without step 2, 3" in note.text
    assert found.largest == pytest.approx(found.steps[0].exponent)


def test_layers_that_react_in_their_pores_are_named() -> None:
    silver = {"name": "silver", "material": "Ag_nanoparticles", "thickness": "1 um"}
    case = case_of([{"steps": [HOUR]}], films=[silver])
    (note,) = stability_findings(case, stability_of(case, CELL))
    assert note.text.endswith("what reacts in the pores of silver is left out")


DENSE = {"name": "film", "material": "TiO2", "thickness": "1 um", "conducting": False}
FILM = [{**DENSE, "porosity": 0.01, "tortuosity_factor": 10.0}]


def test_shortest_waves_that_nothing_cuts_off_are_refused() -> None:
    def severities(**front: str) -> list[str]:
        case = case_of([{"repeat": 4, "steps": [HOUR]}], films=FILM, front=front)
        return [found.severity for found in stability_findings(case, stability_of(case, 2 * CELL))]

    assert severities(film="rigid") == ["note", "refusal"]
    assert severities(film="rigid", surface_energy="library") == ["note"]
    assert severities(film="conformal") == ["note"]


def test_metal_in_a_rigid_film_rises_by_its_charge_over_the_porosity() -> None:
    """Two films that conduct alike, one with half of the pores."""
    open_film, half = (
        grown([{"steps": [HOUR]}], front={"film": "rigid"}, films=[{**DENSE, **pores}])
        for pores in (
            {"porosity": 0.5, "tortuosity_factor": 2.0},
            {"porosity": 0.25, "tortuosity_factor": 1.0},
        )
    )
    assert half.largest == pytest.approx(2 * open_film.largest, rel=1e-12)


@pytest.mark.parametrize("counter", ["reservoir", "electrode"])
@pytest.mark.parametrize("level", ["concentrated", "electroneutral"])
def test_the_salt_beside_the_metal_is_that_of_a_straight_profile(counter: str, level: str) -> None:
    """c0 + i (1 - t+) sum(h/f)/(2 F D); of a closed cell from the middle of its salt."""
    film = {**DENSE, "porosity": 0.1, "tortuosity_factor": 2.0, "constrictivity": 1.0}
    salt = {"salt": "ZnSO4", "concentration": "0.1 mol/L"}
    case = case_of([{"steps": [HOUR]}], films=[film], level=level, electrolyte=salt,
                   counter={"type": counter})  # fmt: skip
    cell = cell_of(case)
    plus, minus = cell.bulk.species
    total = plus.diffusivity + minus.diffusivity
    mobility = 2 * plus.diffusivity * minus.diffusivity / total / (minus.diffusivity / total)
    if level == "concentrated":
        library = zinc_sulphate().properties
        mobility = library.diffusivity(100.0) / (1 - library.transference_number(100.0))
    far = {"reservoir": 320e-6, "electrode": (0.1e-6 * 10e-6 + 300e-6 * 170e-6) / 300.1e-6}
    beside = beside_the_metal(cell, -10.0)
    drop = 10.0 * far[counter] / (2 * FARADAY * mobility)
    assert [s.concentration for s in beside.bulk.species] == pytest.approx([100 - drop] * 2)
    i0 = beside.working.surface.main.equilibrium.exchange_current_density
    assert i0 < cell.working.surface.main.equilibrium.exchange_current_density
    assert beside_the_metal(cell, -1e4) == cell


def test_nothing_without_a_front_or_a_width() -> None:
    still = case_of([{"steps": [HOUR]}], front={}).model_copy(update={"front": None})
    assert stability_of(still, CELL) is None
    line = case_of([{"steps": [HOUR]}], geometry={"dimension": 1})
    assert stability_of(line, 0.0) is None
