import numpy as np
import pytest

from veedor.files.json_file import json_bytes
from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap
from veedor.verification import (
    brier_any,
    brier_decomposition,
    coverage_by_group,
    mean_reliability,
    pit_by_period,
    pit_cdf,
    randomised_pit,
    randomised_pit_histogram,
    reliability_bins,
    reliability_curve,
)

ZONE = np.array([0] * 20 + [2] * 19 + [-1])


@pytest.fixture
def made():
    rng = np.random.default_rng(0)
    distribution = CountDistribution(rng.gamma(0.6, 2.0, (16, 40)) + 0.01, 0.5)
    return distribution, distribution.sample(rng, 1)[0]


def weeks(periods=16):
    return BlockBootstrap(np.arange(periods), np.random.default_rng(0), replicates=500)


def test_coverage_by_zone_is_the_mean_of_the_transform_there(made):
    distribution, seen = made
    rows = coverage_by_group(distribution, seen, ZONE, weeks(), levels=(0.5, 0.9))
    assert [(row.group, row.level) for row in rows] == [(0, 0.5), (0, 0.9), (2, 0.5), (2, 0.9)]
    for row in rows:
        mine = row.group == ZONE
        low, high = pit_cdf(distribution, seen, [(1 - row.level) / 2, (1 + row.level) / 2])
        assert row.coverage.value == pytest.approx((high - low)[:, mine].mean())
        assert row.expected == pytest.approx(distribution.mean[:, mine].mean())
        assert row.coverage.n == 16 * mine.sum()
        assert row.coverage.low < row.coverage.value < row.coverage.high
        json_bytes(row)


def test_coverage_and_reliability_by_level_of_forecast(made):
    distribution, seen = made
    bins = reliability_bins(distribution.mean, 4)
    covered = coverage_by_group(distribution, seen, bins, weeks(), levels=(0.8,))
    reliable = mean_reliability(distribution.mean, seen, bins, weeks())
    for row, other in zip(reliable, covered, strict=True):
        mine = bins == row.group
        assert row.observed.value == pytest.approx(seen[mine].mean())
        assert row.expected == pytest.approx(distribution.mean[mine].mean())
        assert row.observed_by_expected.value == pytest.approx(row.observed.value / row.expected)
        assert other.expected == pytest.approx(row.expected)
        json_bytes(row)


def test_no_group_gives_no_row(made):
    distribution, seen = made
    none = np.full(40, -1)
    assert coverage_by_group(distribution, seen, none, weeks()) == []
    assert mean_reliability(distribution.mean, seen, none, weeks()) == []


def test_pit_by_period_is_the_mean_of_pit(made):
    distribution, seen = made
    at = np.linspace(0.0, 1.0, 11)
    np.testing.assert_allclose(
        pit_by_period(distribution, seen, at), pit_cdf(distribution, seen, at).mean(axis=2)
    )


def test_randomised_pit_lies_in_its_step_and_the_same_seed_gives_the_same(made):
    distribution, seen = made
    value = randomised_pit(distribution, seen, np.random.default_rng(1))
    assert (value >= distribution.cdf(seen - 1) - 1e-12).all()
    assert (value <= distribution.cdf(seen) + 1e-12).all()
    assert (value == randomised_pit(distribution, seen, np.random.default_rng(1))).all()
    assert randomised_pit_histogram(value).mean() == pytest.approx(1.0)
    assert np.isnan(randomised_pit_histogram(np.zeros(0))).all()


def test_corp_parts_of_a_perfect_a_constant_and_a_reversed_forecast():
    event = np.array([True, False, False, False])
    perfect = brier_decomposition(event.astype(float), event)
    assert (perfect.score, perfect.miscalibration) == (0.0, 0.0)
    assert perfect.discrimination == perfect.uncertainty == 0.1875
    constant = brier_decomposition(np.full(4, 0.25), event)
    assert (constant.miscalibration, constant.discrimination) == (0.0, 0.0)
    backwards = brier_decomposition(1.0 - event, event)
    assert backwards.discrimination == 0.0
    assert backwards.score == 1.0
    assert brier_decomposition([], []).score is None
    with pytest.raises(ValueError, match="from 0 to 1"):
        brier_decomposition([1.2], [True])
    with pytest.raises(ValueError, match="from 0 to 1"):
        brier_decomposition([np.nan], [True])
    with pytest.raises(ValueError, match="events"):
        brier_decomposition([0.2, 0.3], [True])


def test_corp_adds_up_to_the_brier_score(made):
    distribution, seen = made
    parts = brier_decomposition(distribution.probability_of_any(), seen >= 1)
    assert parts.score == pytest.approx(brier_any(distribution, seen).mean())
    total = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert total == pytest.approx(parts.score, abs=1e-15)


def test_curve_of_a_forecast_that_is_too_sure_leaves_its_band():
    rng = np.random.default_rng(2)
    truth = rng.uniform(0.2, 0.8, 20_000)
    sure = np.clip(0.5 + 1.6 * (truth - 0.5), 0.0, 1.0)
    curve = reliability_curve(sure, rng.random(20_000) < truth, rng, replicates=199)
    assert len(curve.probability) <= 200
    assert curve.n.sum() == 20_000
    assert (np.diff(curve.frequency) >= 0.0).all()
    assert curve.frequency[0] > curve.high[0]
    assert curve.frequency[-1] < curve.low[-1]
    json_bytes(curve)
    assert len(reliability_curve([], [], rng).frequency) == 0
