"""Particles on rough metal: where they lie, the mesh between them, and what it solves to."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.geometry.particles.from_case import particle_recipe
from zinterphase.geometry.particles.settling import particles_of
from zinterphase.geometry.quadratic import volume
from zinterphase.geometry.raw import PARTICLES, RawMesh
from zinterphase.geometry.source import mesh_of_case
from zinterphase.geometry.thickness import face_areas
from zinterphase.run import solve

from .patches import drawn, patch

WIDTH, FILM = 2e-7, 1e-7
WAVE = {"shape": "sinusoidal", "amplitude": "20 nm", "wavelength": "100 nm"}
ROUGH = {"shape": "random", "rms": "8 nm", "correlation_length": "40 nm"}
TIP = {"shape": "protrusion", "height": "30 nm", "tip_radius": "10 nm", "position": "80 nm"}
EGG_BOX = {"shape": "sinusoidal", "amplitude": "15 nm", "wavelength": "200 nm"}


def rough(
    shape: dict[str, Any],
    packing: dict[str, Any],
    folder: Path | None = None,
    *,
    top: str = "flat",
    dimension: int = 2,
    **more: Any,
) -> Case:
    cell = {"dimension": dimension, "width": "200 nm", "surface": shape}
    case = patch(packing, folder, dimension=dimension, geometry=cell, **more)
    layers = tuple(
        layer.model_copy(update={"top": top}) if layer.packing else layer for layer in case.layers
    )
    return case.model_copy(update={"layers": layers})


def on(mesh: RawMesh, name: str) -> np.ndarray:
    return mesh.facets[mesh.facet_tags == mesh.facet_ids[name]]


def area(mesh: RawMesh, name: str) -> float:
    return float(face_areas(mesh.points[on(mesh, name)]).sum())


def stretched(case: Case) -> tuple[float, float]:
    """True area of the metal and mean of its height, by fine sampling [m^(d - 1), m]."""
    surface, dim = particle_recipe(case).surface, case.geometry.dimension - 1
    count = 20_000 if dim == 1 else 500
    axis = (np.arange(count) + 0.5) * WIDTH / count
    lateral = np.stack(np.meshgrid(*[axis] * dim, indexing="ij"), axis=-1).reshape(-1, dim)
    square = np.ones(len(lateral))
    for step in 1e-12 * np.eye(dim):
        square += ((surface.height(lateral + step) - surface.height(lateral - step)) / 2e-12) ** 2
    return float(np.sqrt(square).mean() * WIDTH**dim), float(surface.height(lateral).mean())


@pytest.mark.parametrize("shape", [WAVE, ROUGH, TIP])
@pytest.mark.parametrize("top", ["flat", "conformal"])
def test_the_liquid_is_what_metal_and_disks_leave(shape: dict[str, Any], top: str) -> None:
    case = rough(shape, drawn(seed=3), top=top, mesh={"order": 2})
    mesh, recipe = mesh_of_case(case), particle_recipe(case)
    length, mean = stretched(case)
    assert area(mesh, "base") == pytest.approx(length, rel=2e-3)
    both = mesh.points[np.unique(on(mesh, "base"))]
    assert np.allclose(both[:, 1], recipe.surface.height(both[:, :1]), atol=1e-15)
    solid = 0.4 * WIDTH * (FILM - mean if top == "flat" else FILM)
    assert volume(mesh) == pytest.approx(WIDTH * (2 * FILM - mean) - solid, rel=1e-5)
    above = mesh.points[np.unique(on(mesh, "film|electrolyte"))]
    shift = recipe.surface.height(above[:, :1]) if top == "conformal" else 0.0
    assert np.allclose(above[:, 1], FILM + shift, atol=1e-11)


@pytest.mark.parametrize("shape", [WAVE, ROUGH, TIP])
def test_particles_keep_their_gap_from_the_true_surface(shape: dict[str, Any]) -> None:
    for seed in (1, 2, 3):
        case = rough(shape, drawn(porosity=0.5, seed=seed))
        recipe = particle_recipe(case)
        spheres = particles_of(recipe)["film"].spheres
        x = np.linspace(0.0, WIDTH, 40_001)
        metal = np.column_stack([x, recipe.surface.height(x[:, None])])
        away = np.linalg.norm(spheres.centres[:, None] - metal[None], axis=2).min(axis=1)
        assert (away - spheres.radii).min() > 2e-9 * (1.0 - 1e-2)
        assert np.all(spheres.centres[:, 1] > recipe.surface.height(spheres.centres[:, :1]))
        # The lowest ones follow the shape: none is left out of the valleys, none in the hills.
        low = spheres.centres[np.argmin(away - spheres.radii)]
        assert np.linalg.norm(metal - low, axis=1).min() < FILM


def test_a_list_is_measured_from_the_surface_and_may_be_cut_by_it(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("x,z,radius\n1e-7,1e-8,2e-8\n5e-8,6e-8,2e-8\n")
    case = rough(WAVE, {"file": "list.csv", "gap": "2 nm"}, tmp_path, mesh={"order": 2})
    mesh = mesh_of_case(case)
    spheres = particles_of(particle_recipe(case))["film"].spheres
    assert spheres.centres[:, 1] == pytest.approx([3e-8, 4e-8], abs=1e-14)
    # One whole disk; one whose centre is 10 nm above the crest of 20 nm, which cuts it.
    x = np.linspace(-2e-8, 2e-8, 100_001)
    under = 3e-8 - np.sqrt(np.maximum(4e-16 - x**2, 0.0))
    crest = 2e-8 * np.cos(2e7 * np.pi * x * 1.0)
    lost = float(np.trapezoid(np.maximum(crest - under, 0.0), x))
    assert lost > 1e-17
    solid = 2 * np.pi * 4e-16 - lost
    assert volume(mesh) == pytest.approx(4e-14 - solid, rel=1e-4)
    assert area(mesh, "base") < stretched(case)[0] - 2e-8


def test_a_neck_stands_on_the_crest_below_its_particle(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("x,z,radius\n1e-7,2.2e-8,2e-8\n")
    packing = {"file": "list.csv", "gap": "2 nm", "neck": 0.4}
    case = rough(WAVE, packing, tmp_path, material="Ag")
    mesh = mesh_of_case(case)
    (neck,) = particles_of(particle_recipe(case))["film"].spheres.necks
    assert neck == pytest.approx(np.array([[1e-7, 4.2e-8], [1e-7, 0.0]]), abs=1e-13)
    assert stretched(case)[0] - area(mesh, "base") == pytest.approx(1.6e-8, rel=0.1)


@pytest.mark.parametrize("top", ["flat", "conformal"])
def test_spheres_on_an_egg_box(top: str) -> None:
    packing = drawn(porosity=0.85, diameter="50 nm")
    case = rough(EGG_BOX, packing, top=top, dimension=3, mesh={"order": 2})
    mesh = mesh_of_case(case)
    true, mean = stretched(case)
    assert area(mesh, "base") == pytest.approx(true, rel=3e-3)
    assert true > 1.05 * WIDTH**2
    assert mean == pytest.approx(0.0, abs=1e-14)
    assert volume(mesh) == pytest.approx(1.85 * WIDTH**2 * FILM, rel=1e-3)
    spheres = particles_of(particle_recipe(case))["film"].spheres
    assert area(mesh, f"{PARTICLES}film") > 0.8 * 2 * np.pi * (spheres.radii**2).sum()


def test_a_shape_that_vanishes_is_flat_metal() -> None:
    small = {"shape": "sinusoidal", "amplitude": "1 pm", "wavelength": "100 nm"}
    found = [solve(c, MPI.COMM_SELF) for c in (rough(small, drawn()), patch(drawn()))]
    assert found[0].potential == pytest.approx(found[1].potential, rel=1e-3)
    assert found[0].surface.area.sum() == pytest.approx(WIDTH, rel=1e-6)


def test_islands_lie_on_rough_metal_as_on_a_flat_one() -> None:
    patches = {"fraction": 0.5, "factor": 0.01, "correlation_length": "100 nm"}
    kinetics = {"zinc": {"exchange_current_density": "0.5 mA/cm^2", "patches": patches}}
    surface = solve(rough(WAVE, drawn(), kinetics=kinetics), MPI.COMM_SELF).surface
    current = surface.values["current_density"]
    assert current.min() / current.max() == pytest.approx(100.0, rel=0.05)


@pytest.mark.parametrize(
    ("shape", "film", "words"),
    [
        (WAVE, {"top": "normal"}, '"conformal" or "flat"'),
        ({**ROUGH, "rms": "30 nm", "seed": 3}, {"thickness": "75 nm"}, "does not pierce"),
        ({**WAVE, "wavelength": "0.01 nm", "amplitude": "0.001 nm"}, {}, "geometry.width"),
    ],
)
def test_what_rough_metal_does_not_go_with(
    shape: dict[str, Any], film: dict[str, str], words: str
) -> None:
    raw = {"geometry": {"dimension": 2, "width": "200 nm", "surface": shape}}
    case = patch(drawn()).to_toml()
    with pytest.raises(CaseError, match=words):
        mesh_of_case(_changed(case, raw, film))


def _changed(text: str, tables: dict[str, Any], film: dict[str, str]) -> Case:
    import tomllib

    raw = {**tomllib.loads(text), **tables}
    raw["layers"][1].update(film)
    return Case.from_dict(raw)
