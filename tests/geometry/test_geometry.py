"""Generated meshes against what their recipes promise."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pytest

from zinterphase.errors import CaseError, MeshError
from zinterphase.geometry import raw
from zinterphase.geometry.angles import angles
from zinterphase.geometry.build import build
from zinterphase.geometry.grading import graded
from zinterphase.geometry.quality import mesh_quality, require_valid
from zinterphase.geometry.raw import RawMesh, oriented, signed_volumes
from zinterphase.geometry.specification import LayerSpec
from zinterphase.geometry.surface import (
    Flat,
    Protrusion,
    Sinusoidal,
    Surface,
)
from zinterphase.geometry.topology import facet_table

from .recipes import UM, facets, random, recipe, table, volume


def shapes(dimension: int) -> dict[str, Surface]:
    return {
        "flat": Flat(),
        "sinusoidal": Sinusoidal(0.3 * UM, 8 * UM),
        "protrusion": Protrusion(2 * UM, 1 * UM, (0.0,) * (dimension - 1)),
        "needle": Protrusion(4 * UM, 0.6 * UM, (5 * UM,) * (dimension - 1)),
        "random": random(dimension),
        "rough": random(dimension, 1.5 * UM),
        "exponential": random(dimension, 0.1 * UM, "exponential"),
        "map": table(dimension),
    }


BATTERY = [(d, name) for d in (2, 3) for name in shapes(d)]


def projected_area(mesh: RawMesh, name: str) -> float:
    corner = mesh.points[facets(mesh, name)][:, :, :-1]
    if mesh.dimension == 2:
        return float(np.abs(corner[:, 1, 0] - corner[:, 0, 0]).sum())
    edges = corner[:, 1:] - corner[:, :1]
    return float(0.5 * np.abs(np.linalg.det(edges)).sum())


@pytest.mark.parametrize(("dimension", "name"), BATTERY)
def test_every_shape_gives_a_conforming_mesh_that_fills_the_cell(dimension: int, name: str) -> None:
    spec = recipe(shapes(dimension)[name], dimension, first=2e-8)
    mesh = build(spec)
    assert signed_volumes(mesh.points, mesh.cells).min() > 0.0
    assert np.unique(mesh.cells).size == len(mesh.points)
    area = float(np.prod(spec.widths))
    base = np.unique(facets(mesh, "base"))
    np.testing.assert_allclose(
        mesh.points[base, -1],
        spec.surface.height(mesh.points[base, :-1]),
        atol=1e-12 * UM,
    )
    # Below the counter lies the cell minus what is under the piecewise linear surface.
    corner = mesh.points[facets(mesh, "base")]
    if dimension == 2:
        columns = np.abs(corner[:, 1, 0] - corner[:, 0, 0])
    else:
        columns = 0.5 * np.abs(np.linalg.det(corner[:, 1:, :2] - corner[:, :1, :2]))
    below = float((columns * corner[:, :, -1].mean(axis=1)).sum())
    assert volume(mesh, "film") == pytest.approx(area * 1 * UM, rel=1e-12)
    assert volume(mesh, "electrolyte") == pytest.approx(area * 50 * UM - below, rel=1e-12)
    for group in ("base", "counter", "film|electrolyte"):
        assert projected_area(mesh, group) == pytest.approx(area, rel=1e-12)


@pytest.mark.parametrize("dimension", [2, 3])
def test_topology_is_that_of_a_ball(dimension: int) -> None:
    """Each interior facet has two cells, the outline is closed and named, Euler's number is 1."""
    mesh = build(recipe(random(dimension), dimension, first=1e-8, counter=True))
    faces = facet_table(mesh.cells)
    vertices, cells, facet_count = len(mesh.points), len(mesh.cells), len(faces.cells)
    if dimension == 2:
        assert vertices - facet_count + cells == 1
    else:
        pairs = np.concatenate([mesh.cells[:, [a, b]] for a in range(4) for b in range(a + 1, 4)])
        edges = len(np.unique(np.sort(pairs, axis=1), axis=0))
        assert vertices - edges + facet_count - cells == 1
    named = {tuple(row) for name in ("base", "counter", "sides") for row in facets(mesh, name)}
    assert named == {tuple(row) for row in faces.vertices[faces.exterior]}
    assert len(named) == sum(len(facets(mesh, name)) for name in ("base", "counter", "sides"))
    # The outline of the outline is empty: every ridge of it belongs to two of its facets.
    ridges = facet_table(faces.vertices[faces.exterior])
    assert ridges.exterior.size == 0


