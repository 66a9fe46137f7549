"""Scores against the sums that define them, written plainly."""

import numpy as np
import pytest
from scipy import special, stats

from veedor.forecasts import CountDistribution
from veedor.verification import brier_any, crps, log_score, poisson_deviance
from veedor.verification.scores import half_mean_difference

MEANS = [1e-4, 0.01, 1.0, 20.0, 100.0, 5e3]
DISPERSIONS = [0.0, 1e-12, 1e-6, 1e-3, 0.1, 1.0, 10.0]


def plain_crps(distribution: CountDistribution, y: float) -> float:
    mean, deviation = distribution.mean[0], np.sqrt(distribution.variance[0])
    heavy = 1.0 + distribution.dispersion[0] * mean
    k = np.arange(int(mean + 12.0 * deviation + 35.0 * heavy + y) + 1)
    cdf = np.cumsum(np.exp(distribution.log_pmf(k)))
    return float(np.sum((cdf - (k >= y)) ** 2))


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("alpha", DISPERSIONS)
def test_crps_is_its_definition(mean, alpha):
    distribution = CountDistribution(np.array([mean]), alpha)
    for y in (0, 1, int(mean), int(2 * mean) + 3):
        expected = plain_crps(distribution, y)
        assert crps(distribution, y)[0] == pytest.approx(expected, rel=1e-8, abs=1e-13)
        assert crps(distribution, float(y))[0] == crps(distribution, y)[0]


@pytest.mark.parametrize("mean", MEANS)
def test_half_mean_difference_of_a_nearly_poisson_is_the_bessel_form(mean):
    poisson = half_mean_difference(CountDistribution(np.array([mean]), 0.0))[0]
    by_quadrature = half_mean_difference(CountDistribution(np.array([mean]), 1e-13))[0]
    assert poisson == pytest.approx(
        mean * (special.ive(0, 2 * mean) + special.ive(1, 2 * mean)), rel=1e-12
    )
    assert by_quadrature == pytest.approx(poisson, rel=1e-8)


@pytest.mark.parametrize("y", [0, 1, 3])
def test_other_scores_are_their_formulas(y):
    distribution = CountDistribution(np.array([0.7]), 0.4)
    peer = stats.nbinom(2.5, 2.5 / 3.2)
    assert log_score(distribution, y)[0] == pytest.approx(-peer.logpmf(y))
    assert brier_any(distribution, y)[0] == pytest.approx((1 - peer.pmf(0) - (y > 0)) ** 2)
    plain = 2.0 * ((y * np.log(y / 0.7) if y else 0.0) - y + 0.7)
    assert poisson_deviance(distribution, y)[0] == pytest.approx(plain)


@pytest.mark.parametrize("score", [log_score, crps, brier_any, poisson_deviance])
@pytest.mark.parametrize(("mean", "alpha"), [(0.05, 0.0), (0.8, 1.0), (12.0, 0.2)])
def test_scores_are_proper(score, mean, alpha):
    """The expected score is smallest for the distribution that made the counts."""
    truth = CountDistribution(np.array([mean]), alpha)
    k = np.arange(2000)
    pmf = np.exp(truth.log_pmf(k))

    def expected(m: float, a: float) -> float:
        return float(np.sum(pmf * score(CountDistribution(np.full(len(k), m), a), k)))

    best = expected(mean, alpha)
    for factor in (0.5, 0.9, 1.1, 2.0):
        assert expected(factor * mean, alpha) > best
    for other in (alpha + 0.3, alpha + 2.0):
        assert expected(mean, other) >= best - 1e-12
