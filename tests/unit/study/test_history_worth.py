"""What the length of the record is worth, measured against a plain way and on made-up records."""

from dataclasses import replace

import numpy as np
import pytest
from tests.asking import run_here

from veedor.forecasters import PriorCounts, Region, Task
from veedor.record import Points
from veedor.spacetime import Length
from veedor.statistics import BlockBootstrap
from veedor.study.history_worth import _summary, last_days, lengths_to_try
from veedor.verification import ImpliedGain, gain_of_scores, log_score


def test_the_gain_is_that_of_a_reference_made_by_hand(small_study):
    outcome = run_here(small_study)
    category = outcome.results.categories[0]
    worth = category.history
    assert (worth.days_at_first_origin, worth.days_at_last_origin) == (140, 175)
    assert [one.days for one in worth.parts] == [91]
    assert worth.last_doubling is None
    backtest = replace(outcome.backtest, folder=small_study / "results")
    observed, total = outcome.outcomes["robo"].values, 0.0
    for number, whole in enumerate(backtest.forecasts("robo", "PriorCounts")):
        history = backtest.plan.task("robo", number)
        assert history.cutoff == whole.data_cutoff
        short = Task(
            Points.of(
                history.points.incidents,
                cutoff=history.cutoff,
                begins=history.cutoff - np.timedelta64(91, "D"),
            ),
            "robo",
            history.cells,
            history.length,
            Region("AR"),
        )
        part = PriorCounts().fit(short).predict(whole.periods)
        part = part.rescaled(whole.mean.sum(axis=1))
        seen = observed[number : number + 1]
        total += gain_of_scores(
            log_score(whole.distribution, seen), log_score(part.distribution, seen)
        ).sum()
    gain = worth.parts[0].gain.estimate
    assert gain.n == category.examination.recorded.inside
    assert gain.value == pytest.approx(total / gain.n, rel=1e-9)
    assert gain.low < gain.value < gain.high


def test_a_later_beginning_forgets_what_was_counted(grid, make_incidents):
    start = np.datetime64("2024-01-01T03:00", "us") + np.arange(300).astype("timedelta64[D]")
    incidents = make_incidents(start, np.full(300, 10.0), np.full(300, 10.0))
    history = Task(Points.of(incidents, cutoff=start[280]), "theft", grid(2, 2), Length(1, "week"))
    assert history.counts.total == 280
    short = last_days(history, 91)
    assert len(short.periods) == 13
    assert short.counts.total == 91
    assert history.counts.total == 280


def test_local_days_do_not_lose_a_week_to_daylight_saving(grid, make_incidents):
    start = np.datetime64("2024-01-01T06:00", "us") + np.arange(300).astype("timedelta64[D]")
    incidents = make_incidents(
        start, np.full(300, 10.0), np.full(300, 10.0), time_zone="America/Chicago"
    )
    cutoff = np.datetime64("2024-05-06T05:00", "us")  # local midnight, in summer time
    history = Task(Points.of(incidents, cutoff=cutoff), "theft", grid(2, 2), Length(1, "week"))
    assert len(last_days(history, 91).periods) == 13


def test_lengths_are_shorter_than_the_record_and_hold_five_periods():
    assert lengths_to_try(91.0, Length(1, "week")) == ()
    assert lengths_to_try(91.1, Length(1, "week")) == (91,)
    assert lengths_to_try(4000.0, Length(1, "day")) == (91, 182, 365, 730)
    assert lengths_to_try(4000.0, Length(1, "month")) == (182, 365, 730)


def test_the_last_doubling_is_from_about_half_the_record():
    """A score that rises by 0.1 a doubling, exactly: the slope must be 0.1 whatever the record."""
    days = (91, 182, 365)
    record = np.linspace(400.0, 600.0, 12)
    incidents = np.full(12, 50.0)
    gains = np.array([0.1 * np.log2(record / length) * incidents for length in days])
    bootstrap = BlockBootstrap(np.arange(12), np.random.default_rng(0))
    sure = [ImpliedGain(*np.zeros((5, 12)))] * 3
    found = _summary(record, days, gains, sure, incidents, bootstrap).last_doubling
    assert found.from_days == 182
    assert found.gain.estimate.value == pytest.approx(0.1)
    assert found.gain.estimate.low == pytest.approx(0.1)
    assert found.gain.estimate.n == 600
    one = _summary(record, days[:1], gains[:1], sure[:1], incidents, bootstrap)
    assert one.last_doubling is None


def test_where_nothing_was_recorded_it_is_undefined():
    bootstrap = BlockBootstrap(np.arange(12), np.random.default_rng(0))
    none = [ImpliedGain(*np.zeros((5, 12)))] * 2
    found = _summary(
        np.full(12, 400.0), (91, 182), np.zeros((2, 12)), none, np.zeros(12), bootstrap
    )
    assert found.parts[0].gain.estimate.value is None
    assert found.last_doubling.gain.estimate.value is None