def test_area_of_a_sinusoidal_surface_converges_to_the_closed_form() -> None:
    """Arc length of a cosine over whole half-waves: 2/pi sqrt(1 + q^2) E(q^2/(1 + q^2)) W."""
    from scipy.special import ellipe

    amplitude, wavelength = 0.8 * UM, 8 * UM
    steepness = 2.0 * np.pi * amplitude / wavelength
    square = steepness**2
    exact = 20 * UM * 2.0 / np.pi * np.sqrt(1.0 + square) * ellipe(square / (1.0 + square))
    errors, sizes = [], (0.5 * UM, 0.25 * UM, 0.125 * UM)
    for size in sizes:
        mesh = build(recipe(Sinusoidal(amplitude, wavelength), first=2e-8, lateral=size))
        ends = mesh.points[facets(mesh, "base")]
        errors.append(abs(np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum() - exact))
    order = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
    assert order == pytest.approx(2.0, abs=0.05)
    assert errors[-1] < 1e-3 * exact


@pytest.mark.parametrize("dimension", [2, 3])
def test_a_conformal_layer_is_equally_thick_everywhere(dimension: int) -> None:
    mesh = build(recipe(random(dimension, 1 * UM), dimension, first=1e-9))
    lower, upper = (np.unique(facets(mesh, name)) for name in ("base", "film|electrolyte"))
    lower = lower[np.lexsort(mesh.points[lower, :-1].T)]
    upper = upper[np.lexsort(mesh.points[upper, :-1].T)]
    np.testing.assert_array_equal(mesh.points[lower, :-1], mesh.points[upper, :-1])
    thickness = mesh.points[upper, -1] - mesh.points[lower, -1]
    np.testing.assert_allclose(thickness, 1 * UM, rtol=1e-9)


@pytest.mark.parametrize("counter", [False, True])
def test_first_cells_are_those_asked_for(counter: bool) -> None:
    first = 0.2e-9
    mesh = build(recipe(random(2, 0.3 * UM), first=first, counter=counter))
    layers = {"film": ["base", "film|electrolyte"], "electrolyte": ["film|electrolyte"]}
    layers["electrolyte"] += ["counter"] * counter
    for layer, groups in layers.items():
        cells = mesh.cells[mesh.cell_tags == mesh.layer_ids[layer]]
        for group in groups:
            face = np.unique(facets(mesh, group))
            touching = cells[np.isin(cells, face).any(axis=1)]
            corner = mesh.points[touching]
            # The vertical edge of each cell in the column.
            heights = []
            for a, b in ((0, 1), (0, 2), (1, 2)):
                vertical = corner[:, a, 0] == corner[:, b, 0]
                heights.append(np.abs(corner[:, a, 1] - corner[:, b, 1])[vertical])
            np.testing.assert_allclose(np.concatenate(heights), first, rtol=1e-4)


def test_grading_grows_from_both_ends_and_hits_them() -> None:
    positions = graded(1.0, 1e-4, 1e-3, 1.3, 0.1)
    sizes = np.diff(positions)
    assert sizes[0] == pytest.approx(1e-4, rel=1e-9)
    assert sizes[-1] == pytest.approx(1e-3, rel=1e-9)
    assert sizes.max() <= 0.1 * (1.0 + 1e-12)
    ratio = sizes[1:] / sizes[:-1]
    assert max(ratio.max(), 1.0 / ratio.min()) < 1.3 * (1.0 + 1e-9)
    thin = np.diff(graded(1e-4, 1e-4, 1e-4, 1.3, 0.1))
    np.testing.assert_allclose(thin, thin[0])


