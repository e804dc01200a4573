"""Meshes between faces as a front has left them."""

import tomllib

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError, MeshError
from zinterphase.geometry.quadratic import volume
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.geometry.specification import Recipe
from zinterphase.geometry.traced import Faces, mesh_between

WIDTH = 10e-6
TEXT = """
geometry = {dimension = 2, width = "10 um"}
mesh = {lateral_size = "1 um", refinement = REFINEMENT}
counter.type = "electrode"
control.current_density = "-1 mA/cm^2"
electrolyte = {salt = "ZnSO4", concentration = "2 mol/L"}
[[layers]]
name = "zinc"
material = "Zn"
thickness = "2 um"
potential = "resolved"
[[layers]]
name = "titania"
material = "TiO2"
thickness = "1 um"
[[layers]]
name = "liquid"
material = "electrolyte"
thickness = "20 um"
"""


def recipe(refinement: int = 1) -> Recipe:
    text = TEXT.replace("REFINEMENT", str(refinement))
    return recipe_from_case(Case.from_dict(tomllib.loads(text)))


def faces(steep: float = 0.5) -> Faces:
    """A hill with a film that rides on it, below a counter electrode with a hollow."""
    x = WIDTH * np.linspace(0.0, 1.0, 14) ** 1.3
    hill = 3e-6 + steep * WIDTH / np.pi * (1.0 - np.cos(np.pi * x / WIDTH))
    counter = 22e-6 + 1e-6 * np.sin(np.pi * x / WIDTH)
    return Faces(x, np.array([np.full(14, -2e-6), hill, hill + 1e-6, counter]))


def on(mesh: RawMesh, name: str) -> np.ndarray:
    """Nodes of a group of facets, by place."""
    nodes = np.unique(mesh.facets[mesh.facet_tags == mesh.facet_ids[name]])
    found = mesh.points[nodes]
    return found[np.argsort(found[:, 0])]


@pytest.mark.parametrize("refinement", [1, 2])
def test_faces_are_met_at_their_nodes_and_layers_have_their_volume(refinement: int) -> None:
    given = faces()
    mesh = mesh_between(recipe(refinement), given)
    names = ("base", "zinc|titania", "titania|liquid", "counter")
    for name, height in zip(names, given.heights, strict=True):
        found = on(mesh, name)
        assert found[:, 0] == pytest.approx(given.lateral, abs=1e-20)
        assert found[:, 1] == pytest.approx(height, abs=1e-18)
    whole = np.trapezoid(given.heights[-1] - given.heights[0], given.lateral)
    assert volume(mesh) == pytest.approx(whole, rel=1e-13)


def test_cells_have_the_sizes_of_the_case() -> None:
    """Twice as many levels with half of them."""
    coarse, fine = (len(mesh_between(recipe(r), faces()).cells) for r in (1, 2))
    assert fine == pytest.approx(2 * coarse, rel=0.2)


def test_what_no_mesh_fits_between_is_refused() -> None:
    given = faces(steep=30.0)
    given.heights[[0, 3]] += [[-1e-3], [1e-3]]
    with pytest.raises(MeshError, match="inclined by up to 8"):
        mesh_between(recipe(), given)
    given.heights[2] = given.heights[1]
    with pytest.raises(CaseError, match="titania"):
        mesh_between(recipe(), given)
