"""Simulate the endemic-epidemic model, fit it, and get it back."""

from dataclasses import replace

import numpy as np
import pytest
from tests.made_up_panels import panel

from veedor.forecasters.endemic_epidemic import (
    Design,
    Model,
    Part,
    Values,
    Weights,
    fit,
    one_step,
    simulate,
)
from veedor.forecasts import CountDistribution
from veedor.verification import pit_cdf

ENDEMIC = Part(season=1, covariates=("height",), offset="people")
FIXED = Model(ENDEMIC, Part(), Part(), Weights("power_law", 3, normalised=True))
TRUTH = np.array([0.2, 0.5, -0.3, 0.6, np.log(0.4), np.log(0.3), np.log(1.2), np.log(0.25)])
#: With echoes that differ, none of which may bring more than one.
QUIETER = TRUTH - np.array([0.0, 0.0, 0.0, 0.0, 0.6, 0.6, 0.0, 0.0])
RANDOM = replace(FIXED, endemic=replace(ENDEMIC, intercept="random"), autoregressive=Part("random"))


def made_up(model, fixed, effects, seed, periods=200, rows=5, columns=6):
    given = panel(2, rows, columns, seed=99)
    given = replace(
        given,
        counts=given.counts[:1],
        covariates={name: given.covariates[name] for name in ("people", "height")},
        periods=periods,
    )
    design = Design(model, given)
    values = Values(np.asarray(fixed), np.asarray(effects).reshape(given.areas, -1))
    counts = simulate(design, values, np.random.default_rng(seed)).astype(float)
    return replace(given, counts=counts)


def test_fixed_terms_and_the_size_of_their_intervals():
    outside, standard = 0, []
    for seed in range(25):
        fitted = fit(FIXED, made_up(FIXED, TRUTH, np.zeros((30, 0)), seed))
        assert fitted.converged
        assert fitted.edges == ()
        errors = np.sqrt(np.diag(fitted.covariance))
        standard.append((fitted.values.fixed - TRUTH) / errors)
        outside += int((np.abs(standard[-1]) > 3.0).sum())
    assert outside <= 2  # of 200, where .5 is expected
    mean, spread = np.mean(standard, axis=0), np.std(standard, axis=0)
    assert (np.abs(mean) < 0.8).all()
    assert (spread > 0.6).all()
    assert (spread < 1.5).all()


def test_variances_of_random_intercepts():
    found, inside = [], 0
    for seed in range(10):
        rng = np.random.default_rng(100 + seed)
        effects = rng.normal(0.0, [0.7, 0.4], (60, 2))
        given = made_up(RANDOM, QUIETER, effects, seed, rows=6, columns=10)
        fitted = fit(RANDOM, given)
        assert fitted.converged
        found.append(np.sqrt(np.diag(fitted.effects_covariance)))
        errors = np.sqrt(np.diag(fitted.covariance))
        inside += int((np.abs(fitted.values.fixed - QUIETER) < 3.0 * errors).sum())
        if seed == 0:
            assert np.corrcoef(fitted.values.effects[:, 0], effects[:, 0])[0, 1] > 0.8
    np.testing.assert_allclose(np.mean(found, axis=0), [0.7, 0.4], atol=0.08)
    assert inside >= 77  # of 80


def test_random_intercepts_that_go_together():
    model = replace(RANDOM, correlated=True)
    effects = np.random.default_rng(0).multivariate_normal(
        [0.0, 0.0], [[0.49, -0.2], [-0.2, 0.16]], 100
    )
    given = made_up(model, QUIETER, effects, 1, rows=10, columns=10)
    fitted = fit(model, given)
    covariance = fitted.effects_covariance
    apart = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert apart == pytest.approx(np.corrcoef(effects.T)[0, 1], abs=0.2)
    independent = fit(RANDOM, given)
    assert independent.effects_covariance[0, 1] == 0.0


def test_dispersion_of_each_area():
    model = Model(Part(), Part(), dispersion="by_area")
    psi = np.array([0.05, 0.2, 0.5, 1.0, 2.0, 0.3])
    effects = np.log(psi)[:, None]
    given = made_up(model, [1.5, np.log(0.3)], effects, 0, periods=800, rows=2, columns=3)
    fitted = fit(model, given)
    assert fitted.converged
    np.testing.assert_allclose(np.exp(fitted.values.effects[:, 0]), psi, rtol=0.4)


def test_gaps_move_nothing_far():
    given = made_up(FIXED, TRUTH, np.zeros((30, 0)), 3)
    gaps = np.random.default_rng(0).uniform(size=given.counts.shape) > 0.02
    with_gaps = replace(given, observed=gaps)
    whole, less = fit(FIXED, given), fit(FIXED, with_gaps)
    assert less.cells < 0.75 * whole.cells
    errors = np.sqrt(np.diag(less.covariance))
    assert (np.abs(less.values.fixed - TRUTH) < 3.0 * errors).all()
    zeros = fit(FIXED, replace(given, counts=np.where(gaps, given.counts, 0.0)))
    assert np.abs((zeros.values.fixed - TRUTH) / errors).max() > 3.0  # a gap is no zero


def test_forecasts_a_period_ahead_are_calibrated():
    given = made_up(FIXED, TRUTH, np.zeros((30, 0)), 5, periods=300)
    ahead = one_step(FIXED, given, 280, 299)
    forecast = CountDistribution(ahead.mean, ahead.dispersion)
    mean = pit_cdf(forecast, given.counts[280:].astype(np.int64), [0.1, 0.5, 0.9]).mean(axis=(1, 2))
    np.testing.assert_allclose(mean, [0.1, 0.5, 0.9], atol=0.06)
