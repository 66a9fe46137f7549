"""Dispersion by level against the plain likelihood, count by count and without levels."""

import mpmath
import numpy as np
import pytest
from scipy import optimize, stats

from veedor.forecasters.dispersion import DispersionCurve, fit_dispersion
from veedor.forecasters.dispersion_likelihood import DispersionLikelihood
from veedor.forecasts import CountDistribution


def simulated(rng, quadratic, proportional, n=3000):
    mean = np.exp(rng.uniform(-3.0, 3.0, n))
    alpha = quadratic + proportional / mean
    return rng.poisson(rng.gamma(1.0 / alpha, alpha * mean)), mean


def log_likelihood(counts, mean, alpha):
    return float(stats.nbinom.logpmf(counts, 1.0 / alpha, 1.0 / (1.0 + alpha * mean)).sum())


@pytest.mark.parametrize(("quadratic", "proportional"), [(0.6, 0.3), (0.3, 0.05), (0.05, 1.5)])
def test_the_curve_is_the_most_likely_one(quadratic, proportional):
    rng = np.random.default_rng(round(10 * quadratic))
    counts, mean = simulated(rng, quadratic, proportional)

    def loss(parameters):
        q, p = np.exp(parameters)
        return -log_likelihood(counts, mean, q + p / mean)

    found = optimize.minimize(loss, np.array([-1.0, -1.0]), method="Nelder-Mead")
    curve = DispersionCurve.fit(counts, mean)
    assert found.success
    ours = np.log([curve.quadratic, curve.proportional])
    np.testing.assert_allclose(ours, found.x, atol=0.05)
    assert loss(ours) <= found.fun + 0.05


def slow_search(counts, mean):
    """Least loss by a simplex over both logarithms, from the same two starts, term by term."""
    typical = float(mean @ mean / mean.sum())

    def loss(parameters):
        q, p = np.exp(np.clip(parameters, -14.0, 5.0))
        alpha = np.minimum(q + p * typical / mean, 1e5)
        return -float(CountDistribution(mean, alpha).log_pmf(counts).sum())

    middle = np.log(max(fit_dispersion(counts, mean), 1e-4))
    starts = ((middle, middle - 2.0), (-7.0, middle))
    return min(
        optimize.minimize(loss, np.array(start), method="Nelder-Mead").fun for start in starts
    )


@pytest.mark.parametrize("seed", range(24))
def test_no_slow_search_finds_a_likelier_curve(seed):
    """Levels far apart, so that sorting into them loses nothing; counts of every kind."""
    rng = np.random.default_rng(seed)
    n, lowest = int(rng.choice([4, 40, 400, 4000])), rng.uniform(-7.0, 6.0)
    mean = np.exp(rng.choice(np.linspace(lowest, lowest + rng.uniform(1.0, 5.0), 20), n))
    quadratic, proportional = rng.choice([1e-9, 1e-3, 0.1, 1.0, 20.0], 2)
    alpha = quadratic + proportional / mean
    factor = (1.0, rng.choice([0.2, 1.0, 4.0], n), np.where(mean > np.median(mean), 1.0, 3.0))
    counts = rng.poisson(rng.gamma(1.0 / alpha, alpha * mean) * factor[seed % 3])
    if seed % 4 == 0:
        counts = np.round(mean).astype(np.int64)  # less spread than a Poisson's
    counts[0] += 1
    curve = DispersionCurve.fit(counts, mean)
    loss = -float(CountDistribution(mean, curve.at(mean)).log_pmf(counts).sum())
    assert loss <= slow_search(counts, mean) + 1e-6 + 1e-12 * abs(loss)


@pytest.mark.parametrize("size", [1e-6, 1e-3, 0.3, 40.0])
def test_the_loss_and_its_slopes_are_those_of_exact_probabilities(size):
    rng = np.random.default_rng(3)
    mean = np.exp(rng.uniform(-3.0, 7.0, 60))
    counts = rng.poisson(rng.gamma(2.0, mean / 2.0))
    times, group = rng.integers(1, 4, 60).astype(np.float64), rng.integers(0, 3, 60)
    assert (counts == 0).any() and (counts > 64).any()
    likelihood = DispersionLikelihood(mean, counts, times, group)
    alpha = size * np.array([0.7, 1.0, 1.6])

    def loss(alphas):
        """Without what no dispersion moves."""
        total = mpmath.mpf(0)
        for m, k, often, a in zip(mean, counts, times, alphas, strict=True):
            r = 1 / mpmath.mpf(a)
            ratio = mpmath.loggamma(int(k) + r) - mpmath.loggamma(r) - int(k) * mpmath.log(r)
            total += float(often) * ((r + int(k)) * mpmath.log1p(m / r) - ratio)
        return total

    with mpmath.workdps(50):
        got = likelihood.slopes(alpha)
        assert got.loss == pytest.approx(float(loss(alpha[group])), rel=1e-11)
        for one in range(3):
            step = mpmath.mpf(alpha[one]) / 10**10
            low, high = (
                loss(
                    [a + sign * step * (g == one) for a, g in zip(alpha[group], group, strict=True)]
                )
                for sign in (-1, 1)
            )
            middle = loss(alpha[group])
            first, second = (high - low) / (2 * step), (high - 2 * middle + low) / step**2
            assert got.first[one] == pytest.approx(float(first), rel=1e-6)
            assert got.second[one] == pytest.approx(float(second), rel=1e-4)


@pytest.mark.parametrize("kind", [int, float])
@pytest.mark.parametrize("level", [0.02, 1.0, 400.0])
def test_one_dispersion_is_the_most_likely_one(level, kind):
    rng = np.random.default_rng(7)
    mean = level * rng.uniform(0.5, 2.0, 4000)
    counts = rng.poisson(rng.gamma(2.0, mean / 2.0))
    found = optimize.minimize_scalar(
        lambda log_alpha: -log_likelihood(counts, mean, np.exp(log_alpha)),
        bounds=(-10.0, 4.0),
        method="bounded",
    )
    if kind is float:
        counts = counts.astype(np.float64).astype(np.int64)
    assert np.log(fit_dispersion(counts, mean)) == pytest.approx(found.x, abs=2e-3)
