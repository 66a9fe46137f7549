"""Coherent samples against full enumeration, and against what each forecast states."""

from itertools import product

import numpy as np
import pytest
from scipy import stats
from tests.made_areas import ZONE, months, outlines

from veedor.errors import IncoherentForecastsError
from veedor.forecasts import CountDistribution, Forecast, Layer, bottom_up, conditioned
from veedor.forecasts.coherent import Coherent

LEAVES = CountDistribution(np.array([0.8, 1.5, 0.6]), np.array([0.0, 0.4, 1.2]))
PAIR = Layer("half", (("a", "W"), ("a", "E")), np.array([0, 0, 1]))
EVERY = Layer("all", (("a", "all"),), np.array([0, 0, 0]))
ACROSS = Layer("other", (("a", "N"),), np.array([-1, 0, 0]))


def forecast(distribution, total=None):
    ahead = months("2025-01", len(distribution.mean))
    return Forecast(
        distribution=distribution,
        cells=outlines(distribution.shape[1]),
        periods=ahead,
        category="a",
        forecaster="made up",
        version="1",
        data_cutoff=ahead.edges[0],
        issued_at=ahead.edges[0],
        total_dispersion=total,
    )


def of(mean, alpha):
    """Distribution of one period."""
    return CountDistribution(np.atleast_2d(np.asarray(mean, float)), np.asarray(alpha, float))


def enumerated(layers, most=28):
    """Exact distribution of the leaves given forecasts of sums, over all counts up to `most`."""
    table = np.array(list(product(range(most + 1), repeat=3)))
    log = LEAVES.log_pmf(table).sum(axis=1)
    for layer, distribution in layers:
        log = log + distribution[0].log_pmf(layer.sums(table)).sum(axis=1)
    weight = np.exp(log - log.max())
    return table, weight / weight.sum()


