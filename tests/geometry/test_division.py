"""Simplices divided several times at once, and places in columns by number of level."""

from __future__ import annotations

from dataclasses import replace

import basix
import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError, MeshError
from zinterphase.geometry.build import build
from zinterphase.geometry.chart import Chart
from zinterphase.geometry.divided_quality import (
    foreseen,
    pooled,
    require_gentle,
    require_sound,
)
from zinterphase.geometry.division import Division, division
from zinterphase.geometry.quadratic import EDGES
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.subdivision import subdivided
from zinterphase.geometry.surface import Flat, Protrusion
from zinterphase.meshstudy.adaptive import require_adaptable
from zinterphase.verification.cells import on_a_line
from zinterphase.verification.lines import flat_cell
from zinterphase.verification.ranks import corrugated

from .recipes import UM, random, recipe

SHAPES = {2: basix.CellType.triangle, 3: basix.CellType.tetrahedron}


def made(dimension: int, times: int, *, middles: bool = False, swapped: bool = False) -> Division:
    even = basix.LagrangeVariant.equispaced
    degree = 2 ** (times + middles)
    element = basix.create_element(basix.ElementFamily.P, SHAPES[dimension], degree, even)
    return division(element.points, times, middles=middles, swapped=swapped)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("dimension", [2, 3])
def test_children_have_equal_volumes_and_turn_the_same_way(
    dimension: int, times: int, swapped: bool
) -> None:
    found = made(dimension, times, swapped=swapped)
    corners = found.barycentric[:, 1:][found.children]
    volumes = np.linalg.det(corners[:, 1:] - corners[:, :1])
    assert volumes == pytest.approx(np.full(2 ** (dimension * times), 0.5 ** (dimension * times)))
    assert len(np.unique(np.sort(found.children, axis=1), axis=0)) == len(found.children)


@pytest.mark.parametrize("dimension", [2, 3])
def test_children_are_those_of_one_division_after_the_other(dimension: int) -> None:
    points, cells = np.vstack([np.zeros(dimension), np.eye(dimension)]), np.arange(dimension + 1)
    cells = cells[None]
    for _ in range(2):
        points, (cells,) = subdivided(points, cells)
    found = made(dimension, 2)
    middles = points[cells].mean(axis=1), found.barycentric[:, 1:][found.children].mean(axis=1)
    one, other = (each[np.lexsort(np.round(each, 9).T)] for each in middles)
    assert one == pytest.approx(other, abs=1e-14)


@pytest.mark.parametrize("dimension", [2, 3])
def test_children_cover_every_facet_of_their_parent(dimension: int) -> None:
    found = made(dimension, 2, swapped=dimension == 3)
    for face in range(dimension + 1):
        child, facet = np.nonzero(found.faces == face)
        assert len(child) == 4 ** (dimension - 1)
        for row, opposite in zip(child, facet, strict=True):
            corners = np.delete(found.children[row], opposite)
            assert np.all(found.barycentric[corners, face] == 0.0)


@pytest.mark.parametrize("dimension", [2, 3])
def test_middles_lie_halfway_and_values_are_linear(dimension: int) -> None:
    found = made(dimension, 1, middles=True)
    corners, middles = np.split(found.children, [dimension + 1], axis=1)
    for column, (a, b) in zip(middles.T, EDGES[dimension], strict=True):
        ends = found.barycentric[corners[:, [a, b]]]
        assert np.array_equal(found.barycentric[column], ends.mean(axis=1))
    vertices = np.random.default_rng(3).normal(size=(5, dimension + 1, 2))
    linear = np.einsum("kc,mcx->mkx", found.barycentric, vertices)
    assert found.spread(vertices) == pytest.approx(linear, abs=1e-14)


RECIPES = {
    "columns": replace(recipe(random(2), first=5e-8), layers=recipe(random(2)).layers[:1]),
    "core": recipe(random(2), first=5e-8),
    "core between columns": recipe(Protrusion(2 * UM, 2 * UM, (0.0,)), first=5e-8, counter=True),
    "normal films": recipe(random(2), first=5e-8, film_top="normal"),
    "cells in space": recipe(random(3), 3, first=1e-7, lateral=1 * UM),
}


