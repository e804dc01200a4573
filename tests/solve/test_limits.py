"""What limits a cell: plateaus against the quadrature, fillings, saturation, failures."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import regime_of
from zinterphase.cell.limiting import Composition, Resistance, limiting_flux
from zinterphase.errors import SolveError
from zinterphase.output.results import quantities
from zinterphase.run import solve
from zinterphase.scales import FARADAY
from zinterphase.solve.continuation import Attempt
from zinterphase.verification.cells import (
    VT,
    Metal,
    SampleIon,
    binary,
    case_of,
    current,
    film,
    potential,
    tables,
)

ANODES = Path(__file__).parents[2] / "cases"
SULFATE = (
    SampleIon("Zn2+", 2, 7.03e-10, 100.0),
    SampleIon("H+", 1, 9.311e-9, 20.0),
    SampleIon("HSO4-", -1, 1.385e-9, 30.0),
    SampleIon("SO4 2-", -2, 1.065e-9, 95.0),
)
"""Zinc from acid sulfate."""
IONS = Composition((2, 100.0), ((1, 20.0), (-1, 30.0), (-2, 95.0)), 7.03e-10)
GAP = Resistance(100e-6, 100e-6, 0.0)


def membrane(fixed_charge: float) -> Resistance:
    """5 um with porosity one half and tortuosity factor two."""
    return Resistance(5e-6 / 0.25, 2.5e-6, fixed_charge)


@pytest.mark.parametrize("charge", [-50.0, 0.0, 20.0])
def test_the_plateau_of_four_ions_is_the_limiting_current(charge: float) -> None:
    """The finite elements at -1 V, through a charged film, against the quadrature."""
    layer = film("film", 5e-6, transport=0.25, fixed_charge=f"{charge} mol/m^3")
    metal = Metal(20.0, 1.5, 0.5)
    case = case_of("electroneutral", 100e-6, SULFATE, metal, films=[layer], control=potential(-1.0))
    result = solve(case, MPI.COMM_SELF)
    assert result.regime.limiting_current == pytest.approx(
        2 * FARADAY * limiting_flux([membrane(charge), GAP], IONS), rel=1e-9
    )
    assert result.limiting_fraction == pytest.approx(1.0, rel=5e-4)
    assert "quadrature" in result.regime.limiting_definition


def charged_cell(how: str, voltage: float) -> Case:
    """A closed cell over two films of which one is charged; ``how`` it was filled."""
    films = [
        film("under", 200e-9, porosity=0.4, transport=0.4 / 1.58113883),
        film("film", 1e-6, transport=0.5 / 2**0.5, fixed_charge="100 mol/m^3"),
    ]
    ions = binary(2, 10.0, (0.703e-9, 1.065e-9))
    control = potential(voltage * VT)
    data = tables("electroneutral", 50e-6, ions, Metal(2.0), films=films, control=control)
    data["counter"] = {"type": "electrode", "like": "metal", "filling": how}
    data["mesh"]["refinement"] = 2
    return Case.from_dict(data)


@pytest.mark.parametrize(("how", "expected"), [("equilibrium", 39.1973), ("bulk", 36.8162)])
def test_a_closed_cell_depends_on_how_it_was_filled(how: str, expected: float) -> None:
    """Donnan equilibrium draws anions into a positive film; the plateau has their amount in it."""
    case = charged_cell(how, -60.0)
    assert regime_of(case).limiting_current == pytest.approx(expected, rel=1e-5)
    result = solve(case, MPI.COMM_SELF)
    assert result.limiting_fraction == pytest.approx(1.0, rel=4e-3)
    assert "counter.filling" in [f.field for f in result.regime.findings]
    amount = next(row for row in result.balances if row.name.startswith("amount of"))
    assert amount.left == pytest.approx(amount.right, rel=1e-9)


def test_a_liquid_beyond_saturation_is_refused() -> None:
    """Judged from the solution, at levels with concentrations and without; shown when accepted."""
    anodic = ["control.potential=-0.65 V", "geometry.width=10 um"]
    for level in ("electroneutral", "secondary"):
        case = Case.load(ANODES / "bare.toml", [*anodic, f"level={level}"])
        with pytest.raises(SolveError, match=r"Zn2\+ reaches .* saturated zinc sulphate"):
            solve(case, MPI.COMM_SELF)
    case = Case.load(ANODES / "bare.toml", [*anodic, "level=secondary", "accept_invalid=true"])
    result = solve(case, MPI.COMM_SELF)
    assert any(f.field == "level" and "saturated" in f.text for f in result.regime.refusals)
    assert quantities(result)["run.inside_validity"].value is False


def test_a_failure_says_what_limits() -> None:
    """More than the limiting current at level `pnp`, and a salt that leaves its measured range."""
    ions = binary(2, 10.0)
    with pytest.raises(SolveError, match=r"the limiting current, .* mA/cm\^2"):
        solve(case_of("pnp", 10e-6, ions, Metal(5.0), control=current(-2000.0)), MPI.COMM_SELF)
    case = Case.load(ANODES / "bare.toml", ["control.potential=-5 V", "geometry.width=10 um"])
    with pytest.raises(SolveError, match="its properties are measured from"):
        solve(case, MPI.COMM_SELF)


def test_what_has_no_solution_is_given_up_soon() -> None:
    """A tenth more than the limiting current at level `pnp`: 458 iterations without the count of
    those that make no progress."""
    chosen = ["level=pnp", "electrolyte.concentration=0.01 mol/L", "geometry.width=10 um"]
    case = Case.load(ANODES / "bare.toml", [*chosen, "control.current_density=-6.02 mA/cm^2"])
    attempts: list[Attempt] = []
    with pytest.raises(SolveError, match=r"the case asks for 1\.11 of it"):
        solve(case, MPI.COMM_SELF, on_attempt=attempts.append)
    assert sum(len(attempt.report.iterations) for attempt in attempts) < 400


def test_far_on_the_plateau_there_is_a_solution() -> None:
    """-120 RT/F beyond equilibrium take 40 clipped steps, each with progress."""
    chosen = [
        "level=electroneutral",
        "electrolyte.concentration=0.05 mol/L",
        "geometry.width=10 um",
    ]
    case = Case.load(ANODES / "bare.toml", [*chosen, "control.potential=-3.9 V"])
    assert solve(case, MPI.COMM_SELF).limiting_fraction == pytest.approx(1.0, rel=0.02)


def test_a_film_with_twenty_molar_fixed_charge_has_a_solution() -> None:
    layer = film("film", 1e-6, transport=0.25, fixed_charge="20 mol/L")
    ions = binary(2, 10.0)
    case = case_of("pnp", 10e-6, ions, Metal(5.0), films=[layer], control=current(-0.1))
    assert solve(case, MPI.COMM_SELF).mean_current_density == pytest.approx(-0.1)


CLOSED = """
level = "pnp"
geometry = {width = "1 um"}
counter = {type="electrode", like="zinc"}
control = {current_density="-10 A/m^2"}
mesh = {lateral_size="1 um", refinement=3}
[[layers]]
name = "zinc"
material = "Zn"
thickness = "10 um"
[[layers]]
name = "lower"
material = "TiO2"
thickness = "200 nm"
porosity = 0.4
tortuosity_factor = 1.58113883
constrictivity = 1.0
permittivity = 19.8338055
[[layers]]
name = "upper"
material = "TiO2"
thickness = "1 um"
porosity = 0.5
tortuosity_factor = 1.41421356
constrictivity = 1.0
permittivity = 40.0
fixed_charge = "100 mol/m^3"
[[layers]]
name = "liquid"
material = "electrolyte"
thickness = "50 um"
[electrolyte]
permittivity = 78.4
species = [
 {name="Zn2+", charge=2, diffusivity="0.703e-9 m^2/s", concentration="10 mol/m^3"},
 {name="SO4", charge=-2, diffusivity="1.065e-9 m^2/s", concentration="10 mol/m^3"}]
[kinetics.zinc]
exchange_current_density="20 A/m^2"
reference_concentration="1000 mol/m^3"
formal_potential="0 V"
alpha_a=1.0
alpha_c=1.0
contact_fraction=1.0
pzc="0 V"
stern_capacitance="0.2 F/m^2"
"""


def test_a_closed_cell_with_a_charged_film_has_its_voltage() -> None:
    """-56.465 mV by an independent program, the cell filled in equilibrium with its bulk.

    P1 on three times the default number of cells is 0.014 mV off.
    """
    result = solve(Case.from_dict(tomllib.loads(CLOSED)), MPI.COMM_SELF)
    assert result.potential == pytest.approx(-56.465e-3, abs=2e-5)
