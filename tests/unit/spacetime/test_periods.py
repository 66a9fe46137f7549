from datetime import datetime

import numpy as np
import pytest

from veedor.errors import StudyError
from veedor.spacetime import Length, Periods
from veedor.spacetime.periods import utc_instant

CHICAGO = "America/Chicago"


def at(text: str) -> np.datetime64:
    return utc_instant(datetime.fromisoformat(text), CHICAGO)


def test_days_have_23_and_25_hours_when_daylight_saving_changes():
    spring = Periods.stepping(at("2022-03-12"), Length(1, "day"), 0, 3, CHICAGO)
    autumn = Periods.stepping(at("2022-11-05"), Length(1, "day"), 0, 3, CHICAGO)
    assert spring.hours.tolist() == [24.0, 23.0, 24.0]
    assert autumn.hours.tolist() == [24.0, 25.0, 24.0]


def test_hours_over_the_spring_gap_leave_no_empty_period():
    periods = Periods.stepping(at("2022-03-13"), Length(1, "hour"), 0, 6, CHICAGO)
    assert periods.hours.min() > 0.0
    assert periods.edges[-1] == at("2022-03-13T06:00")
    assert len(periods) == 5


def test_months_step_on_the_calendar():
    periods = Periods.stepping(at("2024-01-01"), Length(1, "month"), 0, 3, CHICAGO)
    assert [start.month for start in periods.local_starts()] == [1, 2, 3]
    assert periods.hours[1] == 29 * 24


def test_a_month_that_begins_on_the_30th_is_refused():
    with pytest.raises(StudyError, match="every month has"):
        Length(1, "month").step(datetime(2024, 1, 30), 1)


@pytest.mark.parametrize("text", ["", "week", "0 weeks", "1.5 days", "-1 day", "1 fortnight"])
def test_other_lengths_are_refused(text):
    with pytest.raises(StudyError, match="whole number"):
        Length.parse(text)


def test_periods_are_half_open():
    periods = Periods.stepping(at("2024-01-01"), Length(1, "day"), 0, 2, CHICAGO)
    instants = np.array(
        [periods.edges[0] - 1, periods.edges[0], periods.edges[1], periods.edges[2], "NaT"],
        dtype="datetime64[us]",
    )
    assert periods.index_of(instants).tolist() == [-1, 0, 1, -1, -1]


def test_negative_steps_end_at_the_anchor():
    periods = Periods.stepping(at("2022-03-14"), Length(1, "week"), -2, 0, CHICAGO)
    assert periods.edges[-1] == at("2022-03-14")
    assert periods.hours.tolist() == [168.0, 167.0]


@pytest.mark.parametrize(
    ("length", "base", "pieces"),
    [("1 week", "1 day", 7), ("8 hours", "8 hours", 1), ("36 hours", "12 hours", 3)],
)
def test_split_covers_each_period_with_base_lengths(length, base, pieces):
    whole = Length.parse(length)
    periods = Periods.stepping(at("2022-06-01"), whole, 0, 4, CHICAGO)
    parts, owner = periods.split(whole.base)
    assert str(whole.base) == base
    assert np.bincount(owner).tolist() == [pieces] * 4
    assert np.bincount(owner, weights=parts.hours).tolist() == periods.hours.tolist()


def test_edges_must_increase():
    with pytest.raises(StudyError, match="increase"):
        Periods(np.array(["2024-01-02", "2024-01-01"], dtype="datetime64[us]"), CHICAGO)
