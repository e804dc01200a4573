"""Random fields on a rectangle with mirror planes as sides.

A cosine series is even about every side, so the field is exactly periodic in the cell of twice
the width and independent of any mesh. It serves surface roughness and the spread of the exchange
current density.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from zinterphase.geometry.raw import Floats

Covariance = Literal["gaussian", "exponential"]

ROUGHNESS_STREAM = 0
KINETICS_STREAM = 1
PATCHES_STREAM = 2

# Highest wavenumber times correlation length: beyond it the gaussian spectrum carries less than
# 3e-5 of the variance. The exponential one has a slow tail (5 % in one lateral direction beyond
# 12), which no mesh resolves; the retained modes are normalised to the full variance.
_CUTOFF: dict[Covariance, float] = {"gaussian": 6.0, "exponential": 12.0}
# Values of a cosine that are in memory at a time.
_LARGEST_TABLE = 4_000_000


def shortest_wavelength(correlation_length: float, covariance: Covariance) -> float:
    """Wavelength of the highest retained mode [m]."""
    return 2.0 * np.pi * correlation_length / _CUTOFF[covariance]


@dataclass(frozen=True)
class CosineField:
    """Zero-mean random field of standard deviation ``sigma``, the same on any mesh and any rank.

    The covariance before periodic continuation is ``exp(-(r/l)^2)`` (gaussian) or ``exp(-r/l)``
    (exponential). The constant mode is left out, hence the mean over the rectangle vanishes, and
    the weights are such that the expected mean square over the rectangle is ``sigma^2``; one
    realisation scatters about it. As always with mirror planes, the pointwise variance is larger
    on the planes themselves (twice for one lateral direction) than far from them.

    Attributes
    ----------
    widths : Lateral widths [m], one or two of them.
    sigma : Expected root mean square, in the unit of the field.
    correlation_length : l [m].
    covariance : Name of the covariance.
    seed : Seed of the realisation.
    stream : Which field of this seed (roughness, kinetics, ...); streams are independent.
    """

    widths: tuple[float, ...]
    sigma: float
    correlation_length: float
    covariance: Covariance
    seed: int
    stream: int = ROUGHNESS_STREAM

    @cached_property
    def wavenumbers(self) -> tuple[Floats, ...]:
        """k pi / W [1/m] per lateral direction, from k = 0."""
        limit = _CUTOFF[self.covariance] / self.correlation_length
        counts = [int(limit * width / np.pi) + 1 for width in self.widths]
        return tuple(
            np.arange(count, dtype=np.float64) * (np.pi / width)
            for count, width in zip(counts, self.widths, strict=True)
        )

    @cached_property
    def amplitude_deviations(self) -> Floats:
        """Standard deviation of each mode's amplitude, shape (modes, ...), unit of the field.

        Raises
        ------
        ValueError
            The rectangle is too narrow to hold any mode.
        """
        grids = np.meshgrid(*self.wavenumbers, indexing="ij")
        scaled = self.correlation_length**2 * np.sum(np.square(grids), axis=0)
        if self.covariance == "gaussian":
            power = np.exp(-0.25 * scaled)
        else:
            power = (1.0 + scaled) ** (-0.5 * (len(self.widths) + 1))
        # An edge mode (k = 0 in a direction) stands for half as many plane waves as an inner one,
        # while its mean square is twice as large.
        edges = np.sum([grid == 0.0 for grid in grids], axis=0)
        power = power * 0.25**edges
        power[scaled > _CUTOFF[self.covariance] ** 2] = 0.0
        power.flat[0] = 0.0
        mean_square = 0.5 ** (len(self.widths) - edges)
        total = float((power * mean_square).sum())
        if total == 0.0:
            raise ValueError("the width holds no mode of this correlation length")
        return np.asarray(self.sigma * np.sqrt(power / total))

    @cached_property
    def amplitudes(self) -> Floats:
        """Amplitude of each mode in this realisation, same shape as the deviations."""
        generator = np.random.default_rng([self.seed, self.stream])
        deviations = self.amplitude_deviations
        return np.asarray(deviations * generator.standard_normal(deviations.shape))

    def __call__(self, lateral: npt.ArrayLike | Sequence[Floats]) -> Floats:
        """Values at lateral positions [m], shape (n,) or (n, 1) in 2D, (n, 2) in 3D."""
        positions = np.asarray(lateral, dtype=np.float64).reshape(-1, len(self.widths))
        most = max(1, _LARGEST_TABLE // max(k.size for k in self.wavenumbers))
        pieces = np.split(positions, range(most, len(positions), most))
        return np.concatenate([self._at(piece) for piece in pieces])

    def _at(self, positions: Floats) -> Floats:
        waves = [np.cos(np.outer(x, k)) for x, k in zip(positions.T, self.wavenumbers, strict=True)]
        if len(waves) == 1:
            return np.asarray(waves[0] @ self.amplitudes)
        return np.asarray(np.einsum("ni,ni->n", waves[0] @ self.amplitudes, waves[1]))
