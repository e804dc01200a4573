"""Pictures and the surface of a run: there, whole, and the same on any number of ranks."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import pyvista as pv
from matplotlib import image

from zinterphase.observe.surface import SurfaceMap

from .program import ROOT, run

PICTURES = ("fields.png", "surface.png", "mesh.png")
PLANE = ["geometry.width=10 um", "mesh.far_size=10 um"]
SPACE = [
    "geometry.dimension=3", "geometry.width=10 um", "geometry.depth=10 um", "level=secondary",
    "layers.electrolyte.thickness=10 um", "mesh.far_size=10 um", "mesh.lateral_size=0.62 um",
    "mesh.first_cell=200 nm", "mesh.growth=2",
]  # fmt: skip


@pytest.fixture(scope="module", params=[(PLANE, 2), (SPACE, 3)], ids=["2D", "3D"])
def folders(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The same case on one rank and on several."""
    settings, ranks = request.param
    folder = tmp_path_factory.mktemp("pictures")
    one, more = ((folder / "one", 1), (folder / "more", ranks))
    return run("titania", *one, settings), run("titania", *more, settings)


def test_pictures_are_whole_and_listed(folders: tuple[Path, Path]) -> None:
    listed = json.loads((folders[0] / "run.json").read_text())["files"]
    assert {*PICTURES, "surface.vtp"} <= set(listed)
    for name in PICTURES:
        pixels = image.imread(folders[0] / name)[..., :3]
        assert pixels.shape[1] == 1440
        assert pixels.shape[0] > 600
        inked = (pixels < 0.97).any(axis=2)
        assert 0.05 < inked.mean() < 0.95
        assert not inked[:, :3].any()  # nothing runs over the edges
        assert not inked[:, -3:].any()
        assert not inked[-3:].any()


def test_pictures_are_the_same_on_more_ranks(folders: tuple[Path, Path]) -> None:
    for name in PICTURES:
        one, two = (image.imread(folder / name)[..., :3] for folder in folders)
        assert one.shape == two.shape
        changed = (np.abs(one - two) > 0.05).any(axis=2)
        assert changed.mean() < 2e-3  # edges are drawn in the order of cells


@pytest.mark.parametrize("number", [0, 1], ids=["one rank", "more"])
def test_surface_holds_what_the_table_holds(folders: tuple[Path, Path], number: int) -> None:
    surface = pv.read(folders[number] / "surface.vtp")
    table = SurfaceMap.from_csv(folders[number] / "surface.csv")
    sizes = surface.compute_cell_sizes()
    measured = sizes["Length"] if table.position.shape[1] == 2 else sizes["Area"]
    np.testing.assert_allclose(surface.cell_data["area"], measured, rtol=1e-6)
    assert surface.cell_data["area"].sum() == pytest.approx(table.area.sum(), rel=1e-9)
    seen = surface.cell_data["projected_area"].sum()
    assert seen == pytest.approx(table.projected_area.sum(), rel=1e-9)
    assert surface.n_cells == len(np.unique(table.facet))
    for name in table.values:
        means = table.facet_means(name)
        centres = np.asarray(surface.cell_centers().points)[:, : table.position.shape[1]]
        order = np.lexsort(np.round(centres / 1e-11).T[::-1])
        expected = means.values[name][np.lexsort(np.round(means.position / 1e-11).T[::-1])]
        np.testing.assert_allclose(surface.cell_data[name][order], expected, rtol=1e-9)
        low, high = expected.min(), expected.max()
        room = 1e-9 * max(abs(low), abs(high))
        assert surface.point_data[name].min() >= low - room
        assert surface.point_data[name].max() <= high + room
    assert surface.active_scalars_name == "current_density"


def test_runs_are_drawn_one_below_the_other(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """Two-dimensional ones; others are refused in one line, and no picture is left."""
    picture = tmp_path / "picture.png"
    words = [sys.executable, "scripts/four_anodes.py", *map(str, folders), "-o", str(picture)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    if SurfaceMap.from_csv(folders[0] / "surface.csv").position.shape[1] == 2:
        assert done.returncode == 0, done.stderr
        pixels = image.imread(picture)[..., :3]
        assert 0.1 < (pixels < 0.97).any(axis=2).mean() < 0.95
    else:
        assert done.returncode == 1
        refused = "a 3D run; allowed 2D runs (look at its own fields.png)"
        assert done.stderr == f"error: {folders[0]}: {refused}\n"
        assert not picture.exists()
