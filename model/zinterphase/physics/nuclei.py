"""Nuclei that are born on a surface, grow and meet: coverage by extended area, reduced transients.

Kolmogorov (1937), Johnson & Mehl (1939), Avrami (1939): where nuclei lie at random, theta =
1 - exp(-x) with the area x that they would cover if none met another.
"""

from math import pi

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from zinterphase.expressions import Expr
from zinterphase.physics.functions import below, exp

Array = npt.NDArray[np.float64]


def activation(overpotential: Expr, potential: Expr) -> Expr:
    """Share of attempts that make a nucleus, exp(-(V/eta)^2): the work of a critical nucleus falls
    with the square of the overpotential (Erdey-Gruz & Volmer, 1931). Both in the same unit."""
    return exp(-((potential / overpotential) ** 2))


def born(rate_of_birth: Expr, sites: Expr, rate: Expr, earlier: Expr) -> Expr:
    """Nuclei n on ``sites`` N after a step of time: dn/dt = A (N - n), where ``rate`` n +
    ``earlier`` stands for dn/dt."""
    return (rate_of_birth * sites - earlier) / (rate + rate_of_birth)


def covered_by(extended: Expr, begin: Expr) -> Expr:
    """Coverage of an ``extended`` area on what was not covered to the share ``begin``."""
    area = below(extended, 0.0, 0.0, extended)
    return 1 - (1 - begin) * exp(-area)


def scharifker_hills(time: Array, *, progressive: bool) -> Array:
    """(i/i_m)^2 against t/t_m, the current of hemispheres that diffusion feeds over its maximum.

    Nuclei that all begin at once, or ``progressive`` ones. Scharifker & Hills (1983), Electrochim.
    Acta 28, 879, eqs. 22 and 23.
    """
    if progressive:
        return np.asarray(1.2254 / time * (1 - np.exp(-2.3367 * time**2)) ** 2)
    return np.asarray(1.9542 / time * (1 - np.exp(-1.2564 * time)) ** 2)


def places(extents: tuple[float, ...], density: float, exclusion: float, seed: int) -> Array:
    """Random sites of a given mean density [1/m2] on a rectangle, rows (x, y) [m].

    One extent stands for a square. Sites nearer than ``exclusion`` [m] to an older one are taken
    out (hard cores: Matern's second process).
    """
    width, depth = (extents[0], extents[-1])
    random = np.random.default_rng(seed)
    count = random.poisson(density * width * depth)
    points = random.random((count, 2)) * (width, depth)
    if exclusion == 0.0:
        return points
    pairs = cKDTree(points).query_pairs(exclusion, output_type="ndarray")
    return np.delete(points, np.unique(pairs.max(axis=1)), axis=0) if len(pairs) else points


def clustering(lateral: Array, points: Array, extents: tuple[float, ...], radius: float) -> Array:
    """Density of ``points`` at lateral positions (n, 1 or 2) over its mean, smoothed by a Gaussian
    of ``radius`` [m] between mirror planes."""
    found = np.zeros(len(lateral))
    axes = range(lateral.shape[1])
    for start in range(0, len(points), 256):
        some = points[start : start + 256]
        factor = np.ones((len(lateral), len(some)))
        for axis in axes:
            factor *= _mirrored(lateral[:, axis, None], some[:, axis], extents[axis], radius)
        found += factor.sum(axis=1)
    size = np.prod([extents[axis] for axis in axes])
    return np.asarray(found * size / max(len(points), 1))


def _mirrored(x: Array, centre: Array, width: float, radius: float) -> Array:
    images = (centre, -centre, 2 * width - centre)
    return np.asarray(sum(_bell(x - image, radius) for image in images))


def _bell(x: Array, radius: float) -> Array:
    return np.asarray(np.exp(-0.5 * (x / radius) ** 2) / (radius * np.sqrt(2 * pi)))
