"""Everything that makes a mesh between particles, as one frozen, hashable object with a key."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from math import inf

from zinterphase.geometry.particles.images import SegmentedImage
from zinterphase.geometry.particles.packing import Sizes
from zinterphase.geometry.particles.relief import Relief
from zinterphase.geometry.specification import content_key
from zinterphase.geometry.surface import Flat, Surface

# Raised whenever the same recipe would give another mesh, so that cached meshes are made anew.
FORMAT_VERSION = 3


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
    image : Of the layer, in place of particles with a place each; the gap is a pixel then.
    """

    gap: float
    neck: float = 0.0
    sizes: Sizes | None = None
    porosity: float = 0.0
    seed: int = 0
    given: tuple[tuple[float, ...], ...] = ()
    image: SegmentedImage | None = None


@dataclass(frozen=True)
class ResolvedLayer:
    """A layer of liquid, with particles in it or without; its upper face is flat, or ``conformal``:
    it has the shape of the metal."""

    name: str
    thickness: float
    packing: PackingSpec | None = None
    conformal: bool = False


@dataclass(frozen=True)
class ParticleRecipe:
    """What the mesh of the liquid between particles depends on. Lengths in metres.

    Attributes
    ----------
    widths : Lateral lengths, (W,) in 2D, (W, D) in 3D; their planes are mirrors.
    layers : From bottom to top.
    mirrored_ends : Whether the lowest and highest plane are mirrors as well: a cell of a packing
        without end.
    share : Cell at the surface of a particle over its radius.
    near : Largest cell at any surface, where double layers are resolved; infinite elsewhere.
    growth : Cells grow away from surfaces by growth - 1 of the distance.
    far_size : Largest cell.
    refinement : Factor by which all cells are smaller, at least 1.
    curved : Whether edges on particles are curved: cells of second order.
    solid : Whether the particles are meshed, and not the liquid between them.
    surface : Shape of the metal.
    surface_cell : Largest cell on rough metal.
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
    surface: Surface = Flat()  # noqa: RUF009  # it is frozen
    surface_cell: float = inf
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

    @cached_property
    def relief(self) -> Relief | None:
        """Samples of rough metal; None where it is flat."""
        if self.surface == Flat():
            return None
        return Relief.of(self.surface, self.widths, self.surface_cell)

    @property
    def shaped(self) -> tuple[bool, ...]:
        """Whether each face, from the metal to the far side, has the shape of rough metal."""
        rough = self.surface != Flat()
        return (rough, *(rough and layer.conformal for layer in self.layers[:-1]), False)

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
        shape = type(self.surface).__name__
        content = {"particles": FORMAT_VERSION, "shape": shape, "recipe": dataclasses.asdict(self)}
        return content_key(content)
