"""The compiled round and the Mantel-Haenszel jackknife against slow plain versions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from veedor.audits.places.feedback import Observed, discovered_per_reported
from veedor.audits.places.feedback.compiled import happen


@pytest.mark.parametrize("rate", [0.01, 0.7, 6.0, 80.0, 500.0])
def test_incidents_are_poisson_and_thinned(rate):
    runs, part, detection, presence = 20_000, 0.3, 0.5, 1.7
    reported, discovered = np.empty((runs, 2)), np.empty((runs, 2))
    rates, reporting = np.array([rate, rate]), np.array([part, 0.0])
    where = np.tile([presence, 0.0], (runs, 1))
    happen(rates, reporting, detection, where, np.random.default_rng(1), reported, discovered)
    assert not discovered[:, 1].any()  # nobody there
    assert not reported[:, 1].any()
    found = -math.expm1(-detection * presence) * (1.0 - part)
    for counts, mean in ((reported[:, 0], rate * part), (discovered[:, 0], rate * found)):
        edges = np.unique(stats.poisson.ppf(np.linspace(0.05, 0.95, 10), mean))
        observed = np.bincount(np.searchsorted(edges, counts), minlength=len(edges) + 1)
        below = np.append(stats.poisson.cdf(edges, mean), 1.0)
        expected = runs * np.diff(below, prepend=0.0)
        assert stats.chisquare(observed, expected).pvalue > 1e-4
    assert abs(np.corrcoef(reported[:, 0], discovered[:, 0])[0, 1]) < 0.03


@pytest.mark.parametrize("within", ["period", "place"])
def test_the_ratio_and_its_error_left_out_one_by_one(within):
    rng = np.random.default_rng(4)
    periods, places = 7, 12
    reported, discovered = rng.poisson(4.0, (2, periods, places)).astype(float)
    flagged = rng.random((periods, places)) < 0.4

    def plain(keep):
        top = bottom = 0.0
        groups = (
            [[(t, z) for z in keep] for t in range(periods)]
            if within == "period"
            else [[(t, z) for t in range(periods)] for z in keep]
        )
        for cells in groups:
            a = sum(discovered[c] for c in cells if flagged[c])
            b = sum(reported[c] for c in cells if flagged[c])
            c_ = sum(discovered[c] for c in cells if not flagged[c])
            d = sum(reported[c] for c in cells if not flagged[c])
            n = a + b + c_ + d
            if n > 0:
                top += a * d / n
                bottom += b * c_ / n
        return top / bottom

    everyone = list(range(places))
    logs = np.log([plain([z for z in everyone if z != out]) for out in everyone])
    error = math.sqrt((places - 1) / places * ((logs - logs.mean()) ** 2).sum())
    names = np.arange(periods).astype(str), np.arange(places).astype(str)
    observed = Observed(*names, reported, discovered, flagged, "made up")
    estimate, test = discovered_per_reported(observed, within=within)
    assert estimate.value == pytest.approx(plain(everyone))
    assert test.statistic == pytest.approx(math.log(plain(everyone)) / error)
