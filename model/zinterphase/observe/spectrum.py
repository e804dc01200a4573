"""Cosine spectrum of a field between mirror planes: which wavelengths the unevenness has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zinterphase.observe.surface import FloatArray, SurfaceMap

# A mode is kept while the widest facet is at most a quarter of its wavelength.
FACETS_PER_WAVELENGTH = 4
# cos(pi x/W) must average to nothing over a map that covers the width evenly.
COVERAGE_TOLERANCE = 1e-2
# Bounds of the work and of the memory: modes per axis, and points projected at a time.
MAX_MODES = 2048
CHUNK = 1024


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Amplitudes T(k) of q/mean(q).

    In 2D a_k of 1 + sum_k a_k cos(k pi x/W). In 3D the modes cos(k pi x/W) cos(l pi y/D) are
    gathered in rings of width pi/max(W, D) of the wave vector's length, and the amplitude is that
    of the single plane cosine with the ring's variance. In both, CV^2 = sum of amplitude^2/2 as
    far as the modes reach.

    Attributes
    ----------
    wavenumber : Wavenumber of each mode, or middle of each ring, shape (m,) [rad/m].
    amplitude : Amplitude relative to the mean, not negative, shape (m,).
    """

    wavenumber: FloatArray
    amplitude: FloatArray

    @property
    def wavelength(self) -> FloatArray:
        """2 pi / wavenumber, shape (m,) [m]."""
        return np.asarray(2.0 * np.pi / self.wavenumber)


def lateral_widths(surface: SurfaceMap, width: float | Sequence[float]) -> FloatArray:
    """Distance between the mirror planes along each lateral axis; one number serves both axes.

    Raises
    ------
    ValueError
        The map reaches beyond a mirror plane, or the number of widths is wrong.
    """
    lateral = surface.lateral
    widths = np.atleast_1d(np.asarray(width, dtype=np.float64))
    if len(widths) not in (1, lateral.shape[1]):
        raise ValueError(f"{len(widths)} widths given for {lateral.shape[1]} lateral axes")
    widths = np.broadcast_to(widths, (lateral.shape[1],))
    slack = 1e-9 * widths
    if (lateral < -slack).any() or (lateral > widths + slack).any():
        raise ValueError("the map reaches beyond the mirror planes at 0 and at the width")
    return np.asarray(widths)


def widest_facet(surface: SurfaceMap) -> float:
    """Largest facet seen along the stack: its length in 2D; in 3D the leg of the right triangle of
    its area [m]."""
    _, index = np.unique(surface.facet, return_inverse=True)
    largest = float(np.bincount(index, surface.projected_area).max())
    return largest if surface.lateral.shape[1] == 1 else float(np.sqrt(2.0 * largest))


def cosine_spectrum(
    surface: SurfaceMap, relative: FloatArray, width: float | Sequence[float]
) -> Spectrum | str:
    """Amplitudes of a field by quadrature on the map with its projected areas.

    Parameters
    ----------
    surface : The map; any distribution of points that covers the width.
    relative : The field over its mean, shape (n,).
    width : Distance between the mirror planes, one or one per lateral axis [m].

    Returns
    -------
    The spectrum, or the reason why there is none: too few facets, or a map that does not
    cover the width evenly (part of it missing, another width, a radial coordinate).
    """
    if surface.lateral.shape[1] == 0:
        return "a line has no lateral direction"
    widths = lateral_widths(surface, width)
    weights = surface.weights("projected")
    first = np.cos(np.pi * surface.lateral / widths)
    if (np.abs(weights @ first) > COVERAGE_TOLERANCE).any():
        return "the map does not cover the width evenly"
    shortest = FACETS_PER_WAVELENGTH * widest_facet(surface)
    shortest = max(shortest, 2.0 * float(widths.max()) / MAX_MODES)
    counts = np.floor(2.0 * widths * (1.0 + 1e-9) / shortest).astype(np.int64)
    top = int(counts.max())
    if top < 1:
        return "the facets are too wide for any mode"
    variance = _mode_variances(surface, relative * weights, widths, counts)
    grids = np.meshgrid(
        *(np.pi * np.arange(count + 1) / w for count, w in zip(counts, widths, strict=True)),
        indexing="ij",
    )
    length = np.sqrt(sum(grid**2 for grid in grids))
    spacing = np.pi / widths.max()
    ring = np.rint(length / spacing).astype(np.int64)
    kept = (ring >= 1) & (ring <= top)
    power = np.bincount(ring[kept], variance[kept], minlength=top + 1)[1:]
    return Spectrum(spacing * np.arange(1, top + 1), np.sqrt(2.0 * power))


def _mode_variances(
    surface: SurfaceMap, weighted: FloatArray, widths: FloatArray, counts: np.ndarray
) -> FloatArray:
    """Share of each mode in the variance of q/mean, shape (K + 1,) or (K + 1, L + 1)."""
    shape = tuple(count + 1 for count in counts)
    projection = np.zeros(shape)
    for start in range(0, len(weighted), CHUNK):
        part = slice(start, start + CHUNK)
        waves = [
            np.cos(np.outer(axis, np.pi * np.arange(size) / w))
            for axis, w, size in zip(surface.lateral[part].T, widths, shape, strict=True)
        ]
        if len(waves) == 1:
            projection += weighted[part] @ waves[0]
        else:
            projection += (waves[0] * weighted[part, None]).T @ waves[1]
    # <q cos>^2 over the cosine's own mean square, which is 1/2 per axis with a non-zero index
    norm = np.ones(shape)
    for axis in range(len(shape)):
        norm[(slice(None),) * axis + (slice(1, None),)] *= 2.0
    return np.asarray(projection**2 * norm)
