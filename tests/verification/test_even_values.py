"""A one-dimensional problem gives one-dimensional output, whatever the diagonals of its columns."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.fields import liquid_fields
from zinterphase.observe.lateral import window
from zinterphase.observe.profiles import normals, probes
from zinterphase.verification.cells import problem_of

UNEVEN = """
level = "pnp"
geometry = {width = "1 um"}
layers = [
    {name = "zinc", material = "Zn", thickness = "1 um"},
    {name = "el", material = "electrolyte", thickness = "1 um"},
]
electrolyte = {salt = "ZnSO4", concentration = "0.01 mol/L"}
kinetics.zinc = {pzc = "-0.8 V", stern_capacitance = "0.2 F/m^2"}
control = {current_density = "-10 A/m^2"}
output.fields = "none"
output.errors = false
output.normals = [["0 um"], ["0.36 um"], ["1 um"]]
output.probes = [["0.25 um", "0 um"], ["0.27 um", "0 um"], ["0.7 um", "3 nm"], ["1 um", "3 nm"]]
"""
"""Within a facet the concentration is 219 to 260 mol/m3 on the default mesh of first order."""


@pytest.mark.parametrize("order", [1, 2])
def test_values_at_a_flat_electrode_are_even(order: int, tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(UNEVEN)
    problem = problem_of(Case.load(path, [f"mesh.order={order}"]), MPI.COMM_SELF)
    problem.solve()
    points = surface_map(problem)
    assert np.ptp(points.values["concentration"]) > 1.0
    for name, values in points.by_facet().values.items():
        assert np.ptp(values) <= 1e-9 * np.abs(values).max(), name
    fields = [f for f in liquid_fields(problem) if f.function_space.ufl_element().degree > 0]
    at_wall, beside, inside, at_side = probes(problem, fields)
    lines = normals(problem, fields)
    for name in (f.name for f in fields):
        for one, other in (
            (at_wall, beside),
            (inside, at_side),
            *pairwise(lines),
        ):
            found, expected = one.values[name], other.values[name]
            scale = np.abs(expected).max()
            # Above the columns Gmsh's triangles repeat nowhere.
            assert np.abs(found - expected)[:120].max() < 1e-9 * scale, name
            assert np.abs(found - expected).max() < 1e-7 * scale, name
        assert lines[0].values[name][0] == pytest.approx(at_wall.values[name][0], rel=1e-9)


def test_windows_see_what_varies_along_the_surface() -> None:
    """To third order or better, at the sides too, on uneven columns."""
    rng = np.random.default_rng(3)
    coarse = np.sort(np.concatenate([[0.0, 1.0], (np.arange(1, 12) + 0.3 * rng.random(11)) / 12]))
    errors = []
    for ends in (coarse, np.sort(np.concatenate([coarse, 0.5 * (coarse[1:] + coarse[:-1])]))):
        off = []
        for x in np.linspace(0.0, 1.0, 41):
            around = window(ends, float(x))
            assert around.places.min() > 0.0
            assert around.places.max() < 1.0
            found = around.values(np.cos(np.pi * around.places)[None, :])[0]
            off.append(abs(found - np.cos(np.pi * x)))
        errors.append(max(off))
    assert errors[0] < 2e-3
    assert errors[1] < errors[0] / 6
