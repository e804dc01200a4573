"""Hydrogen beside zinc: mixed potentials, three ions, wall pH; reference case 9 (see its .md)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.result import Result
from zinterphase.run import mesh_case, solve
from zinterphase.scales import FARADAY
from zinterphase.solve.model import Model
from zinterphase.solve.problem import Problem
from zinterphase.solve.terms import Rows, Term
from zinterphase.solve.unknowns import constant
from zinterphase.verification.cells import si

DATA = json.loads((Path(__file__).parent / "reference/case09.json").read_text())
EXPECTED = {key: entry["value"] for key, entry in DATA["expected"].items()}
GAP = DATA["parameters"]["three_ion"]["delta"]
ZINC, PROTON, SULFATE = DATA["parameters"]["three_ion"]["D"]
BARE = {"pzc": "0 V", "stern_capacitance": "0.2 F/m^2", "contact_fraction": 1.0}


def tables(level: str, ions: list[tuple[str, int, float, float]], **more: Any) -> dict[str, Any]:
    species = [
        {"name": n, "charge": z, "diffusivity": si(d, "m^2/s"), "concentration": si(c, "mol/m^3")}
        for n, z, d, c in ions
    ]
    electrolyte = {"permittivity": 78.4, "species": species, **more.pop("electrolyte", {})}
    return {
        "level": level,
        "accept_invalid": True,
        "geometry": {"dimension": 1},
        "layers": [
            {"name": "metal", "material": "Zn", "thickness": "1 um"},
            {"name": "liquid", "material": "electrolyte", "thickness": si(GAP, "m")},
        ],
        "electrolyte": electrolyte,
        "counter": {"type": "reservoir"},
        **more,
    }


def acid(zinc: float, acidity: float) -> list[tuple[str, int, float, float]]:
    proton = 1000.0 * 10.0**-acidity
    return [
        ("Zn2+", 2, ZINC, zinc),
        ("SO42-", -2, SULFATE, zinc + proton / 2),
        ("H+", 1, PROTON, proton),
    ]


def corroding(key: str, current: float) -> Result:
    """9a: rate laws at the bulk's composition; E vs SHE is formal potential plus overpotential."""
    exchange, rate, zinc, acidity = (
        float(part.split("_")[-1].lstrip("kHcp")) for part in key.split("|")[1:5]
    )
    kinetics = {
        **BARE,
        "exchange_current_density": si(exchange, "A/m^2"),
        "reference_concentration": "1 mol/L",
        "formal_potential": si(DATA["parameters"]["E0_Zn"], "V"),
        "alpha_a": 1.0,
        "alpha_c": 1.0,
        "reactions": {
            "hydrogen": {
                "equation": "2 H+ + 2 e- -> H2(g)",
                "form": "tafel",
                "alpha_c": DATA["parameters"]["alpha_H"],
                "orders": {"H+": 1.0},
                "exchange_current_density": si(rate, "A/m^2"),
                "reference_concentration": "1 mol/L",
                "formal_potential": "0 V",
            }
        },
    }
    case = tables(
        "secondary",
        acid(zinc, acidity),
        electrolyte={"conductivity": "1e4 S/m"},
        kinetics={"metal": kinetics},
        control={"current_density": si(current, "A/m^2")},
    )
    return solve(Case.from_dict(case), MPI.COMM_SELF)


CORROSION = sorted({"|".join(key.split("|")[:5]) for key in EXPECTED if key.startswith("COR|")})


@pytest.mark.parametrize("key", CORROSION)
def test_mixed_potential_at_rest(key: str) -> None:
    """Corrosion potential and rate: what hydrogen takes, zinc gives."""
    result = corroding(key, 0.0)
    potential = result.problem.gauge + result.problem.potential.value * (
        result.problem.bulk.thermal_voltage
    )
    assert potential == pytest.approx(EXPECTED[f"{key}|E_corr"], rel=1e-6)
    currents = {name: i for (_, name), i in result.currents.working.items()}
    assert currents["deposition"] == pytest.approx(EXPECTED[f"{key}|i_corr"], rel=1e-6)
    assert currents["hydrogen"] == pytest.approx(-currents["deposition"], rel=1e-9)