def test_prisms_are_split_along_the_short_diagonal() -> None:
    """Across a sheared boundary layer the angles facing a diagonal sum to less than 180 degrees."""
    spec = recipe(Protrusion(4 * UM, 1 * UM, (0.0,)), first=1e-9)
    mesh = build(spec)
    film = mesh.cells[mesh.cell_tags == mesh.layer_ids["film"]]
    corner = mesh.points[film]
    cotangent = []
    for k in range(3):
        first, second = (corner[:, (k + j) % 3] - corner[:, k] for j in (1, 2))
        cross = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
        cotangent.append((first * second).sum(axis=1) / np.abs(cross))
    edges = np.sort(film[:, [[1, 2], [2, 0], [0, 1]]].reshape(-1, 2), axis=1)
    unique, inverse, count = np.unique(edges, axis=0, return_inverse=True, return_counts=True)
    total = np.bincount(inverse, np.column_stack(cotangent).ravel(), minlength=len(unique))
    x = mesh.points[unique, 0]
    depth = mesh.points[unique, 1] - spec.surface.height(x.reshape(-1, 1)).reshape(x.shape)
    across = np.abs(depth[:, 1] - depth[:, 0]) > 0.5e-9
    slanted = x[:, 0] != x[:, 1]
    diagonals = (count == 2) & across & slanted
    assert np.count_nonzero(diagonals) == len(film) // 2
    assert np.all(total[diagonals] > -1e-6)
    assert total[diagonals].max() > 1.0


@pytest.mark.parametrize("dimension", [2, 3])
def test_resolved_solid_below_and_flat_tops(dimension: int) -> None:
    plain = recipe(random(dimension, 0.1 * UM), dimension, first=1e-8, film_top="flat")
    solid = LayerSpec("zinc", 2 * UM, "conformal", 0.5 * UM, 0.2 * UM, 0.5 * UM)
    spec = replace(plain, layers=(solid, *plain.layers), solid_layers=1)
    mesh = build(spec)
    area = float(np.prod(spec.widths))
    total = sum(volume(mesh, layer) for layer in mesh.layer_ids)
    assert total == pytest.approx(area * 53 * UM, rel=1e-12)
    for name, height in (("base", -2 * UM), ("film|electrolyte", 1 * UM), ("counter", 51 * UM)):
        np.testing.assert_allclose(mesh.points[np.unique(facets(mesh, name)), -1], height)
    surface = mesh.points[np.unique(facets(mesh, "zinc|film"))]
    np.testing.assert_allclose(surface[:, -1], spec.surface.height(surface[:, :-1]), atol=1e-18)
    conformal = build(replace(spec, base="conformal"))
    assert volume(conformal, "zinc") == pytest.approx(area * 2 * UM, rel=1e-12)


def test_a_thin_cell_and_a_tall_one_are_extruded_throughout() -> None:
    for thickness, lateral in ((2 * UM, 0.5 * UM), (900 * UM, 0.5 * UM)):
        spec = recipe(random(2), first=1e-8, thickness=thickness, lateral=lateral, counter=True)
        mesh = build(spec)
        columns = np.unique(mesh.points[:, 0])
        assert len(mesh.points) % columns.size == 0
        assert columns.size == 41


def test_a_pierced_layer_is_refused_with_its_name_and_thickness() -> None:
    spec = recipe(Protrusion(0.97 * UM, 1 * UM, (10 * UM,)), film_top="flat")
    with pytest.raises(CaseError, match=r"layers\.film\.thickness = .*falls to 3e-08 m") as caught:
        build(spec)
    assert caught.value.field == "layers.film.thickness"
    build(replace(spec, surface=Protrusion(0.94 * UM, 1 * UM, (10 * UM,))))


