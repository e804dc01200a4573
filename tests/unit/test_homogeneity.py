"""Surface maps and homogeneity metrics against closed forms."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import erf, j1, ndtri

from zinterphase.observe.homogeneity import (
    Homogeneity,
    homogeneity,
    weighted_gini,
    weighted_quantiles,
)
from zinterphase.observe.smoothing import smooth
from zinterphase.observe.surface import FloatArray, SurfaceMap

WIDTH = 40e-6
K = np.pi / WIDTH
GAUSS = np.array([-1.0, 1.0]) / np.sqrt(3.0)


def strip(edges: FloatArray, field: Callable[[FloatArray], FloatArray]) -> SurfaceMap:
    """Flat 2D surface with two Gauss points on each facet between the edges."""
    middle, size = 0.5 * (edges[1:] + edges[:-1]), np.diff(edges)
    x = (middle[:, None] + 0.5 * size[:, None] * GAUSS).ravel()
    area = np.repeat(0.5 * size, 2)
    facet = np.repeat(np.arange(len(size)), 2)
    return SurfaceMap(np.stack([x, 0.0 * x], axis=1), area, area, facet, {"q": field(x)})


def sheet(n: int, m: int, depth: float, field: Callable[..., FloatArray]) -> SurfaceMap:
    """Flat 3D surface of n x m rectangles with one point each."""
    x, y = (np.arange(n) + 0.5) * WIDTH / n, (np.arange(m) + 0.5) * depth / m
    x, y = (grid.ravel() for grid in np.meshgrid(x, y, indexing="ij"))
    area = np.full(n * m, WIDTH * depth / (n * m))
    position = np.stack([x, y, 0.0 * x], axis=1)
    return SurfaceMap(position, area, area, np.arange(n * m), {"q": field(x, y)})


def even(n: int = 400) -> FloatArray:
    return np.linspace(0.0, WIDTH, n + 1)


def graded(n: int = 400, power: float = 1.7) -> FloatArray:
    return WIDTH * np.linspace(0.0, 1.0, n + 1) ** power


def half_refined() -> FloatArray:
    return np.concatenate([np.linspace(0, 0.5, 601), np.linspace(0.5, 1, 101)[1:]]) * WIDTH


def wave(x: FloatArray, a: float = 0.3, k: int = 4) -> FloatArray:
    return 1.0 + a * np.cos(k * K * x)


@pytest.mark.parametrize("edges", [even(), graded(), half_refined()])
def test_closed_forms_of_a_cosine(edges: FloatArray) -> None:
    result = homogeneity(strip(edges, wave), "q", WIDTH)
    assert result.mean == pytest.approx(1.0, rel=1e-6)
    assert result.cv == pytest.approx(0.3 / np.sqrt(2.0), rel=1e-5)
    # mean difference of the arcsine law on [-1, 1] is 8/pi^2, and Gini half of it per mean
    assert result.gini == pytest.approx(0.3 * 4.0 / np.pi**2, rel=1e-3)
    assert result.max_over_mean == pytest.approx(1.3, rel=1e-3)
    # quantile p of cos(u), u uniform, is -cos(pi p)
    assert result.p99_over_median == pytest.approx(1 + 0.3 * np.cos(0.01 * np.pi), rel=2e-3)
    assert result.p1_over_median == pytest.approx(1 - 0.3 * np.cos(0.01 * np.pi), rel=2e-3)
    assert result.reversed_fraction == 0.0
    assert result.reasons == {}


def test_uniform_distribution() -> None:
    ramp = strip(even(), lambda x: x / WIDTH)
    result = homogeneity(ramp, "q", WIDTH)
    assert result.gini == pytest.approx(1.0 / 3.0, rel=1e-5)
    assert result.cv == pytest.approx(1.0 / np.sqrt(3.0), rel=1e-5)
    assert result.p99_over_median == pytest.approx(1.98, rel=1e-4)
    assert result.p1_over_median == pytest.approx(0.02, rel=1e-2)


@pytest.mark.parametrize("sigma", [0.2, 0.7])
def test_lognormal_distribution(sigma: float) -> None:
    edges = even(10_000)
    result = homogeneity(strip(edges, lambda x: np.exp(sigma * ndtri(x / WIDTH))), "q", WIDTH)
    assert result.mean == pytest.approx(np.exp(0.5 * sigma**2), rel=1e-4)
    assert result.cv == pytest.approx(np.sqrt(np.expm1(sigma**2)), rel=2e-3)
    assert result.gini == pytest.approx(erf(0.5 * sigma), rel=1e-3)
    assert result.p99_over_median == pytest.approx(np.exp(sigma * ndtri(0.99)), rel=1e-3)
    assert result.p1_over_median == pytest.approx(np.exp(sigma * ndtri(0.01)), rel=1e-3)


def numbers(result: Homogeneity) -> FloatArray:
    names = ("cv", "max_over_mean", "p99_over_median", "p1_over_median", "gini")
    return np.array([getattr(result, name) for name in names])


@pytest.mark.parametrize("factor", [-1.0, 3e-7, -2e9])
def test_scale_and_sign_of_the_field_do_not_matter(factor: float) -> None:
    surface = strip(graded(), wave)
    scaled = strip(graded(), lambda x: factor * wave(x))
    one, other = (homogeneity(s, "q", WIDTH, 1e-6) for s in (surface, scaled))
    np.testing.assert_allclose(numbers(one), numbers(other), rtol=1e-12)
    assert one.spectrum is not None
    assert other.spectrum is not None
    np.testing.assert_allclose(one.spectrum.amplitude, other.spectrum.amplitude, atol=1e-13)


def test_scale_of_area_and_order_of_points_do_not_matter() -> None:
    surface = strip(graded(), wave)
    order = np.random.default_rng(3).permutation(len(surface))
    other = SurfaceMap(
        surface.position[order],
        1e-6 * surface.area[order],
        surface.projected_area[order],
        surface.facet[order],
        {"q": surface.values["q"][order]},
    )
    one, two = (numbers(homogeneity(s, "q", WIDTH, 1e-6)) for s in (surface, other))
    np.testing.assert_allclose(one, two, rtol=1e-12)
    np.testing.assert_array_equal(other.sorted().lateral, surface.lateral)


def test_true_and_projected_weights_differ_as_the_areas() -> None:
    surface = strip(even(2), lambda x: np.where(x < WIDTH / 2, 1.0, 2.0))
    rough = SurfaceMap(
        surface.position,
        surface.projected_area * np.array([3.0, 3.0, 1.0, 1.0]),
        surface.projected_area,
        surface.facet,
        surface.values,
    )
    assert rough.mean("q", "projected") == pytest.approx(1.5)
    assert rough.mean("q") == pytest.approx(1.25)
    assert homogeneity(rough, "q", WIDTH, weight="projected").cv == pytest.approx(1.0 / 3.0)
    assert homogeneity(rough, "q", WIDTH).cv == pytest.approx(np.sqrt(3.0) / 4.0 / 1.25)


def test_reversed_field_has_no_gini_and_no_quantile_ratios() -> None:
    result = homogeneity(strip(even(2000), lambda x: -wave(x, a=2.0)), "q", WIDTH)
    # 1 + 2 cos(u) < 0 on a third of the period
    assert result.reversed_fraction == pytest.approx(1.0 / 3.0, abs=1e-3)
    assert result.cv == pytest.approx(np.sqrt(2.0), rel=1e-5)
    assert (result.gini, result.p99_over_median, result.p1_over_median) == (None, None, None)
    for name in ("gini", "p99_over_median", "p1_over_median"):
        assert "changes sign on 0.333" in result.reasons[name]


def test_vanishing_mean_leaves_only_the_mean() -> None:
    result = homogeneity(strip(even(), lambda x: np.cos(2 * K * x)), "q", WIDTH)
    assert result.mean == pytest.approx(0.0, abs=1e-12)
    assert all(value is None for name, value in result.metrics().items() if name != "mean")
    assert set(result.reasons.values()) == {"the mean vanishes"}
    assert result.as_dict()["spectrum"] is None


def test_mostly_blocked_surface_has_no_quantile_ratio() -> None:
    result = homogeneity(strip(even(), lambda x: np.where(x > 0.7 * WIDTH, 1.0, 0.0)), "q", WIDTH)
    assert result.p99_over_median is None
    assert result.reasons["p1_over_median"] == "the median is zero"
    assert result.gini == pytest.approx(0.7, rel=1e-9)


@pytest.mark.parametrize("edges", [even(800), graded(800), half_refined()])
@pytest.mark.parametrize("radius", [0.5e-6, 2e-6, 7e-6])
def test_smoothing_of_a_cosine_in_2d(edges: FloatArray, radius: float) -> None:
    surface = strip(edges, wave)
    k = 4 * K
    expected = 1.0 + 0.3 * np.sin(k * radius) / (k * radius) * np.cos(k * surface.lateral[:, 0])
    smoothed = smooth(surface, surface.values["q"], WIDTH, radius)
    np.testing.assert_allclose(smoothed, expected, atol=2e-3)


@pytest.mark.parametrize("axis", [0, 1])
def test_smoothing_of_a_cosine_in_3d(axis: int) -> None:
    depth, radius = 0.5 * WIDTH, 4e-6
    surface = sheet(160, 80, depth, lambda *xy: wave(xy[axis]))
    k = 4 * K
    factor = 2.0 * j1(k * radius) / (k * radius)
    expected = 1.0 + 0.3 * factor * np.cos(k * surface.lateral[:, axis])
    smoothed = smooth(surface, surface.values["q"], (WIDTH, depth), radius)
    np.testing.assert_allclose(smoothed, expected, atol=2e-3)


def test_smoothing_keeps_a_constant_and_reports_its_radius() -> None:
    for surface in (
        strip(graded(), np.ones_like),
        sheet(30, 20, 0.7 * WIDTH, lambda x, y: 1 + 0 * x),
    ):
        width = (WIDTH, 0.7 * WIDTH)[: surface.lateral.shape[1]]
        smoothed = smooth(surface, surface.values["q"], width, 0.6 * WIDTH)
        np.testing.assert_allclose(smoothed, 1.0, rtol=1e-13)
    result = homogeneity(strip(even(), wave), "q", WIDTH, 3e-6)
    assert result.smoothing_radius == 3e-6
    assert result.max_over_mean == pytest.approx(
        1 + 0.3 * np.sin(12e-6 * K) / (12e-6 * K), abs=1e-3
    )


def test_smoothing_depends_continuously_on_the_radius() -> None:
    surface = strip(even(100), lambda x: np.where(x < WIDTH / 2, 1.0, 0.0))
    radii = np.linspace(1.0e-6, 1.4e-6, 81)
    values = [smooth(surface, surface.values["q"], WIDTH, r)[90] for r in radii]
    assert np.abs(np.diff(values)).max() < 0.01


def test_unsmoothed_maximum_is_that_of_the_points() -> None:
    surface = strip(even(50), wave)
    result = homogeneity(surface, "q", WIDTH)
    assert result.max_over_mean == pytest.approx(surface.values["q"].max() / result.mean)


@pytest.mark.parametrize("radius", [-1e-9, 1.01 * WIDTH])
def test_senseless_radius_is_refused(radius: float) -> None:
    with pytest.raises(ValueError, match="smoothing radius"):
        homogeneity(strip(even(), wave), "q", WIDTH, radius)


@pytest.mark.parametrize("edges", [even(), graded(), half_refined()])
def test_spectrum_picks_out_each_amplitude(edges: FloatArray) -> None:
    amplitudes = {1: 0.2, 3: -0.05, 10: 0.01}
    surface = strip(
        edges, lambda x: -7.0 * (1 + sum(a * np.cos(k * K * x) for k, a in amplitudes.items()))
    )
    result = homogeneity(surface, "q", WIDTH)
    assert result.spectrum is not None
    expected = np.zeros_like(result.spectrum.amplitude)
    for k, amplitude in amplitudes.items():
        expected[k - 1] = abs(amplitude)
    np.testing.assert_allclose(result.spectrum.amplitude[:40], expected[:40], atol=1e-6)
    assert result.spectrum.wavelength[2] == pytest.approx(2 * WIDTH / 3)
    assert result.cv == pytest.approx(np.sqrt((result.spectrum.amplitude**2).sum() / 2), rel=1e-4)


def test_spectrum_ends_where_facets_are_a_quarter_of_the_wavelength() -> None:
    result = homogeneity(strip(even(80), wave), "q", WIDTH)
    assert result.spectrum is not None
    assert len(result.spectrum.amplitude) == 40
    assert result.spectrum.wavelength[-1] == pytest.approx(4 * WIDTH / 80)


def test_spectrum_in_3d_is_binned_by_the_length_of_the_wave_vector() -> None:
    def field(x: FloatArray, y: FloatArray) -> FloatArray:
        return 1 + 0.1 * np.cos(3 * K * x) * np.cos(4 * K * y) + 0.2 * np.cos(2 * K * y)

    result = homogeneity(sheet(60, 60, WIDTH, field), "q", WIDTH)
    assert result.spectrum is not None
    expected = np.zeros_like(result.spectrum.amplitude)
    expected[5 - 1] = 0.1 / np.sqrt(2.0)  # a product of cosines has half a plane wave's variance
    expected[2 - 1] = 0.2
    np.testing.assert_allclose(result.spectrum.amplitude, expected, atol=1e-12)
    np.testing.assert_allclose(result.spectrum.wavenumber[:2], [K, 2 * K])
    assert result.cv == pytest.approx(np.sqrt((result.spectrum.amplitude**2).sum() / 2), rel=1e-12)


def test_spectrum_needs_the_whole_width() -> None:
    result = homogeneity(strip(even(), wave), "q", 1.2 * WIDTH)
    assert result.spectrum is None
    assert result.reasons["spectrum"] == "the map does not cover the width evenly"
    few = homogeneity(strip(even(1), wave), "q", WIDTH)
    assert few.reasons["spectrum"] == "the facets are too wide for any mode"


def test_width_must_fit_the_map() -> None:
    with pytest.raises(ValueError, match="beyond the mirror planes"):
        homogeneity(strip(even(), wave), "q", 0.5 * WIDTH)
    with pytest.raises(ValueError, match="2 widths given for 1"):
        homogeneity(strip(even(), wave), "q", (WIDTH, WIDTH))


def test_quantiles_of_equal_weights_are_hazens() -> None:
    values = np.random.default_rng(5).normal(size=101)
    levels = (0.01, 0.3, 0.5, 0.99)
    found = weighted_quantiles(values, np.full(101, 0.2), levels)
    np.testing.assert_allclose(found, np.quantile(values, levels, method="hazen"), rtol=1e-12)


def test_gini_is_the_double_integral() -> None:
    rng = np.random.default_rng(6)
    values, weights = rng.gamma(2.0, size=70), rng.random(70)
    pairs = weights[:, None] * weights * np.abs(values[:, None] - values)
    expected = pairs.sum() / (2 * (weights @ values) * weights.sum())
    assert weighted_gini(values, weights) == pytest.approx(expected, rel=1e-12)
    assert weighted_gini(np.full(9, 3.3), np.linspace(1, 2, 9)) == pytest.approx(0.0, abs=1e-15)
