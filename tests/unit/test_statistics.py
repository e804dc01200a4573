"""Intervals over seeds: closed forms, coverage, and where there is none."""

import numpy as np
import pytest

from zinterphase.observe.statistics import Interval, homogenisation_factor, mean_interval

BARE = np.array([0.30, 0.41, 0.25, 0.33, 0.37, 0.29, 0.35, 0.44, 0.31, 0.28])


def test_factor_is_the_ratio_of_the_means() -> None:
    coated = BARE * np.linspace(0.4, 0.8, len(BARE))
    result = homogenisation_factor(list(BARE), list(coated))
    assert result.value == pytest.approx(1 - coated.mean() / BARE.mean(), rel=1e-14)
    assert result.low is not None
    assert result.high is not None
    assert 0.2 < result.low < result.value < result.high < 0.6
    assert (result.n, result.reason) == (10, None)


def test_exact_proportion_has_an_interval_of_no_width() -> None:
    result = homogenisation_factor(list(BARE), list(0.4 * BARE))
    assert (result.value, result.low, result.high) == pytest.approx((0.6, 0.6, 0.6), rel=1e-12)


def test_pairing_takes_out_what_the_surfaces_share() -> None:
    rng = np.random.default_rng(1)
    coated = 0.7 * BARE * (1 + 0.01 * rng.standard_normal(10))
    paired = homogenisation_factor(list(BARE), list(coated))
    mixed = homogenisation_factor(list(BARE), list(np.roll(coated, 1)))
    assert paired.value == pytest.approx(mixed.value)
    assert width(paired) < 0.2 * width(mixed)


def test_same_samples_give_the_same_digits() -> None:
    coated = list(np.sqrt(BARE))
    assert homogenisation_factor(list(BARE), coated) == homogenisation_factor(list(BARE), coated)
    assert mean_interval(coated) == mean_interval(coated)


@pytest.mark.parametrize("factor", [1e-6, 250.0])
def test_factor_has_no_unit_and_the_mean_has_one(factor: float) -> None:
    coated = BARE[::-1] * 0.9
    one = homogenisation_factor(list(BARE), list(coated))
    other = homogenisation_factor(list(factor * BARE), list(factor * coated))
    assert (other.low, other.high) == pytest.approx((one.low, one.high), rel=1e-10)
    mean, scaled = mean_interval(list(BARE)), mean_interval(list(factor * BARE))
    assert width(scaled) == pytest.approx(factor * width(mean), rel=1e-10)


def test_few_seeds_give_a_value_and_no_interval() -> None:
    expected = Interval(pytest.approx(0.5), None, None, 7, "no interval: 7 seeds, at least 10")
    assert homogenisation_factor(list(BARE[:7]), list(0.5 * BARE[:7])) == expected
    single = mean_interval([0.3])
    assert single == Interval(0.3, None, None, 1, "no interval: 1 seeds, at least 10")
    assert homogenisation_factor(list(BARE[:10]), list(0.5 * BARE[:10])).low is not None


@pytest.mark.parametrize(
    ("bare", "options", "reason"),
    [
        ([1e-9] * 10, {"cv_error": 1e-6}, "CV(bare) 1e-09 is within its error 1e-06"),
        ([0.0] * 10, {}, "CV(bare) 0 is within its error 0"),
        (list(BARE), {"sign_changes": True}, "the field changes sign"),
        ([], {}, "no pair of surfaces"),
    ],
)
def test_factor_that_is_not_defined(bare: list[float], options: dict, reason: str) -> None:
    result = homogenisation_factor(bare, [0.1] * len(bare), **options)
    assert (result.value, result.low, result.high) == (None, None, None)
    assert result.reason == f"not defined: {reason}"
    assert result.n == len(bare)


def test_pairs_must_match_and_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="10 bare and 9 coated"):
        homogenisation_factor(list(BARE), list(BARE[:9]))
    assert mean_interval([]) == Interval(None, None, None, 0, "no value")


def test_large_normal_sample_has_the_t_interval() -> None:
    sample = np.random.default_rng(2).normal(5.0, 1.0, 400)
    result = mean_interval(list(sample))
    half = 1.966 * sample.std(ddof=1) / 20.0  # t quantile for 399 degrees of freedom
    assert result.low == pytest.approx(sample.mean() - half, abs=0.1 * half)
    assert result.high == pytest.approx(sample.mean() + half, abs=0.1 * half)


@pytest.mark.parametrize(("n", "band"), [(10, (0.90, 0.975)), (20, (0.92, 0.985))])
def test_interval_covers_the_true_factor(n: int, band: tuple[float, float]) -> None:
    """Ensembles with a known H: 300 of them put the 95 % coverage within 1.3 % (one sigma)."""
    rng = np.random.default_rng(n)
    trials, hits = 300, 0
    for _ in range(trials):
        bare = 0.3 * np.exp(0.3 * rng.standard_normal(n) - 0.5 * 0.3**2)
        coated = 0.65 * bare * np.exp(0.2 * rng.standard_normal(n) - 0.5 * 0.2**2)
        result = homogenisation_factor(list(bare), list(coated))
        assert result.low is not None
        assert result.high is not None
        hits += result.low <= 0.35 <= result.high
    assert band[0] <= hits / trials <= band[1]


def width(interval: Interval) -> float:
    assert interval.low is not None
    assert interval.high is not None
    return interval.high - interval.low
