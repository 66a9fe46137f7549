"""How uncertain totals are, by how far ahead they lie."""

import numpy as np
import pytest
from scipy import optimize, stats

from veedor.forecasters import AreaTotals, PriorCounts
from veedor.spacetime import Length, Periods

DAY = Length(1, "day")


def days(task, first, number):
    last = first + number
    return Periods.stepping(task.cutoff, task.length, first, last, task.record.zone)


@pytest.fixture(scope="module")
def walking():
    """Incidents a week of a place whose level walks."""
    return 400.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.15, 60)))


def test_the_farther_ahead_the_less_certain(grid, recorded, walking):
    past = recorded(2, grid(1, 1), {"theft": walking[:, None]}, 60, length=DAY)
    totals = AreaTotals.of(past)
    assert totals.dispersion_of(days(past, 0, 1)) == totals.dispersion
    alone = [totals.dispersion_of(days(past, first, 1)) for first in (0, 7, 14)]
    assert alone == sorted(alone)
    assert alone[-1] > 2.0 * alone[0]
    assert alone[0] < totals.dispersion_of(days(past, 0, 15)) < alone[-1]


def test_it_is_the_most_likely_of_what_was_forecast_so_far_ahead(grid, recorded, walking):
    """One period of the record after another, by the level that was known then."""
    past = recorded(3, grid(1, 1), {"theft": walking[:, None]}, 60, length=DAY)
    totals = AreaTotals.of(past)
    tested = totals._tested
    assert tested.first == 280
    counts, mean = [], []
    for at in range(tested.first, 420):
        for ahead in (1, 2, 3):
            counts.append(tested.observed[at])
            mean.append(tested.levels[at - ahead + 1] * tested.expected[at])

    def loss(logarithm):
        size = np.exp(-logarithm)
        return -stats.nbinom.logpmf(counts, size, size / (size + np.array(mean))).sum()

    found = optimize.minimize_scalar(loss, bounds=(-10.0, 2.0), method="bounded").x
    assert totals.dispersion_of(days(past, 0, 3)) == pytest.approx(np.exp(found), rel=0.01)


def test_where_nothing_moves_the_distance_does_not_matter(grid, recorded):
    past = recorded(4, grid(1, 1), {"theft": np.array([400.0])}, 60, length=DAY)
    totals = AreaTotals.of(past)
    assert totals.dispersion_of(days(past, 0, 14)) == pytest.approx(totals.dispersion, abs=0.002)


def test_a_forecast_states_it_for_what_was_asked(grid, recorded, walking):
    past = recorded(2, grid(2, 1), {"theft": walking[:, None]}, 60, length=DAY)
    made, totals = PriorCounts().fit(past), AreaTotals.of(past)
    for first, number in ((0, 1), (0, 7), (7, 7)):
        ahead = days(past, first, number)
        assert made.predict(ahead).total_dispersion == totals.dispersion_of(ahead)


@pytest.mark.parametrize("seed", range(6))
def test_farther_ahead_is_never_more_certain(grid, recorded, seed):
    """Where weeks vary and nothing drifts, chance would have it so in half of all records."""
    weekly = np.random.default_rng(seed).gamma(4.0, 25.0, (24, 1))
    past = recorded(seed, grid(1, 1), {"theft": weekly}, 24)
    totals = AreaTotals.of(past)
    assert totals.dispersion_of(days(past, 0, 4)) >= totals.dispersion


@pytest.mark.parametrize("weeks", [1, 2, 12])
def test_a_short_record_is_tested_as_far_back_as_it_goes(grid, recorded, weeks):
    past = recorded(5, grid(1, 1), {"theft": np.array([20.0])}, weeks)
    totals = AreaTotals.of(past)
    assert np.isfinite(totals.dispersion_of(days(past, 0, 52)))
