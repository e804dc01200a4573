"""Particles from segmented images: outlines, meshes, what is solved between them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imsave
from mpi4py import MPI
from PIL import Image

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.geometry.particles.images import SegmentedImage
from zinterphase.geometry.particles.outlines import liquid_of
from zinterphase.geometry.raw import PARTICLES, RawMesh
from zinterphase.geometry.source import mesh_of_case
from zinterphase.geometry.thickness import face_areas
from zinterphase.run import solve
from zinterphase.upscale.cell import CellNumbers, cell_recipe, solve_cell

from .patches import drawn, patch

WIDTH, FILM = 2e-7, 1e-7
INSIDE = ((5e-8, 4.5e-8, 3e-8), (1.2e-7, 5e-8, 2e-8))
"""Disks (x, z, radius) [m] within the layer, and on a mirror plane."""
ON_MIRROR = (2e-7, 4e-8, 2.5e-8)
LISTED = (*INSIDE, ON_MIRROR)
SOLID = np.pi * (9e-16 + 4e-16 + 0.5 * 6.25e-16) / (WIDTH * FILM)
LENGTH = 2 * np.pi * (3e-8 + 2e-8 + 0.5 * 2.5e-8)


def pixels(columns: int, disks: tuple[tuple[float, float, float], ...] = LISTED) -> np.ndarray:
    """Which pixels (rows from the top, columns) have their middle in a disk."""
    h = WIDTH / columns
    x, z = (np.arange(columns) + 0.5) * h, (np.arange(columns // 2) + 0.5) * h
    found = [(x[None] - a) ** 2 + (z[::-1, None] - b) ** 2 < r**2 for a, b, r in disks]
    return np.asarray(np.any(found, axis=0))


def of_image(folder: Path, solid: np.ndarray, **more: Any) -> Case:
    np.save(folder / "image.npy", solid.astype(np.uint8))
    return patch({"image": "image.npy", "pixel": f"{WIDTH / solid.shape[1]} m"}, folder, **more)


def length(mesh: RawMesh, name: str) -> float:
    return float(
        face_areas(mesh.points[mesh.facets[mesh.facet_tags == mesh.facet_ids[name]]]).sum()
    )


def test_outlines_of_disks_are_circles() -> None:
    image = SegmentedImage.of(pixels(160), WIDTH / 160)
    (region,) = liquid_of(image)
    outer, *holes = region.outlines
    assert sorted(len(hole) for hole in holes) == [1, 1]
    assert sum(not piece.straight for piece in outer) == 1
    for hole in holes:
        points = hole[0].points * image.pixel
        away = [np.linalg.norm(points - np.array(disk[:2]), axis=1) for disk in INSIDE]
        disk = int(np.argmin([np.std(each) for each in away]))
        assert np.abs(away[disk] - INSIDE[disk][2]).max() < 0.5 * image.pixel


def test_numbers_of_a_list_come_back_with_finer_pixels(tmp_path: Path) -> None:
    off = []
    for columns in (40, 80, 160, 320):
        mesh = mesh_of_case(of_image(tmp_path, pixels(columns)))
        cells = mesh.points[mesh.cells[mesh.cell_tags == 1]]
        edges = cells[:, 1:] - cells[:, :1]
        liquid = 0.5 * float(np.abs(np.linalg.det(edges)).sum()) / (WIDTH * FILM)
        off.append([abs(1.0 - liquid - SOLID), abs(length(mesh, f"{PARTICLES}film") / LENGTH - 1)])
    area, outline = np.array(off).T
    assert area.max() < 2e-3
    assert area[-1] < 1e-4
    assert area[1] > area[2] > area[3]
    # An outline that steps between pixels is a little too long, however fine they are.
    assert outline.max() < 8e-3


def conduction(case: Case) -> CellNumbers:
    return solve_cell(cell_recipe(case, case.layer("film"), 1.0, 1), MPI.COMM_SELF, solid=False)


def test_conduction_is_that_of_the_list(tmp_path: Path) -> None:
    rows = "\n".join(f"{x},{z},{r}" for x, z, r in LISTED)
    (tmp_path / "list.csv").write_text(f"x,z,radius\n{rows}\n")
    exact = conduction(patch({"file": "list.csv", "gap": "1 nm"}, tmp_path))
    off = []
    for columns in (80, 160, 320):
        found = conduction(of_image(tmp_path, pixels(columns)))
        off.append(np.abs(np.array(found.liquid) / np.array(exact.liquid) - 1.0).max())
        assert found.porosity == pytest.approx(exact.porosity, abs=0.1 / columns)
    assert 5e-3 > off[0] > 1.5 * off[1] > 2.25 * off[2]


def test_solid_that_ends_at_the_upper_face_belongs_to_its_layer(tmp_path: Path) -> None:
    solid = pixels(80, ((1.2e-7, 1e-7, 2.5e-8),))
    mesh = mesh_of_case(of_image(tmp_path, solid))
    assert length(mesh, "film|electrolyte") == pytest.approx(WIDTH - 5e-8, rel=2e-2)
    assert length(mesh, f"{PARTICLES}film") == pytest.approx(5e-8 + np.pi * 2.5e-8, rel=3e-2)
    edges = mesh.points[mesh.facets[mesh.facet_tags == mesh.facet_ids[f"{PARTICLES}film"]]]
    assert edges[:, :, 1].min() == pytest.approx(7.5e-8, abs=2.5e-9)


def test_a_conducting_image_reacts_on_its_outline(tmp_path: Path) -> None:
    surface = solve(of_image(tmp_path, pixels(80), material="Ag"), MPI.COMM_SELF).surface
    assert surface.area.sum() == pytest.approx(WIDTH + LENGTH, rel=2e-2)
    current = surface.values["current_density"]
    assert current == pytest.approx(-10.0 * WIDTH / surface.area.sum(), rel=1e-2)


def test_a_picture_and_an_array_are_the_same_image(tmp_path: Path) -> None:
    solid = pixels(80)
    mesh = mesh_of_case(of_image(tmp_path, solid))
    imsave(tmp_path / "image.png", solid.astype(float), cmap="gray")
    case = patch({"image": "image.png", "pixel": "2.5 nm"}, tmp_path)
    assert mesh_of_case(case).checksum == mesh.checksum


def test_small_islands_are_left_out_and_told(tmp_path: Path) -> None:
    solid = pixels(80)
    mesh = mesh_of_case(of_image(tmp_path, solid))
    solid[2, 40:44] = True
    solid[35, 2] = True
    noisy = mesh_of_case(of_image(tmp_path, solid))
    assert np.array_equal(noisy.points, mesh.points)
    assert "2 islands below 9 of them left out" in noisy.notes[-1]
    assert "islands" not in mesh.notes[-1]


STACK = np.ones((8, 8, 8), dtype=np.uint8)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (STACK, "no stack is meshed"),
        (np.zeros((40, 80)), "no solid"),
        (np.ones((40, 80)), "no liquid"),
        (np.ones((3, 6)), "pixels a side"),
        (pixels(60), "as 60 pixels are geometry.width"),
        (np.array("zinc"), "rows and columns"),
    ],
)
def test_an_image_is_refused(tmp_path: Path, values: np.ndarray, words: str) -> None:
    np.save(tmp_path / "image.npy", values)
    case = patch({"image": "image.npy", "pixel": "2.5 nm"}, tmp_path)
    with pytest.raises(CaseError, match=words):
        mesh_of_case(case)


def test_a_file_that_is_no_image_is_refused(tmp_path: Path) -> None:
    for name in ("image.npy", "image.png", "image.txt"):
        (tmp_path / name).write_text("no image")
        case = patch({"image": name, "pixel": "2.5 nm"}, tmp_path)
        with pytest.raises(CaseError, match="rows and columns"):
            mesh_of_case(case)


def test_pictures_of_several_planes_or_with_noise_are_refused(tmp_path: Path) -> None:
    planes = [Image.fromarray(255 * pixels(80).astype(np.uint8)) for _ in range(2)]
    planes[0].save(tmp_path / "stack.tif", save_all=True, append_images=planes[1:])
    planes[0].save(tmp_path / "image.jpg")
    np.save(tmp_path / "table.npy", np.zeros((40, 80), dtype=[("a", "i4"), ("b", "f8")]))
    for name in ("stack.tif", "image.jpg", "table.npy"):
        case = patch({"image": name, "pixel": "2.5 nm"}, tmp_path)
        with pytest.raises(CaseError, match="rows and columns"):
            mesh_of_case(case)


def test_a_picture_of_one_plane_is_read(tmp_path: Path) -> None:
    Image.fromarray(255 * pixels(80).astype(np.uint8)).save(tmp_path / "image.tif")
    case = patch({"image": "image.tif", "pixel": "2.5 nm"}, tmp_path)
    np.save(tmp_path / "image.npy", pixels(80))
    same = patch({"image": "image.npy", "pixel": "2.5 nm"}, tmp_path)
    assert np.array_equal(mesh_of_case(case).points, mesh_of_case(same).points)


@pytest.mark.parametrize(
    ("packing", "tables", "words"),
    [
        ({"image": "image.npy"}, {}, "packing.pixel"),
        (drawn(pixel="1 nm"), {}, "packing.image"),
        (drawn(image="image.npy", pixel="1 nm"), {}, "nothing beside image"),
        ({"image": "image.npy", "pixel": "1 nm", "neck": 0.3}, {}, "nothing beside image"),
        ({"image": "image.npy", "pixel": "1 nm", "by_particle": True}, {}, "nothing beside image"),
        (
            {"image": "image.npy", "pixel": "1 nm"},
            {"geometry": {"dimension": 3, "width": "200 nm"}},
            "no stack is meshed",
        ),
    ],
)
def test_what_an_image_does_not_go_with(
    tmp_path: Path, packing: dict[str, Any], tables: dict[str, Any], words: str
) -> None:
    np.save(tmp_path / "image.npy", pixels(80))
    with pytest.raises(CaseError, match=words):
        patch(packing, tmp_path, **tables)
