"""Surfaces over the electrode plane: curvature, masses, and growth along the normal."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.sparse.linalg import splu

from zinterphase.mesh.kinks import NormalGrowth
from zinterphase.mesh.lateral import Clearance, LateralMesh


def lines(x: np.ndarray, height: np.ndarray, *, turned: bool = False) -> LateralMesh:
    ends = np.stack([x, height], axis=1)
    return LateralMesh(np.stack([ends[:-1], ends[1:]], axis=1), axisymmetric=turned)


def square(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Corners of the unit square's triangles, and the points they are made of."""
    ticks = np.linspace(0.0, 1.0, count + 1)
    x, y = (part.ravel() for part in np.meshgrid(ticks, ticks, indexing="ij"))
    number = np.arange((count + 1) ** 2).reshape(count + 1, count + 1)
    a, b, c, d = number[:-1, :-1], number[1:, :-1], number[:-1, 1:], number[1:, 1:]
    triangles = np.concatenate([np.stack(t, axis=2).reshape(-1, 3) for t in ((a, b, c), (b, d, c))])
    return triangles, np.stack([x, y], axis=1)


def test_curvature_of_a_wave_is_of_second_order() -> None:
    errors = []
    for count in (20, 40):
        x = np.linspace(0.0, 2.0, count + 1)
        face = lines(x, 0.1 * np.cos(pi * x))
        slope, second = -0.1 * pi * np.sin(pi * x), -0.1 * pi**2 * np.cos(pi * x)
        errors.append(np.abs(face.curvature(face.height) + second / (1 + slope**2) ** 1.5).max())
    assert errors[1] == pytest.approx(errors[0] / 4, rel=0.1)


def test_curvature_of_a_sphere_on_its_axis_and_beside_it() -> None:
    """Twice one over the radius, the outermost node apart: a sphere meets no mirror plane there."""
    x = np.linspace(0.0, 1.0, 41)
    face = lines(x, np.sqrt(4.0 - x**2), turned=True)
    np.testing.assert_allclose(face.curvature(face.height)[:-1], 1.0, atol=1e-4)
    assert face.mass().sum() == pytest.approx(pi, rel=1e-12)


def test_curvature_in_space_corners_included() -> None:
    errors = []
    for count in (10, 20):
        triangles, points = square(count)
        height = 0.1 * np.cos(pi * points[:, 0]) * np.cos(pi * points[:, 1])
        nodes = np.concatenate([points, height[:, None]], axis=1)[triangles]
        face = LateralMesh(nodes, axisymmetric=False)
        x, y = face.position.T
        hx, hy = (-0.1 * pi * np.sin(pi * a) * np.cos(pi * b) for a, b in ((x, y), (y, x)))
        hxx = -0.1 * pi**2 * np.cos(pi * x) * np.cos(pi * y)
        hxy = 0.1 * pi**2 * np.sin(pi * x) * np.sin(pi * y)
        exact = -((1 + hy**2) * hxx - 2 * hx * hy * hxy + (1 + hx**2) * hxx)
        exact /= (1 + hx**2 + hy**2) ** 1.5
        errors.append(np.sqrt(np.mean((face.curvature(face.height) - exact) ** 2)))
    assert errors[1] < 0.3 * errors[0]


def test_places_are_found_and_linear_functions_kept() -> None:
    triangles, points = square(5)
    nodes = np.concatenate([points, points[:, :1]], axis=1)[triangles]
    face = LateralMesh(nodes, axisymmetric=False)
    at = np.array([[0.0, 0.0], [1.0, 1.0], [0.5, 0.2], [0.33, 0.77], [1.0, 0.0]])
    np.testing.assert_allclose(face.at(at) @ face.position, at, atol=1e-14)


def test_distance_of_two_surfaces_on_different_nodes() -> None:
    lower = lines(np.linspace(0.0, 1.0, 5), np.zeros(5))
    upper = lines(np.linspace(0.0, 1.0, 4), np.array([2.0, 1.0, 3.0, 3.0]))
    assert Clearance(lower, upper).least(lower.height, upper.height) == 1.0


def test_walls_and_overhangs_are_no_graph() -> None:
    flat = np.array([[0.0, 0.0], [1.0, 0.0]])
    wall = np.array([[1.0, 0.0], [1.0, 1.0]])
    back = np.array([[1.0, 0.0], [0.5, 1.0]])
    for part, is_graph in (
        (wall, False),
        (back, False),
        (np.array([[1.0, 0.0], [2.0, 1.0]]), True),
    ):
        face = LateralMesh(np.stack([flat, part]), axisymmetric=False)
        assert face.is_graph(2.0 if is_graph else 1.0) is is_graph


def envelope(x: np.ndarray, radius: float) -> np.ndarray:
    """Where circles about all points of the hill and the plane reach (Huygens)."""
    y = np.linspace(-0.5, 2.5, 6001)
    away = radius**2 - (x[:, None] - y) ** 2
    reached = np.where(away >= 0.0, hill(np.abs(y)) + np.sqrt(np.maximum(away, 0.0)), -np.inf)
    return np.asarray(reached.max(axis=1))


def hill(x: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * np.exp(-(x**2) / 0.1))


def grown(count: int, time: float) -> tuple[np.ndarray, float]:
    """Heights of a hill that grows along its normal with speed 1, and what its volume has gained
    over what was added."""
    x = np.linspace(0.0, 2.0, count + 1)
    face = lines(x, hill(x))
    growth, solve = NormalGrowth(face), splu(face.mass()).solve

    def load(height: np.ndarray) -> np.ndarray:
        stretch = np.sqrt(1.0 + face.slopes(height)[:, :, 0] ** 2)
        found = np.zeros(len(x))
        np.add.at(found, face.facets, (face.weights * stretch) @ face.values)
        return found

    def rate(_: float, state: np.ndarray) -> np.ndarray:
        height, added = state[:-1], load(state[:-1])
        moved = growth.damping(height, 1.0).of(height)
        return np.append(solve(added - moved), added.sum())

    start = np.append(face.height, 0.0)
    end = solve_ivp(rate, (0.0, time), start, method="RK45", rtol=1e-7, atol=1e-9).y[:, -1]
    gained = float((face.mass() @ (end[:-1] - face.height)).sum())
    return end[:-1], gained - float(end[-1])


def test_a_hill_grows_as_huygens_says_kink_included() -> None:
    """Long after the foot of the hill has sharpened to a kink; no volume is made."""
    time = 0.4
    errors = []
    for count in (40, 80):
        height, made = grown(count, time)
        off = np.abs(height - envelope(np.linspace(0.0, 2.0, count + 1), time))
        errors.append(off.max())
        assert off.mean() < 0.25 / count
        assert abs(made) < 1e-7
    assert errors[1] < 0.65 * errors[0]
    assert errors[1] < 0.02


def test_flat_surfaces_are_not_damped() -> None:
    x = np.linspace(0.0, 1.0, 11)
    face = lines(x, np.full(11, 3.0))
    assert abs(NormalGrowth(face).damping(face.height, 1.0).matrix).max() == 0.0
