"""Ranked probabilities, quantiles, samples and PIT against slow plain versions of themselves."""

import mpmath
import numpy as np
import pytest

from veedor.forecasts import CountDistribution
from veedor.verification import (
    INTERVAL_LEVELS,
    SCORES,
    brier_at_least,
    crps,
    crps_of_samples,
    dawid_sebastiani,
    interval_score,
    pinball_score,
    probability_at_least,
    quantile_score,
    quantiles,
    ranked_probability_score,
    weighted_interval_score,
    weighted_interval_score_of_quantiles,
)
from veedor.verification.pit import cumulative_around
from veedor.verification.scores import half_mean_difference

MEANS = [1e-4, 0.01, 1.0, 20.0, 100.0, 5e3]
DISPERSIONS = [0.0, 1e-12, 1e-6, 1e-3, 0.1, 1.0, 10.0]

grid = [pytest.mark.parametrize("mean", MEANS), pytest.mark.parametrize("alpha", DISPERSIONS)]


def over_grid(test):
    for mark in grid:
        test = mark(test)
    return test


def counts_of(mean):
    return [0, 1, int(mean), int(2 * mean) + 3]


@over_grid
def test_ranked_probability_score_is_its_sum(mean, alpha):
    distribution = CountDistribution(np.array([mean]), alpha)
    edges = (1, 2, 5, 130, 6000)
    below = np.array([np.exp(distribution.log_pmf(np.arange(e))).sum() for e in edges])
    for y in counts_of(mean):
        plain = np.sum((below - (y < np.array(edges))) ** 2)
        score = ranked_probability_score(distribution, y, edges)[0]
        assert score == pytest.approx(plain, rel=1e-7, abs=1e-11)
        assert ranked_probability_score(distribution, float(y), edges)[0] == score


@pytest.mark.parametrize("mean", [1e-4, 0.3, 12.0])
@pytest.mark.parametrize("alpha", [0.0, 0.4])
def test_ranked_over_every_count_is_the_crps(mean, alpha):
    distribution = CountDistribution(np.array([mean]), alpha)
    every = range(1, 350)
    for y in (0, 2, 9):
        assert ranked_probability_score(distribution, y, every)[0] == pytest.approx(
            crps(distribution, y)[0], rel=1e-9, abs=1e-15
        )


@over_grid
def test_quantiles_are_the_distributions_own_and_their_scores_follow(mean, alpha):
    distribution = CountDistribution(np.array([mean]), alpha)
    levels = [0.9, 0.025, 0.5, 0.123, 0.987]
    found = quantiles(distribution, levels)[:, 0]
    own = [distribution.quantile(level)[0] for level in levels]
    assert found.tolist() == own
    ends = sorted([0.5, *((1 + s * one) / 2 for one in INTERVAL_LEVELS for s in (-1, 1))])
    own = np.array([distribution.quantile(level) for level in ends])
    for y in counts_of(mean):
        seen = np.array([y])
        by_intervals = 0.5 * abs(y - own[3, 0])
        for k, level in enumerate(reversed(INTERVAL_LEVELS)):
            low, high = own[k], own[6 - k]
            by_intervals += (1.0 - level) / 2.0 * interval_score(low, high, seen, level)[0]
        expected = by_intervals / 3.5
        assert weighted_interval_score(distribution, seen)[0] == pytest.approx(expected, rel=1e-12)
        given = weighted_interval_score_of_quantiles(own, seen, INTERVAL_LEVELS)[0]
        assert given == pytest.approx(expected, rel=1e-12)
        assert weighted_interval_score(distribution, float(y))[0] == pytest.approx(given)
        q = distribution.quantile(0.9)[0]
        plain = ((y <= q) - 0.9) * (q - y)
        assert quantile_score(distribution, seen, 0.9)[0] == pytest.approx(plain, abs=1e-12)


def test_many_intervals_come_close_to_the_crps():
    distribution = CountDistribution(np.array([0.4, 6.0, 300.0]), [0.0, 0.5, 0.1])
    levels = np.arange(1, 200) / 200.0
    wis = weighted_interval_score(distribution, [1, 2, 250], levels)
    np.testing.assert_allclose(wis, crps(distribution, [1, 2, 250]), rtol=2e-2)


@over_grid
def test_small_probabilities_keep_their_digits(mean, alpha):
    distribution = CountDistribution(np.array([mean]), alpha)
    with mpmath.workdps(60):
        for count in (1, 2, 5):
            m, a = mpmath.mpf(mean), mpmath.mpf(alpha)
            term = (1 + a * m) ** (-1 / a) if alpha else mpmath.exp(-m)
            below = term
            for k in range(count - 1):
                term *= m * (1 + a * k) / ((1 + a * m) * (k + 1))
                below += term
            exact = float(1 - below)
        assert probability_at_least(distribution, count)[0] == pytest.approx(exact, rel=1e-8)
        for y in (0, 5):
            assert brier_at_least(distribution, y, count)[0] == pytest.approx(
                (exact - (y >= count)) ** 2, rel=1e-7, abs=1e-300
            )


@pytest.mark.parametrize("mean", [1e-4, 0.7, 30.0, 5e3])
@pytest.mark.parametrize("alpha", [1e-3, 0.2, 3.0])
def test_mean_difference_is_the_closed_hypergeometric_form(mean, alpha):
    with mpmath.workdps(40):
        variance = mean * (1 + alpha * mpmath.mpf(mean))
        closed = variance * mpmath.hyp2f1(1 / mpmath.mpf(alpha) + 1, 0.5, 2, -4 * alpha * variance)
    found = half_mean_difference(CountDistribution(np.array([mean]), alpha))[0]
    assert found == pytest.approx(float(closed), rel=1e-8)


