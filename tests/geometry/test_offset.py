"""Films that keep their thickness along the normal."""

from collections.abc import Callable
from dataclasses import replace
from math import sqrt
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from zinterphase import Case
from zinterphase.case import Draft
from zinterphase.errors import CaseError
from zinterphase.geometry.angles import angles
from zinterphase.geometry.build import build
from zinterphase.geometry.faces import face_shapes, offsets
from zinterphase.geometry.mesh_advice import mesh_findings
from zinterphase.geometry.offset import offset_height
from zinterphase.geometry.quality import mesh_quality, require_valid
from zinterphase.geometry.raw import Floats
from zinterphase.geometry.source import mesh_of_case
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.surface import Flat, Protrusion, RandomRoughness, Sinusoidal, Surface

CASES = Path(__file__).parents[2] / "cases"
UM = 1e-6
WIDTH = 20 * UM
STEEP = Protrusion(5 * UM, 1 * UM, (0.0,))
"""53 degrees at its steepest."""
BUMP = "geometry.surface={shape='protrusion',height='5 um',tip_radius='1 um',position='0 um'}"


def films(surface: Surface, *tops: str, dimension: int = 2) -> Recipe:
    """Films of 1 um each under 30 um of electrolyte."""
    size = 0.2 * UM
    layers = [LayerSpec(f"film{k}", UM, top, size, size, size) for k, top in enumerate(tops)]  # type: ignore[arg-type]
    layers.append(LayerSpec("electrolyte", 30 * UM, "flat", size, 2 * UM, 2 * UM))
    return Recipe(
        widths=(WIDTH, WIDTH)[: dimension - 1],
        surface=surface,
        layers=tuple(layers),
        solid_layers=0,
        base="flat",
        lateral_size=0.5 * UM if dimension == 2 else 2 * UM,
        growth=1.3,
        far_size=5 * UM,
    )


def distance(surface: Surface, points: Floats, half: float) -> Floats:
    """Least distance of points (n, d) to a surface, by brute force within ``half``."""
    directions = points.shape[1] - 1
    axis = np.linspace(-half, half, 4001 if directions == 1 else 401)
    grid = np.stack(np.meshgrid(*[axis] * directions, indexing="ij"), axis=-1)
    shift = grid.reshape(-1, directions)
    found = []
    for point in points:
        place = point[:-1] + shift
        apart = ((place - point[:-1]) ** 2).sum(axis=1)
        found.append(sqrt((apart + (surface.height(place) - point[-1]) ** 2).min()))
    return np.array(found)


@pytest.mark.parametrize(
    ("surface", "dimension", "tolerance"),
    [
        (STEEP, 2, 1e-5),
        (Sinusoidal(2 * UM, 10 * UM), 2, 1e-5),
        (Protrusion(5 * UM, 1 * UM, (0.0, 0.0)), 3, 1e-4),
    ],
    ids=["bump", "waves narrower than the film", "bump in 3D"],
)
def test_every_point_of_the_face_is_at_the_thickness(
    surface: Surface, dimension: int, tolerance: float
) -> None:
    recipe = films(surface, "normal", "normal", dimension=dimension)
    generator = np.random.default_rng(1)
    lateral = generator.uniform(0.2 * WIDTH, 0.8 * WIDTH, (20, dimension - 1))
    lateral[:10] = generator.uniform(2.5 * UM, 4 * UM, (10, dimension - 1))
    shapes = face_shapes(recipe, lateral)
    for face, thickness in ((1, UM), (2, 2 * UM)):
        points = np.column_stack([lateral, face * UM + shapes[face]])
        apart = distance(surface, points, 1.2 * thickness)
        assert apart == pytest.approx(thickness, rel=tolerance)


def test_slopes_crests_and_creases_in_closed_form() -> None:
    """On a slope m the face is h sqrt(1 + m^2) above, over a crest h; in a groove both sides meet
    at h sqrt(1 + m^2) above its ground."""

    def groove(sign: float) -> Callable[[Floats], Floats]:
        return lambda x: sign * 1.3 * np.abs(x[:, 0] - 10.0)

    lateral = np.array([[3.0], [10.0], [16.0]])
    slant = sqrt(1.0 + 1.3**2)
    for sign, middle in ((1.0, slant), (-1.0, 1.0)):
        found = offset_height(groove(sign), lateral, 1.0, (20.0,), 0.5)
        rise = found - groove(sign)(lateral)
        assert rise == pytest.approx([slant, middle, slant], rel=1e-12)


