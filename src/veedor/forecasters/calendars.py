"""The calendar of periods: the season, and public holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import holidays
import numpy as np

from veedor.arrays import Floats

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
