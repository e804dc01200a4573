"""Seeded packings of disks and spheres between mirror planes and walls.

Particles are dropped at random and pushed apart until none is nearer to another than the gap, over
rough metal than the gap to its surface along the normal. One
that a mirror plane would cut has its centre on the plane: the plane then shows half of it, and its
image the other half. All others keep half the gap from mirror planes and the gap from walls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zinterphase.errors import MeshError
from zinterphase.geometry.particles.growing import Shells
from zinterphase.geometry.particles.relief import Between, ShapedWall
from zinterphase.geometry.particles.spheres import Spheres, ball, near_pairs
from zinterphase.geometry.raw import Floats, Ints

ROUNDS = 1500
"""Of pushing apart, before a draw counts as jammed."""
DRAWS, GROWN = 8, 4
"""Pushed apart and, where they all jam, grown, of which one has to fit."""
_WIDEST_SPREAD = 2.5
"""Standard deviations of the logarithm beyond which no diameter is drawn."""
_SKIN = 0.3
"""Of mean radii: neighbours are found anew once one has moved by half of it."""
_SPARE = 0.1
"""Of the gap, more than which is aimed at: the last digits come slowly."""
_TRIALS = 2000
"""Of finding a free place for one particle."""
_DROPPED_APART = 0.75
"""Least distance of centres when dropped, of that in the packing."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sizes:
    """Log-normal diameters: mean [m] and standard deviation over mean."""

    diameter: float
    spread: float

    def radii(self, random: np.random.Generator, count: int) -> Floats:
        """Draw radii [m], cut off at two and a half standard deviations of the logarithm."""
        sigma = np.sqrt(np.log1p(self.spread**2))
        normal = np.clip(random.standard_normal(count), -_WIDEST_SPREAD, _WIDEST_SPREAD)
        return np.asarray(0.5 * self.diameter * np.exp(sigma * normal - 0.5 * sigma**2))


def packed(
    box: Sequence[float],
    mirrored: Sequence[bool],
    sizes: Sizes,
    porosity: float,
    gap: float,
    seed: int,
    between: Between | None = None,
) -> Spheres:
    """Fill a box so that the particles' part of it is 1 - porosity. Serial, deterministic.

    Parameters
    ----------
    box : Lengths (d,) [m], d = 2 or 3.
    mirrored : Whether the two planes across each axis are mirrors; else they are walls.
    sizes : Of the particles; all radii are scaled by a common factor near one to meet the porosity.
    gap : Least distance between two particles, and between a particle and a wall [m].
    seed : Of the random numbers.
    between : The faces across the last axis, where one has the shape of rough metal.

    Raises
    ------
    MeshError
        They do not fit.
    """
    lengths, mirrors = np.array(box), np.array(mirrored)
    for draws, grown in ((DRAWS, False), (GROWN, True)):
        random = np.random.default_rng(seed)
        for _ in range(draws):
            found = _draw(lengths, mirrors, sizes, porosity, gap, random, between, grown=grown)
            if found is not None:
                return found
    raise MeshError(
        f"particles with gaps of {1e9 * gap:.3g} nm do not fit at a porosity of {porosity:g} into "
        f"a box of {1e9 * lengths.min():.3g} nm: take a higher one, or a smaller gap"
    )


def _draw(
    lengths: Floats,
    mirrors: Flags,
    sizes: Sizes,
    porosity: float,
    gap: float,
    random: np.random.Generator,
    between: Between | None,
    *,
    grown: bool,
) -> Spheres | None:
    """One draw; None where it jams."""
    aim = (1.0 + _SPARE) * gap
    even = lengths.copy()
    if between is not None:
        even[-1] = between.mean_thickness
    centres, radii, pinned = _dropped(even, mirrors, sizes, 1.0 - porosity, gap, random)
    keep = np.where(mirrors, 0.5, 1.0) * gap + radii[:, None]
    if grown:
        # They rest with overlaps of as much.
        keep += aim - gap
    low, high = np.where(pinned, centres, keep), np.where(pinned, centres, lengths - keep)
    walls: tuple[ShapedWall, ...] = ()
    if between is not None:
        centres = between.lifted(centres, stretched=True)
        walls = between.walls(gap, joins_base=False)
        low[:, -1] = -np.inf if between.lower else low[:, -1]
        high[:, -1] = np.inf if between.upper else high[:, -1]
    if np.any(low > high):
        raise MeshError(
            f"a particle of {2e9 * radii.max():.3g} nm does not fit into a box of "
            f"{1e9 * lengths.min():.3g} nm with gaps of {1e9 * gap:.3g} nm"
        )
    centres = np.clip(centres, low, high)
    if grown:
        fits = Shells(centres, radii, low, high, walls, aim).grow(gap)
    else:
        fits = _pushed_apart(centres, radii, (low, high), walls, gap)
    return Spheres.apart(centres, radii) if fits else None


