"""What forecasts imply of a gain, against plain sums and simulation."""

import numpy as np
import pytest

from veedor.forecasts import CountDistribution
from veedor.verification import SCORES, implied_gain, implied_score_errors


def plain(truth, forecast, reference):
    """Mean and variance of one cell's gain by summing over every count that can matter."""
    mean, dispersion = truth
    spread = np.sqrt(mean * (1.0 + dispersion * mean))
    y = np.arange(int(mean + 40.0 * (1.0 + dispersion * mean) + 20.0 * spread + 50.0))

    def log_pmf(mean, dispersion):
        return CountDistribution(np.full(len(y), mean), dispersion).log_pmf(y)

    weight = np.exp(log_pmf(mean, dispersion))
    gain = log_pmf(*forecast) - log_pmf(*reference)
    centre = (weight * gain).sum()
    return centre, (weight * (gain - centre) ** 2).sum()


@pytest.mark.parametrize(
    ("forecast", "reference", "close"),
    [
        ((2e-5, 0.1), (1e-4, 0.5), 1e-6),
        ((0.5, 0.2), (0.3, 0.0), 1e-6),
        ((4, 1e-4), (3, 1e-6), 1e-6),
        ((60.0, 0.3), (50.0, 0.1), 1e-5),
        ((650.0, 1e-3), (700.0, 0.0), 2e-3),
        ((4e3, 2.0), (5e3, 1.0), 2e-3),
        ((15.0, 10.0), (20.0, 30.0), 2e-3),
    ],
)
def test_moments_are_plain_sums(forecast, reference, close):
    each = [CountDistribution(np.array([[float(m)]]), a) for m, a in (forecast, reference)]
    found = implied_gain(*each)
    mean, variance = plain(reference, forecast, reference)
    assert found.mean_if_reference[0] == pytest.approx(mean, rel=close)
    assert found.if_reference[0] == pytest.approx(variance, rel=close)
    held = (forecast[0], min(forecast[1], reference[1]))
    mean, variance = plain(held, forecast, reference)
    assert found.mean_if_forecast[0] == pytest.approx(mean, rel=close)
    assert found.if_forecast[0] == pytest.approx(variance, rel=close)


def test_poisson_variance_is_the_closed_form():
    rng = np.random.default_rng(0)
    p, q = rng.gamma(0.5, 0.2, (2, 4, 30)) + 1e-4
    found = implied_gain(CountDistribution(q, 0.0), CountDistribution(p, 0.0))
    assert found.if_reference == pytest.approx((p * np.log(q / p) ** 2).sum(axis=1))
    assert found.if_forecast == pytest.approx((q * np.log(q / p) ** 2).sum(axis=1))
    assert found.largest_step == pytest.approx(np.abs(np.log(q / p)).max(axis=1))


def test_what_cells_share_is_counted():
    """Counts that rise and fall together by a gamma factor, with the total's stated dispersion."""
    rng = np.random.default_rng(1)
    p = rng.gamma(1.0, 0.5, (1, 40)) + 0.01
    reference, forecast = CountDistribution(p, 0.0), CountDistribution(1.3 * p, 0.0)
    totals = [CountDistribution(one.mean.sum(axis=1), 0.2) for one in (forecast, reference)]
    found = implied_gain(forecast, reference, forecast_totals=totals[0], reference_totals=totals[1])
    seen = rng.poisson(p * rng.gamma(5.0, 0.2, (20_000, 1)))
    gain = seen.sum(axis=1) * np.log(1.3)
    assert found.if_reference[0] == pytest.approx(gain.var(), rel=0.04)


@pytest.mark.parametrize("name", ["log_score", "crps", "brier", "dawid_sebastiani"])
def test_errors_of_scores_are_those_of_simulation(name):
    rng = np.random.default_rng(2)
    p = rng.gamma(0.7, 0.4, (3, 30)) + 1e-3
    reference = CountDistribution(p, 0.4)
    forecast = CountDistribution(p * rng.gamma(8.0, 0.125, p.shape), 0.2)
    found = implied_score_errors(SCORES[name].function, [reference, forecast])
    truths = reference, CountDistribution(forecast.mean, 0.2)
    for truth, error in zip(truths, (found[0, 1], found[1, 0]), strict=True):
        drawn = truth.sample(rng, 1500)
        score = SCORES[name].function
        each = [(score(reference, y) - score(forecast, y)).sum(axis=1).mean() for y in drawn]
        assert error == pytest.approx(np.std(each), rel=0.1)
