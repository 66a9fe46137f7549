"""Do tests of forecasts reject about as often as they say when nothing is to be found?

`benchmarks/test_sizes.py` measures the same with more records, and more kinds of them.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from veedor.forecasts import CountDistribution
from veedor.verification import (
    category_test,
    conditional_likelihood_test,
    diebold_mariano,
    e_process,
    gain_at_incidents,
    likelihood_test,
    model_confidence_set,
    number_test,
    skill_by_month,
    skill_change,
    space_test,
)

# 400 records: a size of 0.05 shows up between these, but for one time in a thousand.
LOW, HIGH = 0.018, 0.09


@pytest.mark.parametrize("alpha", [0.0, 0.6])
@pytest.mark.parametrize(
    "test", [likelihood_test, conditional_likelihood_test, space_test, category_test]
)
def test_a_true_forecast_is_found_inconsistent_one_time_in_twenty(test, alpha):
    rng = np.random.default_rng(1)
    truth = CountDistribution(rng.gamma(1.0, 0.4, (3, 20)) + 0.01, alpha)
    drawn = truth.sample(rng, 400)
    # With 39 draws a p-value of at most 2 / 40 has a chance of 5% exactly.
    rejected = [
        test(truth, counts, simulations=39, seed=k).p_value <= 0.05
        for k, counts in enumerate(drawn)
    ]
    assert LOW <= np.mean(rejected) <= HIGH


def test_a_flat_forecast_of_a_hot_spot_is_found_inconsistent():
    rng = np.random.default_rng(2)
    truth = CountDistribution(np.tile(np.repeat([2.0, 0.1], [3, 27]), (8, 1)), 0.0)
    flat = CountDistribution(np.full((8, 30), float(truth.mean.mean())), 0.0)
    drawn = truth.sample(rng, 1)[0]
    for test in (conditional_likelihood_test, space_test):
        assert test(flat, drawn, simulations=199).p_value == 1.0 / 200.0
    assert number_test(flat[:, 0].scaled(np.array(30.0)), drawn.sum(axis=1)).result.p_value > 0.01


def test_the_dispersion_of_the_total_makes_the_n_test_keep_its_size():
    rng = np.random.default_rng(3)
    totals = CountDistribution(np.array([60.0, 90.0, 75.0, 80.0]), 0.05)
    poisson = CountDistribution(totals.mean, 0.0)
    drawn = totals.sample(rng, 400)
    own = [number_test(totals, counts).result.p_value <= 0.05 for counts in drawn]
    too_sure = [number_test(poisson, counts).result.p_value <= 0.05 for counts in drawn]
    assert LOW <= np.mean(own) <= HIGH
    assert np.mean(too_sure) > 0.25


def test_paired_tests_keep_their_size_for_independent_incidents_only():
    rng = np.random.default_rng(4)
    ratio = np.repeat([0.7, -0.7], 20)
    rejected = {("t_test", 1): 0, ("w_test", 1): 0, ("t_test", 4): 0, ("w_test", 4): 0}
    for _ in range(400):
        for size in (1, 4):
            at = np.repeat(ratio, rng.poisson(3.0 / size, 40) * size)
            found = gain_at_incidents(at, 1.0, 1.0)
            for name in ("t_test", "w_test"):
                rejected[name, size] += getattr(found, name).p_value <= 0.05
    for name in ("t_test", "w_test"):
        assert LOW <= rejected[name, 1] / 400 <= HIGH
        assert rejected[name, 4] / 400 > 0.2  # clusters of four: it rejects far too often


@pytest.mark.parametrize(("periods", "most"), [(8, 0.09), (52, 0.09)])
def test_diebold_mariano_keeps_its_size(periods, most):
    rng = np.random.default_rng(5)
    d = rng.normal(0.0, 1.0, (400, periods))
    rejected = [diebold_mariano(-row, 0.0 * row).p_value <= 0.05 for row in d]
    assert LOW <= np.mean(rejected) <= most


def test_lags_mend_most_of_what_autocorrelation_does():
    rng = np.random.default_rng(6)
    d = signal.lfilter([1.0], [1.0, -0.4], rng.normal(0.0, 1.0, (400, 104)), axis=1)[:, 52:]
    without = np.mean([diebold_mariano(-r, 0.0 * r, lags=0).p_value <= 0.05 for r in d])
    with_lags = np.mean([diebold_mariano(-r, 0.0 * r).p_value <= 0.05 for r in d])
    assert with_lags < 0.13 < without


@pytest.mark.parametrize("statistic", ["T_max", "T_R"])
def test_the_best_forecaster_stays_in_the_confidence_set(statistic):
    rng = np.random.default_rng(7)
    left_out = worst_in = 0
    for seed in range(300):
        scores = rng.normal(0.0, 1.0, (52, 4)) + np.array([0.0, 0.0, 0.0, 1.0])
        found = model_confidence_set(
            scores, list("abcd"), statistic=statistic, level=0.9, replicates=199, seed=seed
        )
        left_out += "a" not in found.members
        worst_in += "d" in found.members
    assert left_out / 300 <= 0.15
    assert worst_in / 300 <= 0.2


def test_an_e_process_may_be_looked_at_every_week():
    """The chance that it ever rejects at 10% is at most 10%: 400 records of 200 weeks."""
    rng = np.random.default_rng(8)
    coin = rng.choice([-1.0, 1.0], (400, 200))
    # Worse at first and better later: no time so far was it better on average.
    drifting = np.linspace(-0.3, 0.3, 200) + 0.7 * coin
    rare = np.where(rng.random((400, 200)) < 0.05, 0.95, -0.05)
    for records in (coin, drifting, rare):
        ever = [e_process(d, bound=1.0).rejected_at(0.1) is not None for d in records]
        assert np.mean(ever) <= 0.1
    naive = [
        any(diebold_mariano(-d[:t], 0.0 * d[:t], lags=0).p_value <= 0.1 for t in range(8, 200, 8))
        for d in coin[:50]
    ]
    assert np.mean(naive) > 0.2  # what looking every week does to a test that is meant for once


def test_an_e_process_finds_a_better_forecast():
    rng = np.random.default_rng(9)
    found = e_process(np.clip(rng.normal(0.3, 0.5, 200), -1.0, 1.0), bound=1.0)
    assert found.rejected_at(0.05) is not None
    assert bool(np.all(np.diff(found.p_values) <= 0.0))


def test_a_change_of_skill_is_found_and_dated():
    rng = np.random.default_rng(10)
    d = rng.normal(0.0, 1.0, (200, 52))
    false_alarms = [skill_change(r, replicates=99).test.p_value <= 0.05 for r in d]
    assert np.mean(false_alarms) <= HIGH
    found = [skill_change(r + np.repeat([2.0, 0.0], [30, 22]), replicates=99) for r in d[:100]]
    assert np.mean([each.test.p_value <= 0.05 for each in found]) > 0.9
    assert np.mean([each.earliest <= 30 <= each.latest for each in found]) > 0.8


def test_months_of_few_weeks_have_intervals_that_cover():
    rng = np.random.default_rng(11)
    edges = np.datetime64("2024-01-01", "us") + np.arange(53) * np.timedelta64(7, "D")
    held = total = 0
    for _ in range(60):
        size = rng.poisson(80.0, 52).astype(float)
        gain = 0.05 * size + rng.normal(0.0, 1.0, 52) * np.sqrt(size)
        found = skill_by_month(gain, size, edges[:-1], "UTC", np.arange(52), rng, replicates=400)
        total += len(found)
        held += sum(each.low <= 0.05 <= each.high for each in found.values())
    assert 0.92 <= held / total <= 0.975
