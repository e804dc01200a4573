"""Faces of layers as they have become, and the recipe of a mesh between them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zinterphase.geometry.build import build
from zinterphase.geometry.raw import Floats, RawMesh
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.surface import Traced

_FLAT = 1e-13
"""Of the cell's height: what a face deviates from its mean by rounding."""


@dataclass(frozen=True, eq=False)
class Faces:
    """The faces of all meshed layers of a cross-section, from the base to the counter.

    Attributes
    ----------
    lateral : Positions of the nodes of the mesh to be made, ascending, shape (n,) [m].
    heights : Of the faces there, straight between them, shape (faces, n) [m].
    """

    lateral: Floats
    heights: Floats

    @property
    def means(self) -> Floats:
        """Of the heights, shape (faces,) [m]."""
        whole = np.trapezoid(self.heights, self.lateral, axis=1)
        return np.asarray(whole / np.ptp(self.lateral))


def mesh_between(recipe: Recipe, faces: Faces) -> RawMesh:
    """Columns between such faces, with the sizes of a case's recipe. Serial, deterministic.

    Raises
    ------
    CaseError
        A layer has become too thin somewhere.
    MeshError
        A cell would be turned over, or a face is too steep.
    """
    means = faces.means
    datum = means[recipe.solid_layers]
    shapes = faces.heights - means[:, None]
    shapes[np.abs(shapes) <= _FLAT * np.ptp(means)] = 0.0
    surface = Traced(
        tuple(faces.lateral.tolist()),
        tuple(tuple(shape) for shape in shapes.tolist()),
        recipe.solid_layers,
    )
    layers = zip(recipe.layers, np.diff(means).tolist(), strict=True)
    finer = recipe.refinement
    traced = replace(
        recipe,
        surface=surface,
        layers=tuple(_sized(layer, thickness, finer) for layer, thickness in layers),
        growth=recipe.growth ** (1.0 / finer),
        far_size=recipe.far_size / finer,
        lateral_size=recipe.lateral_size / finer,
        refinement=1.0,
    )
    mesh = build(traced)
    points = mesh.points.copy()
    points[:, -1] += datum
    return replace(mesh, points=points)


def _sized(layer: LayerSpec, thickness: float, finer: float) -> LayerSpec:
    """A layer of another thickness, with its cells."""
    return LayerSpec(
        layer.name,
        thickness,
        layer.top,
        layer.first_lower / finer,
        layer.first_upper / finer,
        layer.largest / finer,
    )