@pytest.mark.parametrize("name", RECIPES)
def test_numbers_of_levels_give_the_points_back(name: str) -> None:
    spec = RECIPES[name]
    mesh = build(spec)
    chart = Chart.of(spec, 2)
    assert (chart.core is not None) == name.startswith(("core", "normal", "cells"))
    numbers = chart.numbers(mesh.points)
    there = chart.points(mesh.points[:, :-1], numbers)
    assert np.abs(there - mesh.points).max() < 1e-13 * np.ptp(mesh.points)
    tag = mesh.layer_ids["film"]
    film = np.unique(mesh.cells[mesh.cell_tags == tag])
    assert np.all(numbers[film] % 4 == 0)
    corners = numbers[mesh.cells[mesh.cell_tags == tag]]
    assert np.all(np.ptp(corners, axis=1) == 4)


def parts_of(mesh: RawMesh, part: np.ndarray) -> list[RawMesh]:
    found = []
    for number in np.unique(part):
        here = part == number
        on_part = np.isin(mesh.facets, mesh.cells[here]).all(axis=1)
        cells, tags = mesh.cells[here], mesh.cell_tags[here]
        facets, names = mesh.facets[on_part], mesh.facet_tags[on_part]
        found.append(replace(mesh, cells=cells, cell_tags=tags, facets=facets, facet_tags=names))
    return found


@pytest.mark.parametrize("by", ["layer", "place"])
def test_quality_of_parts_is_that_of_the_whole(by: str) -> None:
    """A part may lack layers and facets."""
    mesh = build(RECIPES["core"])
    left = mesh.points[mesh.cells].mean(axis=1)[:, 0] < 7 * UM
    parts = parts_of(mesh, mesh.cell_tags if by == "layer" else left)
    whole, found = mesh_quality(mesh, 1e-9), pooled([mesh_quality(part, 1e-9) for part in parts])
    assert found.volume == pytest.approx(whole.volume, rel=1e-12)
    assert replace(found, vertices=0, volume=0.0) == replace(whole, vertices=0, volume=0.0)


def test_what_division_will_make_of_a_mesh() -> None:
    spec = recipe(Flat(), first=5e-8)
    found = foreseen(mesh_quality(build(spec), 1e-9), 1, 2)
    true = mesh_quality(build(spec.divided(1)), 1e-9)
    assert found.cells == true.cells
    assert found.vertices == pytest.approx(true.vertices, rel=0.05)
    for layer, other in zip(found.layers, true.layers, strict=True):
        assert layer.first_lower == pytest.approx(other.first_lower, rel=1e-9)
        assert layer.lower_facet == pytest.approx(other.lower_facet, rel=1e-9)
    assert "time(s)" in found.notes[0]


def test_a_mesh_that_cannot_be_solved_on_is_refused() -> None:
    quality = mesh_quality(build(recipe(Flat(), first=5e-8)))
    require_sound(quality, 1)
    require_gentle(quality, 1)
    with pytest.raises(MeshError, match=r"mesh.divisions = 2: 3 of \d+ cells have no positive"):
        require_sound(replace(quality, inverted_cells=3), 2)
    with pytest.raises(MeshError, match=r"inclined by up to 81.0 degrees, allowed 80"):
        require_gentle(replace(quality, steepest_slope=81.0), 2)


def test_what_cannot_be_divided_is_refused() -> None:
    case = corrugated("secondary", mesh={"divisions": 1})
    with pytest.raises(CaseError, match=r"mesh.divisions = 1: allowed 0: adaptive meshes"):
        require_adaptable(case)
    line = on_a_line(flat_cell("secondary"))
    with pytest.raises(CaseError, match=r"mesh.divisions = 1: allowed 0 on a line"):
        Case.from_dict(line | {"mesh": {**line["mesh"], "divisions": 1}})
    with pytest.raises(CaseError, match=r"mesh.divisions = 4: allowed a whole number, 0 to 3"):
        corrugated("secondary", mesh={"divisions": 4})
