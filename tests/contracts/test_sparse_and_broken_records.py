"""What every forecaster does with too little, with gaps and with breaks; see docs/limits.md."""

from dataclasses import replace

import numpy as np
import pytest

from veedor.errors import TooLittleDataError
from veedor.forecasters import FORECASTERS, PriorCounts, Recency, Stack, make_forecaster
from veedor.spacetime import Periods

#: They say that there is too little data where others forecast.
DEMANDING = ("PoissonTrees", "SelfExciting")
#: So do those of a category without any incident.
NEEDS_SOME = (*DEMANDING, "EndemicEpidemic")
WEEK = np.timedelta64(7, "D")
#: What these make of twice as many in the last eight of sixty weeks: the average of all, or
#: of the last twelve, and what was a year before. The endemic-epidemic model's level
#: stays.
PLAIN = {
    "EndemicEpidemic": 1.0 + 8.0 / 60.0,
    "PastMean": 1.0 + 8.0 / 60.0,
    "RecentMean": 1.0 + 8.0 / 12.0,
    "ShrunkenMean": 1.0 + 8.0 / 12.0,
    "SeasonalNaive": 1.0,
}


def make(name):
    """One of each; the stack with two members, so that the suite stays quick."""
    return Stack(("PriorCounts", "PooledCounts")) if name == "Stack" else make_forecaster(name)


def mean_ahead(forecaster, past, weeks=4):
    periods = Periods.stepping(past.cutoff, past.length, 0, weeks, past.record.zone)
    mean = forecaster.fit(past).predict(periods).mean
    assert np.isfinite(mean).all()
    assert (mean > 0.0).all()
    return mean


def a_week(forecaster, past):
    """Expected total a week, over the next four."""
    return float(mean_ahead(forecaster, past).sum()) / 4.0


def before(past, weeks):
    return past.until(past.cutoff - weeks * WEEK)


@pytest.fixture
def cells(grid):
    return grid(6, 5)


@pytest.fixture
def rate(cells):
    return 0.8 * np.random.default_rng(0).gamma(1.0, 1.0, len(cells))


@pytest.fixture
def thirty(cells, recorded):
    """Thirty incidents in sixty weeks: half an incident a week."""
    past = recorded(0, cells, {"theft": np.full(len(cells), 0.05)}, 60)
    kept = np.sort(np.random.default_rng(1).permutation(len(past.points.incidents))[:30])
    return replace(past, record=replace(past.record, whole=past.points.incidents.take(kept)))


@pytest.mark.parametrize("name", FORECASTERS)
def test_thirty_incidents(thirty, name):
    if name in DEMANDING:
        with pytest.raises(TooLittleDataError, match="at least"):
            make_forecaster(name).fit(thirty)
    else:
        assert 0.25 < a_week(make_forecaster(name), thirty) < 1.0


def test_a_whole_stack_goes_on_without_those_that_have_too_little(thirty):
    stack = Stack(("PriorCounts", "Additive", *DEMANDING)).fit(thirty)
    assert sorted(stack.members_absent_) == sorted(DEMANDING)
    assert list(Stack().fit(thirty).members_absent_) == ["PoissonTrees"]
    assert sum(stack.weights_.values()) == pytest.approx(1.0)
    assert not set(stack.weights_) & set(DEMANDING)
    for reason in stack.members_absent_.values():
        assert "at least" in reason
        assert "Found: " in reason


@pytest.mark.parametrize("name", FORECASTERS)
def test_a_category_without_incidents(cells, rate, recorded, name):
    """The others are forecast as ever; the empty one has a small mean, or too little data."""
    past = recorded(1, cells, {"theft": rate, "none": np.zeros(len(cells))}, 60)
    assert a_week(make(name), past) == pytest.approx(rate.sum(), rel=0.15)
    empty = replace(past, category="none")
    if name in NEEDS_SOME:
        with pytest.raises(TooLittleDataError):
            make(name).fit(empty)
    else:
        assert 0.0 < a_week(make(name), empty) < 0.05


@pytest.fixture
def gap(cells, rate, recorded):
    """Weeks 36 to 39 of 72 have no record."""
    weekly = np.tile(rate, (72, 1))
    weekly[36:40] = 0.0
    return recorded(2, cells, {"theft": weekly}, 72)


@pytest.mark.parametrize("name", FORECASTERS)
def test_a_month_without_a_record_is_forgotten_later(gap, rate, name):
    assert a_week(make(name), gap) == pytest.approx(rate.sum(), rel=0.15)


def test_a_month_without_a_record_pulls_the_level_down_at_first(gap, rate):
    level = [a_week(PriorCounts(), before(gap, 72 - week)) / rate.sum() for week in (40, 42, 48)]
    assert level[0] < 0.2
    assert level[0] < level[1]
    assert level[2] == pytest.approx(1.0, abs=0.15)


@pytest.fixture
def newcomer(cells, rate, recorded):
    """A cell that records nothing for a year, and then more than a fifth of all."""
    weekly = np.tile(rate, (76, 1))
    weekly[:, 7] = 0.0
    weekly[52:, 7] = 8.0
    return recorded(3, cells, {"theft": weekly}, 76)


def share_of_newcomer(forecaster, past):
    mean = mean_ahead(forecaster, past, 1)[0]
    return mean[7] / mean.sum()


@pytest.mark.parametrize("name", FORECASTERS)
def test_a_cell_that_begins_late_gains_its_share(newcomer, name):
    at_first, later = (share_of_newcomer(make(name), before(newcomer, weeks)) for weeks in (24, 0))
    assert at_first < 0.03
    if name == "SeasonalNaive":  # a year before, it recorded nothing
        assert later < 0.03
        return
    assert later > 0.06
    assert later > 3.0 * at_first


def test_recency_sees_a_newcomer_sooner_than_the_long_run(newcomer):
    eight_weeks_in = before(newcomer, 16)
    long_run = share_of_newcomer(PriorCounts(), eight_weeks_in)
    assert share_of_newcomer(Recency(), eight_weeks_in) > 2.0 * long_run


@pytest.fixture
def shift(cells, rate, recorded):
    """Twice as many from week 52 on; the record ends eight weeks later."""
    weekly = np.tile(rate, (60, 1))
    weekly[52:] *= 2.0
    return recorded(4, cells, {"theft": weekly}, 60)


@pytest.mark.parametrize("name", FORECASTERS)
def test_the_total_follows_a_shift_within_eight_weeks(shift, rate, name):
    followed = a_week(make(name), shift) / rate.sum()
    if name in PLAIN:
        assert followed == pytest.approx(PLAIN[name], rel=0.1)
    else:
        assert followed == pytest.approx(2.0, rel=0.15)
