"""The charge of a compressed double layer on the mesh that its case gets, against Kilic, Bazant &
Ajdari (2007)."""

import pytest

from zinterphase.case import Case
from zinterphase.geometry.mesh_advice import mesh_findings
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.source import mesh_of_case
from zinterphase.observe.goals import CHARGE
from zinterphase.output.results import quantities
from zinterphase.run import solve
from zinterphase.scales import thermal_voltage
from zinterphase.verification.closed.diffuse import DiffuseLayer

VT = thermal_voltage(298.15)
WATER = 78.49
KEY = "working.charge_density"


def polarised(drop: float, diameter: float | None, **mesh: str) -> Case:
    """No current, and a metal ``drop`` [V] above its potential of zero charge."""
    ions = [
        {"name": name, "charge": z, "diffusivity": "1e-9 m^2/s", "concentration": "10 mol/m^3"}
        for name, z in (("M", 1), ("A", -1))
    ]
    metal = {
        "reactant": "M",
        "exchange_current_density": "1 A/m^2",
        "reference_concentration": "10 mol/m^3",
        "formal_potential": "0 V",
        "alpha_a": 0.5,
        "alpha_c": 0.5,
        "contact_fraction": 1.0,
        "pzc": f"{-drop} V",
        "stern_capacitance": "1e6 F/m^2",
    }
    steric = {} if diameter is None else {"steric_diameter": f"{diameter * 1e9} nm"}
    return Case.from_dict(
        {
            "level": "pnp",
            "geometry": {"width": "2 nm"},
            "layers": [
                {"name": "metal", "material": "Zn", "thickness": "1 um"},
                {"name": "el", "material": "electrolyte", "thickness": "100 nm"},
            ],
            "electrolyte": {"permittivity": WATER, "species": ions, **steric},
            "kinetics": {"metal": metal},
            "control": {"current_density": "0 A/m^2"},
            "metrics": {"smoothing_radius": "0.2 nm"},
            "mesh": {"lateral_size": "1 nm", **mesh},
        }
    )


@pytest.mark.parametrize(
    ("drop", "diameter"), [(0.05, None), (0.25, None), (0.25, 0.310622e-9), (-0.6, 0.310622e-9)]
)
def test_charge_and_its_error(drop: float, diameter: float | None) -> None:
    exact = DiffuseLayer(1, 10.0, WATER, VT, diameter).surface_charge(drop)
    result = solve(polarised(drop, diameter), errors=True)
    found = quantities(result)[KEY]
    assert found.value == pytest.approx(exact, rel=0.02)
    assert result.errors is not None
    estimate = result.errors.goals[CHARGE]
    area = float(result.surface.area.sum())
    assert estimate.error / area == pytest.approx(exact - found.value, rel=0.25)
    assert not [x for x in result.findings if x.field in (KEY, "mesh.first_cell")]


def test_an_unresolved_layer_is_said() -> None:
    case = polarised(0.25, 0.310622e-9, first_cell="0.9 nm")
    (finding,) = mesh_findings(case, mesh_quality(mesh_of_case(case)))
    assert (finding.severity, finding.field) == ("warning", "mesh.first_cell")
    assert "the lower end of el, 0.9 nm, is above" in finding.text
    result = solve(case, errors=True)
    found = quantities(result)
    assert found[KEY].error > 0.2 * found[KEY].value
    warnings = " ".join(found["run.warnings"].value)
    assert f"warning: {KEY}: its estimated error is 0.2" in warnings
    assert str(finding) in warnings
