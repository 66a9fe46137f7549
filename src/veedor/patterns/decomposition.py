"""A daily series taken apart into trend, seasons and remainder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import signal

from veedor.arrays import Floats
from veedor.errors import DataError, phrase
from veedor.patterns.departures import autoregression

_FEWEST_DAYS = 56
_TREND_DAYS = 61
_WEEKS_OF_A_PROFILE = 53
_YEAR = 365.25
_WAVES = 3
_NO_NOISE = 1e-12


@dataclass(frozen=True, eq=False)
class Decomposition:
    """A daily series taken apart, on the scale :math:`2 sqrt(y + 3/8)`. Arrays of shape (days,).

    Parameters
    ----------
    trend, low, high : array
        Level of the series in incidents a day, with a 95% band for each day.
    seasonal : dict of int to array
        Period in days -> its season, on the square-root scale.
    remainder : array
    strength : dict of int to (float, float, float)
        Period -> strength of its season, from 0 (none) to 1, with its 95% range:
        :math:`max(0, 1 - var(remainder) / var(season + remainder))`.
    """

    trend: Floats
    low: Floats
    high: Floats
    seasonal: dict[int, Floats]
    remainder: Floats
    strength: dict[int, tuple[float, float, float]]


def decompose(
    counts: npt.ArrayLike, rng: np.random.Generator, *, replicates: int = 49
) -> Decomposition:
    """Take a daily series apart into trend, week, year (from two years on) and remainder.

    As MSTL does: the year first, then STL for the week and the trend. The year is three waves,
    fitted beside a straight line; smoothed by days of the year, as in MSTL, two or three years
    would give each day to itself, and noise a season. The week's profile changes slowly, over about
    a year; the trend looks at 61 days.

    The band is the trend with 1.96 of its standard errors: noise with the remainder's variance and
    autocorrelation from one day to the next is put on trend and seasons, which are taken apart
    again, `replicates` times; what part of it the remainder then keeps sets the scale. Variance and
    autocorrelation are taken from differences of days, as the remainder has lost what is slow to
    the trend. A bend that the trend is too stiff to follow is not in the band.

    Parameters
    ----------
    counts : array of int, shape (days,)
        At least 56 days.
    rng : numpy.random.Generator
    replicates : int

    Raises
    ------
    DataError
        If there are fewer than 56 days.

    References
    ----------
    Cleveland, R. B., Cleveland, W. S., McRae, J. E. & Terpenning, I. (1990). STL: a seasonal-trend
    decomposition procedure based on loess. Journal of Official Statistics 6, 3-73.

    Bandara, K., Hyndman, R. J. & Bergmeir, C. (2025). MSTL: a seasonal-trend decomposition
    algorithm for time series with multiple seasonal patterns. International Journal of Operational
    Research 52, 79-98. https://doi.org/10.1504/IJOR.2025.143957

    Wang, X., Smith, K. & Hyndman, R. (2006). Characteristic-based clustering for time series data.
    Data Mining and Knowledge Discovery 13, 335-364. https://doi.org/10.1007/s10618-005-0039-x
    """
    y = np.asarray(counts, dtype=np.float64)
    if len(y) < _FEWEST_DAYS:
        raise DataError(
            "A decomposition needs at least 56 days.", found=phrase("{n} days", n=len(y))
        )
    scaled = 2.0 * np.sqrt(y + 0.375)
    trend, seasonal, remainder = _apart(scaled)
    fixed = scaled - remainder
    variance, carried = autoregression(remainder)
    again = [_apart(fixed + _noise(len(y), variance, carried, rng)) for _ in range(replicates)]
    # The remainder is less than the noise, as trend and seasons follow some of it: how much less,
    # the noise that was put in tells.
    kept = float(np.mean([autoregression(one[2])[0] for one in again])) / max(variance, _NO_NOISE)
    error = np.std([one[0] for one in again], axis=0, ddof=1) / np.sqrt(kept if kept > 0 else 1.0)
    reach = 1.96 * error
    strength = {}
    for period, season in seasonal.items():
        value = _strength(season, remainder)
        aside = 1.96 * float(np.std([_strength(one[1][period], one[2]) for one in again], ddof=1))
        strength[period] = (value, max(0.0, value - aside), min(1.0, value + aside))
    return Decomposition(
        _counts(trend),
        _counts(trend - reach),
        _counts(trend + reach),
        seasonal,
        remainder,
        strength,
    )


def _apart(scaled: Floats) -> tuple[Floats, dict[int, Floats], Floats]:
    from statsmodels.tsa.seasonal import STL

    day = np.arange(len(scaled), dtype=np.float64)
    seasonal: dict[int, Floats] = {}
    left = scaled
    if len(scaled) >= 2 * _YEAR:
        turns = 2.0 * np.pi * np.outer(day / _YEAR, np.arange(1, _WAVES + 1))
        waves = np.hstack([np.cos(turns), np.sin(turns)])
        design = np.column_stack([np.ones(len(day)), day / _YEAR, waves])
        seasonal[365] = waves @ np.linalg.lstsq(design, scaled)[0][2:]
        left = scaled - seasonal[365]
    found = STL(left, period=7, seasonal=_WEEKS_OF_A_PROFILE, trend=_TREND_DAYS).fit()
    return (
        np.asarray(found.trend),
        {7: np.asarray(found.seasonal), **seasonal},
        np.asarray(found.resid),
    )


def _noise(days: int, variance: float, carried: float, rng: np.random.Generator) -> Floats:
    fresh = rng.normal(0.0, np.sqrt(variance * (1.0 - carried**2)), size=days)
    fresh[0] = rng.normal(0.0, np.sqrt(variance))
    return np.asarray(signal.lfilter([1.0], [1.0, -carried], fresh))


def _counts(scaled: Floats) -> Floats:
    return np.maximum((np.maximum(scaled, 0.0) / 2.0) ** 2 - 0.375, 0.0)


def _strength(season: Floats, remainder: Floats) -> float:
    whole = float(np.var(season + remainder))
    return max(0.0, 1.0 - float(np.var(remainder)) / whole) if whole > _NO_NOISE else 0.0
