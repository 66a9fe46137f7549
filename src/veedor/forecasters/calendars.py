"""The calendar of periods: the season, and public holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import holidays
import numpy as np

from veedor.arrays import Floats
from veedor.spacetime import Length, Periods
from veedor.spacetime.periods import local_time

_YEAR_DAYS = 365.25


@dataclass(frozen=True)
class Region:
    """Whose public holidays apply.

    Parameters
    ----------
    country : str or None
        ISO 3166 code; None for no holidays.
    subdivision : str or None
        ISO 3166-2 code within the country.
    """

    country: str | None = None
    subdivision: str | None = None


NO_HOLIDAYS = Region()


def yearly_angle(starts: list[datetime]) -> Floats:
    """Angle of the year, in radians, 0 at its beginning."""
    return np.array([2.0 * np.pi * one.timetuple().tm_yday / _YEAR_DAYS for one in starts])


def turn_of_year(period: Periods) -> tuple[float, float]:
    """Sine and cosine of the angle of the year in the middle of one period."""
    middle = period.edges[0] + (period.edges[-1] - period.edges[0]) / 2
    angle = yearly_angle([local_time(middle, period.time_zone)])[0]
    return float(np.sin(angle)), float(np.cos(angle))


def is_holiday(starts: list[datetime], region: Region) -> Floats:
    """1 on the region's public holidays, else 0; 0 where it names none."""
    if region.country is None:
        return np.zeros(len(starts))
    known = _holidays(region.country, region.subdivision, starts[0].year, starts[-1].year + 1)
    return np.array([float(start.date() in known) for start in starts])


@lru_cache(maxsize=64)
def _holidays(country: str, subdivision: str | None, first: int, last: int) -> frozenset[date]:
    """Public holidays of the years from `first` to `last`."""
    years = range(first, last + 1)
    return frozenset(
        holidays.country_holidays(country, subdiv=subdivision, years=years, observed=True)
    )


def holiday_share(period: Periods, region: Region) -> float:
    """Share of the days of one period that are public holidays."""
    if region.country is None:
        return 0.0
    days, _ = period.split(Length(1, "day"))
    return float(is_holiday(days.local_starts(), region).mean())
