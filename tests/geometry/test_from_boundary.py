"""A mesh made anew between the curves of another: areas, groups and quality."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zinterphase.errors import MeshError
from zinterphase.geometry.angles import angles
from zinterphase.geometry.build import build
from zinterphase.geometry.from_boundary import meshed_between
from zinterphase.geometry.quadratic import folded, volume
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.surface import Sinusoidal

UM = 1e-6


def film() -> RawMesh:
    """A film under electrolyte, sheared so far that cells are poor."""
    layers = (
        LayerSpec("titania", 2 * UM, "conformal", 1 * UM, 1 * UM, 1 * UM),
        LayerSpec("electrolyte", 8 * UM, "flat", 1 * UM, 2 * UM, 2 * UM),
    )
    made = build(
        Recipe((10 * UM,), Sinusoidal(1 * UM, 20 * UM), layers, 0, "flat", 0.5 * UM, 1.5, 3 * UM)
    )
    x, y = made.points.T
    bent = x + 0.3 * x * (10 * UM - x) * (10 * UM - y) * y / (UM**3 * 1e2)
    return replace(made, points=np.column_stack([bent, y]))


def lengths(mesh: RawMesh) -> dict[str, float]:
    sides = np.linalg.norm(np.diff(mesh.points[mesh.facets], axis=1)[:, 0], axis=1)
    return {name: float(sides[mesh.facet_tags == k].sum()) for name, k in mesh.facet_ids.items()}


def areas(mesh: RawMesh) -> dict[str, float]:
    return {
        name: volume(replace(mesh, cells=mesh.cells[mesh.cell_tags == tag]))
        for name, tag in mesh.layer_ids.items()
    }


@pytest.mark.parametrize("size", [0.3 * UM, 1.0 * UM])
def test_layers_and_groups_are_kept(size: float) -> None:
    old = film()
    new = meshed_between(old, lambda x, y: size, lambda x, y: size)
    assert areas(new) == pytest.approx(areas(old), rel=1e-12)
    assert lengths(new) == pytest.approx(lengths(old), rel=1e-12)
    assert not folded(new).size
    assert angles(new.points, new.cells)[0].min() > angles(old.points, old.cells)[0].min()
    assert angles(new.points, new.cells)[0].min() > 15.0
    assert len(new.cells) > 0.5 * sum(areas(old).values()) / size**2
    kept = {tuple(p) for p in old.points[np.unique(old.facets)]}
    assert kept <= {tuple(p) for p in new.points[np.unique(new.facets)]}
    sides = np.linalg.norm(np.diff(new.points[new.facets], axis=1)[:, 0], axis=1)
    assert sides.max() < 1.001 * size


def test_the_same_curves_give_the_same_mesh() -> None:
    old = film()
    one, other = (meshed_between(old, lambda x, y: 0.8 * UM, lambda x, y: UM) for _ in range(2))
    assert one.checksum == other.checksum


def test_curved_edges_are_refused() -> None:
    line = replace(film(), points=np.zeros((4, 3)))
    with pytest.raises(MeshError, match="two dimensions"):
        meshed_between(line, lambda x, y: UM, lambda x, y: UM)
