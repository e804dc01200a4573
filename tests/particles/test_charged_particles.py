"""Charge on particles at level pnp against Debye and Hueckel's closed forms."""

from pathlib import Path

import pytest
import scipy
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import require_valid
from zinterphase.cell.electrodes import cell_of
from zinterphase.errors import CaseError
from zinterphase.geometry.raw import PARTICLES
from zinterphase.mesh import Domain
from zinterphase.run import mesh_case
from zinterphase.scales import VACUUM_PERMITTIVITY
from zinterphase.solve.problem import Problem

from .patches import drawn, patch

SELF = MPI.COMM_SELF
CHARGE = 1e-4
"""So small [C/m2] that potentials stay far below RT/zF."""
RADIUS = 2e-8


def alone(folder: Path) -> Case:
    """One charged rod, half of it in the cell, twenty Debye lengths from all else."""
    (folder / "one.csv").write_text(f"x,z,radius\n0,5e-8,{RADIUS}\n")
    packing = {"file": "one.csv", "surface_charge": f"{CHARGE} C/m^2"}
    return patch(
        packing,
        folder,
        level="pnp",
        geometry={"width": "80 nm"},
        electrolyte={"salt": "ZnSO4", "concentration": "20 mmol/L", "permittivity": 78.4},
        kinetics={"zinc": {"exchange_current_density": "0.5 mA/cm^2", "pzc": "-0.8 V"}},
        control={"current_density": "0 A/m^2"},
        mesh={"order": 2},
    )


def mean_wall_potential(problem: Problem, domain: Domain) -> float:
    """Of the liquid on the particle, over RT/F."""
    name = f"{PARTICLES}film"
    measures, potential = problem.measures, problem.level.plane(problem.unknowns.liquid).potential
    one = 0.0 * potential + 1.0
    whole, area = (problem.integrate(measures.over_facets(x, name)) for x in (potential, one))
    return whole / area


def test_a_charged_rod_has_the_potential_of_debye_and_hueckel(tmp_path: Path) -> None:
    case = alone(tmp_path)
    bulk = cell_of(case).bulk
    length = bulk.debye_length
    assert length is not None
    kappa_a = RADIUS / length
    scale = CHARGE * length / (VACUUM_PERMITTIVITY * 78.4) / bulk.thermal_voltage
    bessel = scipy.special.kve
    shape = bessel(0, kappa_a) / bessel(1, kappa_a)  # a rod; a plane has 1
    domain = mesh_case(case, SELF).domain
    found = []
    for charge in (CHARGE, 0.0):
        layers = tuple(
            layer.model_copy(
                update={"packing": layer.packing.model_copy(update={"surface_charge": charge})}
            )
            if layer.packing
            else layer
            for layer in case.layers
        )
        problem = Problem(case.model_copy(update={"layers": layers}), domain)
        problem.solve(None, lambda attempt: None)
        found.append(mean_wall_potential(problem, domain))
    assert found[0] - found[1] == pytest.approx(scale * shape, rel=3e-3)


def test_charge_on_particles_that_conduct_is_refused() -> None:
    with pytest.raises(CaseError, match="they have the charge"):
        patch(drawn(surface_charge="0.01 C/m^2"), material="Ag")


def test_charge_that_a_level_does_not_see_is_named() -> None:
    case = patch(drawn(surface_charge="0.01 C/m^2"))
    assert any("packing.surface_charge" in str(f) for f in require_valid(case).findings)
