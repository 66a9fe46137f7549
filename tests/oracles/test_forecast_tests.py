"""Fast tests of forecasts beside slow plain ones, or scipy's."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from veedor.forecasts import CountDistribution
from veedor.statistics import circular_blocks
from veedor.verification import (
    CountSimulator,
    category_test,
    conditional_likelihood_test,
    e_process,
    gain_at_incidents,
    likelihood_test,
    long_run_variance,
    model_confidence_set,
    number_test,
    skill_change,
    space_test,
)
from veedor.verification.compiled_places import gathered, logarithmic, picked, steps_above


def outcomes_of(total: int, bins: int) -> list[tuple[int, ...]]:
    return [each for each in itertools.product(range(total + 1), repeat=bins) if sum(each) == total]


@pytest.mark.parametrize("mean", [1e-4, 0.3, 7.0, 5e3])
@pytest.mark.parametrize("alpha", [0.0, 0.2, 4.0])
def test_n_test_of_one_period_is_the_distribution_of_scipy(mean, alpha):
    scipys = stats.nbinom(1 / alpha, 1 / (1 + alpha * mean)) if alpha else stats.poisson(mean)
    for recorded in (0, 1, int(mean), int(2 * mean) + 3):
        found = number_test(CountDistribution(np.array([mean]), alpha), [recorded])
        assert found.delta1 == pytest.approx(scipys.sf(recorded - 1), rel=1e-8)
        assert found.delta2 == pytest.approx(scipys.cdf(recorded), rel=1e-8)
        both = 2 * min(found.delta1, found.delta2)
        assert found.result.p_value == pytest.approx(min(1.0, both))


@pytest.mark.parametrize("recorded", [[0, 0, 0], [1, 2, 0], [9, 11, 6], [40, 30, 35]])
def test_n_test_of_several_periods_is_the_convolution(recorded):
    mean, alpha = np.array([2.0, 7.0, 0.5]), np.array([0.5, 0.1, 0.0])
    pmf = np.ones(1)
    for mu, a in zip(mean, alpha, strict=True):
        one = np.exp(CountDistribution(np.full(400, mu), a).log_pmf(np.arange(400)))
        pmf = np.convolve(pmf, one)[:400]
    n = sum(recorded)
    found = number_test(CountDistribution(mean, alpha), recorded)
    assert found.delta1 == pytest.approx(pmf[n:].sum(), rel=1e-6, abs=1e-12)
    assert found.delta2 == pytest.approx(pmf[: n + 1].sum(), rel=1e-6)


@pytest.mark.parametrize("total", [4, 14])
@pytest.mark.parametrize("alphas", [(0.0, 0.0, 0.0), (0.8, 0.16, 2.4), (0.8, 0.0, 2.4)])
def test_draws_given_a_total_have_the_conditional_probabilities(alphas, total):
    """Every way to lay 4 incidents in 3 bins, or 14, as often as Bayes' rule says.

    Dispersions differ. 14 are more than four a bin, and are drawn a bin at a time.
    """
    mean, alphas = np.array([0.5, 2.0, 1.0]), np.array(alphas)
    forecast = CountDistribution(mean * total / mean.sum(), alphas)
    ways = outcomes_of(total, 3)
    joint = np.exp([forecast.log_pmf(np.array(way)).sum() for way in ways])
    size = 40_000
    drawn = np.zeros(len(ways))
    simulator = CountSimulator(CountDistribution(mean, alphas))
    number = {way: k for k, way in enumerate(ways)}
    for batch in simulator.given_total(total, size, np.random.default_rng(0)):
        for way, many in zip(*np.unique(batch.dense(3), axis=0, return_counts=True), strict=True):
            drawn[number[tuple(way)]] += many
    assert drawn.sum() == size
    expected = joint / joint.sum() * size
    some = expected > 5.0
    distance = ((drawn - expected) ** 2 / expected)[some].sum()
    rest = (drawn[~some].sum() - expected[~some].sum()) ** 2 / max(expected[~some].sum(), 1.0)
    assert distance + rest < stats.chi2(some.sum()).ppf(0.9999)


@pytest.mark.parametrize("first", [0.3, 9.0])
@pytest.mark.parametrize("alpha", [0.0, (0.8, 0.8), (0.8, 0.0)])
def test_unconditional_draws_have_the_distribution(alpha, first):
    forecast = CountDistribution(np.array([first, 4.0]), np.array(alpha))
    batches = list(CountSimulator(forecast).unconditional(30_000, np.random.default_rng(1)))
    counts = np.concatenate([batch.dense(2) for batch in batches])
    for column in (0, 1):
        share = np.bincount(counts[:, column], minlength=40)[:40]
        expected = 30_000 * np.exp(forecast[np.full(40, column)].log_pmf(np.arange(40)))
        some = expected > 5.0
        distance = ((share - expected) ** 2 / expected)[some].sum()
        assert distance < stats.chi2(some.sum()).ppf(0.9999)


@pytest.mark.parametrize("most", [0.05, 0.7, 1.0 - 1e-12])
def test_sizes_of_clusters_are_those_of_numpy(most):
    share = np.linspace(1e-9, most, 500)
    where = np.random.default_rng(2).integers(0, 500, 20_000)
    ours, theirs = np.random.default_rng(3), np.random.default_rng(3)
    drawn = logarithmic(ours, share, where)
    assert np.array_equal(drawn, theirs.logseries(share[where]))
    assert ours.random() == theirs.random()
    assert np.all(logarithmic(ours, np.zeros(500), where) == 1)


def test_clusters_are_counted_as_if_laid_out_one_by_one():
    rng = np.random.default_rng(4)
    row = np.sort(rng.integers(0, 5, 60))
    where = np.concatenate([np.sort(rng.integers(0, 9, np.sum(row == one))) for one in range(5)])
    size = rng.integers(1, 4, 60)
    each = np.repeat(np.column_stack([row, where]), size, axis=0)
    plain = [
        (*place, many)
        for place, many in zip(*np.unique(each, axis=0, return_counts=True), strict=True)
    ]
    assert list(zip(*gathered(row, where, size), strict=True)) == plain
    kept = [3, 1]
    first = np.array([np.flatnonzero(row == one)[0] for one in kept])
    mine = [each[each[:, 0] == one, 1] for one in kept]
    chosen = np.stack([np.sort(rng.permutation(len(bins))[:10]) for bins in mine])
    expected = [
        (number, one, many)
        for number, bins in enumerate(mine)
        for one, many in zip(*np.unique(bins[chosen[number]], return_counts=True), strict=True)
    ]
    assert list(zip(*picked(first, chosen, where, size), strict=True)) == expected


@pytest.mark.parametrize("alpha", [0.0, 1.5])
def test_consistency_tests_are_the_shares_of_less_likely_outcomes(alpha):
    """p by listing every outcome, with no simulation."""
    mean = np.array([[1.0, 0.4], [0.7, 2.1]])
    forecast = CountDistribution(mean, alpha)
    recorded = np.array([[0, 2], [1, 0]])
    size = 8000
    ways = [np.array(way).reshape(2, 2) for way in outcomes_of(3, 4)]
    scaled = CountDistribution(mean * 3.0 / mean.sum(), alpha)
    log = np.array([scaled.log_pmf(way).sum() for way in ways])
    weight = np.exp(log) / np.exp(log).sum()
    slack = 5.0 / np.sqrt(size)

    mine = scaled.log_pmf(recorded).sum()
    found = conditional_likelihood_test(forecast, recorded, simulations=size, seed=3)
    assert found.statistic == pytest.approx(mine)
    assert found.p_value == pytest.approx(weight[log <= mine + 1e-9].sum(), abs=slack)

    share = mean.sum(axis=0) / mean.sum()
    where = np.array([stats.multinomial(3, share).logpmf(way.sum(axis=0)) for way in ways])
    mine = stats.multinomial(3, share).logpmf(recorded.sum(axis=0))
    found = space_test(forecast, recorded, simulations=size, seed=4)
    assert found.statistic == pytest.approx(mine)
    assert found.p_value == pytest.approx(weight[where <= mine + 1e-9].sum(), abs=slack)
    assert category_test(forecast, recorded, simulations=size, seed=4).p_value == found.p_value

    mine = forecast.log_pmf(recorded).sum()
    drawn = forecast.log_pmf(forecast.sample(np.random.default_rng(5), size)).sum(axis=(1, 2))
    found = likelihood_test(forecast, recorded, simulations=size, seed=6)
    assert found.statistic == pytest.approx(mine)
    assert found.p_value == pytest.approx(np.mean(drawn <= mine + 1e-9), abs=slack)


def test_p_is_m_plus_one_by_r_plus_one():
    """Nothing drawn is as unlikely as the record: p is 1 / (R + 1), never 0."""
    forecast = CountDistribution(np.array([[100.0, 1e-4]]), 0.0)
    for test in (likelihood_test, conditional_likelihood_test, space_test, category_test):
        assert test(forecast, [[0, 50]], simulations=19).p_value == 1.0 / 20.0


def test_t_and_w_test_are_those_of_scipy():
    x = np.random.default_rng(0).normal(0.1, 1.0, 40)
    found = gain_at_incidents(x, 6.0, 2.0)
    t = stats.ttest_1samp(x, 0.1)
    assert found.t_test.statistic == pytest.approx(t.statistic)
    assert found.t_test.p_value == pytest.approx(t.pvalue)
    interval = t.confidence_interval(0.95)
    assert found.gain.low == pytest.approx(interval.low - 0.1)
    w = stats.wilcoxon(x - 0.1, method="asymptotic")
    assert found.w_test.p_value == pytest.approx(w.pvalue)
    few = gain_at_incidents(x[:12], 0.0, 0.0).w_test
    assert few.p_value == pytest.approx(stats.wilcoxon(x[:12], method="exact").pvalue)
    tied = np.repeat([1.0, -1.0, 2.0, 0.0], [20, 9, 5, 3])
    w = stats.wilcoxon(tied, method="asymptotic")
    assert gain_at_incidents(tied, 0.0, 0.0).w_test.p_value == pytest.approx(w.pvalue)


def test_long_run_variance_is_the_double_sum():
    d = np.random.default_rng(1).normal(0.0, 1.0, 9)
    for kernel, weights in (("bartlett", [1.0, 2 / 3, 1 / 3]), ("rectangular", [1.0, 1.0, 1.0])):
        total = 0.0
        for s, t in itertools.product(range(9), repeat=2):
            if abs(s - t) <= 2:
                total += weights[abs(s - t)] * (d[s] - d.mean()) * (d[t] - d.mean()) / 9
        assert long_run_variance(d, 2, kernel) == pytest.approx(total)


@pytest.mark.parametrize("statistic", ["T_max", "T_R"])
def test_confidence_set_is_the_plain_one(statistic):
    """The same replicates, one forecaster, one pair at a time."""
    rng = np.random.default_rng(2)
    scores = rng.normal(0.0, 1.0, (30, 4)) + np.array([0.0, 0.2, 0.5, 1.2])
    drawn = circular_blocks(30, 3, 500, np.random.default_rng(9))
    left, p, expected = list(range(4)), 0.0, {}
    while len(left) > 1:
        t, draws = {}, {}
        for i in left:
            others = left if statistic == "T_R" else [None]
            for j in others:
                if i == j:
                    continue
                d = scores[:, i] - (scores[:, left].mean(axis=1) if j is None else scores[:, j])
                means = np.array([d[rows].mean() for rows in drawn])
                scale = np.sqrt(np.mean((means - d.mean()) ** 2))
                t[i, j], draws[i, j] = d.mean() / scale, (means - d.mean()) / scale
        highest = np.max(list(draws.values()), axis=0)
        p = max(p, (1 + np.sum(highest >= max(t.values()))) / 501)
        worst = max(t, key=t.get)[0]
        expected["abcd"[worst]] = p
        left.remove(worst)
    expected["abcd"[left[0]]] = 1.0
    found = model_confidence_set(
        scores, list("abcd"), statistic=statistic, block_length=3, replicates=500, seed=9
    )
    assert found.p_values == pytest.approx(expected)
    assert set(found.members) == {name for name, p in expected.items() if p > 0.1}


def test_e_process_is_the_plain_loop():
    rng = np.random.default_rng(3)
    d, bound = rng.uniform(-1.5, 2.0, 25), rng.uniform(2.0, 3.0, 25)
    found = e_process(d, bound=bound)
    for t in range(1, 26):
        evidence = weights = 0.0
        for k in range(12):
            product, weight = 1.0, 1.0 / ((k + 1) * (k + 2))
            for s in range(t):
                product *= 1.0 + 0.9 * 0.5**k * d[s] / bound[s]
            evidence, weights = evidence + weight * product, weights + weight
        assert found.log_e[t - 1] == pytest.approx(np.log(evidence / weights))


def test_change_is_where_two_means_leave_the_least_spread():
    d = np.random.default_rng(4).normal(0.0, 1.0, 40) + np.repeat([0.0, 1.5], [23, 17])
    left = [
        ((d[:k] - d[:k].mean()) ** 2).sum() + ((d[k:] - d[k:].mean()) ** 2).sum()
        for k in range(6, 35)
    ]
    found = skill_change(d)
    assert found.period == 6 + int(np.argmin(left))
    gone = ((d - d.mean()) ** 2).sum() - min(left)
    assert found.test.statistic == pytest.approx(gone / d.var())


@pytest.mark.parametrize("bins", [1, 2, 7, 5000])
def test_bins_are_found_as_by_bisection(bins):
    """Empty bins, bins that differ by orders of magnitude, and values on an edge too."""
    rng = np.random.default_rng(bins)
    widths = np.exp(rng.normal(0.0, 4.0, bins)) * (rng.random(bins) < 0.6)
    widths[rng.integers(bins)] = 1.0
    edges = np.cumsum(widths)
    values = np.concatenate([rng.random(20_000) * edges[-1], edges[:-1], [0.0, edges[-1]]])
    even = np.searchsorted(edges, np.arange(bins) * (edges[-1] / bins), side="right")
    expected = np.minimum(np.searchsorted(edges, values, side="right"), bins - 1)
    np.testing.assert_array_equal(steps_above(edges, even, values), expected)