@pytest.mark.parametrize("key", [k for k in EXPECTED if k.startswith("ION3") and "c_Zn_wall" in k])
def test_three_ions_in_one_field(key: str) -> None:
    """9c: the fluxes of Zn2+ and H+ are imposed, by rates that hardly depend on the potential."""
    row = key.removesuffix("c_Zn_wall")
    zinc, acidity, deposit, hydrogen = (
        float(part.lstrip("cZnpHi")) for part in row.split("|")[1:5]
    )
    even = {"form": "tafel", "alpha_c": 1e-9, "orders": {}, "reference_concentration": "1 mol/L"}
    kinetics: dict[str, Any] = {
        **BARE,
        "exchange_current_density": "10 A/m^2",
        "reference_concentration": si(zinc, "mol/m^3"),
        "formal_potential": "0 V",
        "alpha_a": 1.0,
        "alpha_c": 1.0,
    }
    if hydrogen:
        rate = {"exchange_current_density": si(hydrogen, "A/m^2"), "formal_potential": "0 V"}
        kinetics["reactions"] = {"hydrogen": {"equation": "H+ + e- -> 1/2 H2(g)", **even, **rate}}
    case = tables(
        "electroneutral",
        acid(zinc, acidity),
        kinetics={"metal": kinetics},
        control={"current_density": si(-deposit - hydrogen, "A/m^2")},
        mesh={"far_size": si(GAP / 400, "m")},
    )
    found = wall(solve(Case.from_dict(case), MPI.COMM_SELF).problem)
    for name, quantity in (("Zn2+", "c_Zn"), ("H+", "c_H"), ("SO42-", "c_SO4")):
        assert found[name] == pytest.approx(EXPECTED[f"{row}{quantity}_wall"], rel=1e-6)
    assert found["phi"] == pytest.approx(EXPECTED[f"{row}phi_wall"], rel=1e-6)


def wall(problem: Problem) -> dict[str, float]:
    """Concentrations [mol/m3] and potential [V] at the metal."""
    (dof,) = problem.liquid.dofs_on(problem.measures.facets["electrode"])
    values = problem.liquid_field.x.array.reshape(-1, problem.system.components(0))[dof]
    names = problem.bulk.names
    phi = values[len(names)]
    found = {
        name: problem.bulk.reference(name) * np.exp(mu - problem.bulk.charges[name] * phi)
        for name, mu in zip(names, values, strict=False)
    }
    return {**found, "phi": phi * problem.bulk.thermal_voltage}


WALL_PH = [key for key in EXPECTED if key.startswith("PH|") and key.endswith("pH_wall")]


@pytest.mark.parametrize("key", WALL_PH)
def test_wall_acidity_across_the_limiting_flux_of_protons(key: str) -> None:
    """9b: H+ and OH- in equilibrium, migration off by taking their charges away."""
    parameters = DATA["parameters"]["pH"]
    acidity, share = (float(part.lstrip("bulkx")) for part in key.split("|")[1:3])
    bulk = 1000.0 * 10.0**-acidity
    hydroxide = {
        "name": "OH",
        "charge": 0,
        "diffusivity": si(parameters["D_OH"], "m^2/s"),
        "composition": {"H": -1},
        "log_K": np.log10(parameters["Kw_mol2_m6"] * 1e-6),
    }
    ions = [("Zn2+", 2, ZINC, 100.0), ("SO42-", -2, SULFATE, 100.0)]
    case = tables(
        "electroneutral",
        [*ions, ("H", 0, parameters["D_H"], bulk)],
        electrolyte={"complexes": [hydroxide]},
        kinetics={"metal": BARE},
        control={"current_density": "0 A/m^2"},
        mesh={"far_size": si(GAP / 400, "m")},
    )
    flux = share * parameters["D_H"] * bulk / GAP
    portions = []

    def equations(model: Model) -> list[Term]:
        portions.append(constant(model.domain.mesh, 0.0))
        used = model.level.source({"H": -FARADAY * portions[0]}, model.unknowns.liquid_test)
        rows = Rows(model.measures.over_facets(used, "electrode"))
        return [*model.terms(), Term("hydrogen", rows)]

    read = Case.from_dict(case)
    problem = Problem(read, mesh_case(read, MPI.COMM_SELF).domain, equations)
    problem.rest()
    for portion in (0.03, 1.0):
        portions[0].value[...] = portion * flux
        problem.solve_here()
    assert -np.log10(wall(problem)["H"] / 1000.0) == pytest.approx(EXPECTED[key], rel=1e-6)


def test_dissolved_oxygen_is_limited_by_transport() -> None:
    """4 F D c/L within the part that base and salt leave of it; zinc pays for it at rest."""
    cases = Path(__file__).parents[2] / "cases"
    case = Case.load(cases / "corrosion.toml", ["electrolyte.oxygen=air", "geometry.width=10 um"])
    result = solve(case, MPI.COMM_SELF)
    oxygen = result.problem.bulk.ion("O2")
    limit = 4 * FARADAY * oxygen.diffusivity * oxygen.concentration / 100e-6
    found = {name: i for (_, name), i in result.currents.working.items()}
    area = result.problem.projected_area
    assert -found["oxygen_reduction"] / area == pytest.approx(limit, rel=2e-3)
    assert sum(found.values()) == pytest.approx(0.0, abs=1e-9 * area)