def _dropped(
    lengths: Floats,
    mirrors: Flags,
    sizes: Sizes,
    solid: float,
    gap: float,
    random: np.random.Generator,
) -> tuple[Floats, Floats, Flags]:
    """Centres (n, d) of particles dropped where they overlap little, their radii, and which
    coordinates are held on a mirror plane."""
    dim, room = lengths.size, float(np.prod(lengths))
    centres, radii = np.zeros((0, dim)), np.zeros(0)
    pinned, filled = np.zeros((0, dim), dtype=bool), [0.0]
    while filled[-1] < solid * room:
        radius = sizes.radii(random, 1)
        place, held = _free_place(lengths, mirrors, centres, radii, float(radius[0]), gap, random)
        centres, radii = np.vstack([centres, place]), np.append(radii, radius)
        pinned = np.vstack([pinned, held])
        filled.append(filled[-1] + float(ball(radius, dim)[0]) * 0.5 ** int(held.sum()))
    # With or without the last one, whichever is nearer to the porosity.
    over, under = filled[-1] - solid * room, solid * room - filled[-2]
    count = max(len(radii) - (1 if under < over else 0), 1)
    scale = (solid * room / filled[count]) ** (1.0 / dim)
    return centres[:count], scale * radii[:count], pinned[:count]


def _free_place(
    lengths: Floats,
    mirrors: Flags,
    centres: Floats,
    radii: Floats,
    radius: float,
    gap: float,
    random: np.random.Generator,
) -> tuple[Floats, Flags]:
    """A random place at which a particle overlaps no other one by much, and its held coordinates:
    a mirror plane, an edge or a corner takes no more than there is room for."""
    place, held = lengths, mirrors
    for _ in range(_TRIALS):
        drawn = random.random(lengths.size) * lengths
        below = mirrors & (drawn < radius + 0.5 * gap)
        above = mirrors & (lengths - drawn < radius + 0.5 * gap)
        place, held = np.where(below, 0.0, np.where(above, lengths, drawn)), below | above
        distance = np.linalg.norm(centres - place, axis=1)
        if np.all(distance > _DROPPED_APART * (radii + radius + gap)):
            break
    return place, held


def _pushed_apart(
    centres: Floats,
    radii: Floats,
    bounds: tuple[Floats, Floats],
    walls: Sequence[ShapedWall],
    gap: float,
) -> bool:
    """Move centres between bounds until all keep the gap; whether they do at the end."""
    aim = (1.0 + _SPARE) * gap
    skin = _SKIN * float(radii.mean())
    reach = 2.0 * float(radii.max()) + aim + skin
    pairs, since = near_pairs(centres, reach), centres.copy()
    for _ in range(ROUNDS):
        if np.abs(centres - since).max() > 0.25 * skin:
            pairs, since = near_pairs(centres, reach), centres.copy()
        first, second = pairs.T
        apart = centres[second] - centres[first]
        distance = np.maximum(np.linalg.norm(apart, axis=1), 1e-12 * skin)
        missing = radii[first] + radii[second] + aim - distance
        close = missing > 0.0
        kept = not np.any(missing > aim - gap)
        if kept and all(wall.keeps(centres, radii + gap) for wall in walls):
            return True
        push = np.zeros_like(centres)
        step = (0.5 * missing / distance)[close, None] * apart[close]
        np.add.at(push, second[close], step)
        np.add.at(push, first[close], -step)
        centres += push
        for wall in walls:
            centres[:] = wall.pushed(centres, radii + aim)
        centres[:] = np.clip(centres, *bounds)
    return False


def neighbours(spheres: Spheres, reach: float) -> tuple[Ints, Floats]:
    """Pairs (m, 2) whose surfaces are within ``reach`` [m], and these distances (m,)."""
    if len(spheres) < 2:
        return np.zeros((0, 2), dtype=np.int64), np.zeros(0)
    pairs = near_pairs(spheres.centres, 2.0 * float(spheres.radii.max()) + reach)
    apart = np.linalg.norm(np.subtract(*spheres.centres[pairs.T]), axis=1)
    distance = apart - spheres.radii[pairs].sum(axis=1)
    return pairs[distance < reach], distance[distance < reach]
