"""Intervals and tests of the reporting and feedback audits: coverage and size where truth is known.

The benchmark `benchmarks.audit_feedback` does the same with thousands of replicates.
"""

from __future__ import annotations

import numpy as np
import pytest

from veedor.audits.places.feedback import (
    Counting,
    Observed,
    World,
    crossing,
    discovered_per_reported,
    excess_deviation,
    mean_over_runs,
    persistence,
    simulate,
)
from veedor.audits.places.reporting import true_total
from veedor.statistics.codes import Denominator


@pytest.mark.parametrize(("incidents", "rate", "error"), [(300, 0.4, 0.02), (2000, 0.6, 0.05)])
def test_the_interval_of_a_true_total_covers(incidents, rate, error):
    rng = np.random.default_rng(1)
    recorded = rng.binomial(incidents, rate, 2000)
    survey = rng.normal(rate, error, 2000)
    hits = 0
    for n, r in zip(recorded, survey, strict=True):
        found = true_total(float(n), float(r), error, of=Denominator("x"))
        hits += found.low <= incidents <= found.high
    assert 0.93 <= hits / 2000 <= 0.97


def a_record(rng, *, effect, uneven, periods=20, places=60, flags=8):
    """A record whose system is fed by all that becomes known, so that flags feed back."""
    level = rng.gamma(1.0, 3.0, places)
    found = 0.3 * np.exp(uneven * rng.normal(size=places))
    known = rng.poisson(2.0 * level).astype(float)
    reported, discovered = np.zeros((2, periods, places))
    flagged = np.zeros((periods, places), dtype=bool)
    for period in range(periods):
        flagged[period, np.argsort(-known - 0.1 * rng.random(places))[:flags]] = True
        now = level * rng.gamma(4.0, 0.25, places)
        reported[period] = rng.poisson(0.5 * now)
        discovered[period] = rng.poisson(now * found * np.exp(effect * flagged[period]))
        known = 0.8 * known + reported[period] + discovered[period]
    names = np.arange(periods).astype(str), np.arange(places).astype(str)
    return Observed(*names, reported, discovered, flagged, "simulated")


@pytest.mark.parametrize(
    ("within", "effect", "uneven"),
    [("period", 0.0, 0.0), ("period", 0.4, 0.0), ("place", 0.0, 0.3), ("place", 0.4, 0.3)],
)
def test_the_ratio_of_discovered_to_reported_covers(within, effect, uneven):
    rng = np.random.default_rng(7)
    hits = rejected = 0
    for _ in range(400):
        record = a_record(rng, effect=effect, uneven=uneven)
        estimate, test = discovered_per_reported(record, within=within)
        hits += estimate.low <= np.exp(effect) <= estimate.high
        rejected += test.p_value < 0.05
    assert 0.92 <= hits / 400 <= 0.98
    assert rejected / 400 <= 0.08 if effect == 0.0 else rejected / 400 > 0.3


def test_flags_that_follow_reports_of_their_own_last_as_long():
    """Flags by another half of the same reports: the difference is 0, and its test has its size."""
    rng = np.random.default_rng(3)
    rejected = 0
    for _ in range(400):
        level = rng.gamma(1.5, 2.0, 150)
        shown, hidden = rng.poisson(level / 2, (2, 12, 150)).astype(float)
        total = np.cumsum(hidden, axis=0)
        flagged = np.zeros((12, 150), dtype=bool)
        for period in range(1, 12):
            order = np.lexsort([-total[-1], -total[period - 1]])
            flagged[period, order[:15]] = True
        names = np.arange(12).astype(str), np.arange(150).astype(str)
        found = persistence(Observed(*names, shown, hidden, flagged, "simulated"))
        rejected += found.test.p_value < 0.05
    assert 0.015 <= rejected / 400 <= 0.08


def test_intervals_over_runs_cover_what_many_runs_give():
    """A pool of many runs is the truth; samples from it stand for studies with few."""
    world = World.of([4.5, 4.0, 3.5], reporting=0.4, detection=0.2)
    fractions = np.linspace(0.6, 1.0, 4)
    setting = {"rounds": 60, "runs": 1500}
    pool = np.stack(
        [
            excess_deviation(
                simulate(world.with_discovered_fraction(f), Counting(), **setting),
                simulate(world.with_discovered_fraction(f), Counting(), loop=False, **setting),
            )
            for f in fractions
        ],
        axis=1,
    )
    rng = np.random.default_rng(0)
    tolerance = float(pool.mean(axis=0)[1:3].mean())
    truth = crossing(fractions, pool, tolerance, 0.95, 0).value
    hits, mean_hits = 0, 0
    for _ in range(300):
        runs = pool[rng.integers(0, len(pool), 100)]
        found = crossing(fractions, runs, tolerance, 0.95, 1)
        high = np.inf if found.high is None else found.high
        hits += found.low is not None and found.low <= truth <= high
        mean = mean_over_runs(runs[:, -1], 0.95, Denominator("runs"))
        mean_hits += mean.low <= pool[:, -1].mean() <= mean.high
    assert 0.92 <= hits / 300 <= 0.98
    assert 0.92 <= mean_hits / 300 <= 0.98
