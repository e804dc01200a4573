"""Particles with an electronic potential of their own."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dolfinx import fem
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.case.packing import INSIDE
from zinterphase.errors import CaseError
from zinterphase.fem_types import new_function
from zinterphase.geometry.quadratic import volume
from zinterphase.geometry.source import mesh_of_case
from zinterphase.run import mesh_case, solve
from zinterphase.solve.model import Model
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID, FixedDofs

from .patches import patch

SELF = MPI.COMM_SELF
GRAINS = f"{INSIDE}film"
CHAIN = "\n".join(f"5e-8,{z},1.2e-8" for z in (8e-9, 2.8e-8, 4.8e-8, 6.8e-8))
FLOAT = "1.6e-7,6e-8,2e-8"


def silver(folder: Path, rows: str, conductivity: float | None, **more: Any) -> Case:
    """Particles of a list on zinc, with potentials of their own where they have a conductivity
    [S/m]."""
    (folder / "list.csv").write_text(f"x,z,radius\n{rows}\n")
    packing = {"file": "list.csv", "gap": "1 nm"}
    metal, film = {"thickness": "40 nm"}, {}
    if conductivity is not None:
        metal["potential"] = film["potential"] = "resolved"
        film["electronic_conductivity"] = f"{conductivity} S/m"
    return patch(packing, folder, material="Ag", metal=metal, film=film, **more)


# -- a particle that floats, in a field -----------------------------------------------------

RADIUS, CENTRE, SLOPE = 3e-8, np.array([1e-7, 5e-8]), 1e-8
KAPPA, SIGMA, EXCHANGE = 1e-3, 2e-3, 400.0


class Float:
    """Of finite conductivity and charge transfer, in a field so weak that rates are linear.

    phi = -E x (1 - g a^2/r^2) outside, -E s (1 + g) x inside, with g = (1 - s - W)/(1 + s + W),
    s the conductivity outside over that inside and W that over a times the slope of the rate.
    """

    def __init__(self, folder: Path, order: int, refinement: float) -> None:
        case = silver(
            folder, f"{CENTRE[0]},{CENTRE[1]},{RADIUS}", SIGMA,
            electrolyte={
                "salt": "ZnSO4", "concentration": "2 mol/L", "conductivity": f"{KAPPA} S/m"
            },
            kinetics={"zinc": {"exchange_current_density": f"{EXCHANGE} A/m^2"}},
            control={"current_density": "0 A/m^2"},
            mesh={"order": order, "refinement": refinement},
        )  # fmt: skip

        def walls(model: Model) -> list[FixedDofs]:
            names = ("counter", "sides")
            rows = [model.domain.boundary(name).reshape(-1, 2) for name in names]
            metal = model.domain.interface("zinc", "film").reshape(-1, 4)[:, 2:]
            tags = model.domain.cell_tags.values
            ids = [model.domain.layer_ids[layer] for layer in model.stack.liquid]
            rows = [row[np.isin(tags[row[:, 0]], ids)] for row in (*rows, metal)]
            return [FixedDofs(LIQUID, 0, model.liquid.dofs_on(np.concatenate(rows)))]

        self.problem = Problem(case, mesh_case(case, SELF).domain, prescribed=walls)
        self.problem.set_load(1.0)
        ratio = KAPPA / SIGMA
        slope = 2.0 * EXCHANGE * self.problem.cell.working.surface.wetted
        number = KAPPA * self.problem.bulk.thermal_voltage / (slope * RADIUS)
        self.dipole = (1.0 - ratio - number) / (1.0 + ratio + number)
        self.inner = ratio * (1.0 + self.dipole)
        place = self.problem.liquid.scalar.tabulate_dof_coordinates().T
        self.problem.liquid_field.x.array[:] = self.outside(place)
        self.problem.solve_here(1e-13)

    def outside(self, x: np.ndarray) -> np.ndarray:
        offset = x[:2] - CENTRE[:, None]
        far = np.maximum((offset**2).sum(axis=0), 0.5 * RADIUS**2)
        return np.asarray(-SLOPE * offset[0] / 1e-7 * (1.0 - self.dipole * RADIUS**2 / far))

    def inside(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(-SLOPE * self.inner * (x[0] - CENTRE[0]) / 1e-7)

    def errors(self) -> list[float]:
        """Relative, in the liquid and in the particle, L2."""
        problem, found = self.problem, []
        assert problem.solid is not None
        assert problem.solid_field is not None
        pairs = (
            (problem.liquid, problem.liquid_field, self.outside, "film"),
            (problem.solid, problem.solid_field, self.inside, GRAINS),
        )
        for spaces, field, exact, layer in pairs:
            rich = new_function(fem.functionspace(spaces.region.mesh, ("Lagrange", 4)))
            rich.interpolate(exact)
            squares = [
                problem.integrate(problem.measures.over_layers(x**2, (layer,), 8))
                for x in (field[0] - rich, rich)
            ]
            found.append(float(np.sqrt(squares[0] / squares[1])))
        return found


@pytest.mark.parametrize("order", [1, 2])
def test_a_float_in_a_field_is_bipolar(tmp_path: Path, order: int) -> None:
    found = [Float(tmp_path, order, refinement).errors() for refinement in (1.0, 2.0, 4.0)]
    rates = np.array([np.log2(np.divide(*pair)) for pair in pairwise(found)])
    assert np.all(rates > order + 0.7), found


# -- chains ---------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["secondary", "concentrated"])
def test_a_good_conductor_is_at_the_potential_of_the_metal(tmp_path: Path, level: str) -> None:
    resolved = solve(silver(tmp_path, CHAIN, 1e6, level=level), SELF)
    joined = solve(silver(tmp_path, CHAIN, None, level=level), SELF)
    assert all(balance.closed for balance in resolved.balances)
    assert resolved.potential == pytest.approx(joined.potential, rel=1e-5)


def test_what_a_poor_conductor_takes_is_told(tmp_path: Path) -> None:
    """Terminal and rates agree, and parts of the voltage, told one by one, are all of it."""
    good, poor = (solve(silver(tmp_path, CHAIN, sigma), SELF) for sigma in (1e6, 1e-5))
    assert all(balance.closed for balance in poor.balances)
    assert abs(poor.potential) > 1.05 * abs(good.potential)
    assert poor.voltage.electronic < 0.0
    assert poor.voltage.sum == pytest.approx(poor.voltage.total, rel=1e-6)


def test_no_current_leaves_a_particle_that_floats(tmp_path: Path) -> None:
    """What enters on its far side leaves towards the metal."""
    surface = solve(silver(tmp_path, FLOAT, 1.0), SELF).surface
    away = np.linalg.norm(surface.position - (1.6e-7, 6e-8), axis=1)
    on_float = away < 2.1e-8
    shares = surface.area[on_float] * surface.values["current_density"][on_float]
    assert np.count_nonzero(on_float) > 20
    assert abs(shares.sum()) < 1e-6 * np.abs(shares).sum()
    assert np.abs(shares).sum() > 0.0


def test_metal_liquid_and_particles_fill_the_cell(tmp_path: Path) -> None:
    mesh = mesh_of_case(silver(tmp_path, f"{CHAIN}\n{FLOAT}", 1.0))
    assert volume(mesh) == pytest.approx(200e-9 * 240e-9, rel=1e-12)
    assert set(mesh.layer_ids) == {"zinc", "film", "electrolyte", GRAINS}
    assert {"zinc|film", f"zinc|{GRAINS}", "particles of film", "base"} <= set(mesh.facet_ids)
    base = mesh.facets[mesh.facet_tags == mesh.facet_ids["base"]]
    assert np.all(mesh.points[base][:, :, 1] == -40e-9)
    metal = mesh.points[mesh.facets[mesh.facet_tags == mesh.facet_ids["zinc|film"]]]
    assert np.all(metal[:, :, 1] == 0.0)


def test_floats_on_which_nothing_reacts_are_refused(tmp_path: Path) -> None:
    kinetics = {"zinc": {"blocking": True}}
    with pytest.raises(CaseError, match="nothing reacts"):
        silver(tmp_path, FLOAT, 1.0, level="pnp", kinetics=kinetics)


@pytest.mark.parametrize(
    ("metal", "film", "words"),
    [
        ({"thickness": "40 nm", "potential": "resolved"}, {}, "film.potential"),
        ({}, {"potential": "resolved"}, "as in the metal below, zinc"),
        (
            {"thickness": "40 nm", "potential": "resolved"},
            {"potential": "resolved"},
            "rounding hides",
        ),
    ],
)
def test_potentials_that_do_not_fit_are_refused(
    metal: dict[str, Any], film: dict[str, Any], words: str
) -> None:
    with pytest.raises(CaseError, match=words):
        patch({"diameter": "40 nm", "porosity": 0.6}, material="Ag", metal=metal, film=film)
