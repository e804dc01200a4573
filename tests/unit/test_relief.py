"""Roughness, growth and conformality of reliefs against closed forms."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest
from scipy.special import j0, jn_zeros

from zinterphase.observe.conformality import conformality, distances
from zinterphase.observe.relief import Relief, relief_growth
from zinterphase.observe.relief_spectrum import growth_by_wavelength, relief_spectrum

WIDTH, HIGH = 40e-6, 0.7e-6


def line(x: np.ndarray, height: np.ndarray, *, radial: bool = False) -> Relief:
    """A cross-section through nodes."""
    nodes = np.stack([x, height], axis=1)
    return Relief(np.stack([nodes[:-1], nodes[1:]], axis=1), radial)


def sheet(height: np.ndarray, *widths: float) -> Relief:
    """Triangles over a grid of heights, diagonals in both directions."""
    n, m = height.shape
    x, y = np.meshgrid(*(np.linspace(0, w, k) for w, k in zip(widths, (n, m), strict=True)),
                       indexing="ij")  # fmt: skip
    nodes = np.stack([x, y, height], axis=-1)
    a, b, c, d = nodes[:-1, :-1], nodes[1:, :-1], nodes[1:, 1:], nodes[:-1, 1:]
    odd = (np.add.outer(np.arange(n - 1), np.arange(m - 1)) % 2).astype(bool)[..., None]
    first = [a, b, np.where(odd, c, d)]
    second = [np.where(odd, a, b), c, d]
    parts = [np.stack([p.reshape(-1, 3) for p in each], axis=1) for each in (first, second)]
    return Relief(np.concatenate(parts))


def cosine(cells: int, wave: int = 1, high: float = HIGH) -> Relief:
    x = np.linspace(0, WIDTH, cells + 1)
    return line(x, high * np.cos(wave * pi * x / WIDTH))


# -- Sa, Sq, peak, valley --------------------------------------------------------------------------


@pytest.mark.parametrize("power", [1.0, 1.7])
def test_of_a_straight_slope_in_cross_section(power: float) -> None:
    """Heights 0 to H, whatever the cells: Sa = H/4, Sq = H/sqrt 12, Sp = Sv = H/2."""
    x = WIDTH * np.linspace(0, 1, 8) ** power
    found = line(x, 5e-6 + HIGH * x / WIDTH)
    assert found.mean_height == pytest.approx(5e-6 + HIGH / 2, rel=1e-13)
    assert found.arithmetic == pytest.approx(HIGH / 4, rel=1e-10)
    assert found.root_mean_square == pytest.approx(HIGH / sqrt(12), rel=1e-10)
    assert found.peak == pytest.approx(HIGH / 2, rel=1e-10)
    assert found.valley == pytest.approx(HIGH / 2, rel=1e-10)


def test_of_a_cone_about_an_axis() -> None:
    """h = H r/R: mean 2H/3, Sq = H/sqrt 18, Sa = 2 (8/27 H/3) = 16 H/81."""
    x = np.linspace(0, WIDTH, 6)
    found = line(x, HIGH * x / WIDTH, radial=True)
    assert found.mean_height == pytest.approx(2 * HIGH / 3, rel=1e-13)
    assert found.root_mean_square == pytest.approx(HIGH / sqrt(18), rel=1e-12)
    assert found.arithmetic == pytest.approx(16 * HIGH / 81, rel=1e-12)
    assert found.points.projected_area.sum() == pytest.approx(pi * WIDTH**2, rel=1e-13)


def test_of_a_pyramid() -> None:
    """One triangle from a corner at H to an edge at 0, h = H l: mean H/3, Sq = H/sqrt 18."""
    corners = np.array([[[0.0, 0.0, HIGH], [WIDTH, 0.0, 0.0], [0.0, 2 * WIDTH, 0.0]]])
    found = Relief(corners)
    assert found.mean_height == pytest.approx(HIGH / 3, rel=1e-13)
    assert found.root_mean_square == pytest.approx(HIGH / sqrt(18), rel=1e-12)
    # Above the mean is a triangle of (2/3)^2 of the area with a mean height of 2H/9 above it.
    assert found.arithmetic == pytest.approx(2 * (4 / 9) * (2 / 9) * HIGH, rel=1e-12)


def test_of_a_slope_over_triangles() -> None:
    x = np.linspace(0, 1, 6)[:, None] + np.zeros(5)
    found = sheet(HIGH * x, WIDTH, 0.3 * WIDTH)
    assert found.arithmetic == pytest.approx(HIGH / 4, rel=1e-10)
    assert found.root_mean_square == pytest.approx(HIGH / sqrt(12), rel=1e-10)


def test_of_a_wave_by_its_amplitude() -> None:
    """Sq = H/sqrt 2, Sa = 2 H/pi to second order in the cells."""
    errors = []
    for cells in (40, 80):
        found = cosine(cells)
        errors.append([
            found.root_mean_square / (HIGH / sqrt(2)) - 1, found.arithmetic / (2 * HIGH / pi) - 1,
        ])  # fmt: skip
    assert np.array(errors[0]) / np.array(errors[1]) == pytest.approx(4.0, rel=0.05)
    assert np.abs(errors[1]).max() < 1e-3


def test_flat_surfaces_have_none() -> None:
    for flat in (
        line(np.linspace(0, WIDTH, 4), np.full(4, 3e-6)),
        Relief(np.array([[[3e-6]]])),
        sheet(np.full((3, 3), 3e-6), WIDTH, WIDTH),
    ):
        assert flat.mean_height == pytest.approx(3e-6)
        assert flat.arithmetic == pytest.approx(0.0, abs=1e-20)
        assert flat.peak == pytest.approx(0.0, abs=1e-20)


def test_growth_against_the_initial_relief() -> None:
    x = np.linspace(0, WIDTH, 11)
    before, now = line(x, HIGH * x / WIDTH), line(x, 9e-6 + 3 * HIGH * x / WIDTH)
    found = relief_growth(now, before)
    assert found.rise == pytest.approx(9e-6 + HIGH, rel=1e-12)
    assert found.peak == pytest.approx(HIGH, rel=1e-9)
    assert found.valley == pytest.approx(HIGH, rel=1e-9)
    assert found.arithmetic == pytest.approx(HIGH / 2, rel=1e-9)
    assert found.root_mean_square == pytest.approx(2 * HIGH / sqrt(12), rel=1e-9)


# -- waves -----------------------------------------------------------------------------------------


def test_growth_by_wavelength_in_cross_section() -> None:
    """Two waves that grow and decay, on unlike meshes."""

    def at(x: np.ndarray, first: float, third: float) -> Relief:
        return line(x, first * np.cos(pi * x / WIDTH) + third * np.cos(3 * pi * x / WIDTH))

    fine = WIDTH * np.linspace(0, 1, 401)
    uneven = WIDTH * (np.linspace(0, 1, 401) + 0.05 * np.sin(2 * pi * np.linspace(0, 1, 401)))
    found = growth_by_wavelength(at(uneven, 3e-7, 0.5e-7), at(fine, 1e-7, 1e-7), WIDTH)
    assert not isinstance(found, str)
    assert found.wavelength[:3] == pytest.approx(2 * WIDTH / np.arange(1, 4))
    assert found.exponent[[0, 2]] == pytest.approx(np.log([3, 0.5]), rel=1e-3)


def test_growth_of_one_wave_alone() -> None:
    found = growth_by_wavelength(cosine(64, 2, 2 * HIGH), cosine(64, 2), WIDTH)
    assert not isinstance(found, str)
    assert found.exponent[1] == pytest.approx(np.log(2), rel=1e-12)
    assert np.isnan(np.delete(found.exponent, 1)).all()


def test_waves_about_an_axis() -> None:
    """J0(k r) with no slope at the radius, and nothing of the others."""
    k = jn_zeros(1, 3) / WIDTH
    r = np.linspace(0, WIDTH, 301)
    found = relief_spectrum(line(r, HIGH * j0(k[1] * r), radial=True), WIDTH)
    assert not isinstance(found, str)
    assert found.wavenumber[:3] == pytest.approx(k)
    assert found.amplitude[1] == pytest.approx(HIGH, rel=1e-3)
    assert found.amplitude[[0, 2]] == pytest.approx(0.0, abs=1e-3 * HIGH)


def test_waves_of_a_sheet_by_the_length_of_their_vectors() -> None:
    """cos(3 pi x/W) cos(4 pi y/W) has 5 pi/W; the plane wave of its variance has half."""
    x = np.linspace(0, WIDTH, 129)
    h = np.outer(np.cos(3 * pi * x / WIDTH), np.cos(4 * pi * x / WIDTH))
    found = growth_by_wavelength(
        sheet(2 * HIGH * h, WIDTH, WIDTH), sheet(HIGH * h, WIDTH, WIDTH), WIDTH
    )
    assert not isinstance(found, str)
    assert found.wavelength[4] == pytest.approx(2 * WIDTH / 5)
    assert found.exponent[4] == pytest.approx(np.log(2), rel=1e-12)


def test_too_few_facets_have_no_waves() -> None:
    for radial in (False, True):
        found = relief_spectrum(line(np.array([0, WIDTH]), np.zeros(2), radial=radial), WIDTH)
        assert found == "the facets are too wide for any mode"


# -- conformality ----------------------------------------------------------------------------------


def test_a_lifted_slope_is_thin_across_itself() -> None:
    """Raised by t along the stack: t cos(slope) everywhere, conformal."""
    x = np.linspace(0, WIDTH, 41)
    before, now = line(x, 0.75 * x), line(x, 0.75 * x + 1e-6)
    # The lower end has no foot on this side of the mirror plane.
    inner = np.linspace(0.1, 0.9, 9) * WIDTH
    found = distances(np.stack([inner, 0.75 * inner + 1e-6], axis=1), before.corners)
    assert found == pytest.approx(0.8e-6, rel=1e-9)
    assert conformality(now, before).largest <= 1e-6


def test_a_wave_shifted_along_its_normal_is_conformal() -> None:
    s = np.linspace(0, WIDTH, 801)
    slope = -HIGH * 6 * pi / WIDTH * np.sin(3 * pi * 2 * s / WIDTH)
    height = HIGH * np.cos(6 * pi * s / WIDTH)
    normal = np.stack([-slope, np.ones_like(s)]) / np.hypot(slope, 1.0)
    t = 0.2e-6
    before, now = line(s, height), line(s + t * normal[0], height + t * normal[1])
    found = conformality(now, before)
    assert found.mean == pytest.approx(t, rel=1e-3)
    assert found.ratio == pytest.approx(1.0, abs=2e-3)
    assert found.cv < 1e-3
    lifted = conformality(line(s, height + t), before)
    steepest = np.abs(slope).max()
    assert lifted.ratio == pytest.approx(1 / np.hypot(1, steepest), rel=0.02)


def test_a_lifted_plane_of_triangles() -> None:
    tilt = np.linspace(0, 3.0, 21)[:, None] * 1e-6 + np.zeros(21)
    before, now = sheet(tilt, 4e-6, 4e-6), sheet(tilt + 0.1e-6, 4e-6, 4e-6)
    found = conformality(now, before)
    assert found.least == pytest.approx(0.08e-6, rel=1e-9)
    # Beside the lower mirror plane the foot would lie beyond it.
    assert found.largest <= 0.1e-6
    middle = now.points.by_facet().position
    inner = middle[(middle[:, 0] > 0.5e-6) & (middle[:, 0] < 3.5e-6)]
    assert distances(inner, before.corners) == pytest.approx(0.08e-6, rel=1e-9)
