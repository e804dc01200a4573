"""Adaptive meshes: what they keep, and that they need fewer unknowns."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.ensemble.refinement import refined
from zinterphase.errors import CaseError
from zinterphase.geometry.bisection import Layout
from zinterphase.geometry.build import build
from zinterphase.geometry.raw import RawMesh, signed_volumes
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.geometry.topology import facet_table
from zinterphase.meshstudy.adaptive import adaptive_family
from zinterphase.observe.currents import currents_of
from zinterphase.run import solve
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import binary, case_of, film, linear, potential

SALT = binary(2, 2000.0)


def bump(**more: object) -> Case:
    """A protrusion of 4 um on a flat metal under 50 um of electrolyte."""
    options = {
        "control": potential(-0.05),
        "surface": {
            "shape": "protrusion",
            "height": "4 um",
            "tip_radius": "2 um",
            "position": "15 um",
        },
        "mesh": {
            "lateral_size": "3 um",
            "first_cell": "1.5 um",
            "far_size": "6 um",
            "growth": 1.4,
        },
        "metrics": {"smoothing_radius": "3 um"},
        "width": 50e-6,
        "conductivity": 5.0,
    }
    return case_of("secondary", 50e-6, SALT, linear(1.284e-4), **{**options, **more})


def volumes(raw: RawMesh) -> dict[str, float]:
    sizes = signed_volumes(raw.points, raw.cells)
    return {name: sizes[raw.cell_tags == tag].sum() for name, tag in raw.layer_ids.items()}


def test_refined_meshes_keep_layers_and_groups() -> None:
    """A conformal film over a meshed metal: areas to second order of the surface, names, faces."""
    layer = film("titania", 500e-9, transport=0.2, top="conformal")
    solid = {"thickness": "2 um", "potential": "resolved"}
    recipe = recipe_from_case(bump(films=[layer], metal_layer=solid))
    layout = Layout(recipe)
    one = layout.bisections
    lateral = tuple(int(n) for n in np.arange(layout.base_lateral) % 2)
    levels = (1, *one.levels[1:])
    core = ((1, *one.core[0][1:]), *one.core[1:])
    finer_recipe = replace(
        recipe, bisections=replace(one, lateral=lateral, levels=levels, core=core)
    )
    coarse, fine = build(recipe), build(finer_recipe)
    assert build(replace(recipe, bisections=one)).names == coarse.names == fine.names
    assert len(fine.cells) > len(coarse.cells)
    assert finer_recipe.key() != recipe.key()
    given, found = volumes(coarse), volumes(fine)
    assert found["titania"] == pytest.approx(50e-6 * 500e-9, rel=1e-9)
    assert sum(found.values()) == pytest.approx(sum(given.values()), rel=1e-9)
    assert found == pytest.approx(given, rel=2e-2)
    surface = fine.facets[fine.facet_tags == fine.facet_ids["metal|titania"]]
    place = fine.points[np.unique(surface)]
    assert place[:, 1] == pytest.approx(recipe.surface.height(place[:, :1]), abs=1e-15)
    table = facet_table(fine.cells)
    sides = {"base", "counter", "sides"}
    outline = [np.count_nonzero(fine.facet_tags == fine.facet_ids[name]) for name in sides]
    assert sum(outline) == len(table.exterior)


def test_marking_takes_the_cheapest_intervals_and_grades() -> None:
    layout = Layout(recipe_from_case(bump()))
    indicators = layout.along_surface(np.array([15e-6]), np.array([1.0]))
    recipe = layout.refined(indicators, 0.5)
    assert recipe.bisections is not None
    assert sum(recipe.bisections.lateral) == 1
    assert not any(recipe.bisections.levels)
    for _ in range(2):
        layout = Layout(recipe)
        recipe = layout.refined(layout.along_surface(np.array([15e-6]), np.array([1.0])), 0.5)
    times = np.array(recipe.bisections.lateral)
    assert times.max() == 3
    assert np.abs(np.diff(times)).max() == 1


def test_adaptive_meshes_need_fewer_unknowns() -> None:
    """CV over a protrusion: half the error of a uniform mesh at a quarter of its unknowns."""
    case = bump()
    steps = list(islice(adaptive_family(case, goal="cv"), 6))
    # The error is mostly that of the polygon, which the estimate's shape part sees.
    best = steps[-1].estimate.value + steps[-1].error
    for step in steps[:4]:
        assert 0.5 < step.error / (best - step.estimate.value) < 2.0
    given = solve(refined(case, 4.0))
    found = given.homogeneity["working.current_density"].cv
    assert found is not None
    assert abs(best - steps[-1].estimate.value) < 0.5 * abs(best - found)
    assert steps[-1].unknowns < 0.25 * given.problem.system.global_size
    # The solution before is a good first guess, and no more than that.
    again = Problem(case, steps[-1].meshed.domain)
    again.solve()
    found_total = steps[-1].result.mean_current_density * again.projected_area
    assert found_total == pytest.approx(currents_of(again).total, rel=1e-11)
    assert [len(step.result.attempts) for step in steps] == [1] * len(steps)


def test_refusals() -> None:
    with pytest.raises(CaseError, match="2 for adaptive"):
        next(adaptive_family(bump(geometry={"dimension": 3})))
    with pytest.raises(CaseError, match="a goal with an estimate"):
        next(adaptive_family(bump(), goal="gini"))
