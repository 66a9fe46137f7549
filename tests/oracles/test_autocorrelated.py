"""Regression with autocorrelated errors, beside statsmodels and beside plain loops."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import integrate, stats
from statsmodels.stats.stattools import durbin_watson

from veedor.statistics.autocorrelated import (
    AutocorrelatedDesign,
    Mixture,
    correlation,
    least_squares,
    prais_winsten,
    tried_autocorrelations,
)

TIMES = np.array([*range(17), *range(20, 33)], dtype=float)


@pytest.fixture
def series():
    rng = np.random.default_rng(8)
    after = (TIMES >= 20).astype(float)
    design = np.column_stack([np.ones(30), TIMES, after, after * (TIMES - 20)])
    noise = np.linalg.cholesky(correlation(np.array([0.7]), TIMES)[0]) @ rng.normal(size=30)
    return design, design @ [3.0, 0.1, -1.0, 0.05] + noise


def test_each_autocorrelation_has_the_generalised_least_squares_of_statsmodels(series):
    design, values = series
    fit = AutocorrelatedDesign(design, TIMES).fit(values)
    for place in (0, 10, 30, 45, 60):
        carried = correlation(fit.autocorrelation[[place]], TIMES)[0]
        theirs = sm.GLS(values, design, sigma=carried).fit()
        assert fit.coefficients[place] == pytest.approx(theirs.params, rel=1e-6)
        assert np.sqrt(np.diag(fit.covariance[place])) == pytest.approx(theirs.bse, rel=1e-6)


def test_the_weights_are_the_restricted_likelihood_of_error_contrasts(series):
    design, values = series
    fit = AutocorrelatedDesign(design, TIMES).fit(values)
    contrasts = np.linalg.qr(design, mode="complete")[0][:, design.shape[1] :]
    free = contrasts.T @ values

    def log_likelihood(carried):
        within = contrasts.T @ correlation(np.array([carried]), TIMES)[0] @ contrasts
        scale = free @ np.linalg.solve(within, free) / len(free)
        return stats.multivariate_normal(np.zeros(len(free)), scale * within).logpdf(free)

    by_hand = np.exp([log_likelihood(one) for one in fit.autocorrelation[5:56]])
    ours = fit.weight[5:56]
    assert ours / ours.sum() == pytest.approx(by_hand / by_hand.sum(), rel=1e-6)
    assert fit.reml == fit.autocorrelation[np.argmax(fit.weight)]


def test_many_series_at_once_are_the_same_as_one_by_one(series):
    design, values = series
    made = AutocorrelatedDesign(design, TIMES)
    contrast = np.array([0.0, 0.0, 1.0, 3.0])
    several = np.stack([values, values[::-1], values**2])
    mean, variance = made.moments(several, contrast)
    for place, one in enumerate(several):
        alone = made.fit(one).of(contrast)
        assert mean[place] == pytest.approx(alone.mean, rel=1e-9)
        assert variance[place] == pytest.approx(alone.error**2, rel=1e-9)


def test_a_mixture_is_the_integral_of_its_density():
    made = Mixture(
        np.array([0.3, 0.7]), np.array([-1.0, 1.0]), np.array([0.5, 2.0]), np.array([5.0, 9.0])
    )

    def density(at):
        return float(made.weight @ stats.t.pdf(at, made.freedom, loc=made.centre, scale=made.scale))

    low, high = made.interval(0.9)
    assert integrate.quad(density, -60.0, low, limit=200)[0] == pytest.approx(0.05, abs=1e-5)
    assert integrate.quad(density, high, 60.0, limit=200)[0] == pytest.approx(0.05, abs=1e-5)
    assert made.p_value(high) == pytest.approx(0.1, abs=1e-9)


def test_a_wider_mixture_is_student_t_with_the_freedom_of_satterthwaite():
    one = Mixture(np.ones(1), np.zeros(1), np.array([3.0]), np.array([10.0]))
    wider = one.widened(16.0, 5.0)
    assert wider.scale[0] == 5.0
    assert wider.freedom[0] == pytest.approx(25.0**2 / (81.0 / 10.0 + 256.0 / 5.0))
    assert one.widened(0.0, 1.0) is one


def test_what_is_detectable_is_found_so_often():
    one = Mixture(np.ones(1), np.array([7.0]), np.array([2.0]), np.array([1e6]))
    apart = one.detectable(0.05, 0.8)
    assert apart == pytest.approx(2.0 * (1.959964 + 0.841621), rel=1e-4)
    assert stats.norm.sf(1.959964 - apart / 2.0) == pytest.approx(0.8, abs=1e-4)


def test_least_squares_are_those_of_statsmodels(series):
    design, values = series
    ours, theirs = least_squares(design, values), sm.OLS(values, design).fit()
    assert ours.coefficients == pytest.approx(theirs.params)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(theirs.bse)
    assert ours.durbin_watson == pytest.approx(durbin_watson(theirs.resid))


def test_prais_winsten_stays_where_its_residuals_ask_for_it(series):
    design, values = series
    fit = prais_winsten(design, values, TIMES)
    assert 0.0 < fit.autocorrelation < 1.0
    carried = correlation(np.array([fit.autocorrelation]), TIMES)[0]
    theirs = sm.GLS(values, design, sigma=carried).fit()
    assert fit.coefficients == pytest.approx(theirs.params)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(theirs.bse)
    left = values - design @ fit.coefficients
    beside = [place for place in range(29) if TIMES[place + 1] - TIMES[place] == 1.0]
    above = sum(left[place] * left[place + 1] for place in beside)
    assert fit.autocorrelation == pytest.approx(
        above / sum(left[place] ** 2 for place in beside), abs=1e-4
    )


def test_errors_across_a_gap_are_correlated_by_its_length():
    found = correlation(np.array([0.5]), TIMES)[0]
    assert found[16, 17] == pytest.approx(0.5**4)


def test_the_autocorrelations_that_are_tried_lie_inside_of_1():
    tried = tried_autocorrelations()
    assert len(tried) == 61
    assert np.all(np.diff(tried) > 0.0)
    assert tried[0] == pytest.approx(-tried[-1])
    assert 0.999 < tried[-1] < 1.0


@pytest.mark.parametrize("design", [np.ones((2, 3)), np.ones((9, 2)), np.eye(3)])
def test_a_design_that_cannot_be_told_apart_is_an_error(design):
    with pytest.raises(ValueError, match="rank"):
        AutocorrelatedDesign(design, np.arange(len(design), dtype=float))
