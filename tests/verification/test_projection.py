"""The anode as one map: what reacts in a porous layer belongs to the facet below it."""

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.mesh import Domain
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.projection import projected_map
from zinterphase.solve.problem import Problem
from zinterphase.verification.grids import box

CASES = Path(__file__).parents[2] / "cases"
WIDTH, FILM, HEIGHT = 4e-6, 200e-9, 2e-6


def test_columns_of_a_structured_box_reach_their_own_facets(tmp_path: Path) -> None:
    """Porous silver whose i0 varies along x: so must the current per projected area."""
    rates = tmp_path / "i0.csv"
    rates.write_text("x,y,factor\n0,0,1\n0,4e-6,1\n4e-6,0,3\n4e-6,4e-6,3\n")
    case = Case.load(
        CASES / "silver.toml",
        [
            "layers.silver.material=Ag_nanoparticles",
            "geometry.dimension=3",
            "geometry.width=4 um",
            "geometry.surface={shape='flat'}",
            "layers.electrolyte.thickness=1.8 um",
            f"kinetics.silver={{map={{file='{rates}'}}}}",
        ],
    )
    layers = [("silver", np.linspace(0, FILM, 4)), ("electrolyte", np.linspace(FILM, HEIGHT, 5))]
    problem = Problem(case, Domain.create(MPI.COMM_SELF, box(np.linspace(0, WIDTH, 8), layers)))
    problem.solve()
    anode = projected_map(problem, surface_map(problem))
    current = anode.values["current_density"]
    assert anode.mean("current_density") == pytest.approx(-10.0, rel=1e-9)
    trend = np.polyval(np.polyfit(anode.position[:, 0], current, 2), anode.position[:, 0])
    assert np.ptp(current) > 5.0
    assert np.abs(current - trend).max() < 0.1
