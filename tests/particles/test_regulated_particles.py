"""Particles whose charge follows the pH at their surface, against one-dimensional integration."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import require_valid
from zinterphase.cell.electrodes import cell_of
from zinterphase.errors import CaseError
from zinterphase.geometry.raw import PARTICLES
from zinterphase.physics.regulation import protonated_share
from zinterphase.run import mesh_case
from zinterphase.scales import AVOGADRO, FARADAY, VACUUM_PERMITTIVITY
from zinterphase.solve.problem import Problem
from zinterphase.upscale.cell import wall_charge
from zinterphase.upscale.library_file import write_library
from zinterphase.upscale.study import upscale

from .patches import drawn, patch

SELF = MPI.COMM_SELF
RADIUS, WATER = 2e-8, 78.4
PK, SITES = 5.9, 2e17
FEW = {"site_density": f"{SITES} 1/m^2"}
"""So that the double layer stays near the bulk's, which the mesh resolves."""


def alone(folder: Path, regulation: dict[str, Any], **electrolyte: Any) -> Case:
    """A rod, half of it in the cell, twenty Debye lengths from all else; nothing flows."""
    (folder / "one.csv").write_text(f"x,z,radius\n0,5e-8,{RADIUS}\n")
    return patch(
        {"file": "one.csv", "regulation": regulation},
        folder,
        level="pnp",
        geometry={"width": "80 nm"},
        electrolyte={
            "salt": "ZnSO4", "concentration": "20 mmol/L", "permittivity": WATER, **electrolyte
        },
        kinetics={"zinc": {"exchange_current_density": "0.5 mA/cm^2", "pzc": "-0.8 V"}},
        control={"current_density": "0 A/m^2"},
        mesh={"order": 2},
    )  # fmt: skip


def charge_found(case: Case) -> float:
    """Mean of the particle's surface [C/m2]."""
    problem = Problem(case, mesh_case(case, SELF).domain)
    problem.solve(None, lambda attempt: None)
    whole = sum(problem.integrate(form) for form in problem.charged_faces.charges())
    one = 0.0 * problem.unknowns.liquid[0] + 1.0
    return whole / problem.integrate(problem.measures.over_facets(one, f"{PARTICLES}film"))


def charge_by_hand(case: Case, acidity: float) -> float:
    """Poisson, Boltzmann and the sites around a rod, integrated along its radius."""
    bulk = cell_of(case).bulk
    ions = [(charge, bulk.held(name)) for name, charge in bulk.charges.items()]
    unit = VACUUM_PERMITTIVITY * WATER * bulk.thermal_voltage
    assert bulk.debye_length is not None

    def density(u: np.ndarray) -> np.ndarray:
        return sum(FARADAY * z * c * np.exp(-z * u) for z, c in ions)

    def charge(u: float) -> float:
        protonated = 1.0 / (1.0 + 10.0 ** (acidity + u / np.log(10.0) - PK))
        return FARADAY * SITES / AVOGADRO * (protonated - 0.5)

    radius = np.linspace(RADIUS, RADIUS + 15 * bulk.debye_length, 300)
    found = scipy.integrate.solve_bvp(
        lambda r, y: np.array([y[1], -density(y[0]) / unit - y[1] / r]),
        lambda a, b: np.array([-unit * a[1] - charge(a[0]), b[0]]),
        radius,
        np.zeros((2, len(radius))),
        tol=1e-8,
        max_nodes=100_000,
    )
    assert found.success
    return charge(found.y[0, 0])


@pytest.mark.parametrize("acidity", [4.0, 8.0])
def test_charge_answers_to_the_local_potential(tmp_path: Path, acidity: float) -> None:
    """Below the pH of zero charge it is positive, above negative."""
    case = alone(tmp_path, {"pH": acidity, **FEW})
    found = charge_found(case)
    assert found == pytest.approx(charge_by_hand(case, acidity), rel=5e-3)
    assert found * (PK - acidity) > 0


