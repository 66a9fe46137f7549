"""How weeks resemble the one before, beside statsmodels, all orders, and cosines."""

import itertools

import numpy as np
import pytest
from scipy import signal, stats
from statsmodels.tsa.stattools import acf

from veedor.statistics import BlockBootstrap, serial_dependence
from veedor.statistics.codes import Denominator
from veedor.verification import ImpliedGain, judge


def autoregressive(rng, n, share):
    shocks = rng.normal(0.0, np.sqrt(1.0 - share**2), n)
    shocks[0] = rng.normal()
    return signal.lfilter([1.0], [1.0, -share], shocks)


@pytest.mark.parametrize("n", [6, 13, 52])
def test_autocorrelation_is_that_of_statsmodels_without_its_bias(n):
    """The bias of Kendall, -(1 + 3 rho)/n, put back by solving for rho."""
    for seed in range(20):
        values = autoregressive(np.random.default_rng(seed), n, 0.3)
        found = serial_dependence(values)
        r = acf(values, nlags=1, adjusted=False)[1]
        rho = (r + 1.0 / n) / (1.0 - 3.0 / n)
        assert found.autocorrelation == pytest.approx(np.clip(rho, -1.0, 1.0), abs=1e-12)
        effective = n * (1 - found.autocorrelation) / (1 + found.autocorrelation)
        assert found.effective == pytest.approx(np.clip(effective, 3.0, n), rel=1e-12)


@pytest.mark.parametrize("values", [[0, 1, 3, 3, 4, 9, 2], [1, -1, 2, 5, 0, 0, 0.5]])
def test_over_all_orders_the_mean_is_0_and_p_values_are_of_their_share(values):
    """Without dependence any order is as likely, and the mean of all is 0, whatever the values."""
    p = np.array(
        [
            serial_dependence(np.array(order, dtype=float)).p_value
            for order in itertools.permutations(values)
        ]
    )
    assert stats.norm.isf(p).mean() == pytest.approx(0.0, abs=1e-9)
    for level in (0.05, 0.2, 0.5):
        assert np.mean(p <= level) == pytest.approx(level, abs=0.06)


def test_moments_of_the_p_value_are_those_of_normal_values():
    """Dufour & Roy (1985): (n^4 - 4n^3 + 3n^2 + 4n - 4)/((n + 1) n^2 (n - 1)^2) is the variance."""
    n = 9
    draws = np.random.default_rng(1).normal(size=(200_000, n))
    left = draws - draws.mean(axis=1, keepdims=True)
    r = (left[:, 1:] * left[:, :-1]).sum(axis=1) / (left**2).sum(axis=1)
    variance = (n**4 - 4 * n**3 + 3 * n**2 + 4 * n - 4) / ((n + 1) * n**2 * (n - 1) ** 2)
    assert r.var() == pytest.approx(variance, rel=0.02)
    for values, one in zip(draws[:50], r[:50], strict=True):
        z = (one + 1.0 / n) / np.sqrt(variance)
        assert serial_dependence(values).p_value == pytest.approx(stats.norm.sf(z), rel=1e-9)


def by_hand(gain, size):
    """Ends of the interval by weeks, from all draws' percentiles and n (1 - rho)/(1 + rho)."""
    n = len(gain)
    drawn = np.random.default_rng(5).multinomial(n, np.full(n, 1.0 / n), size=4000)
    ratio = (drawn @ gain) / (drawn @ size)
    tail = stats.norm.cdf(-stats.t.ppf(0.975, n - 1) * np.sqrt(n / (n - 1)))
    ends = np.quantile(ratio, [tail, 1.0 - tail])
    value = gain.sum() / size.sum()
    r = acf(gain - value * size, nlags=1, adjusted=False)[1]
    rho = max((n * r + 1) / (n - 3), 0.0)
    worth = max(n * (1 - rho) / (1 + rho), 3.0)
    wide = np.sqrt(n / worth) * stats.t.ppf(0.975, worth - 1) / stats.t.ppf(0.975, n - 1)
    return value + wide * (ends - value), wide


@pytest.mark.parametrize("share", [-0.4, 0.0, 0.5])
@pytest.mark.parametrize("n", [8, 30])
def test_a_gain_reaches_as_far_as_what_weeks_are_worth(share, n):
    rng = np.random.default_rng(n)
    size = rng.poisson(50.0, n).astype(float)
    gain = 4.0 * autoregressive(rng, n, share) + 0.03 * size
    bootstrap = BlockBootstrap(np.arange(n), np.random.default_rng(5))
    none = ImpliedGain(*np.zeros((5, n)))
    found = judge(bootstrap, gain, size, none, of=Denominator("incidents"))
    ends, wide = by_hand(gain, size)
    assert (found.estimate.low, found.estimate.high) == pytest.approx(ends, rel=1e-9)
    assert (wide > 1.0) == ("stretched" in found.estimate.method.code)
    assert (found.weeks_low, found.weeks_high) == pytest.approx(
        found.estimate.value + (ends - found.estimate.value) / wide, rel=1e-9
    )
    plain = found.of_independent_weeks
    assert (plain.low, plain.high) == (found.weeks_low, found.weeks_high)
    assert plain.method.code == "expanded_percentile_or_chance"


def by_cosines(values):
    """Equally weighted cosines, 0.4 n^(2/3) of them, and Student's t: Lazarus et al. (2018)."""
    n = len(values)
    many = int(0.4 * n ** (2 / 3))
    weighted = [
        np.sqrt(2 / n) * sum(np.cos(np.pi * j * (t + 0.5) / n) * values[t] for t in range(n))
        for j in range(1, many + 1)
    ]
    error = np.sqrt(np.mean(np.square(weighted)) / n)
    return error, stats.t.ppf(0.975, many) * error


def test_standard_errors_agree_with_cosines_in_long_series():
    """A peer without a model: of 2,000 weeks both give the mean's error."""
    n, share = 2000, 0.4
    ours, theirs = [], []
    for seed in range(40):
        values = autoregressive(np.random.default_rng(seed), n, share)
        ours.append(np.std(values, ddof=1) / np.sqrt(n) * serial_dependence(values).inflation)
        theirs.append(by_cosines(values)[0])
    truth = np.sqrt((1 + share) / (1 - share) / n)
    assert np.mean(ours) == pytest.approx(truth, rel=0.03)
    assert np.mean(theirs) == pytest.approx(truth, rel=0.05)
