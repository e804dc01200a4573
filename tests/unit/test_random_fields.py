"""The random field against its covariance, with tolerances from the scatter over seeds."""

from __future__ import annotations

import numpy as np
import pytest

from zinterphase.geometry.random_fields import CosineField, Covariance

WIDTH, LENGTH = 60e-6, 5e-6
SEEDS = 400


def even_periodic(field: CosineField, count: int) -> np.ndarray:
    """The field on the whole period, twice the width, at equidistant points."""
    x = np.arange(count) * 2.0 * WIDTH / count
    return field(np.where(x > WIDTH, 2.0 * WIDTH - x, x))


def test_the_same_seed_is_the_same_field_at_any_points() -> None:
    field = CosineField((WIDTH,), 1.0, LENGTH, "gaussian", 7)
    again = CosineField((WIDTH,), 1.0, LENGTH, "gaussian", 7)
    fine = np.linspace(0.0, WIDTH, 401)
    np.testing.assert_allclose(again(fine[::4]), field(fine)[::4], rtol=0.0, atol=1e-13)


def test_seeds_and_streams_give_other_fields() -> None:
    x = np.linspace(0.0, WIDTH, 50)
    first = CosineField((WIDTH,), 1.0, LENGTH, "gaussian", 1, 0)(x)
    for seed, stream in ((2, 0), (1, 1)):
        other = CosineField((WIDTH,), 1.0, LENGTH, "gaussian", seed, stream)(x)
        assert np.abs(first - other).max() > 0.1


@pytest.mark.parametrize("widths", [(WIDTH,), (WIDTH, 0.7 * WIDTH)])
def test_mean_vanishes_and_sides_are_mirrors(widths: tuple[float, ...]) -> None:
    field = CosineField(widths, 1.0, LENGTH, "gaussian", 3)
    # The midpoint rule is exact for these cosines.
    axes = [(np.arange(256) + 0.5) / 256 * width for width in widths]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(widths))
    assert abs(field(points).mean()) < 1e-12
    inside = np.array([[0.31 * width for width in widths], [0.3 * width for width in widths]])
    near = inside.copy()
    near[:, 0] = (-1e-9, 1e-9)
    near[:, 1:] = inside[0, 1:]
    low, high = field(near)
    assert low == pytest.approx(high, rel=1e-9)


@pytest.mark.parametrize("covariance", ["gaussian", "exponential"])
@pytest.mark.parametrize("widths", [(WIDTH,), (0.5 * WIDTH, 0.4 * WIDTH)])
def test_expected_variance_is_the_one_asked_for(
    covariance: Covariance, widths: tuple[float, ...]
) -> None:
    axes = [(np.arange(64) + 0.5) / 64 * width for width in widths]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(widths))
    squares = [
        np.mean(CosineField(widths, 3.0, LENGTH, covariance, seed)(points) ** 2)
        for seed in range(SEEDS // len(widths))
    ]
    error = np.std(squares) / np.sqrt(len(squares))
    assert abs(np.mean(squares) - 9.0) < 4.0 * error


def test_correlation_function_is_gaussian() -> None:
    """Averaged over the even period; the missing mean lowers it by l sqrt(pi) / (2 W)."""
    count = 480
    correlations = []
    for seed in range(SEEDS):
        values = even_periodic(CosineField((WIDTH,), 1.0, LENGTH, "gaussian", seed), count)
        spectrum = np.abs(np.fft.rfft(values)) ** 2
        correlations.append(np.fft.irfft(spectrum)[:100] / count)
    lag = np.arange(100) * 2.0 * WIDTH / count
    mean_part = LENGTH * np.sqrt(np.pi) / (2.0 * WIDTH)
    expected = (np.exp(-((lag / LENGTH) ** 2)) - mean_part) / (1.0 - mean_part)
    error = np.std(correlations, axis=0) / np.sqrt(SEEDS)
    # Beside the scatter: 3e-5 of the variance lies beyond the highest mode.
    assert np.all(np.abs(np.mean(correlations, axis=0) - expected) < 4.5 * error + 1e-4)


def test_covariance_on_a_plane_is_isotropic() -> None:
    """Expected covariance along x and along y, from the modes' deviations alone."""
    field = CosineField((WIDTH, WIDTH), 1.0, LENGTH, "gaussian", 0)
    variance = field.amplitude_deviations**2
    share = [np.where(np.arange(n) == 0, 1.0, 0.5) for n in variance.shape]
    power = variance * share[0][:, None] * share[1][None, :]
    lag = np.linspace(0.0, 3.0 * LENGTH, 20)
    waves = np.cos(np.outer(lag, field.wavenumbers[0]))
    along = waves @ power.sum(axis=1)
    mean_part = np.pi * LENGTH**2 / (2.0 * WIDTH) ** 2
    expected = (np.exp(-((lag / LENGTH) ** 2)) - mean_part) / (1.0 - mean_part)
    np.testing.assert_allclose(along, expected, atol=2e-3)
    diagonal = np.einsum(
        "ij,ni,nj->n", power, *(np.cos(np.outer(lag / 2**0.5, k)) for k in field.wavenumbers)
    )
    np.testing.assert_allclose(diagonal, expected, atol=2e-3)


def test_too_narrow_a_width_holds_no_mode() -> None:
    with pytest.raises(ValueError, match="no mode"):
        CosineField((LENGTH / 10.0,), 1.0, LENGTH, "gaussian", 1)(np.zeros(1))