def test_protons_of_the_liquid_are_those_of_the_surface(tmp_path: Path) -> None:
    case = alone(tmp_path, FEW, pH=4.0)
    assert charge_found(case) == pytest.approx(charge_by_hand(case, 4.0), rel=5e-3)


def test_half_of_the_sites_are_protonated_at_the_ph_of_zero_charge() -> None:
    assert float(protonated_share(-PK * np.log(10.0), PK)) == pytest.approx(0.5)
    assert float(protonated_share(-1.0 * np.log(10.0), PK)) == pytest.approx(1.0, abs=2e-5)


@pytest.mark.parametrize(
    ("regulation", "tables", "message"),
    [
        ({}, {}, "regulation.pH = missing"),
        ({"pH": 4.0}, {"electrolyte": {"salt": "ZnSO4", "concentration": "2 mol/L", "pH": 4.0}},
         "protons are solved"),
        ({"pH": 4.0}, {"counter": {"type": "electrode"}}, "none without a reservoir"),
        ({"pH": 4.0}, {"material": "Ag"}, "none where particles conduct"),
    ],
)  # fmt: skip
def test_a_ph_that_is_missing_or_one_too_many_is_refused(
    regulation: dict[str, Any], tables: dict[str, Any], message: str
) -> None:
    with pytest.raises(CaseError, match=message):
        patch(drawn(regulation=regulation), **tables)


def test_levels_that_do_not_see_it_say_so() -> None:
    case = patch(drawn(regulation={"pH": 4.0}))
    assert any("packing.regulation" in str(f) for f in require_valid(case).findings)


def test_values_of_the_library_name_their_source() -> None:
    case = patch(drawn(regulation={"pH": 4.0, **FEW}))
    found = {row.field: row.source for row in case.provenance}
    where = "layers.film.packing.regulation"
    assert found[f"{where}.pH_pzc"].startswith("tio2.pH_pzc")
    assert found[f"{where}.site_density"] == "case file"
    assert Case.from_dict(tomllib.loads(case.to_toml())) == case


SALT = {"salt": "ZnSO4", "concentration": "10 mmol/L"}


def test_cells_hold_what_the_ph_leaves_their_walls(tmp_path: Path) -> None:
    """Alkaline sites lose protons."""
    case = patch(drawn(regulation={"pH": 7.5, **FEW}), level="pnp", electrolyte=SALT)
    layer = case.layer("film")
    charge = wall_charge(case, layer)
    assert charge is not None
    assert charge.unit < 0.0
    found = upscale(case, layer, SELF, 2, (3.0,))
    held, smeared = (found.numbers[name].value for name in ("surface_charge", "smeared_charge"))
    area = found.numbers["specific_area"].value
    porosity = found.numbers["porosity"].value
    assert None not in (held, smeared, area, porosity)
    plane = charge.unit * charge.walls.at_plane
    assert charge.unit * charge.walls.density(0.0) < held < plane  # convex ones screen better
    assert held == pytest.approx(plane, rel=2e-2)  # a Debye length is a fortieth of a diameter
    assert smeared == pytest.approx(held * area / (FARADAY * porosity), rel=1e-2)
    write_library(tmp_path / "library.toml", case, [found])
    text = tomllib.loads((tmp_path / "library.toml").read_text(encoding="utf-8"))
    assert "of pH 7.5" in text["film_packing"]["fixed_charge"]["source"]


def test_walls_at_their_ph_of_zero_charge_have_none() -> None:
    case = patch(drawn(regulation={"pH": PK, "pH_pzc": PK}), level="pnp", electrolyte=SALT)
    assert wall_charge(case, case.layer("film")) is None


def test_upscaling_takes_protons_of_a_bulk_alone() -> None:
    electrolyte = {**SALT, "pH": 4.5}
    case = patch(drawn(regulation={}), level="pnp", electrolyte=electrolyte)
    with pytest.raises(CaseError, match=r"packing\.regulation = \"given\": allowed none where"):
        wall_charge(case, case.layer("film"))
