"""The surface at a constant distance from another one: a film that grows along the normal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zinterphase.geometry.raw import Floats

Height = Callable[[Floats], Floats]

# Samples per direction of the first search, between these; then as many halvings of its step that
# the height is exact to the rounding of h.
_FEWEST, _MOST = {1: 33, 2: 13}, {1: 801, 2: 61}
_HALVINGS = 30
_POINTS_AT_ONCE = 200_000


def offset_height(
    height: Height, lateral: Floats, distance: float, widths: tuple[float, ...], spacing: float
) -> Floats:
    """Return the height [m] of the outermost point at ``distance`` from a surface.

    z(x) = max over x' of s(x') + sqrt(h^2 - |x - x'|^2), the envelope of spheres of radius h on
    the surface (dilation by a ball): every point of it is at the distance h from the surface, and
    where the surface is narrower than h the sides meet in a crease, as those of a film grown by
    atomic layer deposition do. Dilations add up: two films of h1 and h2 are one of h1 + h2.

    Parameters
    ----------
    height : s [m] at positions (n, d - 1).
    lateral : positions (n, d - 1) [m].
    distance : h [m].
    widths : of the cell, whose sides are mirror planes [m].
    spacing : lateral length [m] that the surface is smooth over.
    """
    samples = _samples(distance, spacing, lateral.shape[1]) ** lateral.shape[1]
    count = max(1, _POINTS_AT_ONCE // samples)
    parts = [
        _searched(height, lateral[k : k + count], distance, widths, spacing)
        for k in range(0, len(lateral), count)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _samples(distance: float, spacing: float, directions: int) -> int:
    wanted = int(np.ceil(4.0 * distance / spacing)) | 1
    return int(np.clip(wanted, _FEWEST[directions], _MOST[directions]))


def _searched(
    height: Height, lateral: Floats, distance: float, widths: tuple[float, ...], spacing: float
) -> Floats:
    """Sample the disc around every point, then halve the step around the best sample."""
    directions = lateral.shape[1]
    count = _samples(distance, spacing, directions)
    axis = np.linspace(-1.0, 1.0, count)
    disc = _grid(axis, directions)
    disc = disc[(disc**2).sum(axis=1) <= 1.0]

    def envelope(shift: Floats) -> Floats:
        """Heights of spheres at shifts (n, k, d - 1) in units of h, shape (n, k)."""
        squared = (shift**2).sum(axis=2)
        place = _mirrored(lateral[:, None, :] + distance * shift, widths)
        found = height(place.reshape(-1, directions)).reshape(squared.shape)
        rise = distance * np.sqrt(np.maximum(1.0 - squared, 0.0))
        return np.where(squared <= 1.0, found + rise, -np.inf)

    here = np.arange(len(lateral))
    best = disc[np.argmax(envelope(np.broadcast_to(disc, (len(lateral), *disc.shape))), axis=1)]
    step = axis[1] - axis[0]
    stencil = _grid(np.array([-1.0, 0.0, 1.0]), directions)
    for _ in range(_HALVINGS):
        tried = best[:, None, :] + step * stencil[None, :, :]
        best = tried[here, np.argmax(envelope(tried), axis=1)]
        step *= 0.5
    return np.asarray(envelope(best[:, None, :])[:, 0])


def _grid(axis: Floats, directions: int) -> Floats:
    return np.stack(np.meshgrid(*[axis] * directions, indexing="ij"), axis=-1).reshape(
        -1, directions
    )


def _mirrored(place: Floats, widths: tuple[float, ...]) -> Floats:
    """Positions folded into the cell."""
    width = np.array(widths)
    return np.asarray(width - np.abs(np.mod(place, 2.0 * width) - width))
