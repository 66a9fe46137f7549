"""Dispersion by level against the plain likelihood, count by count and without levels."""

import numpy as np
import pytest
from scipy import optimize, stats

from veedor.forecasters.dispersion import DispersionCurve, fit_dispersion


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
