"""Rates: intervals, empirical Bayes and funnels, each against a slow plain version."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from veedor.statistics.intervals import garwood
from veedor.statistics.rates import Funnel, funnel, marshall

ROW = np.array([0, 1, 3, 5, 6]), np.array([1, 0, 2, 1, 3, 2])  # four places in a row


@pytest.mark.parametrize("events", [0, 1, 3, 17, 400, 3.0])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.998])
def test_garwoods_ends_are_means_of_which_the_count_has_half_the_rest(events, level):
    low, high = (float(end) for end in garwood(events, 1.0, level))
    tail = (1 - level) / 2
    assert stats.poisson.cdf(events, high) == pytest.approx(tail)
    if events:
        assert stats.poisson.sf(events - 1, low) == pytest.approx(tail)
    else:
        assert low == 0.0
    low_of_50, high_of_50 = (float(end) for end in garwood(events, 50.0, level))
    assert (low_of_50, high_of_50) == (pytest.approx(low / 50), pytest.approx(high / 50))


@pytest.mark.parametrize("exposure", [0.0, np.nan])
def test_without_exposure_there_is_no_interval(exposure):
    assert np.isnan(garwood(3, exposure)).all()


@pytest.mark.parametrize("mean", [0.3, 2.0, 11.0])
def test_garwood_covers_at_least_as_often_as_it_says(mean):
    counts = np.arange(200)
    low, high = garwood(counts, np.ones(200))
    covered = stats.poisson.pmf(counts, mean)[(low <= mean) & (mean <= high)].sum()
    assert 0.95 <= covered < 0.999


def _marshall(y: list[float], n: list[float]) -> list[float]:
    """Marshall's formulas, term by term."""
    m = sum(y) / sum(n)
    rates = [a / b for a, b in zip(y, n, strict=True)]
    s2 = sum(b * (r - m) ** 2 for r, b in zip(rates, n, strict=True)) / sum(n)
    a = max(s2 - m / (sum(n) / len(n)), 0.0)
    return [m + (a / (a + m / b) if a else 0.0) * (r - m) for r, b in zip(rates, n, strict=True)]


Y, N = [3.0, 0.0, 40.0, 9.0], [1000.0, 50.0, 2000.0, 4000.0]


def test_global_rates_are_marshalls_formulas():
    np.testing.assert_allclose(marshall(Y, N).value, _marshall(Y, N))


def test_local_rates_are_marshalls_formulas_over_each_place_and_its_neighbours():
    expected = []
    for place in range(4):
        around = sorted({place, *ROW[1][ROW[0][place] : ROW[0][place + 1]].tolist()})
        local = _marshall([Y[k] for k in around], [N[k] for k in around])
        expected.append(local[around.index(place)])
    np.testing.assert_allclose(marshall(Y, N, ROW).value, expected)


def test_a_place_without_population_has_no_rate_and_is_nobodys_neighbour():
    found = marshall([*Y[:3], 9.0], [*N[:3], np.nan], ROW)
    assert np.isnan(found.value[3])
    row = np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1])
    np.testing.assert_allclose(found.value[:3], marshall(Y[:3], N[:3], row).value)


def test_alone_a_place_keeps_its_own_rate_and_garwoods_interval():
    alone = np.array([0, 0, 1, 2]), np.array([2, 1])
    found = marshall([5, 2, 3], [100, 100, 100], alone)
    assert found.value[0] == pytest.approx(0.05)
    low, high = garwood(5, 100)
    assert (found.low[0], found.high[0]) == (pytest.approx(float(low)), pytest.approx(float(high)))


def test_a_negative_variance_draws_all_rates_to_the_mean_with_its_interval():
    found = marshall([4, 5, 6], [100, 100, 100])
    assert found.between.tolist() == [0.0] * 3
    assert found.value.tolist() == pytest.approx([0.05] * 3)
    assert (found.low[0], found.high[0]) == tuple(map(pytest.approx, map(float, garwood(15, 300))))


def test_the_interval_is_of_the_gamma_distribution_with_the_value_as_its_mean():
    found, n = marshall(Y, N), np.array(N)
    m, a = found.towards[0], found.between[0]
    for place, (y, exposure) in enumerate(zip(Y, n, strict=True)):
        of = stats.gamma(y + m * m / a, scale=1 / (exposure + m / a))
        assert of.mean() == pytest.approx(found.value[place])
        assert of.cdf([found.low[place], found.high[place]]) == pytest.approx([0.025, 0.975])


def test_shrinkage_gives_back_rates_better_than_they_were_counted():
    rng = np.random.default_rng(5)
    raw, drawn, covered = [], [], []
    for _ in range(60):
        n = rng.lognormal(9, 1.5, 80)
        true = rng.gamma(4.0, 2e-4 / 4.0, 80)
        y = rng.poisson(true * n)
        found = marshall(y, n)
        raw.append(np.mean((y / n - true) ** 2))
        drawn.append(np.mean((found.value - true) ** 2))
        covered.append(np.mean((found.low <= true) & (true <= found.high)))
    assert np.mean(drawn) < 0.5 * np.mean(raw)
    assert 0.90 <= np.mean(covered) <= 0.97


@pytest.mark.parametrize("mean", [0.02, 0.7, 5.0, 10, 93.4, 5000.0])
@pytest.mark.parametrize("level", [0.95, 0.998])
def test_a_count_outside_of_a_funnel_is_as_rare_as_said_and_the_next_one_is_not(mean, level):
    tail = (1 - level) / 2
    low, high = (float(end) for end in Funnel(mean, 1.0, False).limits(1.0, level))
    beyond = math.floor(high) + 1
    assert stats.poisson.sf(beyond - 1, mean) <= tail < stats.poisson.sf(beyond - 2, mean)
    below = math.ceil(low) - 1
    assert stats.poisson.cdf(below, mean) <= tail < stats.poisson.cdf(below + 1, mean)


def test_a_widened_funnel_is_wider_by_the_root_of_its_dispersion_about_its_target():
    plain, wide = (Funnel(0.1, 4.0, widened).limits(2000.0, 0.95) for widened in (False, True))
    for narrow, far in zip(plain, wide, strict=True):
        assert far - 0.1 == pytest.approx(2 * (narrow - 0.1))
    assert float(Funnel(0.1, 400.0, True).limits(200.0, 0.95)[0]) == 0.0


def test_dispersion_of_places_that_are_alike_is_that_of_a_winsorised_normal():
    cut = stats.norm.ppf(0.9)
    inside = integrate.quad(lambda z: z * z * stats.norm.pdf(z), -cut, cut)[0]
    expected = inside + 0.2 * cut * cut
    rng = np.random.default_rng(2)
    found = funnel(rng.poisson(400.0, 20_000), np.full(20_000, 1e6))
    assert found is not None
    assert found.dispersion == pytest.approx(expected, abs=0.02)
    assert not found.widened


def test_places_that_differ_widen_the_funnel_and_far_ones_alone_do_not():
    rng = np.random.default_rng(3)
    n = np.full(200, 1e5)
    differ = funnel(rng.poisson(rng.gamma(10, 0.1, 200) * 100), n)
    outlier = rng.poisson(100, 200)
    outlier[:5] = 200
    far = funnel(outlier, n)
    assert differ is not None
    assert far is not None
    assert differ.widened
    assert not far.widened


def test_too_few_places_or_nothing_recorded_have_no_funnel():
    assert funnel([1, 2], [10, 10]) is None
    assert funnel([0, 0, 0], [10, 10, 10]) is None
    assert funnel([1, 2, 3], [10, 10, np.nan]) is None
