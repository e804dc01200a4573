"""Lines of nodes in a plane, and what lies below them: lengths, areas, volumes, curvature."""

from __future__ import annotations

from math import pi

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
LEFT = np.array([[0.0, -1.0], [1.0, 0.0]])
"""A quarter turn to the left: of a tangent it makes the normal into the liquid."""

AXIS = 1e-9
"""Of the largest radius: what counts as on the axis."""


def edges(line: Array) -> Array:
    """From each node (n, 2) to the next, shape (n - 1, 2)."""
    return np.asarray(np.diff(line, axis=0))


def lengths(line: Array) -> Array:
    """Of the edges (n - 1,)."""
    return np.asarray(np.linalg.norm(edges(line), axis=1))


def mirrored(line: Array, planes: tuple[int, int]) -> Array:
    """With one node more at both ends, behind mirror planes across the axes ``planes``."""
    both = []
    for end, inner, axis in ((0, 1, planes[0]), (-1, -2, planes[1])):
        image = line[inner].copy()
        image[axis] = 2 * line[end, axis] - image[axis]
        both.append(image)
    return np.vstack([both[0], line, both[1]])


def normals(line: Array, planes: tuple[int, int]) -> Array:
    """Unit vectors at the nodes (n, 2), into the liquid."""
    whole = mirrored(line, planes)
    across = (whole[2:] - whole[:-2]) @ LEFT.T
    return np.asarray(across / np.linalg.norm(across, axis=1)[:, None])


def curvature(line: Array, planes: tuple[int, int]) -> Array:
    """Of the line at its nodes [1/m], positive where what is below bulges into the liquid."""
    return np.asarray(np.einsum("kx,kx->k", bending(line, planes), normals(line, planes)))


def bending(line: Array, planes: tuple[int, int]) -> Array:
    """Less the change of the unit tangent by length, at the nodes (n, 2) [1/m]."""
    whole = mirrored(line, planes)
    size = lengths(whole)
    tangents = edges(whole) / size[:, None]
    return np.asarray(-2 * edges(tangents) / (size[1:] + size[:-1])[:, None])


def principal_sum(line: Array, planes: tuple[int, int], *, radial: bool) -> Array:
    """Sum of both principal curvatures [1/m] of the surface that a line stands for: a cylinder
    across the plane, or turned about the axis x = 0."""
    found = curvature(line, planes)
    if not radial:
        return found
    radius, across = line[:, 0], normals(line, planes)[:, 0]
    at_axis = radius <= AXIS * radius.max()
    turned = np.where(at_axis, found, across / np.where(at_axis, 1.0, radius))
    return found + turned


def below_slopes(line: Array, *, radial: bool) -> tuple[Array, Array]:
    """First (n - 1, 4) and second (n - 1, 4, 4) derivatives of what lies between an edge and y = 0,
    counted along x, an area, or a volume where the plane is turned about x = 0, by the coordinates
    of the edge, (x, y) of its first node and (x, y) of its second."""
    (xa, ya), (xb, yb) = line[:-1].T, line[1:].T
    step, none = xb - xa, np.zeros(len(xa))
    if not radial:
        mean, half = (ya + yb) / 2, np.full(len(xa), 0.5)
        first = np.stack([-mean, step / 2, mean, step / 2])
        row_a, row_b = [none, -half, none, -half], [none, half, none, half]
        second = [row_a, [-half, none, half, none], row_b, [-half, none, half, none]]
        return first.T, np.moveaxis(np.array(second), 2, 0)
    inner, outer = 2 * xa + xb, 2 * xb + xa
    moment = ya * inner + yb * outer
    first = np.stack(
        [-moment + step * (2 * ya + yb), step * inner, moment + step * (ya + 2 * yb), step * outer]
    )
    aa, ab, bb = -2 * (2 * ya + yb), ya - yb, 2 * (ya + 2 * yb)
    near_a, far_a, near_b, far_b = xb - 4 * xa, -xb - 2 * xa, 4 * xb - xa, xa + 2 * xb
    second = [
        [aa, near_a, ab, far_a],
        [near_a, none, far_b, none],
        [ab, far_b, bb, near_b],
        [far_a, none, near_b, none],
    ]
    return pi / 3 * first.T, pi / 3 * np.moveaxis(np.array(second), 2, 0)


def shares(line: Array, *, radial: bool) -> tuple[Array, Array]:
    """Integrals of both nodal functions over each edge (n - 1, 2), and their derivatives by its
    coordinates (n - 1, 2, 4), per depth or over the full turn."""
    along, size = edges(line), lengths(line)
    tangent = along / size[:, None]
    grows = np.hstack([-tangent, tangent])
    if not radial:
        return np.repeat(size[:, None] / 2, 2, axis=1), np.repeat(grows[:, None] / 2, 2, axis=1)
    turn = 2 * pi * np.array([[1 / 3, 1 / 6], [1 / 6, 1 / 3]])
    radii = np.column_stack([line[:-1, 0], line[1:, 0]]) @ turn
    slopes = radii[:, :, None] * grows[:, None]
    slopes[:, :, 0] += size[:, None] * turn[:, 0]
    slopes[:, :, 2] += size[:, None] * turn[:, 1]
    return size[:, None] * radii, slopes
