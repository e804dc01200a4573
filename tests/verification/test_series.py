"""Flat cells at `secondary` and `primary`: every resistance in series, in closed form.

Symmetric cells, layered films, meshed metal, a porous conductor as one block, and reference case
7b (ohm stack between two kinetic resistances).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpi4py import MPI
from scipy.optimize import brentq

from zinterphase.case import Case
from zinterphase.result import Result
from zinterphase.studies import solve
from zinterphase.verification.cells import (
    TEMPERATURE,
    VT,
    Metal,
    binary,
    case_of,
    current,
    film,
    linear,
    potential,
    si,
)
from zinterphase.verification.references import values as expected_values

KAPPA, GAP = 5.65, 200e-6
SALT = binary(2, 2000.0)


def overpotential(density: float, exchange: float, alpha_a: float, alpha_c: float) -> float:
    """Inverse of Butler-Volmer's law [V]."""

    def excess(eta: float) -> float:
        return float(np.exp(alpha_a * eta) - np.exp(-alpha_c * eta) - density / exchange)

    return VT * float(brentq(excess, -60.0, 60.0, xtol=1e-15))


def solved(*, thickness: float = GAP, metal: Metal, **more: Any) -> Result:
    case = case_of("secondary", thickness, SALT, metal, conductivity=KAPPA, **more)
    return solve(case, MPI.COMM_SELF)


@pytest.mark.parametrize(("alpha_a", "alpha_c"), [(1.0, 1.0), (1.5, 0.5)])
@pytest.mark.parametrize("exchange", [1.0, 3.0, 5.0, 10.0, 30.0])
def test_symmetric_cell(exchange: float, alpha_a: float, alpha_c: float) -> None:
    """V = eta(i) - eta(-i) + i L / kappa, plating at 1 mA/cm2 and stripping at 5."""
    for density in (-10.0, 50.0):
        result = solved(
            metal=Metal(exchange, alpha_a, alpha_c), control=current(density), counter=True
        )
        law = (exchange, alpha_a, alpha_c)
        kinetic = overpotential(density, *law)
        counter = -overpotential(-density, *law)
        ohmic = density * GAP / KAPPA
        assert result.potential == pytest.approx(kinetic + counter + ohmic, rel=1e-9)
        assert result.voltage.kinetic == pytest.approx(kinetic, rel=1e-9)
        assert result.voltage.counter_kinetic == pytest.approx(counter, rel=1e-9)
        assert result.voltage.ohmic["liquid"] == pytest.approx(ohmic, rel=1e-9)


@pytest.mark.parametrize(
    ("form", "exchange", "millivolt"),
    [
        *(
            (("lumped"), i0, mv)
            for i0, mv in ((1, 119.4), (3, 66.6), (5, 45.9), (10, 25.3), (30, 9.1))
        ),
        *(
            (("two-step"), i0, mv)
            for i0, mv in ((1, 159), (3, 86.5), (5, 56.0), (10, 27.4), (30, 9.2))
        ),
    ],
)
def test_zinc_against_zinc(form: str, exchange: float, millivolt: float) -> None:
    """Table of a Zn//Zn cell at 1 mA/cm2 (200 um of glass fibre, 2 M).

    The table holds 0.19 mV of concentration polarisation, which this level leaves out by design.
    """
    alphas = {"lumped": (1.0, 1.0), "two-step": (1.5, 0.5)}[form]
    separator = {"porosity": 0.9, "tortuosity_factor": 0.9**-0.5, "constrictivity": 1.0}
    case = case_of(
        "secondary",
        GAP,
        SALT,
        Metal(float(exchange), *alphas),
        conductivity=KAPPA,
        counter=True,
        control=current(-10.0),
        liquid={"material": "separator", **separator},
    )
    voltage = -1e3 * solve(case, MPI.COMM_SELF).potential
    digits = 0.5 if millivolt >= 150 else 0.05
    assert voltage + 0.19 == pytest.approx(millivolt, abs=digits + 0.03)


def test_layers_in_series() -> None:
    """Two films of different conductivity under the electrolyte, linear kinetics."""
    films = [
        film("inner", 1e-6, transport=0.01),
        film("outer", 5e-6, transport=0.25, porosity=0.6),
    ]
    resistance = 2.57e-3
    result = solved(metal=linear(resistance), films=films, control=current(-10.0), width=20e-6)
    drops = {"inner": 1e-6 / (0.01 * KAPPA), "outer": 5e-6 / (0.25 * KAPPA), "liquid": GAP / KAPPA}
    assert result.potential == pytest.approx(-10 * (resistance + sum(drops.values())), rel=1e-9)
    for name, drop in drops.items():
        assert result.voltage.ohmic[name] == pytest.approx(-10 * drop, rel=1e-9)
    assert result.surface.values["current_density"] == pytest.approx(-10.0, rel=1e-9)
    assert result.outer_face is not None
    assert result.outer_face.values["current_density"] == pytest.approx(-10.0, rel=1e-9)


