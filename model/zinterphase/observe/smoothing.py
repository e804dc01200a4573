"""Average of a surface field over a fixed physical radius, so that a maximum means something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.spatial import cKDTree

from zinterphase.observe.spectrum import lateral_widths
from zinterphase.observe.surface import FloatArray, IntArray, SurfaceMap, Weight

# Points smoothed at a time: bounds the memory of the neighbour list.
CHUNK = 2048


def smooth(
    surface: SurfaceMap,
    values: FloatArray,
    width: float | Sequence[float],
    radius: float,
    weight: Weight = "area",
) -> FloatArray:
    """Area-weighted mean of a field over all points within a lateral distance of each point.

    The kernel is a top-hat: constant within the radius, zero outside, normalised at each point.
    The field is continued across the mirror planes at 0 and at the width by reflection, so that a
    constant stays constant. A neighbour at the rim counts with the part of its own extent (along
    the line of centres) that lies inside, which makes the result continuous in the radius. For a
    radial coordinate the kernel averages over rings; at the axis this is the disc.

    Parameters
    ----------
    surface : The map, n points.
    values : The field on its points, shape (n,).
    width : Distance between the mirror planes, one or one per lateral axis [m].
    radius : Smoothing radius [m]; 0 returns the values unchanged.
    weight : Area that weights the points.

    Returns
    -------
    Smoothed field, shape (n,).

    Raises
    ------
    ValueError
        The radius is negative or larger than a width.
    """
    result = values.copy()
    for point, other, share in _kernel(surface, width, radius, weight):
        chunk = np.unique(point)
        sums = np.bincount(point, share * values[other], minlength=len(values))
        result[chunk] = sums[chunk]
    return result


def smooth_transposed(
    surface: SurfaceMap,
    weights: FloatArray,
    width: float | Sequence[float],
    radius: float,
    weight: Weight = "area",
) -> FloatArray:
    """The transpose of :func:`smooth`: slopes by the field from ``weights`` by its smoothed values.

    Arguments and errors as there.
    """
    if radius == 0.0:
        return weights.copy()
    smoothed = np.zeros(len(weights), dtype=bool)
    result = np.zeros_like(weights)
    for point, other, share in _kernel(surface, width, radius, weight):
        result += np.bincount(other, share * weights[point], minlength=len(weights))
        smoothed[point] = True
    return np.where(smoothed, result, result + weights)


def _kernel(
    surface: SurfaceMap, width: float | Sequence[float], radius: float, weight: Weight
) -> Iterator[tuple[IntArray, IntArray, FloatArray]]:
    """Points, neighbours and the neighbours' shares in the mean at the point, some points at a
    time; a point with neighbours of no weight only is left out."""
    if radius == 0.0:
        return
    widths = lateral_widths(surface, width)
    if not 0.0 <= radius <= widths.min():
        raise ValueError(f"smoothing radius {radius:g} m must lie between 0 and the width")
    extent = surface.projected_area ** (1.0 / len(widths))
    reach = radius + 0.5 * float(extent.max())
    images, source = reflected(surface.lateral, widths, reach)
    tree = cKDTree(images)
    area = surface.weights(weight)
    for start in range(0, len(surface), CHUNK):
        centres = surface.lateral[start : start + CHUNK]
        pairs = cKDTree(centres).sparse_distance_matrix(tree, reach, output_type="ndarray")
        point, other = pairs["i"], source[pairs["j"]]
        share = area[other] * _inside(pairs["v"], extent[other], radius)
        total = np.bincount(point, share, minlength=len(centres))[point]
        kept = total > 0.0
        yield point[kept] + start, other[kept], share[kept] / total[kept]


def _inside(distance: FloatArray, extent: FloatArray, radius: float) -> FloatArray:
    """Part of each neighbour's extent along the line of centres that is within the radius."""
    span = np.maximum(extent, np.finfo(np.float64).tiny)
    return np.asarray(np.clip((radius - distance) / span + 0.5, 0.0, 1.0))


def reflected(
    lateral: FloatArray, widths: FloatArray, reach: float
) -> tuple[FloatArray, np.ndarray]:
    """The points with their mirror images within reach of the mirror planes.

    Returns
    -------
    Points and images, shape (m, d - 1) [m], and the number of each one's original, shape (m,).
    """
    points, source = lateral, np.arange(len(lateral))
    for axis, width in enumerate(widths):
        images, origins = [points], [source]
        for plane in (0.0, width):
            near = np.abs(points[:, axis] - plane) <= reach
            image = points[near].copy()
            image[:, axis] = 2.0 * plane - image[:, axis]
            images.append(image)
            origins.append(source[near])
        points, source = np.concatenate(images), np.concatenate(origins)
    return points, source
