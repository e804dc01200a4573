"""Recipes of small meshes, and what is measured on them."""

from __future__ import annotations

import numpy as np

from zinterphase.geometry.raw import RawMesh, signed_volumes
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.surface import (
    HeightMap,
    RandomRoughness,
    Surface,
)
from zinterphase.geometry.tables import LateralTable

UM = 1e-6


def recipe(
    surface: Surface,
    dimension: int = 2,
    first: float = 1e-9,
    film_top: str = "conformal",
    counter: bool = False,
    thickness: float = 50 * UM,
    lateral: float | None = None,
) -> Recipe:
    """A film of 1 um, double layers of first cell ``first``, electrolyte; 20 um wide."""
    lateral = lateral or (0.5 * UM if dimension == 2 else 2 * UM)
    return Recipe(
        widths=(20 * UM, 16 * UM)[: dimension - 1],
        surface=surface,
        layers=(
            LayerSpec("film", 1 * UM, film_top, first, first, 0.2 * UM),
            LayerSpec(
                "electrolyte", thickness, "flat", first, first if counter else lateral, 4 * UM
            ),
        ),
        solid_layers=0,
        base="flat",
        lateral_size=lateral,
        growth=1.3,
        far_size=5 * UM,
    )


def random(dimension: int, rms: float = 0.1 * UM, covariance: str = "gaussian") -> RandomRoughness:
    return RandomRoughness(rms, 5 * UM, covariance, 1, (20 * UM, 16 * UM)[: dimension - 1])


def table(dimension: int) -> HeightMap:
    axes = [np.linspace(0.0, 20 * UM, 9), np.linspace(0.0, 16 * UM, 7)][: dimension - 1]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, dimension - 1)
    heights = 0.2 * UM * np.cos(points.sum(axis=1) / (3 * UM))
    rows = tuple(tuple(float(x) for x in point) for point in points)
    return HeightMap(LateralTable(rows, tuple(float(h) for h in heights)))


def volume(mesh: RawMesh, layer: str) -> float:
    volumes = signed_volumes(mesh.points, mesh.cells)
    return float(volumes[mesh.cell_tags == mesh.layer_ids[layer]].sum())


def facets(mesh: RawMesh, name: str) -> np.ndarray:
    return mesh.facets[mesh.facet_tags == mesh.facet_ids[name]]