def test_a_surface_too_steep_for_columns_is_refused() -> None:
    with pytest.raises(MeshError, match="inclined"):
        build(recipe(Protrusion(20 * UM, 0.05 * UM, (0.0,)), first=1e-8))


def test_an_inverted_cell_is_refused_and_counted() -> None:
    mesh = build(recipe(Flat(), first=1e-7))
    cells = mesh.cells.copy()
    cells[7, [0, 1]] = cells[7, [1, 0]]
    broken = replace(mesh, cells=cells)
    assert mesh_quality(broken).inverted_cells == 1
    with pytest.raises(MeshError, match="1 of"):
        require_valid(broken)
    np.testing.assert_array_equal(
        signed_volumes(mesh.points, oriented(mesh.points, cells)) > 0, True
    )


def test_quality_reports_layers_and_the_debye_length() -> None:
    mesh = build(recipe(Flat(), first=1e-9))
    quality = mesh_quality(mesh, debye_length=2e-9)
    assert [layer.name for layer in quality.layers] == ["film", "electrolyte"]
    assert sum(layer.cells for layer in quality.layers) == quality.cells == len(mesh.cells)
    assert quality.lowest_cell == pytest.approx(1e-9, rel=1e-6)
    assert quality.lowest_cell_over_debye_length == pytest.approx(0.5, rel=1e-6)
    assert quality.inverted_cells == 0
    assert quality.steepest_slope == pytest.approx(0.0, abs=1e-9)
    assert all(0.0 < layer.smallest_angle < 60.0 for layer in quality.layers)


def test_protrusion_has_its_height_tip_radius_and_five_cells_on_it() -> None:
    shape = Protrusion(3 * UM, 0.5 * UM, (0.0,))
    step = 1e-4 * UM
    s = shape.height(np.array([[0.0], [step]]))
    assert s[0] == 3 * UM
    assert step**2 / (2.0 * (s[0] - s[1])) == pytest.approx(0.5 * UM, rel=1e-6)
    for lateral in (0.5 * UM, 2 * UM):
        mesh = build(recipe(shape, first=1e-8, lateral=lateral))
        x = np.sort(mesh.points[np.unique(facets(mesh, "base")), 0])
        assert np.count_nonzero(x <= 0.5 * UM) - 1 >= 5
        assert np.diff(x).max() <= lateral * (1.0 + 1e-9)


@pytest.mark.parametrize("dimension", [2, 3])
def test_quality_does_not_depend_on_how_many_cells_are_measured_at_a_time(
    dimension: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    mesh = build(recipe(random(dimension), dimension, first=1e-8))
    whole = mesh_quality(mesh)
    monkeypatch.setattr(raw, "_PART", 7)
    assert mesh_quality(mesh) == whole


@pytest.mark.parametrize("dimension", [2, 3])
def test_angles_of_cells_are_those_between_their_edges_and_faces(dimension: int) -> None:
    mesh = build(recipe(random(dimension), dimension, first=1e-8))
    smallest, largest = angles(mesh.points, mesh.cells)
    for number in range(0, len(mesh.cells), len(mesh.cells) // 20):
        corner = mesh.points[mesh.cells[number]]
        found = [
            between(corner[b] - corner[a], corner[c] - corner[a])
            for a, b, c in permutations(range(dimension + 1), 3)
        ]
        assert smallest[number] == pytest.approx(min(found), rel=1e-9)
        if dimension == 3:
            # Outward normals of two faces are as far from opposite as the faces from flat.
            slopes = np.linalg.inv(np.column_stack([corner, np.ones(4)]))[:3].T
            found += [180.0 - between(m, n) for m, n in combinations(slopes, 2)]
        assert largest[number] == pytest.approx(max(found), rel=1e-6)


def between(first: np.ndarray, second: np.ndarray) -> float:
    """Angle of two vectors [degrees], by its half (Kahan)."""
    first, second = first / np.linalg.norm(first), second / np.linalg.norm(second)
    half = np.arctan2(np.linalg.norm(first - second), np.linalg.norm(first + second))
    return float(np.degrees(2.0 * half))