def test_mirror_planes_and_flat_surfaces() -> None:
    """At a mirror plane the neighbours beyond it count; flat stays flat to the last digit."""
    ends = np.array([[0.0], [20.0]])
    found = offset_height(lambda x: 1.3 * x[:, 0], ends, 1.0, (20.0,), 0.5)
    assert found == pytest.approx([sqrt(1.0 + 1.3**2), 27.0], rel=1e-12)
    assert not face_shapes(films(Flat(), "normal"), ends * UM).any()


def test_offsets_of_a_stack() -> None:
    recipe = films(STEEP, "normal", "conformal", "normal", "flat", "normal", "conformal")
    expected = (0.0, UM, UM, 2 * UM, None, None, 0.0, None)
    assert offsets(recipe) == expected


def test_the_mesh_of_a_film_along_the_normal_is_sound() -> None:
    """Vertices of the outer face lie on it, on every mesh; conformal is 0.6 um across."""
    surfaces = (STEEP, RandomRoughness(0.3 * UM, 2 * UM, "gaussian", 1, (WIDTH,)))
    for surface in surfaces:
        recipe = films(surface, "normal")
        coarse, fine = build(recipe), build(replace(recipe, refinement=2.0))
        for mesh in (coarse, fine):
            require_valid(mesh)
            name = next(n for n in mesh.facet_ids if "film0" in n and "electrolyte" in n)
            face = np.unique(mesh.facets[mesh.facet_tags == mesh.facet_ids[name]])
            points = mesh.points[face]
            expected = offset_height(surface.height, points[:, :1], UM, (WIDTH,), 0.1 * UM)
            assert points[:, 1] == pytest.approx(expected, abs=1e-12)
    flank = np.array([[sqrt(5.0) * UM, UM + float(STEEP.height(np.array([[sqrt(5.0) * UM]]))[0])]])
    assert distance(STEEP, flank, 1.2 * UM)[0] == pytest.approx(0.6 * UM, rel=0.03)


def test_three_dimensions_take_seconds() -> None:
    begun = perf_counter()
    mesh = build(
        films(
            RandomRoughness(0.3 * UM, 5 * UM, "gaussian", 1, (WIDTH, WIDTH)), "normal", dimension=3
        )
    )
    require_valid(mesh)
    assert perf_counter() - begun < 30.0


def test_only_films_grow_along_the_normal() -> None:
    draft = Draft.load(CASES / "titania.toml")
    for name in ("zinc", "electrolyte"):
        with pytest.raises(CaseError, match=rf"layers\.{name}\.top = normal|\"normal\""):
            draft.changed({f"layers.{name}.top": "normal"}).case()
    assert draft.changed({"layers.titania.top": "normal"}).case().layer("titania").top == "normal"


def test_what_conformal_means_is_said_where_it_matters() -> None:
    """An ideal 53 degree flank: 0.6 um where 1 um was asked."""

    def said(*changes: str) -> dict[str, str]:
        case = Case.load(CASES / "titania.toml", changes)
        findings = mesh_findings(case, mesh_quality(mesh_of_case(case)))
        return {finding.field: finding.text for finding in findings}

    text = said(BUMP)["layers.titania.top"]
    assert "53.4 degrees, titania is 596 nm thick across it where 1000 nm is asked" in text
    assert "layers.titania.top" not in said(BUMP, "layers.titania.top=normal")
    assert not said()
    needles = said(BUMP, "layers.titania.thickness=0.1 um")["layers.titania"]
    assert "a cell has an angle of 0.64 degrees, 621 nm wide" in needles


def test_angles_of_known_cells() -> None:
    """A right-angled isosceles triangle; a corner of a cube, whose faces are at 90 and 54.7."""
    triangle = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert np.ravel(angles(triangle, np.array([[0, 1, 2]]))) == pytest.approx([45.0, 90.0])
    sliver = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.01], [0.0, 1.0, 0.01]])
    smallest, largest = angles(sliver, np.array([[0, 1, 2, 3]]))
    assert smallest[0] == pytest.approx(45.0, abs=0.1)
    assert largest[0] > 178.0  # between its faces


def test_levels_at_the_counter_are_flat() -> None:
    """Whatever the shape of the surface below, its counter electrode has even double layers."""
    recipe = films(Sinusoidal(0.5 * UM, 10 * UM), "normal")
    fine = replace(recipe.layers[-1], first_upper=1e-9)
    mesh = build(replace(recipe, layers=(recipe.layers[0], fine)))
    height = mesh.points[:, 1]
    close = height[height > height.max() - 0.1 * UM]
    levels, columns = np.unique(np.round(close / 1e-12), return_counts=True)
    assert len(levels) > 10
    assert len(set(columns)) == 1