@over_grid
def test_dawid_sebastiani_is_its_formula(mean, alpha):
    distribution = CountDistribution(np.array([mean]), alpha)
    with mpmath.workdps(40):
        variance = mean * (1 + alpha * mpmath.mpf(mean))
        for y in counts_of(mean):
            exact = float((y - mpmath.mpf(mean)) ** 2 / variance + mpmath.log(variance))
            for seen in (y, float(y)):
                assert dawid_sebastiani(distribution, seen)[0] == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("fair", [False, True])
def test_crps_of_samples_is_its_double_sum(fair):
    rng = np.random.default_rng(0)
    samples, seen = rng.poisson(3.0, (7, 5)), rng.poisson(3.0, 5)
    between = np.abs(samples[:, None] - samples[None]).sum(axis=(0, 1))
    plain = np.abs(samples - seen).mean(axis=0) - between / (2 * 7 * (6 if fair else 7))
    np.testing.assert_allclose(crps_of_samples(samples, seen, fair=fair), plain, rtol=1e-12)
    np.testing.assert_allclose(crps_of_samples(samples.astype(float), seen, fair=fair), plain)


def test_fair_crps_of_few_samples_is_the_crps_on_average_and_plain_is_too_large():
    rng = np.random.default_rng(1)
    distribution = CountDistribution(np.full(200_000, 2.0), 0.5)
    samples = distribution.sample(rng, 3)
    exact = crps(distribution[:1], 4)[0]
    assert crps_of_samples(samples, 4.0, fair=True).mean() == pytest.approx(exact, abs=0.015)
    assert crps_of_samples(samples, 4.0).mean() > exact + 0.1


@over_grid
def test_probabilities_around_a_count_are_the_distributions_own(mean, alpha):
    distribution = CountDistribution(np.array([mean]), alpha)
    for y in counts_of(mean):
        fewer, at_most = cumulative_around(distribution, y)
        assert fewer[0] == pytest.approx(distribution.cdf(y - 1)[0], rel=1e-9, abs=1e-300)
        assert at_most[0] == pytest.approx(distribution.cdf(y)[0], rel=1e-9)


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize(("mean", "alpha"), [(0.05, 0.0), (0.8, 1.0), (12.0, 0.2)])
def test_every_score_of_the_registry_is_proper(name, mean, alpha):
    """No other forecast has a smaller expected score than the one that makes the counts."""
    truth, k = CountDistribution(np.array([mean]), alpha), np.arange(600)
    pmf = np.exp(truth.log_pmf(k))

    def expected(m: float, a: float) -> float:
        forecast = CountDistribution(np.full(len(k), m), a)
        return float(np.sum(pmf * SCORES[name].function(forecast, k)))

    best = expected(mean, alpha)
    others = [(f * mean, a) for f in (0.5, 0.9, 1.0, 1.1, 2.0) for a in (alpha, alpha + 1.0)]
    assert min(expected(m, a) for m, a in others) >= best - 1e-12
    if "quantile" not in name and "interval" not in name:
        assert expected(2.0 * mean, alpha) > best


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_the_best_quantile_forecast_is_the_quantile(level):
    truth, k = CountDistribution(np.array([6.0]), 0.3), np.arange(400)
    pmf = np.exp(truth.log_pmf(k))
    expected = [float(np.sum(pmf * pinball_score(q, k, level))) for q in range(30)]
    assert int(np.argmin(expected)) == truth.quantile(level)[0]


def test_scores_of_many_blocks_are_those_of_each_count():
    rng = np.random.default_rng(2)
    mean = rng.gamma(0.3, 3.0, (2, 140_000)) + 1e-4
    mean[:, ::1000] = 2e3
    alpha = np.where(rng.random(mean.shape) < 0.5, 0.0, 0.4)
    distribution = CountDistribution(mean, alpha)
    seen = distribution.sample(rng, 1)[0]
    some = (np.array([0, 1, 1, 0]), np.array([0, 131_000, 139_999, 77_000]))
    for one in SCORES.values():
        whole = one.function(distribution, seen)
        assert whole.shape == mean.shape
        assert np.isfinite(whole).all()
        np.testing.assert_allclose(
            whole[some], one.function(distribution[some], seen[some]), rtol=1e-13
        )


def test_wrong_settings_are_refused():
    one = CountDistribution(np.array([1.0]), 0.0)
    for edges in ((), (0, 1), (2, 2), (3, 1), (1.5,)):
        with pytest.raises(ValueError, match="edges"):
            ranked_probability_score(one, 1, edges)
    for levels in ((), (0.0,), (1.0,), (0.8, 0.5)):
        with pytest.raises(ValueError, match="levels"):
            weighted_interval_score(one, 1, levels)
    with pytest.raises(ValueError, match="at least 1"):
        brier_at_least(one, 1, 0)
    with pytest.raises(ValueError, match="quantiles"):
        weighted_interval_score_of_quantiles([[1], [2]], [1], [0.5])
    with pytest.raises(ValueError, match="end before"):
        interval_score([2], [1], [1], 0.5)
    with pytest.raises(ValueError, match="at least one sample"):
        crps_of_samples(np.zeros((0, 1)), [1])
    assert np.isnan(crps_of_samples([[1]], [1], fair=True)).all()
    assert (probability_at_least(one, 0) == 1.0).all()
