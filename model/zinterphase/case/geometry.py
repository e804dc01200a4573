"""The cell and the shape of its reacting surface."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from zinterphase.case.quantities import Coordinate, DataFile, Extent, Length, Seed, not_allowed
from zinterphase.case.table import Table

Covariance = Literal["gaussian", "exponential"]


class FlatSurface(Table):
    """A plane."""

    shape: Literal["flat"] = "flat"


class SinusoidalSurface(Table):
    """amplitude * cos(2 pi x / wavelength)."""

    shape: Literal["sinusoidal"]
    amplitude: Length
    wavelength: Length


class ProtrusionSurface(Table):
    """One rounded bump on a plane."""

    shape: Literal["protrusion"]
    height: Length
    tip_radius: Length
    position: Coordinate = 0.0


class RandomSurface(Table):
    """Gaussian random roughness, mirrored at the sides."""

    shape: Literal["random"]
    rms: Length
    correlation_length: Length
    covariance: Covariance = "gaussian"
    seed: Seed = 1


class MapSurface(Table):
    """Measured heights: CSV with header x[,y],height in metres."""

    shape: Literal["map"]
    file: DataFile


Surface = Annotated[
    FlatSurface | SinusoidalSurface | ProtrusionSurface | RandomSurface | MapSurface,
    Field(discriminator="shape"),
]


def _mirror_only(value: Any) -> Any:
    if value != "mirror":
        raise not_allowed(
            '"mirror": sides are mirror planes, i.e. the even-periodic cell of twice the width'
        )
    return value


class Geometry(Table):
    """Lateral extent and symmetry of the cell; lengths in m. A line has no lateral extent."""

    dimension: Literal[1, 2, 3] = 2
    coordinates: Literal["planar", "axisymmetric"] = "planar"
    width: Extent | None = None
    depth: Extent | None = None
    sides: Annotated[Literal["mirror"], BeforeValidator(_mirror_only)] = "mirror"
    surface: Surface = FlatSurface()

    @property
    def extents(self) -> tuple[float, ...]:
        """Lateral lengths of the cell, m: none on a line, (width,) or (width, depth)."""
        return tuple(length for length in (self.width, self.depth) if length is not None)
