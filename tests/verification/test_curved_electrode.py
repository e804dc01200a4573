"""The current of a curved electrode by cells of second order: error of fourth order in the size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.observe.currents import currents_of
from zinterphase.observe.evaluate import surface_map
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import Metal, binary, case_of, potential, problem_of, si

WAVELENGTH = 2e-6
WAVE = {"shape": "sinusoidal", "amplitude": "0.3 um", "wavelength": si(WAVELENGTH, "m")}
SHALLOW = {**WAVE, "amplitude": "0.15 um"}
TIP = {"shape": "protrusion", "height": "0.3 um", "tip_radius": "0.15 um", "position": "0 um"}
CURVED: dict[str, dict[str, Any]] = {
    "wave": {"surface": WAVE},
    "axisymmetric tip": {"surface": TIP, "geometry": {"coordinates": "axisymmetric"}},
    "3D": {"surface": SHALLOW, "geometry": {"dimension": 3}},
}


def electrode(level: str, refinement: float, cells: int = 16, **more: Any) -> Case:
    """Half a wave under 1 um of 10 mol/m3, 10 mV below equilibrium."""
    given = {
        "lateral_size": si(WAVELENGTH / cells, "m"),
        "order": 2,
        "refinement": refinement,
        "growth": 2.0 if "geometry" in more else 1.3,
    }
    conductivity = None if level == "pnp" else 1.0
    options = {"width": WAVELENGTH / 2, "conductivity": conductivity, "mesh": given, **more}
    return case_of(level, 1e-6, binary(2, 10.0), Metal(10.0), control=potential(-0.01), **options)


def solved(case: Case) -> Problem:
    problem = problem_of(case, MPI.COMM_SELF)
    problem.solve()
    return problem


@pytest.mark.parametrize("name", CURVED)
def test_current_and_area_are_of_fourth_order(name: str) -> None:
    refinements = (1.0, 2.0, 4.0) if name != "3D" else (1.0, 1.5, 2.0)
    problems = [solved(electrode("secondary", r, **CURVED[name])) for r in refinements]
    currents = np.array([currents_of(problem).total for problem in problems])
    areas = np.array([surface_map(problem).area.sum() for problem in problems])
    # That order's ratio of the differences, 16 where cells are halved twice.
    h = 1.0 / np.array(refinements) ** 4
    expected = (h[0] - h[1]) / (h[1] - h[2])
    for values in (currents, areas):
        ratio = (values[0] - values[1]) / (values[1] - values[2])
        assert 0.6 * expected < ratio < 2.0 * expected
    # The extrapolated current is the better one: 6e-6 off on the coarsest mesh.
    limit = currents[2] + (currents[2] - currents[1]) * h[2] / (h[1] - h[2])
    assert abs(currents[0] / limit - 1) < 8e-6


def test_double_layer_on_a_wave_with_few_unknowns() -> None:
    """The current extrapolated from 22 000 and 87 000 unknowns, 32 cells a wave, is known."""
    problem = solved(electrode("pnp", 1.0, cells=24, surface=WAVE))
    space = problem.liquid.space.dofmap
    assert space.index_map.size_global * space.index_map_bs < 5000
    assert currents_of(problem).total == pytest.approx(-1.05932115318e-05, rel=4e-6)
