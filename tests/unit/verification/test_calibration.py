import numpy as np
import pytest

from veedor.forecasts import CountDistribution
from veedor.verification import pit_cdf, pit_histogram, reliability_bins

EDGES = np.linspace(0.0, 1.0, 11)


def heights(distribution, seen):
    values = pit_cdf(distribution, seen, EDGES)
    return pit_histogram(values.reshape(len(EDGES), -1).mean(axis=1))


def test_a_calibrated_forecast_has_an_even_histogram():
    rng = np.random.default_rng(0)
    distribution = CountDistribution(rng.gamma(0.5, 0.6, 200_000) + 1e-3, 0.7)
    seen = distribution.sample(rng, 1)[0]
    np.testing.assert_allclose(heights(distribution, seen), 1.0, atol=0.02)


def test_too_narrow_a_forecast_has_a_hollow_histogram():
    rng = np.random.default_rng(1)
    truth = CountDistribution(np.full(50_000, 5.0), 1.0)
    bars = heights(CountDistribution(truth.mean, 0.0), truth.sample(rng, 1)[0])
    assert bars[0] > 1.5
    assert bars[-1] > 1.5
    assert bars[4] < 0.8


def test_coverage_of_a_calibrated_forecast_is_the_level():
    rng = np.random.default_rng(2)
    distribution = CountDistribution(rng.gamma(2.0, 1.0, 100_000), 0.2)
    seen = distribution.sample(rng, 1)[0]
    low, high = pit_cdf(distribution, seen, [0.025, 0.975]).mean(axis=1)
    assert high - low == pytest.approx(0.95, abs=0.005)


def test_bins_hold_about_the_same_expected_incidents_and_equal_means_share_one():
    mean = np.concatenate([np.full(1000, 0.01), np.random.default_rng(3).gamma(1.0, 1.0, 500)])
    index = reliability_bins(mean)
    assert len(set(index[:1000])) == 1
    mass = np.bincount(index, weights=mean)
    assert mass.max() < 2.0 * mean.sum() / 10.0
    order = np.argsort(mean, kind="stable")
    assert (np.diff(index[order]) >= 0).all()


def test_the_most_surprising_counts_are_not_lost():
    distribution = CountDistribution(np.array([0.01, 1.0, 1.0]), 0.0)
    values = pit_cdf(distribution, np.array([12, 25, 0]), EDGES)
    assert (values[-1] == 1.0).all()
    assert heights(distribution, np.array([12, 25, 0])).mean() == pytest.approx(1.0)
