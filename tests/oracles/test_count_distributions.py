"""The count family against arbitrary-precision arithmetic and scipy, means 1e-4 to 5e3."""

import mpmath
import numpy as np
import pytest
from scipy import stats

from veedor.forecasts import CountDistribution

MEANS = [1e-4, 0.03, 1.0, 30.0, 300.0, 5e3]
DISPERSIONS = [0.0, 1e-18, 1e-13, 1e-9, 1e-5, 0.1, 1.0, 50.0]


def exact_log_pmf(k: int, mean: float, alpha: float) -> float:
    with mpmath.workdps(60):
        m = mpmath.mpf(mean)
        if alpha == 0.0:
            return float(k * mpmath.log(m) - m - mpmath.loggamma(k + 1))
        a = mpmath.mpf(alpha)
        size = 1 / a
        return float(
            mpmath.loggamma(k + size)
            - mpmath.loggamma(size)
            - mpmath.loggamma(k + 1)
            + k * mpmath.log(a * m / (1 + a * m))
            - size * mpmath.log(1 + a * m)
        )


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("alpha", DISPERSIONS)
def test_log_pmf_is_exact_and_finite(mean, alpha):
    distribution = CountDistribution(np.array([mean]), alpha)
    for k in (0, 1, 2, 51, 300, 5000, 100_000):
        expected = exact_log_pmf(k, mean, alpha)
        as_int = distribution.log_pmf(k)[0]
        assert as_int == pytest.approx(expected, rel=1e-9, abs=1e-9)
        assert as_int == distribution.log_pmf(float(k))[0]
        assert np.isfinite(as_int)


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("alpha", [1e-6, 0.1, 1.0, 20.0])
def test_cdf_and_quantile_agree_with_scipy(mean, alpha):
    size = 1.0 / alpha
    peer = stats.nbinom(size, size / (size + mean))
    distribution = CountDistribution(np.array([mean]), alpha)
    for probability in (0.0, 0.025, 0.5, 0.9, 0.999):
        at = int(distribution.quantile(probability)[0])
        assert distribution.cdf(at)[0] >= probability
        assert at == 0 or distribution.cdf(at - 1)[0] < probability
        assert distribution.cdf(at)[0] == pytest.approx(peer.cdf(at), rel=1e-7)


@pytest.mark.parametrize("alpha", [0.0, 1e-18, 1e-13, 1e-9, 1e-3, 0.1, 3.0, 500.0])
def test_cumulative_probabilities_are_exact_sums(alpha):
    """Small counts are summed term by term, larger counts and means by special functions."""
    means = np.array([1e-4, 0.03, 1.0, 30.0, 199.0, 201.0])
    counts = np.array([[0], [1], [2], [19], [20], [21], [40]])
    distribution = CountDistribution(means, alpha)
    got = distribution.cdf(counts)
    assert got.shape == (7, 6)
    for column, mean in enumerate(means):
        exact = np.cumsum([np.exp(exact_log_pmf(k, mean, alpha)) for k in range(41)])
        np.testing.assert_allclose(got[:, column], exact[counts[:, 0]], rtol=2e-8)
    assert (np.diff(got, axis=0) >= -1e-15).all() and (got <= 1.0).all()
    np.testing.assert_array_equal(got[:5, :5], distribution[:5].cdf(counts[:5]))


@pytest.mark.parametrize("mean", MEANS)
def test_the_poisson_is_the_limit(mean):
    poisson = CountDistribution(np.array([mean]), 0.0)
    nearly = CountDistribution(np.array([mean]), 1e-12)
    for k in (0, 1, int(mean), int(2 * mean) + 3):
        assert poisson.log_pmf(k)[0] == pytest.approx(stats.poisson.logpmf(k, mean), abs=1e-9)
        assert nearly.log_pmf(k)[0] == pytest.approx(poisson.log_pmf(k)[0], abs=1e-4)
        assert poisson.cdf(k)[0] == pytest.approx(stats.poisson.cdf(k, mean), abs=1e-12)


@pytest.mark.parametrize(("mean", "alpha"), [(0.2, 0.0), (3.0, 0.5), (40.0, 2.0)])
def test_expected_absolute_error_is_the_sum_it_stands_for(mean, alpha):
    distribution = CountDistribution(np.array([mean]), alpha)
    k = np.arange(20_000)
    pmf = np.exp(distribution.log_pmf(k))
    for y in (0, 1, 7, 100):
        expected = float(np.sum(pmf * np.abs(k - y)))
        assert distribution.expected_absolute_error(y)[0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("mean", "alpha"), [(0.5, 0.0), (5.0, 0.3), (200.0, 1.5)])
def test_samples_have_the_mean_and_variance(mean, alpha):
    distribution = CountDistribution(np.array([mean]), alpha)
    draws = distribution.sample(np.random.default_rng(4), 200_000)[:, 0]
    error = np.sqrt(distribution.variance[0] / len(draws))
    assert abs(draws.mean() - mean) < 5.0 * error
    assert draws.var() == pytest.approx(distribution.variance[0], rel=0.05)


def test_quantiles_of_huge_means_are_found():
    huge = CountDistribution(np.array([1e12, 1e12]), np.array([0.0, 1e3]))
    at = huge.quantile(0.99)
    assert at[0] == pytest.approx(1e12, rel=1e-5)
    assert at[1] > 0
