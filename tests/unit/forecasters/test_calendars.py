from datetime import datetime

import numpy as np
import pytest

from veedor.forecasters.calendars import (
    NO_HOLIDAYS,
    Region,
    holiday_share,
    is_holiday,
    turn_of_year,
    yearly_angle,
)
from veedor.spacetime import Length, Periods

ZONE = "America/Argentina/Buenos_Aires"
ARGENTINA = Region("AR")


def week_from(day):
    return Periods.stepping(np.datetime64(f"{day}T03:00", "us"), Length(1, "week"), 0, 1, ZONE)


def test_the_angle_of_the_year_goes_round_once():
    angles = yearly_angle([datetime(2023, 1, 1), datetime(2023, 7, 2), datetime(2023, 12, 31)])
    np.testing.assert_allclose(angles / (2.0 * np.pi), [0.0, 0.5, 1.0], atol=0.004)


def test_the_turn_of_the_year_is_that_of_the_middle_of_the_period():
    sine, cosine = turn_of_year(week_from("2023-12-29"))
    assert cosine > 0.999
    assert abs(sine) < 0.03
    half = Periods.stepping(np.datetime64("2023-01-01T03:00", "us"), Length(6, "month"), 0, 2, ZONE)
    assert turn_of_year(half)[1] == pytest.approx(-1.0, abs=0.001)


def test_public_holidays_are_those_of_local_days():
    starts = [datetime(2023, 4, 30, 23), datetime(2023, 5, 1), datetime(2023, 5, 2)]
    assert is_holiday(starts, ARGENTINA).tolist() == [0.0, 1.0, 0.0]
    assert is_holiday(starts, NO_HOLIDAYS).tolist() == [0.0, 0.0, 0.0]


def test_the_share_of_holidays_in_a_period():
    assert holiday_share(week_from("2023-07-03"), ARGENTINA) == pytest.approx(1 / 7)
    assert holiday_share(week_from("2023-07-10"), ARGENTINA) == 0.0
    assert holiday_share(week_from("2023-07-03"), NO_HOLIDAYS) == 0.0


def test_a_period_over_new_year_sees_both_years():
    assert holiday_share(week_from("2023-12-23"), ARGENTINA) == pytest.approx(1 / 7)
    assert holiday_share(week_from("2023-12-30"), ARGENTINA) == pytest.approx(1 / 7)