def test_primary_layers_in_series() -> None:
    """Without kinetics: ohm alone, the imposed current found by linearity."""
    films = [film("inner", 1e-6, transport=0.01)]
    for control in (current(-10.0), potential(-10 * (1e-6 / (0.01 * KAPPA) + GAP / KAPPA))):
        case = case_of(
            "primary", GAP, SALT, Metal(1.0), conductivity=KAPPA, films=films, control=control
        )
        result = solve(case, MPI.COMM_SELF)
        assert result.mean_current_density == pytest.approx(-10.0, rel=1e-9)
        drop = 1e-6 / (0.01 * KAPPA) + GAP / KAPPA
        assert result.potential == pytest.approx(-10 * drop, rel=1e-9)


@pytest.mark.parametrize("conductivity", [1.7e7, 1e-3])
def test_meshed_metal(conductivity: float) -> None:
    """The electronic drop of a resolved metal: 1e-11 V in zinc, 0.5 mV at 1e-3 S/m.

    In zinc the drop is 1e-9 of the thermal voltage; stored as a deviation it keeps its digits.
    """
    thickness, resistance = 50e-9, 2.57e-3
    layer = {
        "thickness": si(thickness, "m"),
        "potential": "resolved",
        "electronic_conductivity": si(conductivity, "S/m"),
    }
    result = solved(metal=linear(resistance), metal_layer=layer, control=current(-10.0))
    electronic = -10 * thickness / conductivity
    assert result.voltage.electronic == pytest.approx(electronic, rel=1e-7)
    total = electronic - 10 * (resistance + GAP / KAPPA)
    assert result.potential == pytest.approx(total, rel=1e-9)
    terminal = next(b for b in result.balances if b.name == "solid terminal")
    assert terminal.mismatch < 1e-10


def test_ohm_stack_between_kinetic_resistances() -> None:
    """Case 7b. Its 1e4 S/m layer is the meshed metal, which carries electrons here.

    The two contact resistances are the linear kinetics of the reacting metal (left) and, in the
    place of the right one, a film of the same resistance: both electrodes of a case are alike.
    """
    expected = expected_values("case07")
    left, right, kappa = 0.001284, 0.0002, 0.2
    layer = {
        "thickness": "200 nm",
        "potential": "resolved",
        "electronic_conductivity": "1e4 S/m",
    }
    films = [
        film("contact", 1e-6, transport=1e-6 / right / kappa),
        film("slow", 1e-6, transport=0.25),
    ]
    result = solve(
        case_of(
            "secondary",
            50e-6,
            SALT,
            linear(left),
            conductivity=kappa,
            films=films,
            metal_layer=layer,
            control=potential(0.1),
        ),
        MPI.COMM_SELF,
    )
    assert result.mean_current_density == pytest.approx(expected["ohm|i"], rel=1e-9)
    rise = expected["ohm|phi_layer2_left"] - expected["ohm|phi_layer3_left"]
    assert result.voltage.ohmic["slow"] == pytest.approx(rise, rel=1e-9)
    electronic = expected["ohm|phi_layer1_left"] - expected["ohm|phi_layer2_left"]
    assert result.voltage.electronic == pytest.approx(electronic, rel=1e-7)


@pytest.mark.parametrize("ratio", [0.1, 1.0, 10.0])
def test_porous_electrode_with_linear_kinetics(ratio: float) -> None:
    """Newman's porous electrode of one block, insulated at its metal side from reaction.

    V - Phi(0) for kappa, sigma in parallel paths, linear kinetics a_v/R: Newman & Tobias (1962).
    """
    length, area, resistance, kappa = 5e-6, 1e7, 2.57e-2, 0.5
    sigma = kappa * ratio
    block = {
        "name": "silver",
        "material": "Ag_nanoparticles",
        "thickness": si(length, "m"),
        "porosity": 0.5,
        "tortuosity_factor": 1.0,
        "constrictivity": 1.0,
        "electronic_conductivity": si(sigma, "S/m"),
        "specific_area": si(area, "1/m"),
    }
    dead = linear(1e12)
    case = case_of(
        "secondary",
        20e-6,
        SALT,
        dead,
        conductivity=kappa / 0.5,
        films=[block],
        kinetics={"silver": linear(resistance).table(SALT[0])},
        control=current(-10.0),
        mesh={"first_cell": "10 nm", "growth": 1.1, "far_size": "100 nm", "order": 2},
    )
    result = solve(case, MPI.COMM_SELF)
    nu = length * np.sqrt(area / resistance * (1 / kappa + 1 / sigma))
    block_resistance = (
        length
        / (kappa + sigma)
        * (1 + (2 + (sigma / kappa + kappa / sigma) * np.cosh(nu)) / (nu * np.sinh(nu)))
    )
    total = -10 * (block_resistance + 20e-6 / (kappa / 0.5))
    assert result.potential == pytest.approx(total, rel=1e-6)


def test_thermal_voltage_is_that_of_the_case() -> None:
    """The same cell at 323.15 K: overpotentials scale with the temperature."""
    warm: Case = case_of(
        "secondary",
        GAP,
        SALT,
        Metal(5.0),
        conductivity=KAPPA,
        control=current(-10.0),
        temperature="323.15 K",
    )
    kinetic = overpotential(-10.0, 5.0, 1.0, 1.0) * 323.15 / TEMPERATURE
    result = solve(warm, MPI.COMM_SELF)
    assert result.potential == pytest.approx(kinetic - 10 * GAP / KAPPA, rel=1e-9)
