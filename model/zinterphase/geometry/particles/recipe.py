"""Everything that makes a mesh between particles, as one frozen, hashable object with a key."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from zinterphase.geometry.particles.packing import Sizes
from zinterphase.geometry.specification import content_key

# Raised whenever the same recipe would give another mesh, so that cached meshes are made anew.
FORMAT_VERSION = 1


@dataclass(frozen=True)
class PackingSpec:
    """The particles of one layer.

    Attributes
    ----------
    gap : Least distance between surfaces [m].
    neck : Radius of the necks between particles that would touch, over that of the smaller one;
        0 leaves the gap there.
    sizes, porosity, seed : Of particles that are drawn; None, 0 and 0 of given ones.
    given : Rows (x, [y,] z, radius) [m] of particles from a list, z from the layer's lower face.
    """

    gap: float
    neck: float = 0.0
    sizes: Sizes | None = None
    porosity: float = 0.0
    seed: int = 0
    given: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True)
class ResolvedLayer:
    """A layer of liquid, with particles in it or without."""

    name: str
    thickness: float
    packing: PackingSpec | None = None


@dataclass(frozen=True)
class ParticleRecipe:
    """What the mesh of the liquid between particles depends on. Lengths in metres.

    Attributes
    ----------
    widths : Lateral lengths, (W,) in 2D, (W, D) in 3D; their planes are mirrors.
    layers : From bottom to top, over flat metal.
    mirrored_ends : Whether the lowest and highest plane are mirrors as well: a cell of a packing
        without end.
    share : Cell at the surface of a particle over its radius.
    near : Largest cell at any surface, where double layers are resolved; infinite elsewhere.
    growth : Cells grow away from surfaces by growth - 1 of the distance.
    far_size : Largest cell.
    refinement : Factor by which all cells are smaller, at least 1.
    curved : Whether edges on particles are curved: cells of second order.
    solid : Whether the particles are meshed, and not the liquid between them.
    inside : Layers whose particles are meshed with the liquid.
    metal : Dense layers that are meshed, too, from bottom to top, their surface at height 0.
    """

    widths: tuple[float, ...]
    layers: tuple[ResolvedLayer, ...]
    mirrored_ends: bool
    share: float
    near: float
    growth: float
    far_size: float
    refinement: float = 1.0
    curved: bool = False
    solid: bool = False
    inside: tuple[str, ...] = ()
    metal: tuple[ResolvedLayer, ...] = ()

    @property
    def dimension(self) -> int:
        """2 or 3."""
        return len(self.widths) + 1

    @property
    def height(self) -> float:
        """Of all layers of liquid [m]."""
        return sum(layer.thickness for layer in self.layers)

    @property
    def bottom(self) -> float:
        """Height of the lowest face [m]."""
        return -sum(layer.thickness for layer in self.metal)

    @property
    def stack(self) -> tuple[ResolvedLayer, ...]:
        """All layers, from bottom to top."""
        return (*self.metal, *self.layers)

    def key(self) -> str:
        """sha256 of the canonical JSON of the content and the format version."""
        content = {"particles": FORMAT_VERSION, "recipe": dataclasses.asdict(self)}
        return content_key(content)
