"""The calendar of periods: the season, and public holidays."""

from __future__ import annotations

from datetime import datetime

import holidays
import numpy as np
import numpy.typing as npt

from veedor.forecasters.history import History
from veedor.spacetime import Length, Periods
from veedor.spacetime.periods import local_time

Floats = npt.NDArray[np.float64]

_YEAR_DAYS = 365.25


def yearly_angle(starts: list[datetime]) -> Floats:
    """Angle of the year, in radians, 0 at its beginning."""
    return np.array([2.0 * np.pi * one.timetuple().tm_yday / _YEAR_DAYS for one in starts])


def turn_of_year(period: Periods) -> tuple[float, float]:
    """Sine and cosine of the angle of the year in the middle of one period."""
    middle = period.edges[0] + (period.edges[-1] - period.edges[0]) / 2
    angle = yearly_angle([local_time(middle, period.time_zone)])[0]
    return float(np.sin(angle)), float(np.cos(angle))


def is_holiday(starts: list[datetime], history: History) -> Floats:
    """1 on the study's public holidays, else 0; 0 where the study names none."""
    if history.country is None:
        return np.zeros(len(starts))
    years = range(starts[0].year, starts[-1].year + 2)
    known = holidays.country_holidays(
        history.country, subdiv=history.subdivision, years=years, observed=True
    )
    return np.array([float(start.date() in known) for start in starts])


def holiday_share(period: Periods, history: History) -> float:
    """Share of the days of one period that are public holidays."""
    if history.country is None:
        return 0.0
    days, _ = period.split(Length(1, "day"))
    return float(is_holiday(days.local_starts(), history).mean())
