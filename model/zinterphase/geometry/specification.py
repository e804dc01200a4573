"""Everything that makes a mesh, as one frozen, hashable object with a key."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from zinterphase.geometry.raw import Floats
from zinterphase.geometry.surface import Protrusion, Surface, Traced

# Raised whenever the same recipe would give another mesh, so that cached meshes are made anew.
FORMAT_VERSION = 2


def content_key(content: Mapping[str, Any]) -> str:
    """sha256 of the canonical JSON of what makes a mesh."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class LayerSpec:
    """One meshed layer.

    Attributes
    ----------
    name : Group name.
    thickness : Nominal thickness [m].
    top : Whether the upper face is the face below shifted upwards (conformal), lies at the
        layer's thickness from it along its normal (normal) or is flat. The face at the reacting
        surface has the surface's shape, the face at the counter is flat.
    first_lower, first_upper : Cell at the lower and upper end [m].
    largest : Largest cell in the stack direction [m].
    """

    name: str
    thickness: float
    top: Literal["conformal", "normal", "flat"]
    first_lower: float
    first_upper: float
    largest: float


@dataclass(frozen=True)
class Bisections:
    """How many times each interval of a recipe's mesh is bisected, in two dimensions.

    Attributes
    ----------
    lateral : By interval between lateral points, left to right.
    levels : By interval between the levels from the base to the core, or to the counter.
    core : By rows of equal height and columns of equal width of the core, from its lower left.
    """

    lateral: tuple[int, ...]
    levels: tuple[int, ...]
    core: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Recipe:
    """What a generated mesh depends on, and nothing else. Lengths in metres.

    Attributes
    ----------
    widths : Lateral widths, none on a line, (W,) in 2D, (W, D) in 3D.
    surface : Shape of the reacting surface.
    layers : Meshed layers from bottom to top; the last one ends at the flat counter.
    solid_layers : How many of them lie below the reacting surface.
    base : Shape of the lowest face when layers lie below the surface.
    lateral_size : Lateral cell size (finer near a protrusion), infinite on a line.
    growth : Ratio of neighbouring cells, > 1.
    far_size : Cell size far from the surface in the core.
    refinement : Factor by which all cells are smaller than these sizes, at least 1. The layout
        (where columns end and the core begins) does not depend on it.
    bisections : Of the intervals of the mesh that the rest describes.
    curved : Whether edges that follow the surface are curved: cells of second order.
    """

    widths: tuple[float, ...]
    surface: Surface
    layers: tuple[LayerSpec, ...]
    solid_layers: int
    base: Literal["conformal", "flat"]
    lateral_size: float
    growth: float
    far_size: float
    refinement: float = 1.0
    bisections: Bisections | None = None
    curved: bool = False

    @property
    def subdivisions(self) -> int:
        """How often the mesh is divided after it is made: whole powers of 2 give nested cells."""
        return int(math.log2(self.refinement) + 1e-9)

    @property
    def fineness(self) -> float:
        """What is left of the refinement for the mesh before its division, 1 to below 2."""
        return max(self.refinement / 2.0**self.subdivisions, 1.0)

    @property
    def dimension(self) -> int:
        """1, 2 or 3."""
        return len(self.widths) + 1

    def divided(self, times: int) -> Recipe:
        """The recipe of cells that are halved so many times more."""
        return dataclasses.replace(self, refinement=self.refinement * 2.0**times)

    def key(self) -> str:
        """sha256 of the canonical JSON of the content and the format version."""
        content = {
            "format": FORMAT_VERSION,
            "shape": type(self.surface).__name__,
            "recipe": {k: v for k, v in dataclasses.asdict(self).items() if v is not None},
        }
        return content_key(content)

    def lateral_cell(self, *lateral: float) -> float:
        """Lateral cell size [m] wanted at one lateral position [m]."""
        if not isinstance(self.surface, Protrusion):
            return self.lateral_size
        distance = math.dist(lateral, self.surface.position)
        return min(self.lateral_size, float(self.surface.cell(np.asarray(distance))))

    @property
    def smallest_lateral_cell(self) -> float:
        """Smallest value of ``lateral_cell`` [m]."""
        if not isinstance(self.surface, Protrusion):
            return self.lateral_size
        return min(self.lateral_size, self.surface.smallest_cell)

    def surface_samples(self) -> Floats:
        """Lateral positions (n, lateral) [m] on a regular grid finer than the mesh."""
        if self.dimension == 1:
            return np.zeros((1, 0))
        if isinstance(self.surface, Traced):
            return np.array(self.surface.lateral)[:, None]
        step = 0.5 * self.smallest_lateral_cell
        limit = 20_000 if self.dimension == 2 else 400
        axes = [
            np.linspace(0.0, width, int(np.clip(np.ceil(width / step), 8, limit)) + 1)
            for width in self.widths
        ]
        grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
        if isinstance(self.surface, Protrusion):
            grid = np.vstack([grid, self.surface.position])
        return grid
