"""Mean and variance of scores where the forecast is right, against plain sums over counts."""

import numpy as np
import pytest

from veedor.errors import SameGroundError
from veedor.forecasts import CountDistribution
from veedor.verification import SCORES, score_calibration_test, score_moments
from veedor.verification.scores.moments import _by_strata

NAMES = ["log_score", "crps", "dawid_sebastiani"]
MEANS = [1e-4, 0.03, 0.7, 4.0, 60.0, 250.0, 5e3]
ALPHAS = [0.0, 1e-6, 0.2, 2.0]


def plain(mean, alpha, name):
    """Sum over every count up to where nothing is left."""
    forecast = CountDistribution(np.array([mean]), alpha)
    last = mean + 15.0 * np.sqrt(forecast.variance[0]) + 50.0 * (1.0 + alpha * mean)
    count = np.arange(np.ceil(last) + 30.0)
    chance = np.exp(forecast.log_pmf(count))
    score = SCORES[name].function(forecast, count)
    expected = (chance * score).sum()
    return expected, (chance * (score - expected) ** 2).sum()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("mean", MEANS)
def test_moments_are_sums_over_counts(mean, alpha, name):
    if mean * alpha > 1_500.0:
        mean = 700.0  # the plain sum would take a minute
    found = score_moments(CountDistribution(np.array([mean]), alpha), name)
    np.testing.assert_allclose(np.ravel(found), plain(mean, alpha, name), rtol=2e-6, atol=1e-12)


@pytest.mark.parametrize("name", ["log_score", "crps"])
@pytest.mark.parametrize(
    ("mean", "alpha"),
    [
        (30.0, 0.3),
        (80.0, 0.05),
        (90.0, 0.0),
        (5.0, 1.0),
        (2e3, 0.02),
        (3e4, 1e-3),
        (2e4, 1 / 146),
        (1e4, 1.0),
        (12_555.0, 1.9),
        (4e5, 0.002),
    ],
)
def test_strata_and_the_walk_are_each_others_oracle(mean, alpha, name):
    forecast = CountDistribution(np.array([mean]), alpha)
    walked = np.ravel(score_moments(forecast, name))
    np.testing.assert_allclose(_by_strata(forecast, name), walked, rtol=4e-6)


@pytest.mark.parametrize("name", ["log_score", "crps"])
def test_a_wide_forecast_is_walked_without_loss(name):
    """From far below the mean: the rounding of where the walk begins must not be squared."""
    forecast = CountDistribution(np.array([1e5]), 0.002)
    count = np.arange(45_000.0, 163_000.0)
    chance = np.exp(forecast.log_pmf(count))
    chance /= chance.sum()
    score = SCORES[name].function(forecast, count)
    expected = chance @ score
    found = np.ravel(score_moments(forecast, name))
    plain_sum = expected, chance @ (score - expected) ** 2
    np.testing.assert_allclose(found, plain_sum, rtol=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_moments_stay_finite(name):
    mean, alpha = np.meshgrid([1e-8, 1.0, 1e6, 1e10], [0.0, 1e-3, 10.0, 1e5])
    for found in score_moments(CountDistribution(mean, alpha), name):
        assert found.shape == mean.shape
        assert np.isfinite(found).all()
        assert (found > -100.0).all()


@pytest.mark.parametrize("name", NAMES)
def test_z_by_hand(name):
    rng = np.random.default_rng(0)
    forecast = CountDistribution(rng.gamma(1.0, 2.0, (4, 5)) + 0.05, 0.4)
    seen = forecast.sample(rng, 1)[0]
    moments = np.array(
        [[plain(m, 0.4, name) for m in row] for row in forecast.mean]
    )  # periods, cells, moment
    excess = SCORES[name].function(forecast, seen) - moments[..., 0]
    each = (excess / np.sqrt(moments[..., 1])).sum() / np.sqrt(20.0)
    pooled = excess.sum() / np.sqrt(moments[..., 1].sum())
    for weighting, z in (("each", each), ("pooled", pooled)):
        for counts in (seen, seen.astype(float)):
            found = score_calibration_test(forecast, counts, name, weighting)
            assert found.statistic == pytest.approx(z, rel=1e-6)
            assert found.n == 20
    assert score_calibration_test(forecast[:0], seen[:0], name).p_value is None
    with pytest.raises(SameGroundError, match="one recorded count for each"):
        score_calibration_test(forecast, seen[:3], name)
