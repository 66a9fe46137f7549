"""Dispersion by level against the plain likelihood, count by count and without levels."""

import numpy as np
import pytest
from scipy import optimize, stats

from veedor.forecasters.dispersion import DispersionCurve, fit_dispersion


def simulated(rng, at_one, slope, n=3000):
    mean = np.exp(rng.uniform(-3.0, 3.0, n))
    alpha = at_one * mean**slope
    return rng.poisson(rng.gamma(1.0 / alpha, alpha * mean)), mean


def log_likelihood(counts, mean, alpha):
    return float(stats.nbinom.logpmf(counts, 1.0 / alpha, 1.0 / (1.0 + alpha * mean)).sum())


@pytest.mark.parametrize(("at_one", "slope"), [(0.6, -0.5), (0.3, 0.0), (1.5, -0.8)])
def test_the_curve_is_the_most_likely_one(at_one, slope):
    counts, mean = simulated(np.random.default_rng(round(10 * at_one)), at_one, slope)

    def loss(parameters):
        alpha = np.exp(parameters[0] + parameters[1] * np.log(mean))
        return 0.5 * (parameters[1] / 0.5) ** 2 - log_likelihood(counts, mean, alpha)

    found = optimize.minimize(loss, np.array([-1.0, 0.0]), method="Nelder-Mead")
    curve = DispersionCurve.fit(counts, mean)
    assert found.success
    assert np.log(curve.at_one) == pytest.approx(found.x[0], abs=0.02)
    assert curve.slope == pytest.approx(found.x[1], abs=0.02)
    assert loss(np.array([np.log(curve.at_one), curve.slope])) <= found.fun + 0.05


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
