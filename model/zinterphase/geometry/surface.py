"""Shapes of the reacting surface: height s [m] over its mean plane against lateral position.

In 3D a position is (x, y). Shapes are frozen and hashable: they are part of the mesh's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zinterphase.geometry.random_fields import (
    ROUGHNESS_STREAM,
    CosineField,
    Covariance,
    shortest_wavelength,
)
from zinterphase.geometry.raw import Floats
from zinterphase.geometry.tables import LateralTable


@dataclass(frozen=True)
class Flat:
    """s = 0."""

    def height(self, lateral: Floats) -> Floats:
        """Height [m] at positions of shape (n, lateral dimensions)."""
        return np.zeros(len(lateral))

    def largest_cell(self) -> float:
        """Largest lateral cell [m] that still shows the shape."""
        return np.inf


@dataclass(frozen=True)
class Sinusoidal:
    """s = a cos(2 pi x / wavelength), times cos(2 pi y / wavelength) in 3D."""

    amplitude: float
    wavelength: float

    def height(self, lateral: Floats) -> Floats:
        """Height [m] at positions of shape (n, lateral dimensions)."""
        waves = np.cos(2.0 * np.pi / self.wavelength * lateral)
        return np.asarray(self.amplitude * waves.prod(axis=1))

    def largest_cell(self) -> float:
        """Largest lateral cell [m] that still shows the shape."""
        return self.wavelength / 16.0


@dataclass(frozen=True)
class Protrusion:
    """s = H exp(-r^2 / (2 R H)): height H and radius of curvature R at the tip are exact.

    ``position`` holds one lateral coordinate per lateral dimension [m].
    """

    tip_height: float
    tip_radius: float
    position: tuple[float, ...]

    def height(self, lateral: Floats) -> Floats:
        """Height [m] at positions of shape (n, lateral dimensions)."""
        squared = ((lateral - np.array(self.position)) ** 2).sum(axis=1)
        spread = 2.0 * self.tip_radius * self.tip_height
        return np.asarray(self.tip_height * np.exp(-squared / spread))

    def largest_cell(self) -> float:
        """Largest lateral cell [m] far from the tip."""
        return np.inf

    @property
    def core_radius(self) -> float:
        """The smaller of the tip's radius and the protrusion's half-width sqrt(R H) [m]."""
        return float(min(self.tip_radius, np.sqrt(self.tip_radius * self.tip_height)))

    @property
    def smallest_cell(self) -> float:
        """Largest lateral cell [m] at the tip."""
        return self.core_radius / 6.0

    def cell(self, distance: Floats) -> Floats:
        """Largest lateral cell [m] at lateral distances [m] from the tip."""
        beyond = np.maximum(distance - self.core_radius, 0.0)
        return np.asarray(self.smallest_cell + 0.15 * beyond)


@dataclass(frozen=True)
class RandomRoughness:
    """One realisation of ``CosineField``; ``rms`` is the expected root mean square height."""

    rms: float
    correlation_length: float
    covariance: Covariance
    seed: int
    widths: tuple[float, ...]

    @cached_property
    def field(self) -> CosineField:
        """The height field."""
        return CosineField(
            self.widths,
            self.rms,
            self.correlation_length,
            self.covariance,
            self.seed,
            ROUGHNESS_STREAM,
        )

    def height(self, lateral: Floats) -> Floats:
        """Height [m] at positions of shape (n, lateral dimensions)."""
        return self.field(lateral)

    def largest_cell(self) -> float:
        """Largest lateral cell [m] that still shows the shape."""
        return self.correlation_length / 8.0

    def default_cell(self) -> float:
        """Lateral cell [m] that puts eight cells on the shortest wave retained."""
        return min(
            self.largest_cell(),
            shortest_wavelength(self.correlation_length, self.covariance) / 8.0,
        )


@dataclass(frozen=True)
class HeightMap:
    """Measured heights, interpolated linearly."""

    table: LateralTable

    def height(self, lateral: Floats) -> Floats:
        """Height [m] at positions of shape (n, lateral dimensions)."""
        return self.table(lateral)

    def largest_cell(self) -> float:
        """Largest lateral cell [m]; the map's own spacing is the user's business."""
        return np.inf


@dataclass(frozen=True)
class Traced:
    """A surface over a line, and the faces of all layers with it, known at the nodes of its mesh.

    Attributes
    ----------
    lateral : Positions of the nodes [m], ascending.
    faces : Of each face, from the base to the counter, the deviation from its mean height there,
        straight between nodes [m].
    number : Of the reacting surface among the faces.
    """

    lateral: tuple[float, ...]
    faces: tuple[tuple[float, ...], ...]
    number: int

    def height(self, lateral: Floats) -> Floats:
        """Height [m] at positions of shape (n, 1)."""
        return np.asarray(np.interp(lateral[:, 0], self.lateral, self.faces[self.number]))

    def shapes(self, lateral: Floats) -> Floats:
        """Deviation of every face [m] at positions of shape (n, 1), shape (faces, n)."""
        return np.array([np.interp(lateral[:, 0], self.lateral, face) for face in self.faces])

    def largest_cell(self) -> float:
        """Largest lateral cell [m]: its nodes are given."""
        return np.inf


Surface = Flat | Sinusoidal | Protrusion | RandomRoughness | HeightMap | Traced


def height_entry(surface: Surface) -> tuple[str, str]:
    """Field of a case that sets how high a surface is, and its value."""
    match surface:
        case Sinusoidal():
            return "geometry.surface.amplitude", f"{surface.amplitude:g} m"
        case Protrusion():
            return "geometry.surface.height", f"{surface.tip_height:g} m"
        case RandomRoughness():
            return "geometry.surface.rms", f"{surface.rms:g} m"
        case HeightMap():
            return "geometry.surface.file", f"heights up to {max(surface.table.values):g} m"
        case Traced():
            return "front", "the surface as it has become"
        case Flat():
            return "geometry.surface", "flat"
