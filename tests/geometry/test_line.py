"""Meshes on a line: the column of the cross-section, and what a line refuses."""

from __future__ import annotations

from pathlib import Path

import gmsh
import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.geometry.build import build
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.gmsh_core import gmsh_session
from zinterphase.geometry.grading import graded
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.verification.cells import on_a_line, si
from zinterphase.verification.lines import flat_cell


@pytest.mark.parametrize("refinement", [1.0, 1.5, 2.0])
def test_line_is_a_column_of_the_cross_section(refinement: float) -> None:
    data = flat_cell("secondary", stack="metal")
    data["mesh"] = {**data["mesh"], "refinement": refinement}
    # A lateral size as wide as the layers are thick leaves their sizes alone.
    data["geometry"]["width"] = data["mesh"]["lateral_size"] = si(2e-6, "m")
    section, line = (
        build(recipe_from_case(Case.from_dict(tables))) for tables in (data, on_a_line(data))
    )
    left = section.points[section.points[:, 0] == 0.0, 1]
    assert np.array_equal(np.sort(line.points[:, 0]), np.sort(left))
    assert list(line.layer_ids) == list(section.layer_ids)
    assert "sides" not in line.facet_ids
    ends = {
        name: line.points[line.facets[line.facet_tags == tag].ravel(), 0].tolist()
        for name, tag in line.facet_ids.items()
    }
    top = float(left.max())
    assert ends["base"] == [float(left.min())]
    assert ends["counter"] == [top]
    assert ends["metal|film"] == [0.0]
    assert ends["film|liquid"] == pytest.approx([0.5e-6])
    quality = mesh_quality(line)
    assert not quality.has_angles
    assert quality.volume == pytest.approx(top - float(left.min()), rel=1e-12)


def test_exported_line_has_its_names(tmp_path: Path) -> None:
    mesh = build(recipe_from_case(Case.from_dict(on_a_line(flat_cell("secondary", stack="metal")))))
    export_msh(mesh, tmp_path / "line.msh", unit=1e-6)
    with gmsh_session():
        gmsh.open(str(tmp_path / "line.msh"))
        found = {gmsh.model.getPhysicalName(*group): group[0] for group in
                 gmsh.model.getPhysicalGroups()}  # fmt: skip
        _, elements, _ = gmsh.model.mesh.getElements(1)
    assert found == {name: dimension for name, (dimension, _) in mesh.names.items()}
    assert sum(map(len, elements)) == len(mesh.cells)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("geometry.width", "1 um"),
        ("geometry.depth", "1 um"),
        ("geometry.coordinates", "axisymmetric"),
        ("mesh.lateral_size", "1 um"),
        ("mesh.file", "line.msh"),
        ("metrics.smoothing_radius", "1 um"),
        ("output.normals", [["1 um"]]),
        ("kinetics.metal.spread", {"sigma_ln": 0.5, "correlation_length": "1 um"}),
        ("kinetics.metal.patches", {"fraction": 0.5, "correlation_length": "1 um"}),
    ],
)
def test_what_is_lateral_is_refused(tmp_path: Path, field: str, value: object) -> None:
    (tmp_path / "line.msh").touch()
    data = on_a_line(flat_cell("secondary", stack="metal"))
    *tables_above, key = field.split(".")
    node = data
    for name in tables_above:
        node = node.setdefault(name, {})
    node[key] = value
    with pytest.raises(CaseError, match="only with dimension = 2 or 3") as refused:
        Case.from_dict(data, folder=tmp_path)
    assert refused.value.field == field


def test_rough_surface_is_refused() -> None:
    data = on_a_line(flat_cell("secondary", stack="metal"))
    data["geometry"]["surface"] = {
        "shape": "sinusoidal", "amplitude": "10 nm", "wavelength": "1 um",
    }  # fmt: skip
    with pytest.raises(CaseError, match=r"geometry\.surface\.shape"):
        Case.from_dict(data)


def test_cross_section_without_width_is_refused() -> None:
    data = flat_cell("secondary", stack="metal")
    del data["geometry"]["width"]
    with pytest.raises(CaseError, match=r"geometry\.width"):
        Case.from_dict(data)


def test_cells_far_below_what_they_grow_to_make_no_overflow() -> None:
    """Warnings are errors here."""
    edges = graded(1.0, 1e-4, 1e-4, 1.2, 1e-4)
    assert len(edges) == pytest.approx(1e4 + 1, abs=2)
