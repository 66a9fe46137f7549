from dataclasses import replace

import numpy as np
import pytest

from veedor.forecasters.calendar_effects import Calendar
from veedor.forecasters.calendars import Region, is_holiday
from veedor.spacetime import Length, Periods


@pytest.fixture
def history(grid, recorded):
    def make(weeks, length, zone=None, **options):
        past = recorded(0, grid(2, 2), {"theft": np.ones(4)}, weeks, length=length, **options)
        if zone is None:
            return past
        return replace(
            past,
            record=replace(past.record, whole=replace(past.points.incidents, time_zone=zone)),
        )

    return make


def fit(past, daily):
    """A calendar of days whose counts are given by weekday (Monday first)."""
    pieces = past.whole_periods(past.length.base)
    weekday = np.array([start.weekday() for start in pieces.local_starts()])
    counts = np.asarray(daily, dtype=float)[weekday]
    return Calendar.fit(past, pieces, counts, np.ones(len(pieces)))


def days_after(past, number):
    zone = past.record.zone
    return Periods.stepping(past.cutoff, Length(1, "day"), 0, number, zone)


def test_weekdays_are_factors_of_their_own(history):
    past = history(60, Length(1, "week"))
    daily = np.array([10.0, 10, 10, 10, 20, 30, 10]) * 5
    factor = fit(past, daily).factor(days_after(past, 7))
    np.testing.assert_allclose(factor / factor.sum(), daily / daily.sum(), atol=0.003)


def test_without_incidents_every_day_is_alike(history):
    past = history(60, Length(1, "week"))
    factor = fit(past, np.zeros(7)).factor(days_after(past, 7))
    np.testing.assert_allclose(factor / factor.mean(), 1.0, atol=0.1)


@pytest.mark.parametrize(("weeks", "seasonal"), [(77, False), (78, True)])
def test_a_yearly_wave_needs_540_days(history, weeks, seasonal):
    past = history(weeks, Length(1, "week"))
    made = fit(past, np.ones(7))
    assert made.seasonal is seasonal
    assert len(made.effects) == 8 + 4 * seasonal


def test_hours_have_a_slot_each_piece_of_the_week(history):
    past = history(4, Length(8, "hour"))
    pieces = past.whole_periods(past.length.base)
    night = np.array([float(start.hour < 6) for start in pieces.local_starts()])
    made = Calendar.fit(past, pieces, 1.0 + 40.0 * night, np.ones(len(pieces)))
    assert made.slot_hours == 8
    assert len(made.effects) == 22
    ahead = Periods.stepping(past.cutoff, Length(8, "hour"), 0, 3, past.record.zone)
    factor = made.factor(ahead)
    assert factor[0] > 5.0 * factor[1:].max()


def test_a_day_of_23_hours_is_worth_less(history):
    past = history(9, Length(1, "week"), zone="America/Chicago")
    made = fit(past, np.ones(7))
    days = days_after(past, 7)
    hours = days.hours
    assert hours.min() == 23.0
    plain = made.factor(days) / hours
    np.testing.assert_allclose(plain / plain.mean(), 1.0, atol=0.02)


def test_a_holiday_has_its_factor(history):
    past = history(104, Length(1, "week"), region=Region("AR"))
    pieces = past.whole_periods(past.length.base)
    off = is_holiday(pieces.local_starts(), past.region)
    assert off.sum() > 20
    made = Calendar.fit(past, pieces, 100.0 * (1.0 - 0.5 * off), np.ones(len(pieces)))
    assert np.exp(made.effects[7]) == pytest.approx(0.5, abs=0.03)


def test_what_was_not_yet_known_is_allowed_for(history):
    past = history(30, Length(1, "week"))
    pieces = past.whole_periods(past.length.base)
    weekday = np.array([start.weekday() for start in pieces.local_starts()])
    known = np.where(weekday == 0, 0.5, 1.0)
    made = Calendar.fit(past, pieces, 60.0 * known, known)
    factor = made.factor(days_after(past, 7))
    np.testing.assert_allclose(factor / factor.mean(), 1.0, atol=0.02)
