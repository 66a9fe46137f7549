"""Of calibrated forecasts, bands and intervals leave out as many as they say."""

import numpy as np
import pytest
from scipy import stats

from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap
from veedor.verification import (
    coverage_by_group,
    randomised_pit,
    reliability_curve,
    score_calibration_test,
)


def test_consistency_bands_leave_out_one_point_in_ten():
    rng = np.random.default_rng(0)
    outside = []
    for _ in range(200):
        p = rng.beta(0.6, 3.0, 2000)
        curve = reliability_curve(p, rng.random(2000) < p, rng, replicates=199, points=50)
        low = curve.frequency < curve.low - 1e-12
        outside.append(np.mean(low | (curve.frequency > curve.high + 1e-12)))
    assert 0.06 <= np.mean(outside) <= 0.12


def test_randomised_pit_of_a_calibrated_forecast_is_uniform():
    """A test of uniformity at 5% rejects about one calibrated forecast in twenty."""
    rng = np.random.default_rng(1)
    distribution = CountDistribution(rng.gamma(0.5, 2.0, 400) + 1e-3, 0.6)
    seen = distribution.sample(rng, 1000)
    p_values = [stats.kstest(randomised_pit(distribution, y, rng), "uniform").pvalue for y in seen]
    assert 0.033 <= np.mean(np.array(p_values) < 0.05) <= 0.068


def test_intervals_of_coverage_cover():
    """The 95% interval of a zone's coverage leaves the level out about one time in twenty."""
    rng = np.random.default_rng(2)
    distribution = CountDistribution(rng.gamma(1.0, 1.0, (26, 30)) + 0.05, 0.4)
    seen = distribution.sample(rng, 300)
    zone, missed = np.zeros(30, dtype=int), 0
    for counts in seen:
        weeks = BlockBootstrap(np.arange(26), rng, replicates=1000)
        row = coverage_by_group(distribution, counts, zone, weeks, levels=[0.8])[0]
        missed += not row.coverage.low <= 0.8 <= row.coverage.high
    assert 0.025 <= missed / 300 <= 0.085


@pytest.mark.parametrize("weighting", ["each", "pooled"])
@pytest.mark.parametrize("score", ["log_score", "crps", "dawid_sebastiani"])
def test_z_tests_of_scores_reject_one_right_forecast_in_twenty(score, weighting):
    rng = np.random.default_rng(3)
    distribution = CountDistribution(np.minimum(rng.gamma(1.0, 2.0, (12, 40)) + 0.3, 12.0), 0.3)
    seen = distribution.sample(rng, 600)
    results = [score_calibration_test(distribution, y, score, weighting) for y in seen]
    rejected = np.mean([one.p_value < 0.05 for one in results])
    assert 0.025 <= rejected <= 0.08
    assert abs(np.mean([one.statistic for one in results])) < 0.12


@pytest.mark.parametrize("weighting", ["each", "pooled"])
def test_z_tests_of_scores_see_what_is_too_sure_and_what_is_too_vague(weighting):
    rng = np.random.default_rng(4)
    mean = np.minimum(rng.gamma(2.0, 1.0, (12, 60)) + 0.3, 4.0)
    seen = CountDistribution(mean, 0.5).sample(rng, 20)

    def z(alpha, score):
        forecast = CountDistribution(mean, alpha)
        found = [score_calibration_test(forecast, y, score, weighting) for y in seen]
        return np.array([one.statistic for one in found])

    for score in ("log_score", "crps", "dawid_sebastiani"):
        assert (z(0.0, score) > 5.0).all()
    for score in ("crps", "dawid_sebastiani"):
        assert (z(1.5, score) < -1.96).all()
