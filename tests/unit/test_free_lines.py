"""Lines that grow: derivatives of volumes, curvature, distances, what a step of growth keeps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from zinterphase.mesh.apart import between, from_itself
from zinterphase.mesh.lines import (
    below_slopes,
    curvature,
    lengths,
    normals,
    principal_sum,
    shares,
)
from zinterphase.mesh.spreading import Growth, SpreadLine


def below(line: np.ndarray, *, radial: bool) -> np.ndarray:
    """What lies between each edge and y = 0 (n - 1,), counted along x: an area, or a volume where
    the plane is turned about x = 0."""
    (xa, ya), (xb, yb) = line[:-1].T, line[1:].T
    if not radial:
        return np.asarray((xb - xa) * (ya + yb) / 2)
    return np.asarray(np.pi / 3 * (xb - xa) * (ya * (2 * xa + xb) + yb * (2 * xb + xa)))


def quarter(count: int) -> np.ndarray:
    """Of a unit circle that bulges upwards, from the axis to the right."""
    angles = np.linspace(np.pi / 2, 0.0, count + 1)
    line = np.column_stack([np.cos(angles), np.sin(angles)])
    line[0, 0] = line[-1, 1] = 0.0
    return line


@pytest.mark.parametrize("radial", [False, True])
def test_derivatives(radial: bool) -> None:
    line, way = np.random.default_rng(1).random((2, 6, 2))
    step = 1e-5
    first, second = below_slopes(line, radial=radial)
    size, wider = shares(line, radial=radial)
    ways = np.hstack([way[:-1], way[1:]])
    for function, slope in (
        (lambda x: below(x, radial=radial), np.einsum("ej,ej->e", first, ways)),
        (
            lambda x: below_slopes(x, radial=radial)[0],
            np.einsum("eij,ej->ei", second, ways),
        ),
        (lambda x: shares(x, radial=radial)[0], np.einsum("eij,ej->ei", wider, ways)),
    ):
        found = (function(line + step * way) - function(line - step * way)) / (2 * step)
        assert found == pytest.approx(slope, rel=1e-7, abs=1e-8)
    assert np.all(size > 0.0)


def test_circle_and_ball() -> None:
    line = quarter(64)
    assert below(line, radial=False).sum() == pytest.approx(np.pi / 4, rel=1e-3)
    assert below(line, radial=True).sum() == pytest.approx(2 * np.pi / 3, rel=1e-3)
    assert curvature(line, (0, 1)) == pytest.approx(1.0, rel=1e-3)
    assert principal_sum(line, (0, 1), radial=True) == pytest.approx(2.0, rel=1e-2)
    assert normals(line, (0, 1)) == pytest.approx(line, abs=1e-9)


@pytest.mark.parametrize("radial", [False, True])
def test_a_step_keeps_volume_and_spacing(radial: bool) -> None:
    """With speeds that differ, on facets that do."""
    made = quarter(20)
    made[1:-1] *= 1 + 0.03 * np.random.default_rng(2).random((19, 1))
    line = SpreadLine(made, (0, 1), radial=radial)
    speed = 1.0 + made[:, 0] ** 2
    rate = 1.0 / 0.1
    still = np.zeros_like(made)
    found = line.grown(still, Growth(rate, still, 0.0, speed))
    assert line.volume(found) == pytest.approx(speed @ line.weights(found) / rate, rel=1e-12)
    whole = below(made + found, radial=radial).sum() - below(made, radial=radial).sum()
    assert line.volume(found) == pytest.approx(whole, rel=1e-12)
    stretch = lengths(made + found) / lengths(made)
    assert np.ptp(stretch) < 1e-10
    assert found[0, 0] == 0.0
    assert found[-1, 1] == 0.0


def test_even_growth_of_a_circle_is_exact_in_space() -> None:
    line = SpreadLine(quarter(16), (0, 1), radial=False)
    still = np.zeros_like(line.made)
    found = line.grown(still, Growth(10.0, still, 0.0, np.ones(17)))
    assert np.ptp(np.linalg.norm(line.made + found, axis=1)) < 1e-3 * 0.1


def test_a_mouth_is_seen_across_the_liquid_alone() -> None:
    """A slit of width 1 and depth 10 in metal; a wall as thin as that has liquid on both sides."""
    slit = [(-10, 0), (0, 0), (0, -10), (1, -10), (1, 0), (11, 0)]
    line = np.concatenate([
        np.linspace(a, b, 20, endpoint=False) for a, b in pairwise(slit)
    ] + [[slit[-1]]]).astype(float)  # fmt: skip
    distance, facets = from_itself(line, (0, 0))
    assert distance == pytest.approx(1.0)
    assert facets == pytest.approx(2.0)
    fin = line * [1.0, -1.0]
    assert from_itself(fin, (0, 0))[0] > 5.0


def test_a_mirror_image_counts() -> None:
    """A wall beside a mirror plane, half a slit."""
    corners = [(0.0, -10.0), (0.5, -10.0), (0.5, 0.0), (10.0, 0.0)]
    line = np.concatenate([
        np.linspace(a, b, 40, endpoint=False)
        for a, b in pairwise(corners)
    ] + [[corners[-1]]])  # fmt: skip
    assert from_itself(line, (0, 0))[0] == pytest.approx(1.0)


def test_a_plane_and_a_shallow_valley_face_nothing() -> None:
    x = np.linspace(0.0, 1.0, 30)
    for depth in (0.0, 0.2):
        line = np.column_stack([x, depth * np.cos(2 * np.pi * x)])
        assert from_itself(line, (0, 0)) == (np.inf, np.inf)


def test_distance_of_two_lines() -> None:
    x = np.linspace(0.0, 4.0, 5)
    lower, upper = np.column_stack([x, 0 * x]), np.array([[4.0, 3.0], [1.5, 2.0], [0.0, 3.0]])
    assert between(lower, upper) == pytest.approx(2.0)
