"""What `run` says first of the evenness of the current."""

from io import StringIO
from typing import Any

import pytest

from zinterphase.case import Case
from zinterphase.cli.console import PlainTextConsole, show_result
from zinterphase.run import solve

BUMP = {
    "level": "secondary",
    "geometry": {
        "width": "20 um",
        "surface": {
            "shape": "protrusion", "height": "5 um", "tip_radius": "2 um", "position": "10 um",
        },
    },
    "layers": [
        {"name": "zinc", "material": "Zn", "thickness": "1 um"},
        {"name": "electrolyte", "material": "electrolyte", "thickness": "50 um"},
    ],
    "electrolyte": {"salt": "ZnSO4", "concentration": "2 mol/L"},
    "control": {"current_density": "-1 mA/cm^2"},
}  # fmt: skip
PORES = {"name": "silver", "material": "Ag_nanoparticles", "thickness": "1 um"}


def lines(case: dict[str, Any]) -> list[str]:
    console = PlainTextConsole(file=StringIO(), width=120)
    show_result(console, solve(Case.from_dict(case)))
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


def test_a_bump_with_slow_kinetics_is_even_and_its_slopes_come_second() -> None:
    first, second = lines(BUMP)[:2]
    assert first.startswith("current per metal area: mean -0.8")
    assert float(first.split("CV ")[1].split(",")[0]) < 1e-3
    assert float(first.split("tip/base ")[1]) == pytest.approx(1.0, abs=1e-3)
    assert second.startswith("current per projected area: mean -1 mA/cm^2")
    assert float(second.split("CV ")[1].split(",")[0]) > 0.1


def test_reacting_pores_are_told_of_per_projected_area() -> None:
    layers = [BUMP["layers"][0], PORES, BUMP["layers"][1]]
    flat = {**BUMP, "geometry": {"width": "20 um"}, "layers": layers}
    first, second = lines(flat)[:2]
    assert first.startswith("current per projected area, pores included: mean -1 mA/cm^2")
    assert second.startswith("current per metal area")
    assert "tip/base" not in second
