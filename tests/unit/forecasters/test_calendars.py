from datetime import datetime

import numpy as np

from veedor.forecasters.calendars import (
    NO_HOLIDAYS,
    Region,
    is_holiday,
    yearly_angle,
)

ARGENTINA = Region("AR")


def test_the_angle_of_the_year_goes_round_once():
    angles = yearly_angle([datetime(2023, 1, 1), datetime(2023, 7, 2), datetime(2023, 12, 31)])
    np.testing.assert_allclose(angles / (2.0 * np.pi), [0.0, 0.5, 1.0], atol=0.004)


def test_public_holidays_are_those_of_local_days():
    starts = [datetime(2023, 4, 30, 23), datetime(2023, 5, 1), datetime(2023, 5, 2)]
    assert is_holiday(starts, ARGENTINA).tolist() == [0.0, 1.0, 0.0]
    assert is_holiday(starts, NO_HOLIDAYS).tolist() == [0.0, 0.0, 0.0]


def test_days_over_new_year_see_both_years():
    starts = [datetime(2023, 12, 25), datetime(2023, 12, 27), datetime(2024, 1, 1)]
    assert is_holiday(starts, ARGENTINA).tolist() == [1.0, 0.0, 1.0]
