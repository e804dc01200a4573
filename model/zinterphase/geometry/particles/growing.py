"""Dense packings: soft particles that grow to their size while they fall to rest.

At each size overlaps push particles apart like springs, and FIRE (Bitzek et al., Phys. Rev. Lett.
97 (2006) 170201, doi.org/10.1103/PhysRevLett.97.170201) finds the rest of least overlap. Growing in
steps leaves them time to find ways past each other: they jam later than particles of full size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from zinterphase.geometry.particles.relief import ShapedWall
from zinterphase.geometry.particles.spheres import near_pairs
from zinterphase.geometry.raw import Floats, Ints

_FIRST_SIZE = 0.75
_SIZES = 40
_STEPS, _LAST_STEPS = 150, 6000
"""Of FIRE at a size, and at the last one."""
_RESTED = 1e-3
"""Of the gap: overlap at which particles count as at rest before they have grown."""
_SKIN = 0.3
"""Of mean radii: neighbours are found anew once one has moved by half of it."""
_STEP, _LONGEST_STEP = 0.1, 0.5
"""Time steps for unit springs and masses."""
_MIX, _FASTER, _SLOWER, _CALM = 0.1, 1.1, 0.5, 5
"""FIRE's own: share of the force's direction, changes of the step, steps before it gets longer."""


@dataclass(eq=False)
class Shells:
    """Particles with half the wanted gap around them.

    Attributes
    ----------
    centres : Shape (n, d) [m]; they move.
    radii : Full-grown, shape (n,) [m].
    low, high : Bounds of the centres of full-grown particles, shapes (n, d) [m], infinite where a
        wall is; where they are equal a coordinate is held.
    walls : Of rough metal.
    gap : Wanted distance [m].
    """

    centres: Floats
    radii: Floats
    low: Floats
    high: Floats
    walls: Sequence[ShapedWall]
    gap: float
    _pairs: Ints = field(init=False)
    _since: Floats = field(init=False)

    def grow(self, least: float) -> bool:
        """Grow to full size; whether all gaps are above ``least`` [m] then."""
        self._list_neighbours()
        for size in np.linspace(_FIRST_SIZE, 1.0, _SIZES)[:-1]:
            self._rest(float(size), _STEPS, _RESTED * self.gap)
        return self._rest(1.0, _LAST_STEPS, self.gap - least)

    def _rest(self, size: float, steps: int, slack: float) -> bool:
        """Move until no overlap is above ``slack`` [m]; whether that came about."""
        speed, step, mix, calm = np.zeros_like(self.centres), _STEP, _MIX, 0
        for _ in range(steps):
            force, worst = self._force(size)
            if worst <= slack:
                return True
            power = float((force * speed).sum())
            if power > 0.0:
                ratio = np.linalg.norm(speed) / np.linalg.norm(force)
                speed = (1.0 - mix) * speed + mix * ratio * force
                calm += 1
                if calm > _CALM:
                    step, mix = min(_FASTER * step, _LONGEST_STEP), 0.99 * mix
            else:
                speed[:], step, mix, calm = 0.0, max(_SLOWER * step, 0.02 * _STEP), _MIX, 0
            speed += step * force
            self.centres += step * speed
            if np.abs(self.centres - self._since).max() > 0.25 * self._skin:
                self._list_neighbours()
        return self._force(size)[1] <= slack

    def _force(self, size: float) -> tuple[Floats, float]:
        """On each particle [m for unit springs], and the largest overlap [m]."""
        first, second = self._pairs.T
        shell = size * (self.radii + 0.5 * self.gap)
        apart = self.centres[second] - self.centres[first]
        distance = np.maximum(np.linalg.norm(apart, axis=1), 1e-12 * self._skin)
        over = np.maximum(shell[first] + shell[second] - distance, 0.0)
        push = (over / distance)[:, None] * apart
        force = np.empty_like(self.centres)
        for axis in range(self.centres.shape[1]):
            force[:, axis] = np.bincount(second, push[:, axis], len(self.radii))
            force[:, axis] -= np.bincount(first, push[:, axis], len(self.radii))
        worst = float(over.max(initial=0.0))
        shrunk = ((1.0 - size) * (self.radii + 0.5 * self.gap))[:, None]
        below = np.maximum(self.low - shrunk - self.centres, 0.0)
        above = np.maximum(self.centres - self.high - shrunk, 0.0)
        for wall in self.walls:
            moved = wall.pushed(self.centres, size * (self.radii + self.gap)) - self.centres
            force += moved
            worst = max(worst, float(np.linalg.norm(moved, axis=1).max()))
        force += below - above
        held = self.low == self.high
        force[held] = 0.0
        free = np.where(held, 0.0, below + above)
        return force, max(worst, float(free.max(initial=0.0)))

    @property
    def _skin(self) -> float:
        return _SKIN * float(self.radii.mean())

    def _list_neighbours(self) -> None:
        reach = 2.0 * float(self.radii.max()) + self.gap + self._skin
        self._pairs, self._since = near_pairs(self.centres, reach), self.centres.copy()
