"""At the bulk's equilibrium potential no current flows, whatever state the kinetics refer to."""

from math import log
from typing import Any

import pytest

from zinterphase import Case, solve
from zinterphase.scales import thermal_voltage

VT = thermal_voltage(298.15)
BULK = 10.0
"""mol/m3."""
EQUILIBRIUM = -0.795 + VT / 2 * log(BULK / 2000.0)
"""Of zinc ions as ideal species [V vs SHE]."""
IONS = [
    {"name": name, "charge": z, "diffusivity": "7e-10 m^2/s", "concentration": f"{BULK} mol/m^3"}
    for name, z in (("Zn2+", 2), ("SO42-", -2))
]
GIVEN = {
    "Zn": {"formal_potential": f"{VT / 2 * log(2.0)!r} V"},
    "SHE": {"formal_potential": f"{EQUILIBRIUM + VT / 2 * log(2.0)!r} V"},
}


def mixed(level: str, scale: str, kinetics: dict[str, Any], liquid: dict[str, Any]) -> Case:
    """Porous silver on dense silver, the reference state of the first given, of the second not."""
    layers = [
        {"name": "silver", "material": "Ag", "thickness": "1 um", "potential": "resolved"},
        {"name": "porous", "material": "Ag_nanoparticles", "thickness": "0.1 um"},
        {"name": "liquid", "material": "electrolyte", "thickness": "0.5 um"},
    ]
    if level == "primary":
        del layers[1], layers[0]["potential"]
    names = [layer["name"] for layer in layers[:-1]]
    at_rest = 0.0 if scale == "Zn" else EQUILIBRIUM
    return Case.from_dict(
        {
            "level": level,
            "reference": scale,
            "geometry": {"width": "0.5 um"},
            "layers": layers,
            "electrolyte": liquid,
            "kinetics": dict(zip(names, [kinetics, {}], strict=False)),
            "control": {"potential": f"{at_rest!r} V"},
            "mesh": {"lateral_size": "0.5 um"},
        }
    )


@pytest.mark.parametrize("scale", ["SHE", "Zn"])
@pytest.mark.parametrize("level", ["pnp", "electroneutral", "secondary", "primary"])
@pytest.mark.parametrize("given", [False, True])
def test_no_current_at_equilibrium(level: str, scale: str, given: bool) -> None:
    kinetics = {"reference_concentration": f"{2 * BULK} mol/m^3"}
    case = mixed(
        level,
        scale,
        kinetics | (GIVEN[scale] if given else {}),
        {"species": IONS, "conductivity": "0.1 S/m"},
    )
    result = solve(case)
    exchange = result.problem.surface.law.bulk.exchange_current_density
    assert abs(result.mean_current_density) < 1e-9 * exchange


def test_no_current_at_equilibrium_with_measured_activities() -> None:
    for reference in ("0.01 mol/L", "2.4 mol/L"):
        kinetics = {"reference_concentration": reference}
        case = mixed("concentrated", "Zn", kinetics, {"concentration": "1 mol/L"})
        assert abs(solve(case).mean_current_density) < 1e-9