CASES = {
    "one level": [(PAIR, of([3.0, 1.0], [0.1, 0.0]))],
    "nested": [(PAIR, of([3.0, 1.0], [0.1, 0.3])), (EVERY, of([4.5], [0.2]))],
    "total only": [(EVERY, of([5.0], [0.05]))],
    "crossed": [(PAIR, of([3.0, 0.5], [0.1, 0.3])), (ACROSS, of([3.0], [0.2]))],
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("together", [False, True])
def test_conditioned_samples_are_those_of_full_enumeration(case, together):
    layers = CASES[case]
    rng = np.random.default_rng(1)
    drawn = bottom_up([forecast(LEAVES[None])], 150_000, rng)
    found = conditioned(drawn, layers, rng, together=together)
    table, weight = enumerated(layers)
    samples = found.samples[:, 0]
    # At the effective size, five standard errors of what enumeration says.
    worth = 0.2 * found.effective[0]
    mean = weight @ table
    error = np.sqrt((weight @ (table - mean) ** 2) / worth)
    assert bool(np.all(np.abs(samples.mean(axis=0) - mean) < 5.0 * error))
    for layer in (PAIR, EVERY, ACROSS):
        for group in range(len(layer)):
            sums = layer.sums(table)[:, group]
            for count in range(7):
                exact = float(weight[sums == count].sum())
                share = float((layer.sums(samples)[:, group] == count).mean())
                assert abs(share - exact) < 5.0 * np.sqrt(exact * (1 - exact) / worth) + 1e-4
    covariance = np.cov(samples.T)
    exact = (table - mean).T @ ((table - mean) * weight[:, None])
    assert float(np.abs(covariance - exact).max()) < 0.06


def test_samples_of_a_conditioned_forecast_add_up_and_are_whole():
    rng = np.random.default_rng(2)
    found = conditioned(bottom_up([forecast(LEAVES[None])], 20_000, rng), CASES["nested"], rng)
    assert found.samples.dtype == np.int64
    assert int(found.samples.min()) >= 0
    assert np.array_equal(found.at(PAIR).sum(axis=2), found.at(EVERY)[:, :, 0])
    assert np.array_equal(found.at(), found.samples)
    assert 200 < found.effective[0] < 20_000


def test_leaves_that_no_sum_ties_stay_as_they_were():
    rng = np.random.default_rng(3)
    drawn = bottom_up([forecast(LEAVES[None])], 5_000, rng)
    found = conditioned(drawn, [(ACROSS, of([3.0], [0.2]))], rng)
    assert np.array_equal(found.samples[:, :, 0], drawn.samples[:, :, 0])
    assert not np.array_equal(found.samples[:, :, 1], drawn.samples[:, :, 1])
    # A row of leaves that are tied is drawn whole.
    rows = {tuple(row) for row in drawn.samples[:, 0, 1:]}
    assert {tuple(row) for row in found.samples[:, 0, 1:]} <= rows


def test_the_effective_size_is_that_of_kish():
    rng = np.random.default_rng(4)
    drawn = bottom_up([forecast(LEAVES[None])], 5_000, rng)
    upper = of([5.0], [0.0])
    weight = np.exp(upper[0].log_pmf(EVERY.sums(drawn.samples[:, 0]))).sum(axis=1)
    found = conditioned(drawn, [(EVERY, upper)], rng)
    assert found.effective[0] == pytest.approx(weight.sum() ** 2 / (weight**2).sum())


@pytest.mark.parametrize(("mean", "refused"), [(4.0, False), (60.0, True)])
def test_sums_that_their_parts_do_not_reach_are_refused_with_what_the_samples_are_worth(
    mean, refused
):
    rng = np.random.default_rng(5)
    drawn = bottom_up([forecast(LEAVES[None])], 5_000, rng)
    if refused:
        with pytest.raises(IncoherentForecastsError, match=r"5,000 samples worth .*all: a all"):
            conditioned(drawn, [(EVERY, of([mean], [0.0]))], rng)
    else:
        conditioned(drawn, [(EVERY, of([mean], [0.0]))], rng)


def test_one_in_a_hundred_is_needed_too():
    rng = np.random.default_rng(6)
    samples = np.zeros((30_000, 1, 3), dtype=np.int64)
    samples[:250, 0, 0] = 40  # worth 250 of them
    drawn = Coherent(samples, np.array([30_000.0]))
    with pytest.raises(IncoherentForecastsError, match="300 needed"):
        conditioned(drawn, [(EVERY, of([40.0], [0.0]))], rng)


@pytest.mark.parametrize("total", [None, 0.0, 0.02, 0.3])
def test_each_cell_is_drawn_as_it_was_forecast(total):
    mean = np.array([[0.3, 2.0, 30.0, 5.0]])
    alpha = np.array([3.0, 0.5, 0.05, 0.0])
    rng = np.random.default_rng(7)
    drawn = bottom_up([forecast(CountDistribution(mean, alpha), total)], 40_000, rng).samples[:, 0]
    for cell in range(4):
        one = CountDistribution(mean[0, cell : cell + 1], alpha[cell])
        edges = np.unique(one.quantile(np.linspace(0.05, 0.95, 10)[:, None]))
        below = np.concatenate([[0.0], one.cdf(edges).ravel(), [1.0]])
        seen = np.histogram(drawn[:, cell], np.concatenate([[-1], edges, [10**9]]) + 0.5)[0]
        assert stats.chisquare(seen, np.diff(below) * len(drawn)).pvalue > 1e-4


@pytest.mark.parametrize("total", [0.06, 0.1, 0.2])
def test_all_cells_together_vary_as_the_forecast_states(total):
    mean = np.array([[1.0, 4.0, 30.0, 15.0]])
    alpha = np.array([1.0, 0.5, 0.2, 0.3])
    rng = np.random.default_rng(8)
    made = forecast(CountDistribution(mean, alpha), total)
    sums = bottom_up([made], 60_000, rng).samples[:, 0].sum(axis=1)
    assert sums.mean() == pytest.approx(50.0, rel=0.01)
    independent = float((alpha * mean**2).sum()) / 50.0**2
    expected = 50.0 + max(total, independent) * 50.0**2
    assert sums.var() == pytest.approx(expected, rel=0.03)


def test_a_total_less_certain_than_cells_can_make_it_ties_them_as_closely_as_they_can():
    mean, alpha = np.array([[20.0, 20.0]]), np.array([0.1, 0.1])
    rng = np.random.default_rng(9)
    made = forecast(CountDistribution(mean, alpha), 5.0)
    drawn = bottom_up([made], 40_000, rng).samples[:, 0]
    # One and the same rate: covariance is that of the rates.
    assert np.cov(drawn.T)[0, 1] == pytest.approx(0.1 * 400.0, rel=0.05)


def test_cells_may_be_drawn_apart():
    mean, alpha = np.array([[20.0, 20.0]]), np.array([0.1, 0.1])
    made = forecast(CountDistribution(mean, alpha), 0.1)
    drawn = bottom_up([made], 40_000, np.random.default_rng(9), together=False).samples[:, 0]
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 0.03


def test_offences_stand_one_after_another_and_are_independent():
    mean, alpha = np.array([[20.0, 20.0]]), np.array([0.1, 0.1])
    made = forecast(CountDistribution(mean, alpha), 0.1)
    found = bottom_up([made, made], 20_000, np.random.default_rng(10))
    assert found.samples.shape == (20_000, 1, 4)
    ties = np.corrcoef(found.samples[:, 0].T)
    assert ties[0, 1] > 0.4
    assert ties[2, 3] > 0.4
    assert float(np.abs(ties[:2, 2:]).max()) < 0.03


def test_a_distribution_of_sums_has_the_moments_of_the_samples():
    rng = np.random.default_rng(11)
    made = forecast(CountDistribution(np.full((1, 3), 4.0), 0.5), 0.4)
    found = bottom_up([made], 5_000, rng)
    pairs = found.distribution(PAIR)
    sums = found.at(PAIR)[:, 0]
    np.testing.assert_allclose(pairs.mean[0], sums.mean(axis=0))
    np.testing.assert_allclose(pairs.variance[0], sums.var(axis=0, ddof=1))
    none = Coherent(np.zeros((100, 1, 3), dtype=np.int64), np.array([100.0])).distribution()
    assert none.mean.tolist() == [[0.005] * 3]
    assert made.periods.time_zone == ZONE
