"""The fields as a viewer reads them."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import pyvista as pv

from .program import run

SPECIES = ("Zn2p", "SO42m")


@pytest.fixture(scope="module", params=[1, 2], ids=["1 rank", "2 ranks"])
def fields(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder at level pnp with a resolved metal, made on some ranks."""
    folder = tmp_path_factory.mktemp("fields") / "run"
    settings = [
        "level=pnp", "electrolyte.concentration=0.05 mol/L", "layers.silver.potential=resolved",
        "geometry.width=10 um", "mesh.far_size=20 um",
    ]  # fmt: skip
    return run("dual_layer", folder, request.param, settings)


def read(path: Path) -> pv.UnstructuredGrid:
    """All layers together."""
    return pv.read(path).combine()


def test_layers_are_blocks_by_name(fields: Path) -> None:
    parts = ElementTree.parse(fields / "fields.pvd").getroot().iter("DataSet")
    names = [(part.get("name"), part.get("file")) for part in parts]
    assert names == [(n, f"fields_{n}.pvtu") for n in ("titania", "electrolyte")]
    for (name, _), block in zip(names, pv.read(fields / "fields.pvd"), strict=True):
        assert list(block.field_data["layer_name"]) == [name]
        assert len(set(block.cell_data["layer"])) == 1
        assert block.active_scalars_name == "potential"
    grids = ElementTree.parse(fields / "fields_titania.pvtu").getroot().iter("PPointData")
    assert [grid.get("Scalars") for grid in grids] == ["potential"]


def test_every_field_is_there(fields: Path) -> None:
    grid = read(fields / "fields.pvd")
    nodal = {"potential", "electronic_potential", "overpotential", *(f"c_{s}" for s in SPECIES)}
    cellwise = {"electric_field", "current_density", "charge_density", "layer"}
    cellwise |= {f"flux_{s}" for s in SPECIES}
    assert nodal <= set(grid.point_data.keys())
    assert cellwise <= set(grid.cell_data.keys())
    solid = read(fields / "solid.pvd")
    assert {"electronic_potential", "electronic_current_density"} <= {
        *solid.point_data.keys(), *solid.cell_data.keys(),
    }  # fmt: skip


def test_area_is_counted_once(fields: Path) -> None:
    """10 um x (1 um film + 50 um electrolyte less the roughness' mean, which is zero)."""
    grid = read(fields / "fields.pvd")
    area = grid.compute_cell_sizes(length=False, volume=False)["Area"].sum()
    assert area == pytest.approx(10e-6 * 51e-6, rel=1e-3)
    film = pv.read(fields / "fields.pvd")[0]
    assert film.compute_cell_sizes()["Area"].sum() == pytest.approx(10e-6 * 1e-6, rel=1e-6)


def test_fields_are_physical_and_consistent(fields: Path) -> None:
    grid = read(fields / "fields.pvd")
    for species in SPECIES:
        assert grid[f"c_{species}"].min() > 0
    far = grid.extract_cells(np.flatnonzero(grid.cell_centers().points[:, 1] > 30e-6))
    # Far from the surface all current is Zn2+ on its way down: i = 2 F N, i_y = -10 A/m2.
    assert far["current_density"][:, 1] == pytest.approx(-10.0, rel=2e-2)
    faraday = 96485.33212
    assert far["current_density"] == pytest.approx(2 * faraday * far["flux_Zn2p"], abs=0.2)


def test_adios_output_is_written(tmp_path: Path) -> None:
    run("bare", tmp_path / "r", 2, ["output.fields=bp", "geometry.width=10 um"])
    assert any((tmp_path / "r" / "fields.bp").iterdir())
