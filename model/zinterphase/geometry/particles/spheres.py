"""Disks and spheres in a box: where they lie, and where they touch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import gamma, pi

import numpy as np

from zinterphase.geometry.raw import Floats, Ints


@dataclass(frozen=True, eq=False)
class Spheres:
    """Disks (d = 2) or spheres (d = 3), those cut by a plane of their box included.

    Attributes
    ----------
    centres : Shape (n, d) [m]; the last coordinate is the stack direction.
    radii : Shape (n,) [m].
    necks : Ends of the axes of cylinders (strips in 2D) that join particles, (m, 2, d) [m].
    neck_radii : Their radii (half widths), shape (m,) [m].
    """

    centres: Floats
    radii: Floats
    necks: Floats
    neck_radii: Floats

    @classmethod
    def apart(cls, centres: Floats, radii: Floats) -> Spheres:
        """Without necks."""
        return cls(centres, radii, np.zeros((0, 2, centres.shape[1])), np.zeros(0))

    def __len__(self) -> int:
        return len(self.radii)

    @property
    def dimension(self) -> int:
        """2 or 3."""
        return int(self.centres.shape[1])

    def moved(self, height: float) -> Spheres:
        """All of them higher by ``height`` [m]."""
        shift = np.append(np.zeros(self.dimension - 1), height)
        return replace(self, centres=self.centres + shift, necks=self.necks + shift)


def ball(radii: Floats, dimension: int) -> Floats:
    """Area of disks or volume of spheres [m^d]."""
    return np.asarray(pi ** (dimension / 2) / gamma(dimension / 2 + 1) * radii**dimension)


def near_pairs(centres: Floats, reach: float) -> Ints:
    """Pairs (m, 2) of centres within ``reach`` of each other, sorted."""
    from scipy.spatial import cKDTree

    pairs = cKDTree(centres).query_pairs(reach, output_type="ndarray")
    return np.asarray(pairs[np.lexsort(pairs.T[::-1])], dtype=np.int64)
