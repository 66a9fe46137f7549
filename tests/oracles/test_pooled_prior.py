"""The regression behind `PooledCounts` against scipy's negative binomial and general optimizer."""

import numpy as np
import pytest
from scipy import optimize, stats

from veedor.forecasters.pooled_prior import _regress
from veedor.forecasters.shrinkage import best_strength


def slow_objective(parameters, counts, exposure, design):
    """Log likelihood and log prior of (coefficients, log shape), cell by cell."""
    beta, shape = parameters[:-1], np.exp(parameters[-1])
    mean = exposure * np.exp(design @ beta)
    likelihood = stats.nbinom.logpmf(counts, shape, shape / (shape + mean)).sum()
    return likelihood - 0.5 * beta @ beta


@pytest.fixture(params=[0.4, 5.0])
def made(request):
    rng = np.random.default_rng(round(10 * request.param))
    design = np.column_stack([np.ones(600), rng.normal(0.0, 0.7, (600, 3))])
    exposure = rng.uniform(0.2, 4.0, 600)
    mean = exposure * np.exp(design @ [0.3, 0.8, -0.5, 0.0])
    counts = rng.poisson(rng.gamma(request.param, mean / request.param)).astype(float)
    return counts, exposure, design


def test_the_maximum_is_that_of_a_general_optimizer(made):
    beta, strength, converged = _regress(*made)
    assert converged
    ours = np.append(beta, np.log(strength))
    found = optimize.minimize(
        lambda parameters: -slow_objective(parameters, *made),
        np.zeros(5),
        method="Nelder-Mead",
        options={"maxiter": 4000, "maxfev": 4000, "xatol": 1e-6, "fatol": 1e-9},
    )
    assert found.success
    np.testing.assert_allclose(ours, found.x, atol=2e-4)
    assert slow_objective(ours, *made) >= -found.fun - 1e-6


def test_the_gradient_is_zero_there(made):
    beta, strength, _ = _regress(*made)
    ours = np.append(beta, np.log(strength))
    steps = 1e-4 * np.eye(len(ours))
    for step in steps:
        slope = slow_objective(ours + step, *made) - slow_objective(ours - step, *made)
        assert abs(slope / 2e-4) < 0.05


def test_the_best_strength_is_that_of_a_fine_grid(made):
    counts, exposure, _ = made
    shapes = np.exp(np.linspace(-5.0, 8.0, 3001))
    values = [stats.nbinom.logpmf(counts, s, s / (s + exposure)).sum() for s in shapes]
    assert np.log(best_strength(counts, exposure)[0]) == pytest.approx(
        np.log(shapes[int(np.argmax(values))]), abs=0.005
    )
