"""How far lines of nodes in a plane are from each other, and from themselves across the liquid."""

from __future__ import annotations

from math import inf

import numpy as np
import numpy.typing as npt

from zinterphase.mesh.lines import LEFT, edges, lengths, normals

Array = npt.NDArray[np.float64]
ROUND = 4.0
"""Way along a line over the distance across, from which two of its places are no neighbours: those
on both sides of a notch sharper than 29 degrees."""


def between(one: Array, other: Array) -> float:
    """Smallest distance of two lines (n, 2), (m, 2) that do not cross [m]."""
    return float(min(_across(a, b)[0].min() for a, b in ((one, other), (other, one))))


def from_itself(line: Array, planes: tuple[int, int]) -> tuple[float, float]:
    """Smallest distance across the liquid of places of a line that are no neighbours along it [m],
    images behind the mirror planes included; and the smallest such distance over the length of the
    edges there. Both infinite where there are no such places.

    The liquid is on the left of the line.
    """
    whole = np.vstack(
        [_image(line, 0, planes[0])[:0:-1], line, _image(line, -1, planes[1])[-2::-1]]
    )
    count, size = len(line), lengths(whole)
    along = np.append(0.0, np.cumsum(size))
    own = along[count - 1 : 2 * count - 1]
    distance, share, way = _across(line, whole)
    arc = np.abs(along[:-1] + share * size - own[:, None])
    faces = np.einsum("kex,kx->ke", way, normals(line, planes)) > 0.0
    faces &= np.einsum("kex,ex->ke", way, edges(whole) @ LEFT.T) < 0.0
    counts = faces & (arc >= ROUND * distance)
    if not counts.any():
        return inf, inf
    beside = np.maximum(size[count - 2 : 2 * count - 2], size[count - 1 : 2 * count - 1])
    local = np.maximum(beside[:, None], size)
    return float(distance[counts].min()), float((distance / local)[counts].min())


def _across(points: Array, line: Array) -> tuple[Array, Array, Array]:
    """From points (k, 2) to the nearest place of each edge of a line: distance (k, e), the place's
    share of the edge, and the way there (k, e, 2)."""
    along = edges(line)
    away = points[:, None] - line[:-1]
    share = np.clip(np.einsum("kex,ex->ke", away, along) / (along**2).sum(axis=1), 0.0, 1.0)
    way = share[:, :, None] * along - away
    return np.linalg.norm(way, axis=2), share, way


def _image(line: Array, end: int, axis: int) -> Array:
    """Behind the mirror plane across an axis at one end."""
    found = line.copy()
    found[:, axis] = 2 * line[end, axis] - found[:, axis]
    return found
