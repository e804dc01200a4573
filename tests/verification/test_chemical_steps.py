"""Chemical steps on walls in a steady state, against closed forms of diffusion to a reaction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.materials.library import parameter
from zinterphase.output.results import quantities
from zinterphase.result import Result
from zinterphase.scales import FARADAY

from .solving import balanced, value

LENGTH = 2e-6
DIFFUSIVITY = 1e-9


def ion(name: str, charge: int, concentration: float) -> dict[str, Any]:
    return {
        "name": name,
        "charge": charge,
        "diffusivity": f"{DIFFUSIVITY} m^2/s",
        "concentration": f"{concentration} mol/m^3",
    }


IONS = [
    ion("Zn2+", 2, 100.5),
    ion("SO42-", -2, 100.0),
    ion("I-", -1, 1.0),
    ion("I2", 0, 2.0),
    ion("X", 0, 3.0),
]
ATTACK = {
    "form": "mass_action",
    "equation": "Zn(s) + I2 -> Zn2+ + 2 I-",
    "rate_constant": "0.4 mol/m^2/s",  # 4e-4 m/s times 1 mol/L
}


def cell(level: str, steps: dict[str, Any], **tables: Any) -> Case:
    reservoir = tables.pop("reservoir", {"material": "electrolyte"})
    return Case.from_dict(
        {
            "level": level,
            "reference": "Zn",
            "geometry": {"dimension": 1},
            "layers": [
                {"name": "zinc", "material": "Zn", "thickness": "50 um"},
                *tables.pop("films", []),
                {"name": "liquid", "thickness": f"{LENGTH} m", **reservoir},
            ],
            "electrolyte": tables.pop("electrolyte", {"species": IONS}),
            "kinetics": {
                "zinc": {
                    "contact_fraction": 1.0,
                    "reactions": {} if "kinetics" in tables else steps,
                },
                **tables.pop("kinetics", {}),
            },
            "mesh": {"first_cell": "10 nm", "growth": 1.1, "far_size": "40 nm", "order": 2},
            "counter": {"type": "reservoir"},
            "output": {"errors": False},
            "control": {"current_density": "-20 A/m^2"},
            **tables,
        }
    )


def solved(case: Case) -> Result:
    """With every balance closed and the voltage accounted for."""
    result = balanced(case)
    assert result.voltage is not None
    assert result.voltage.sum == pytest.approx(result.voltage.total, rel=1e-8)
    return result


@pytest.mark.parametrize(("level", "porous"), [("electroneutral", True), ("pnp", False)])
def test_first_order_attack_behind_diffusion(level: str, porous: bool) -> None:
    """k c_b/(1 + k L/D) of a neutral species; the metal is lost without a current."""
    separator = {"material": "separator", "porosity": 0.5, "tortuosity_factor": 2.5}
    case = cell(level, {"attack": ATTACK}, **({"reservoir": separator} if porous else {}))
    result = solved(case)
    k, transport = 4e-4, DIFFUSIVITY * (0.5 / 2.5 if porous else 1.0)
    exact = k * 2.0 / (1 + k * LENGTH / transport)
    rate = value(result, "working.attack.rate")
    assert rate == pytest.approx(exact, rel=1e-6)
    assert value(result, "working.attack.ion_production.I-") == pytest.approx(2 * rate, rel=1e-12)
    assert value(result, "working.mean_current_density") == pytest.approx(-20.0, rel=1e-9)
    plated = value(result, "working.deposition.ion_production.Zn2+")
    assert value(result, "working.ion_production.Zn2+") == pytest.approx(plated + rate, rel=1e-9)
    lost = value(result, "working.corrosion_current_density")
    assert lost == pytest.approx(2 * FARADAY * rate, rel=1e-12)


def test_oxygen_attacks_zinc_in_a_concentrated_salt() -> None:
    """A trace of the salt's; base is left behind."""
    step = {
        "form": "mass_action",
        "equation": "2 Zn(s) + O2 + 2 H2O -> 2 Zn2+ + 4 OH-",
        "rate_constant": "1 mol/m^2/s",
    }
    none = {"oxygen_reduction": {"exchange_current_density": "1e-24 A/m^2"}}
    liquid = {"concentration": "2 mol/L", "pH": 4.0, "oxygen": "air"}
    case = cell("concentrated", {"rust": step, **none}, electrolyte=liquid)
    result = solved(case)
    k, held = 1e-3, parameter("electrolyte.O2_air_saturated").si
    exact = k * held / (1 + k * LENGTH / parameter("electrolyte.D_O2").si)
    rate = value(result, "working.rust.rate")
    assert rate == pytest.approx(exact, rel=1e-5)
    lost = value(result, "working.corrosion_current_density")
    assert lost == pytest.approx(4 * FARADAY * rate, rel=1e-6)
    assert value(result, "working.pH.mean") > 4.0


def test_a_reversible_step_between_two_species() -> None:
    """(k_f a - k_b b)/(1 + (k_f + k_b) L/D); no metal takes part."""
    step = {
        "form": "mass_action",
        "stoichiometry": {"X": -1.0, "I2": 1.0},
        "orders": {"X": 1.0},
        "rate_constant": "0.5 mol/m^2/s",
        "backward_rate_constant": "0.2 mol/m^2/s",
    }
    result = solved(cell("electroneutral", {"exchange": step}))
    forward, backward = 5e-4, 2e-4
    exact = (forward * 3.0 - backward * 2.0) / (1 + (forward + backward) * LENGTH / DIFFUSIVITY)
    assert value(result, "working.exchange.rate") == pytest.approx(exact, rel=1e-6)
    assert "working.corrosion_current_density" not in quantities(result)


def test_attack_inside_a_porous_metal() -> None:
    """c_t sqrt(a k D_e) tanh(h sqrt(a k/D_e)) below a layer of liquid, c_t at the pores' mouth."""
    height, area, porosity, tortuosity = 1e-6, 1e7, 0.4, 2.0
    silver = {
        "name": "silver",
        "material": "Ag_nanoparticles",
        "thickness": f"{height} m",
        "porosity": porosity,
        "tortuosity_factor": tortuosity,
        "constrictivity": 1.0,
        "specific_area": f"{area} 1/m",
    }
    kinetics = {"silver": {"contact_fraction": 1.0, "reactions": {"attack": ATTACK}}}
    result = solved(cell("electroneutral", {}, films=[silver], kinetics=kinetics))
    k, effective = 4e-4, DIFFUSIVITY * porosity / tortuosity
    modulus = np.sqrt(area * k / effective)
    film = effective * modulus * np.tanh(height * modulus)
    exact = 2.0 * film / (1 + film * LENGTH / DIFFUSIVITY)
    assert value(result, "working.attack.rate") == pytest.approx(exact, rel=1e-5)
