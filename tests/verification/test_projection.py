"""The anode as one map: what reacts in a porous layer belongs to the facet below it."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.geometry.raw import Floats, RawMesh
from zinterphase.mesh import Domain
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.projection import projected_map
from zinterphase.solve.problem import Problem
from zinterphase.verification.grids import BASE, COUNTER, SIDES, named

CASES = Path(__file__).parents[2] / "cases"
WIDTH, FILM, HEIGHT = 4e-6, 200e-9, 2e-6


def box(columns: int, heights: Floats) -> RawMesh:
    """Cubes in six tetrahedra each: many facets share their x."""
    lateral = np.linspace(0, WIDTH, columns + 1)
    axes = (lateral, lateral, heights)
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    shape = tuple(len(axis) for axis in axes)
    corner = np.indices([n - 1 for n in shape]).reshape(3, -1)
    cells = []
    for order in permutations(range(3)):
        path = [corner]
        for axis in order:
            path.append(path[-1] + np.eye(3, dtype=int)[:, axis : axis + 1])
        cells.append(np.stack([np.ravel_multi_index(step, shape) for step in path], axis=1))
    table = np.concatenate(cells).astype(np.int64)
    middle = points[table].mean(axis=1)[:, 2]

    def group_of(at: Floats) -> Floats:
        ends = np.where(at[:, 2] < 1e-12, BASE, SIDES)
        return np.where(at[:, 2] > heights[-1] - 1e-12, COUNTER, ends)

    tags = np.where(middle < FILM, 1, 2).astype(np.int32)
    return named(points, table, tags, ("silver", "electrolyte"), group_of)


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
    heights = np.concatenate([np.linspace(0, FILM, 4), np.linspace(FILM, HEIGHT, 5)[1:]])
    problem = Problem(case, Domain.create(MPI.COMM_SELF, box(7, heights)))
    problem.solve()
    anode = projected_map(problem, surface_map(problem))
    current = anode.values["current_density"]
    assert anode.mean("current_density") == pytest.approx(-10.0, rel=1e-9)
    trend = np.polyval(np.polyfit(anode.position[:, 0], current, 2), anode.position[:, 0])
    assert np.ptp(current) > 5.0
    assert np.abs(current - trend).max() < 0.1
