"""Of calibrated forecasts, bands and intervals leave out as many as they say."""

import numpy as np
from scipy import stats

from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap
from veedor.verification import coverage_by_group, randomised_pit, reliability_curve


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
