"""Chemical steps in a case file: what is read, and what is refused."""

from __future__ import annotations

import math
import tomllib
from typing import Any

import pytest

from zinterphase.case import Case
from zinterphase.cell.electrodes import cell_of
from zinterphase.errors import CaseError

from .test_aqueous_case import case

VOLTAGE = 8.31446261815324 * 298.15 / 96485.33212331001
STEP: dict[str, Any] = {
    "form": "mass_action",
    "equation": "Zn(s) + 2 H+ -> Zn2+ + H2(g)",
    "rate_constant": "1e-6 mol/m^2/s",
}


def with_step(level: str = "electroneutral", /, **changes: Any) -> Case:
    step = {key: value for key, value in {**STEP, **changes}.items() if value is not None}
    return case(level, electrolyte={"pH": 3.0}, reactions={"attack": step})


def test_an_equation_tells_numbers_and_orders() -> None:
    step = with_step().kinetics["zinc"].steps["attack"]
    assert step.stoichiometry == {"H+": -2.0, "Zn2+": 1.0}
    assert (step.gas, step.solids, step.orders) == ({"H2": 1.0}, {"Zn": -1.0}, {"H+": 2.0})
    assert step.backward_orders == {"Zn2+": 1.0}
    first = with_step(orders={"H+": 1.0}).kinetics["zinc"].steps["attack"]
    assert first.backward_orders == {"H+": -1.0, "Zn2+": 1.0}


def test_a_resolved_case_is_read_back_as_it_was() -> None:
    found = with_step(backward_rate_constant="1e-9 mol/m^2/s")
    assert Case.from_dict(tomllib.loads(found.to_toml())) == found


def test_the_rate_holds_at_the_reference_concentration() -> None:
    """1 mol/L by default: first order at pH 3 is a thousandth."""
    (step,) = cell_of(with_step(orders={"H+": 1.0})).working.surface.steps
    assert step.forward == pytest.approx(1e-9, rel=1e-9)
    assert step.backward == 0.0
    assert (step.metal, step.ions) == (-1.0, {"H+": -2.0, "Zn2+": 1.0})
    (step,) = cell_of(with_step(reference_concentration="1 mmol/L")).working.surface.steps
    assert step.forward == pytest.approx(1e-6, rel=1e-9)


def test_a_seed_and_a_counter_electrode_keep_steps() -> None:
    kinetics = with_step().kinetics["zinc"]
    assert kinetics.with_seed(7).steps == kinetics.steps == kinetics.evened().steps


def iodine(backward: float) -> Case:
    """Zn + I3- = Zn2+ + 3 I- beside 3 I- = I3- + 2 e- at 0.536 V and Zn at -0.76 V, 1 mol/L."""
    held = (("Zn2+", 2, 1000.0), ("SO42-", -2, 900.0), ("I-", -1, 150.0), ("I3-", -1, 50.0))
    ions = [
        {"name": n, "charge": z, "diffusivity": "1e-9 m^2/s", "concentration": f"{c} mol/m^3"}
        for n, z, c in held
    ]
    law = {"exchange_current_density": "1 A/m^2", "reference_concentration": "1 mol/L"}
    return case(
        "electroneutral",
        electrolyte={"concentration": None, "species": ions},
        kinetics={
            "zinc": {
                "contact_fraction": 1.0,
                **law,
                "formal_potential": "-0.76 V",
                "reactions": {
                    "iodide": {
                        "equation": "3 I- -> I3- + 2 e-",
                        "formal_potential": "0.536 V",
                        "alpha_a": 1.0,
                        "alpha_c": 1.0,
                        **law,
                    },
                    "chemical": {
                        "form": "mass_action",
                        "equation": "Zn(s) + I3- -> Zn2+ + 3 I-",
                        "rate_constant": "1e-3 mol/m^2/s",
                        "backward_rate_constant": f"{backward} mol/m^2/s",
                    },
                },
            }
        },
    )


def test_a_reversible_step_shares_the_equilibrium_of_electrodes() -> None:
    """ln K = 2 (0.536 + 0.76) V F/RT: else a current would run in a circle at rest."""
    consistent = 1e-3 * math.exp(-2 * (0.536 + 0.76) / VOLTAGE)
    (step,) = cell_of(iodine(consistent)).working.surface.steps
    assert step.affinity > 80.0
    with pytest.raises(CaseError, match="chemical ln K"):
        cell_of(iodine(2 * consistent))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"equation": "Zn(s) + 2 H+ + 2 e- -> Zn2+ + H2(g)"}, "no electrons"),
        ({"equation": "Zn(s) + H+ -> Zn2+ + H2(g)"}, "charge"),
        ({"equation": "Zn(s) + 2 H+ -> Zn2+ + 2 H2(g)"}, "H differs"),
        ({"equation": "Ag(s) + 2 H+ -> Zn2+ + H2(g)"}, "differs"),
        (
            {"equation": "A(s) + Zn2+ -> B(s) + 2 H+", "stoichiometry": None},
            r"A\(s\) used up.*Zn\(s\)",
        ),
        ({"stoichiometry": {"H+": -1.0}}, "beside equation"),
        ({"equation": None}, "stoichiometry"),
        ({"equation": None, "stoichiometry": {"H+": 1.0}, "orders": {}}, "takes no electrons"),
        ({"equation": None, "stoichiometry": {"Q": 1.0}, "orders": {}}, "Q"),
        ({"equation": None, "stoichiometry": {}, "orders": {}}, "stoichiometry"),
        ({"orders": {"Q": 1.0}}, "orders.*Q"),
        ({"orders": {"H+": 9.0}}, "orders"),
        ({"rate_constant": None}, "rate_constant"),
        ({"rate_constant": "1 mol/m^2"}, "mol/m"),
        ({"rate_constant": "-1 mol/m^2/s"}, "0 to"),
        ({"rate_constant": "1e-6 m/s"}, "1e-6 mol/m"),
        ({"exchange_current_density": "1 A/m^2"}, "exchange_current_density"),
        ({"form": "mass-action"}, 'form = "mass_action"'),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(CaseError, match=why) as caught:
        with_step(**changes)
    assert "\n" not in str(caught.value)
    assert "kinetics.zinc.reactions.attack" in str(caught.value)


def test_a_level_without_rates_refuses_a_step() -> None:
    with pytest.raises(CaseError, match=r"attack.*no chemical step at level"):
        with_step("primary")
    assert with_step("secondary").kinetics["zinc"].steps


def test_a_steady_closed_cell_is_refused() -> None:
    with pytest.raises(CaseError, match="steady closed cell"):
        case(
            "electroneutral",
            electrolyte={"pH": 3.0},
            reactions={"attack": STEP},
            counter={"type": "electrode"},
        )
