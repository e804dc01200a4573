"""Families of nested meshes: subdivided simplices, refined recipes, refined files."""

from pathlib import Path

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.ensemble.refinement import refined
from zinterphase.errors import CaseError
from zinterphase.geometry.angles import angles
from zinterphase.geometry.build import build
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.quality import mesh_quality, require_valid
from zinterphase.geometry.raw import signed_volumes
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.geometry.source import mesh_of_case
from zinterphase.geometry.subdivision import halved_intervals, subdivided

CASES = Path(__file__).parents[2] / "cases"
SMALL = ["geometry.width=10 um", "mesh.far_size=20 um"]
SOLID = ["layers.silver.potential=resolved"]
SPACE = ["geometry.dimension=3", "geometry.depth=10 um"]


def case(*overrides: str) -> Case:
    return Case.load(CASES / "dual_layer.toml", [*SMALL, *overrides])


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_children_fill_their_parent(dimension: int) -> None:
    points = np.vstack([np.zeros(dimension), np.eye(dimension), 2 * np.ones(dimension)])
    simplices = [list(range(dimension + 1)), list(range(1, dimension + 2))]
    cells = np.array(simplices, dtype=np.int64)
    finer, (children,) = subdivided(points, cells)
    assert len(np.unique(finer, axis=0)) == len(finer)
    edges = finer[children][:, 1:] - finer[children][:, :1]
    whole = points[cells][:, 1:] - points[cells][:, :1]
    volumes = np.abs(np.linalg.det(edges)).reshape(len(cells), -1)
    parents = np.abs(np.linalg.det(whole))
    assert volumes == pytest.approx(np.tile(parents[:, None] / 2**dimension, 2**dimension))


def test_tetrahedra_do_not_degenerate() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)
    cells = np.array([[0, 1, 2, 3]])
    for _ in range(3):
        points, (cells,) = subdivided(points, cells)
    assert angles(points, cells)[0].min() > 30.0


def test_intervals_are_halved() -> None:
    assert halved_intervals(np.array([0.0, 1.0, 3.0]), 1) == pytest.approx([0, 0.5, 1, 2, 3])
    assert halved_intervals(np.array([0.0, 1.0]), 2) == pytest.approx([0, 0.25, 0.5, 0.75, 1])


@pytest.mark.parametrize("more", [[], SOLID, ["level=pnp", "accept_invalid=true"]])
def test_refined_recipe_is_nested_but_for_the_shape_of_the_surface(more: list[str]) -> None:
    """All points of the coarse mesh are points of the fine one, on the same surface."""
    coarse, fine = (build(recipe_from_case(refined(case(*more), f))) for f in (1.0, 2.0))
    require_valid(fine)
    assert len(fine.cells) == 4 * len(coarse.cells)
    assert len(fine.facets) == 2 * len(coarse.facets)
    known = {tuple(p) for p in np.round(fine.points, 15)}
    assert known.issuperset(tuple(p) for p in np.round(coarse.points, 15))
    assert (fine.layer_ids, fine.facet_ids) == (coarse.layer_ids, coarse.facet_ids)


def test_refinement_by_any_factor_divides_all_layers_alike() -> None:
    coarse, fine = (mesh_quality(build(recipe_from_case(refined(case(), f)))) for f in (1.0, 1.5))
    for one, other in zip(coarse.layers, fine.layers, strict=True):
        assert other.cells == pytest.approx(2.25 * one.cells, rel=0.12)
        assert other.lowest_cell == pytest.approx(one.lowest_cell / 1.5, rel=0.1)


def test_refinement_in_space() -> None:
    coarse, fine = (build(recipe_from_case(refined(case(*SPACE), f))) for f in (1.0, 2.0))
    require_valid(fine)
    assert len(fine.cells) == 8 * len(coarse.cells)
    volumes = [signed_volumes(m.points, m.cells).sum() for m in (coarse, fine)]
    assert volumes[1] == pytest.approx(volumes[0], rel=1e-3)


def test_mesh_from_a_file_is_halved(tmp_path: Path) -> None:
    coarse = mesh_of_case(case(*SOLID))
    export_msh(coarse, tmp_path / "own.msh")
    own = case(*SOLID, f"mesh.file={tmp_path / 'own.msh'}")
    fine = mesh_of_case(refined(own, 4.0))
    require_valid(fine)
    assert len(fine.cells) == 16 * len(coarse.cells)
    assert np.bincount(fine.facet_tags).sum() == 4 * len(coarse.facets)
    length = np.ptp(fine.points[fine.facets], axis=1).sum()
    assert length == pytest.approx(np.ptp(coarse.points[coarse.facets], axis=1).sum())
    with pytest.raises(CaseError, match=r"mesh.refinement = 1.5: allowed a power of 2"):
        mesh_of_case(refined(own, 1.5))
