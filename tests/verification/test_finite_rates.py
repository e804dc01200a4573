"""Complexes that form at finite rates, in a steady state: a closed form and both limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.result import Result
from zinterphase.scales import FARADAY

from .solving import balanced, value

VOLTAGE = 8.31446261815324 * 298.15 / FARADAY


def solved(case: Case) -> Result:
    """With every balance closed and the voltage accounted for, but for the rounding of fast
    exchange."""
    result = balanced(case)
    if result.voltage is not None:
        assert result.voltage.sum == pytest.approx(result.voltage.total, rel=1e-6)
    return result


def kinetic_current(
    decay: float, constant: float, transfer: float, length: float, film: bool
) -> float:
    """Production of C = L (decay [1/s], constant c_C/c_L) ahead of an electrode that uses L up.

    With s = c_L + c_C and q = c_L - c_C/K of one diffusivity D: s'' = 0, D q'' = k (1 + K) q, both
    those of the bulk at the far side, s' = q' at the electrode that C does not see, and flux
    J = D s' = k_h c_L with c_L = (s + K q)/(1 + K). The reaction layer is sqrt(D/(k (1 + K))) thick
    (Koutecky & Brdicka 1947). In pores D and k both are those of the liquid; the flux is less.
    """
    diffusivity = 1e-9
    layer = np.sqrt(diffusivity / (decay * (1 + constant)))
    share = 0.2 / 0.5 if film else 1.0
    layer *= np.sqrt(share)
    whole, factor = 1.0 + constant, (0.2 if film else 1.0) * diffusivity
    resistance = (length + constant * layer * np.tanh(length / layer)) / (factor * whole)
    return 2 * FARADAY * (whole / (1 + constant)) / (1 / transfer + resistance)


@pytest.mark.parametrize("level", ["electroneutral", "pnp"])
@pytest.mark.parametrize("decay", [10.0, 1e3, 1e5])
@pytest.mark.parametrize("film", [False, True])
def test_a_reaction_layer_ahead_of_an_electrode(level: str, decay: float, film: bool) -> None:
    constant, transfer, length = 50.0, 1e-2, 2e-6
    fast = f"{2 * FARADAY * transfer} A/m^2"
    layer = {"material": "electrolyte"} if not film else {
        "material": "separator", "porosity": 0.5, "tortuosity_factor": 2.5
    }  # fmt: skip
    case = Case.from_dict(
        {
            "level": level,
            "reference": "Zn",
            "geometry": {"dimension": 1},
            "layers": [
                {"name": "zinc", "material": "Zn", "thickness": "50 um"},
                {"name": "liquid", "thickness": f"{length} m", **layer},
            ],
            "electrolyte": {
                "species": [
                    ion("Zn2+", 2, 100.0),
                    ion("SO42-", -2, 100.0),
                    ion("L", 0, 1.0),
                ],
                "complexes": [
                    {
                        "name": "C",
                        "charge": 0,
                        "diffusivity": "1e-9 m^2/s",
                        "composition": {"L": 1.0},
                        "log_K": float(np.log10(constant)),
                    }
                ],
                "rates": {"C": {"decay_rate_constant": f"{decay} 1/s"}},
            },
            "kinetics": {
                "zinc": {
                    "contact_fraction": 1.0,
                    "exchange_current_density": "1e-12 A/m^2",
                    "reactions": {"uses_it_up": {**USES_IT_UP, "exchange_current_density": fast}},
                }
            },
            "mesh": {"first_cell": "1 nm", "growth": 1.05, "far_size": "20 nm", "order": 2},
            "counter": {"type": "reservoir"},
            "output": {"errors": False},
            "control": {"potential": "-0.1 V"},
        }
    )
    found = value(solved(case), "working.uses_it_up.mean_current_density")
    exact = kinetic_current(decay, constant, transfer, length, film)
    assert -found == pytest.approx(exact, rel=1e-4)


USES_IT_UP = {
    "reactant": "L",
    "stoichiometry": {"L": 1.0, "SO42-": -1.0},
    "electrons": 2,
    "form": "tafel",
    "alpha_c": 1e-9,
    "orders": {"L": 1.0},
    "reference_concentration": "1 mol/m^3",
    "formal_potential": "0 V",
}


def ion(name: str, charge: int, concentration: float) -> dict[str, Any]:
    return {
        "name": name,
        "charge": charge,
        "diffusivity": "1e-9 m^2/s",
        "concentration": f"{concentration} mol/m^3",
    }


def acid(level: str, rates: dict[str, Any], **tables: Any) -> Case:
    """Zinc plated from acid, below a porous film."""
    thin = level == "pnp"
    return Case.from_dict(
        {
            "level": level,
            "geometry": {"dimension": 1},
            "layers": [
                {"name": "zinc", "material": "Zn", "thickness": "50 um"},
                {"name": "titania", "material": "TiO2", "thickness": "50 nm" if thin else "2 um"},
                {
                    "name": "liquid",
                    "material": "electrolyte",
                    "thickness": "200 nm" if thin else "50 um",
                },
            ],
            "electrolyte": {
                "concentration": "2 mol/L" if level == "concentrated" else "20 mmol/L",
                "pH": 3.0,
                "equilibria": ["bisulfate"],
                "rates": rates,
            },
            "kinetics": {
                "zinc": {
                    "contact_fraction": 1.0,
                    "reactions": {
                        "hydrogen_evolution": {
                            "exchange_current_density": "0.1 A/m^2" if thin else "1e-3 A/m^2"
                        }
                    },
                }
            },
            "mesh": {} if thin else {"first_cell": "1 um", "far_size": "1 um"},
            "counter": {"type": "reservoir"},
            "output": {"errors": False},
            "control": {"current_density": "-20 A/m^2"},
            **tables,
        }
    )


HYDROGEN = "working.gas_production.H2"


@pytest.mark.parametrize("level", ["electroneutral", "pnp", "concentrated"])
def test_fast_exchange_is_the_equilibrium(level: str) -> None:
    """The error falls as 1/k; at concentrated, too, where the salt counts what is in complexes."""
    exact = value(solved(acid(level, {})), HYDROGEN)
    fast, faster = (
        value(solved(acid(level, {"bisulfate": {"decay_rate_constant": f"{k} 1/s"}})), HYDROGEN)
        for k in ((1e13, 1e15) if level == "pnp" else (1e9, 1e11))
    )
    assert abs(fast / exact - 1) < 1e-4
    assert abs(faster / exact - 1) < 1e-6
    assert abs(faster - exact) < 0.03 * abs(fast - exact)


def test_a_slow_complex_is_an_inert_species() -> None:
    """Without exchange the acid that is bound does not reach the electrode's reaction."""
    inert = solved(acid("electroneutral", {"bisulfate": {"decay_rate_constant": "0 1/s"}}))
    slow = solved(acid("electroneutral", {"bisulfate": {"decay_rate_constant": "1e-6 1/s"}}))
    assert value(slow, HYDROGEN) == pytest.approx(value(inert, HYDROGEN), rel=1e-6)
    names = inert.problem.level.component_names
    unknowns = inert.problem.liquid_field.x.array.reshape(-1, len(names))
    assert np.ptp(unknowns[:, names.index("mu_HSO4-")]) < 1e-9
    at_once = value(solved(acid("electroneutral", {})), HYDROGEN)
    assert value(inert, HYDROGEN) < 0.99 * at_once


@pytest.mark.parametrize("constant", [0.0, 1e-2, 1e6])
@pytest.mark.parametrize("level", ["electroneutral", "concentrated"])
def test_a_closed_cell_keeps_its_elements(level: str, constant: float) -> None:
    """Between two zinc electrodes acid has no source: it only moves, bound and free."""
    rates = {"bisulfate": {"decay_rate_constant": f"{constant} 1/s"}}
    kinetics = {"zinc": {"contact_fraction": 1.0}}
    case = acid(level, rates, counter={"type": "electrode"}, kinetics=kinetics)
    result = solved(case)
    amounts = {b.name for b in result.balances if b.name.startswith("amount")}
    bound = {"amount of HSO4-"} if constant == 0.0 else set()
    assert amounts == {"amount of H+", "amount of SO42-"} | bound
