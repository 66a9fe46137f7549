"""Poisson regression against scikit-learn's and a general optimizer."""

import numpy as np
import pytest
from scipy import optimize
from sklearn.linear_model import PoissonRegressor

from veedor.statistics.regression import poisson_regression


@pytest.fixture
def made():
    rng = np.random.default_rng(0)
    design = rng.normal(size=(400, 4))
    expected = rng.gamma(1.0, 2.0, 400) + 0.01
    counts = rng.poisson(expected * np.exp(design @ [0.5, -0.4, 0.0, 0.2])).astype(float)
    return design, counts, expected


@pytest.mark.parametrize("precision", [1e-3, 5.0, 200.0])
def test_one_precision_for_all_is_scikit_learn(made, precision):
    design, counts, expected = made
    fit = poisson_regression(design, counts, expected, np.full(4, precision))
    theirs = PoissonRegressor(
        alpha=precision / expected.sum(), fit_intercept=False, tol=1e-9, max_iter=2000
    ).fit(design, counts / expected, sample_weight=expected)
    assert fit.converged
    np.testing.assert_allclose(fit.coefficients, theirs.coef_, atol=2e-5)


def test_a_precision_each_is_a_general_optimizer(made):
    design, counts, expected = made
    precision = np.array([1.0, 50.0, 0.1, 1000.0])

    def loss(beta):
        eta = design @ beta
        return float(expected @ np.exp(eta) - counts @ eta + 0.5 * precision @ beta**2)

    found = optimize.minimize(loss, np.zeros(4), method="BFGS", options={"gtol": 1e-6})
    fit = poisson_regression(design, counts, expected, precision)
    np.testing.assert_allclose(fit.coefficients, found.x, atol=1e-5)


def test_no_incident_and_far_too_many_converge(made):
    design, _, expected = made
    for counts in (np.zeros(400), np.full(400, 1e6)):
        one = np.column_stack([design, np.ones(400)])
        fit = poisson_regression(one, counts, expected, np.append(np.ones(4), 1e-6))
        assert fit.converged
        assert np.isfinite(fit.coefficients).all()
