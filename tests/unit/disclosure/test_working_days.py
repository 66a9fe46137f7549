"""Working days: against numpy's business days, and where holidays, months and lists bite."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.disclosure.request.working_days import DayOff, DaysOff, months_after
from veedor.errors import StudyError

DAYS = st.dates(date(2016, 9, 29), date(2040, 12, 31))


def business_day(start: date, days: int, off: list[date], weekmask: str = "1111100") -> date:
    """Count by numpy, from the day after a day: a day that is off is rolled on from."""
    counted = np.busday_offset(
        np.datetime64(start) + 1, days - 1, roll="forward", weekmask=weekmask,
        holidays=np.array(off, dtype="datetime64[D]"),
    )  # fmt: skip
    return counted.astype(date)


@given(DAYS, st.integers(1, 60))
def test_terms_agree_with_numpy_over_the_holidays_of_argentina(start: date, days: int) -> None:
    off = holidays.country_holidays("AR", years=range(start.year, start.year + 2))
    last, passed = DaysOff("AR").after(start, days)
    assert last == business_day(start, days, list(off))
    between = [start + timedelta(n) for n in range(1, (last - start).days + 1)]
    assert [one.day for one in passed] == [d for d in between if d in off and d.weekday() < 5]


@given(
    DAYS, st.integers(1, 40), st.lists(DAYS, max_size=30), st.sets(st.integers(1, 7), max_size=3)
)
def test_terms_agree_with_numpy_over_listed_days_and_any_weekend(start, days, listed, weekend):
    near = [start + (one - date(2016, 9, 29)) % timedelta(days=90) for one in listed]
    off = DaysOff(weekend=weekend, listed=[DayOff(one, "x", given=True) for one in near])
    mask = "".join("0" if day in weekend else "1" for day in range(1, 8))
    assert off.after(start, days)[0] == business_day(start, days, near, mask)


def test_the_day_itself_is_not_counted_and_a_term_ends_on_a_working_day() -> None:
    off = DaysOff("AR", language="es")
    friday = date(2026, 7, 3)
    assert off.after(friday, 1)[0] == date(2026, 7, 6)
    # Independence Day on Thursday, the 9th, and the bridge after it are passed over, and named.
    last, passed = off.after(date(2026, 7, 8), 1)
    assert last == date(2026, 7, 13)
    assert [one.name for one in passed] == [
        "Día de la Independencia",
        "Feriado con fines turísticos",
    ]
    # A request that comes in on a Saturday counts from Monday.
    assert off.after(date(2026, 7, 4), 1)[0] == date(2026, 7, 6)


def test_a_holiday_that_is_moved_is_off_where_it_is_moved_to() -> None:
    off = DaysOff("AR")
    # General Belgrano stays on 20 June; General Güemes, 17 June 2025, was moved to Monday 16.
    assert off.on(date(2025, 6, 16)) is not None
    assert off.works(date(2025, 6, 17))


def test_a_leap_day_is_a_day() -> None:
    off = DaysOff("AR")
    assert off.after(date(2028, 2, 25), 1)[0] == date(2028, 3, 1)  # carnival: 28, 29
    assert DaysOff().after(date(2028, 2, 28), 1)[0] == date(2028, 2, 29)
    assert DaysOff().after(date(2027, 2, 26), 1)[0] == date(2027, 3, 1)


def test_what_is_listed_for_courts_is_a_working_day_elsewhere() -> None:
    monday = date(2027, 1, 4)
    off = DaysOff(
        listed=[
            DayOff(monday, "feria", given=True, of="court"),
            DayOff(monday + timedelta(1), "asueto", given=True, of="administration"),
            DayOff(monday + timedelta(2), "duelo", given=True),
        ]
    )
    named = [off.on(monday + timedelta(n)) for n in range(3)]
    assert [one and one.name for one in named] == [None, "asueto", "duelo"]
    named = [off.on(monday + timedelta(n), court=True) for n in range(3)]
    assert [one and one.name for one in named] == ["feria", None, "duelo"]
    assert off.after(monday - timedelta(1), 1)[0] == monday
    assert off.after(monday - timedelta(1), 1, court=True)[0] == monday + timedelta(1)


def test_days_that_are_all_off_are_an_error_and_no_endless_count() -> None:
    with pytest.raises(StudyError, match="Some days must be working days"):
        DaysOff(weekend=range(1, 8)).after(date(2026, 1, 1), 1)


@pytest.mark.parametrize(("country", "subdivision"), [("ARG-X", ""), ("AR", "ZZ"), ("arg", "")])
def test_a_country_that_is_not_known_is_refused(country: str, subdivision: str) -> None:
    with pytest.raises(StudyError, match="must be one"):
        DaysOff(country, subdivision)


def test_years_without_known_holidays_are_refused() -> None:
    with pytest.raises(StudyError, match="known from 1957 to 2100"):
        DaysOff("AR").after(date(2100, 12, 31), 1)
    with pytest.raises(StudyError, match="known from 1957 to 2100"):
        DaysOff("AR").works(date(1956, 12, 31))


def test_a_subdivision_adds_its_own_days() -> None:
    own = set(holidays.country_holidays("AR", subdiv="B", years=2026)) - set(
        holidays.country_holidays("AR", years=2026)
    )
    for day in own:
        assert DaysOff("AR").on(day) is None
        assert DaysOff("AR", "B").on(day) is not None


@given(DAYS, st.integers(1, 48))
def test_months_end_where_the_month_does(start: date, months: int) -> None:
    later = months_after(start, months)
    assert (later.year - start.year) * 12 + later.month - start.month == months
    if later.day != start.day:
        assert (later + timedelta(1)).day == 1
        assert later.day < start.day


def test_months_of_the_last_days_of_august() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2027, 8, 29), 6) == date(2028, 2, 29)
    assert months_after(date(2026, 12, 31), 12) == date(2027, 12, 31)
    assert months_after(date(2026, 6, 15), 6) == date(2026, 12, 15)
