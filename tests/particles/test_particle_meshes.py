"""Meshes of the liquid between particles."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError, MeshError
from zinterphase.geometry.particles.build import build_particles
from zinterphase.geometry.particles.from_case import particle_recipe
from zinterphase.geometry.quadratic import volume
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.raw import PARTICLES, RawMesh, signed_volumes
from zinterphase.geometry.source import mesh_of_case
from zinterphase.geometry.thickness import face_areas

from .patches import LIST_2D, drawn, patch

CASES = Path(__file__).parents[2] / "cases"


def areas(mesh: RawMesh, name: str) -> float:
    return float(
        face_areas(mesh.points[mesh.facets[mesh.facet_tags == mesh.facet_ids[name]]]).sum()
    )


def of_list(folder: Path, text: str, **more: Any) -> Case:
    (folder / "list.csv").write_text(text)
    return patch({"file": "list.csv", **more}, folder)


def test_two_disks_of_a_list_are_cut_out(tmp_path: Path) -> None:
    case = of_list(tmp_path, LIST_2D, gap="2 nm")
    mesh = mesh_of_case(case.model_copy(update={"mesh": case.mesh.model_copy(update={"order": 2})}))
    radii = np.array([2e-8, 3e-8])
    assert volume(mesh) == pytest.approx(2e-7 * 2e-7 - np.pi * (radii**2).sum(), rel=1e-6)
    assert areas(mesh, f"{PARTICLES}film") == pytest.approx(2 * np.pi * radii.sum(), rel=1e-2)
    assert areas(mesh, "base") == pytest.approx(2e-7)
    assert areas(mesh, "film|electrolyte") == pytest.approx(2e-7)
    assert areas(mesh, "counter") == pytest.approx(2e-7)
    assert set(mesh.layer_ids) == {"film", "electrolyte"}
    assert mesh.notes[0].startswith("film: 2 particles")


@pytest.mark.parametrize(("dim", "diameter"), [(2, "40 nm"), (3, "80 nm")])
def test_a_drawn_packing_leaves_its_porosity(dim: int, diameter: str) -> None:
    packing = drawn(porosity=0.85, gap="8 nm", diameter=diameter)
    case = patch(packing, dimension=dim, mesh={"order": 2})
    mesh = mesh_of_case(case)
    box = 2e-7 ** (dim - 1) * 1e-7
    assert volume(mesh) == pytest.approx(1.85 * box, rel=2e-3)
    quality = mesh_quality(mesh)
    assert quality.inverted_cells == 0
    smallest = min(layer.smallest_angle for layer in quality.layers)
    assert smallest > (15.0 if dim == 2 else 1.0)
    again = build_particles(particle_recipe(case))
    assert again.checksum == mesh.checksum


def test_spheres_close_to_planes_leave_no_flat_cells() -> None:
    for seed in (1, 3):
        mesh = build_particles(particle_recipe(_spheres(seed)))
        sizes = np.abs(signed_volumes(mesh.points, mesh.cells))
        assert sizes.min() > 1e-5 * sizes.mean()
        quality = mesh_quality(mesh)
        assert min(layer.smallest_angle for layer in quality.layers) > 3.0
        assert max(layer.largest_angle for layer in quality.layers) < 170.0
        assert build_particles(particle_recipe(_spheres(seed))).checksum == mesh.checksum


def _spheres(seed: int) -> Case:
    return Case.load(CASES / "particles_3d.toml").with_seed(seed)


def test_necks_take_liquid_and_are_counted() -> None:
    without = mesh_of_case(patch(drawn(porosity=0.55)))
    with_necks = mesh_of_case(patch(drawn(porosity=0.55, neck=0.3)))
    assert volume(with_necks) < volume(without)
    assert any("necks join" in note for note in with_necks.notes)


def test_necks_that_close_the_way_to_the_metal_are_refused(tmp_path: Path) -> None:
    row = "\n".join(f"{x}e-8,5e-8,1.95e-8" for x in (0, 4, 8, 12, 16, 20))
    with pytest.raises(MeshError, match="close the way"):
        mesh_of_case(of_list(tmp_path, f"x,z,radius\n{row}\n", gap="1 nm", neck=0.3))


def test_a_finer_mesh_has_four_times_the_cells() -> None:
    coarse = mesh_of_case(patch(drawn()))
    fine = mesh_of_case(patch(drawn(), mesh={"refinement": 2.0}))
    assert 3.0 < len(fine.cells) / len(coarse.cells) < 5.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x,radius\n1,2\n", "header x,z,radius"),
        ("x,z,radius\n1e-7,5e-8,zinc\n", "could not convert"),
        ("x,z,radius\n1e-7,5e-8,0\n", "radii above 0"),
        ("x,z,radius\n1e-7,9e-8,2e-8\n", "below the layer's upper face"),
    ],
)
def test_a_list_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CaseError, match=words):
        mesh_of_case(of_list(tmp_path, text))


@pytest.mark.parametrize(
    ("packing", "tables", "words"),
    [
        ({"diameter": "40 nm"}, {}, "packing.porosity"),
        (drawn(diameter="400 nm"), {}, "at most the thickness"),
        (drawn(exchange_current_density_factor=2.0), {}, "particles do not conduct"),
        (drawn(), {"mesh": {"file": __file__}}, "nothing beside mesh.file"),
        (drawn(), {"accuracy": "1 %"}, "nothing beside accuracy"),
        (drawn(), {"mesh": {"lateral_size": "5 nm"}}, "nothing beside mesh.lateral_size"),
        (
            drawn(),
            {"geometry": {"dimension": 1}},
            "only with dimension = 2 or 3",
        ),
        (drawn(neck=2.0), {}, "packing.neck"),
    ],
)
def test_what_does_not_go_with_particles_is_refused(
    packing: dict[str, Any], tables: dict[str, Any], words: str
) -> None:
    with pytest.raises(CaseError, match=words):
        patch(packing, **tables)


def test_the_case_of_a_run_folder_is_the_same_case() -> None:
    import tomllib

    case = patch(drawn(seed=3), material="Ag")
    assert Case.from_dict(tomllib.loads(case.to_toml())) == case
    assert case.with_seed(7).layer("film").packing != case.layer("film").packing


def test_double_layers_too_thin_for_the_width_are_refused() -> None:
    case = patch(drawn(), level="pnp", accept_invalid=True, geometry={"width": "100 um"})
    with pytest.raises(CaseError, match="a width below"):
        particle_recipe(case)
