"""Amplitudes of a relief by wavelength, and how much each grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import j0, jn_zeros

from zinterphase.observe.relief import HEIGHT, Relief
from zinterphase.observe.spectrum import (
    FACETS_PER_WAVELENGTH,
    MAX_MODES,
    Spectrum,
    cosine_spectrum,
    lateral_widths,
)
from zinterphase.observe.surface import FloatArray

ROUNDING = 1e-9
"""Of the largest amplitude: what is less is no wave."""


@dataclass(frozen=True, eq=False)
class ModeGrowth:
    """Waves of two reliefs: amplitudes ``before`` and ``now`` [m] by ``wavelength`` [m], shape
    (m,)."""

    wavelength: FloatArray
    before: FloatArray
    now: FloatArray

    @property
    def exponent(self) -> FloatArray:
        """ln of the growth of each amplitude; NaN where a wave has none in one of the reliefs."""
        found = np.full(len(self.wavelength), np.nan)
        waves = np.ones(len(found), dtype=bool)
        for amplitude in (self.before, self.now):
            waves &= amplitude > ROUNDING * amplitude.max()
        found[waves] = np.log(self.now[waves] / self.before[waves])
        return found


def relief_spectrum(relief: Relief, width: float | Sequence[float]) -> Spectrum | str:
    """Amplitudes [m] between mirror planes; around an axis on J0(k r) with J1(k R) = 0.

    ``width`` [m] is that between the mirror planes, one or one per lateral axis, or the radius R.
    The reason where there are none: see :func:`zinterphase.observe.spectrum.cosine_spectrum`.
    """
    about_mean = relief.points.values[HEIGHT] - relief.mean_height
    if relief.radial:
        return _bessel(relief, about_mean, width)
    return cosine_spectrum(relief.points, about_mean, width)


def growth_by_wavelength(
    now: Relief, before: Relief, width: float | Sequence[float]
) -> ModeGrowth | str:
    """Growth of the waves that both reliefs resolve."""
    late, early = relief_spectrum(now, width), relief_spectrum(before, width)
    for found in (late, early):
        if isinstance(found, str):
            return found
    assert isinstance(late, Spectrum)
    assert isinstance(early, Spectrum)
    count = min(len(late.amplitude), len(early.amplitude))
    return ModeGrowth(early.wavelength[:count], early.amplitude[:count], late.amplitude[:count])


def _bessel(
    relief: Relief, about_mean: FloatArray, width: float | Sequence[float]
) -> Spectrum | str:
    points = relief.points
    radius = float(lateral_widths(points, width)[0])
    widest = float(np.ptp(relief.corners[:, :, 0], axis=1).max())
    shortest = max(FACETS_PER_WAVELENGTH * widest, 2.0 * radius / MAX_MODES)
    zeros = jn_zeros(1, max(1, int(2.0 * radius * (1.0 + 1e-9) / shortest)))
    zeros = zeros[2.0 * np.pi * radius / zeros >= shortest * (1.0 - 1e-9)]
    if not zeros.size:
        return "the facets are too wide for any mode"
    # <h J0> over <J0^2> = J0(k R)^2
    weights = points.weights("projected")
    waves = j0(np.outer(zeros / radius, points.position[:, 0]))
    amplitude = np.abs(waves @ (weights * about_mean)) / j0(zeros) ** 2
    return Spectrum(zeros / radius, amplitude)
