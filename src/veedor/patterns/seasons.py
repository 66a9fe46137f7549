"""Seasons: weekdays, months, holidays and pay-days, and the series taken apart."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
from scipy import signal

from veedor.errors import DataError
from veedor.estimates import TestResult
from veedor.patterns.departures import autoregression
from veedor.patterns.discoveries import false_discovery_q

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_FEWEST_DAYS = 56
_LONG_RUN_DAYS = 7
_TREND_DAYS = 61
_A_YEAR = 0.98
_NO_INCIDENT = 1e-9
_NO_NOISE = 1e-12
_SOURCE = (
    "Newey, W. K. & West, K. D. (1987). A simple, positive semi-definite, heteroskedasticity and "
    "autocorrelation consistent covariance matrix. Econometrica 55, 703-708. "
    "https://doi.org/10.2307/1913610"
)


@dataclass(frozen=True)
class Effect:
    """How many more incidents a kind of day has, all else alike.

    Parameters
    ----------
    kind, name : str
        Such as ``"weekday"``, ``"Monday"``.
    ratio, low, high : float
        Against the mean (of logarithms) of all weekdays or months, or against other days; 95%
        interval.
    p_value, q_value : float
        Against 1, two-sided; `false_discovery_q` over all effects of the category.
    days : int
        Days of this kind in the record.
    """

    kind: str
    name: str
    ratio: float
    low: float
    high: float
    p_value: float
    q_value: float
    days: int


def calendar_effects(
    counts: npt.ArrayLike,
    days: Sequence[date],
    *,
    holidays: Sequence[date] = (),
    pay_days: Sequence[int] = (),
) -> tuple[tuple[Effect, ...], dict[str, TestResult]]:
    """Effects of weekday, month, holiday and pay-day on a daily series, together.

    A Poisson regression of the daily counts on weekday, month (only where the record has every
    month and more than a year), a straight trend, holidays, pay-days and the first of the month.
    Its standard errors are those of a Poisson count times the long-run dispersion: variance by mean
    of the residuals, times one plus twice their autocorrelations over 7 days (Bartlett's weights).

    Parameters
    ----------
    counts : array of int, shape (days,)
    days : sequence of date
        Consecutive local days, at least 56.
    holidays : sequence of date
    pay_days : sequence of int
        Days of the month, from 1; -1 is the last. A pay-day lasts until the day after it.

    Returns
    -------
    effects : tuple of Effect
    tests : dict of str to TestResult
        Is there any effect of the weekday, of the month? (Wald tests.)

    Raises
    ------
    DataError
        If there are fewer than 56 days, or nothing was recorded.

    Notes
    -----
    The first of the month has an effect of its own because records of unknown date are often
    entered there: it is a sign of recording. If it is a pay-day too, the two cannot be told apart,
    and only the pay-day is estimated.

    References
    ----------
    Newey & West (1987). https://doi.org/10.2307/1913610
    """
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    y = np.asarray(counts, dtype=np.float64)
    if len(y) < _FEWEST_DAYS or y.sum() == 0:
        raise DataError(
            "Effects of the calendar need at least 56 days, and incidents.",
            found=f"{len(y)} days with {int(y.sum())} incidents",
        )
    weekday = np.array([day.weekday() for day in days])
    month = np.array([day.month - 1 for day in days])
    paid = _paid(days, pay_days)
    flags = {
        ("holiday", "public holiday"): np.isin(
            np.array(days), np.array(list(holidays), dtype=object)
        ),
        ("pay-day", "pay-day and the day after"): paid,
        ("recording", "first of the month"): np.array([day.day == 1 for day in days]) & ~paid,
    }
    flags = {name: flag for name, flag in flags.items() if 0 < flag.sum() < len(y)}
    levels: list[tuple[str, tuple[str, ...], npt.NDArray[np.int64]]] = [
        ("weekday", WEEKDAYS, weekday)
    ]
    if len(y) > 366 and len(np.unique(month)) == 12:
        levels.append(("month", MONTHS, month))
    columns = [np.ones(len(y)), np.linspace(-0.5, 0.5, len(y))]
    contrasts: list[tuple[str, str, Floats, int]] = []
    where: dict[str, range] = {}
    for kind, names, level in levels:
        first = len(columns)
        where[kind] = range(first, first + len(names) - 1)
        columns += [
            (level == one).astype(float) - (level == len(names) - 1)
            for one in range(len(names) - 1)
        ]
    for flag in flags.values():
        columns.append(flag.astype(float))
    width = len(columns)
    for kind, names, level in levels:
        for one, name in enumerate(names):
            row = np.zeros(width)
            if one < len(names) - 1:
                row[where[kind][one]] = 1.0
            else:
                row[list(where[kind])] = -1.0
            contrasts.append((kind, name, row, int((level == one).sum())))
    for place, ((kind, name), flag) in enumerate(flags.items()):
        contrasts.append((kind, name, np.eye(width)[width - len(flags) + place], int(flag.sum())))
    model = sm.GLM(y, np.column_stack(columns), family=sm.families.Poisson())
    with warnings.catch_warnings():
        # A series that is the same every day is fitted without a residual, which is no fault.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        scale = _long_run_dispersion(np.asarray(model.fit().resid_pearson), width)
        fitted = model.fit(scale=scale)
    found = fitted.t_test(np.array([row for _, _, row, _ in contrasts]))
    joint = {
        kind: fitted.wald_test(np.eye(width)[list(at)], scalar=True) for kind, at in where.items()
    }
    value = np.asarray(found.effect)
    ends = np.asarray(found.conf_int(0.05))
    p_value = np.asarray(found.pvalue, dtype=np.float64)
    q_value = false_discovery_q(p_value)
    effects = tuple(
        Effect(
            kind=kind,
            name=name,
            ratio=float(np.exp(value[place])),
            low=float(np.exp(ends[place, 0])),
            high=float(np.exp(ends[place, 1])),
            p_value=float(p_value[place]),
            q_value=float(q_value[place]),
            days=many,
        )
        for place, (kind, name, _, many) in enumerate(contrasts)
    )
    tests = {
        kind: TestResult(
            test=f"Wald test of the {kind}, with the long-run dispersion",
            null_hypothesis=f"The {kind} makes no difference to the daily count, all else alike.",
            statistic=float(test.statistic),
            p_value=float(test.pvalue),
            n=len(y),
            unit="days",
            seed=None,
            source=_SOURCE,
        )
        for kind, test in joint.items()
    }
    return effects, tests


def _long_run_dispersion(residuals: Floats, parameters: int) -> float:
    """Variance by mean, times what autocorrelation adds to sums; each at least 1."""
    dispersion = float(np.sum(residuals**2)) / max(len(residuals) - parameters, 1)
    square = float(np.sum(residuals**2))
    factor = 1.0
    for days in range(1, _LONG_RUN_DAYS + 1):
        together = float(np.sum(residuals[days:] * residuals[:-days])) / square if square else 0.0
        factor += 2.0 * (1.0 - days / (_LONG_RUN_DAYS + 1)) * together
    return max(1.0, dispersion) * max(1.0, factor)


def _paid(days: Sequence[date], pay_days: Sequence[int]) -> Flags:
    def is_pay_day(day: date) -> bool:
        last = (day + timedelta(days=1)).day == 1
        return day.day in pay_days or (last and -1 in pay_days)

    return np.array([is_pay_day(day) or is_pay_day(day - timedelta(days=1)) for day in days])


@dataclass(frozen=True, eq=False)
class Season:
    """A smooth yearly season of a series without a trend: two harmonics of the year, on logarithms.

    Parameters
    ----------
    coefficients : array, shape (1,) or (5,)
        Logarithm of the level alone, or with a cosine and a sine of one and of two turns a year.
    covariance : array
        Of the coefficients, were the counts Poisson's.
    """

    coefficients: Floats
    covariance: Floats

    def expected(self, years: npt.ArrayLike) -> Floats:
        """Expected counts of periods with these middles, in years; above 0, of their shape."""
        return np.asarray(np.exp(self._design(years) @ self.coefficients))

    def variance(self, years: npt.ArrayLike) -> float:
        """Variance of the mean logarithm of the expected counts, were the counts Poisson's."""
        mean = self._design(years).mean(axis=0)
        return float(mean @ self.covariance @ mean)

    def _design(self, years: npt.ArrayLike) -> Floats:
        turns = 2.0 * np.pi * np.outer(np.asarray(years, dtype=np.float64), (1.0, 2.0))
        whole = np.hstack([np.ones((len(turns), 1)), np.cos(turns), np.sin(turns)])
        return whole[:, : len(self.coefficients)]


def fit_season(counts: npt.ArrayLike, years: npt.ArrayLike) -> Season:
    """Fit a yearly season by Poisson regression.

    Parameters
    ----------
    counts : array of int, shape (periods,)
    years : array, shape (periods,)
        Middle of each period, in years; at least one year in all, else there is no season to be had
        and the series is level.

    Returns
    -------
    Season

    Examples
    --------
    >>> fit_season([3, 5, 4], [0.0, 0.1, 0.2]).expected([0.3, 0.4])
    array([4., 4.])
    """
    import statsmodels.api as sm

    y, when = np.asarray(counts, dtype=np.float64), np.asarray(years, dtype=np.float64)
    if np.ptp(when) < _A_YEAR or y.sum() == 0:
        level = max(float(y.mean()), _NO_INCIDENT)
        return Season(np.log([level]), np.array([[1.0 / max(float(y.sum()), 1.0)]]))
    season = Season(np.zeros(5), np.zeros((5, 5)))
    fitted = sm.GLM(y, season._design(when), family=sm.families.Poisson()).fit()
    return Season(np.asarray(fitted.params), np.asarray(fitted.cov_params()))


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
    """Take a daily series apart into trend, week, year (from two years on) and remainder: MSTL.

    The band is the trend with 1.96 of its standard errors: noise with the remainder's variance and
    autocorrelation from one day to the next is put on trend and seasons, which are taken apart
    again, `replicates` times; what part of it the remainder then keeps sets the scale. Variance and
    autocorrelation are taken from differences of days, as the remainder has lost what is slow to
    the trend. A bend that the trend is too stiff to follow is not in the band. Without a yearly
    season the trend looks at 61 days.

    Parameters
    ----------
    counts : array of int, shape (days,)
        At least 56 days.
    rng : numpy.random.Generator
    replicates : int

    Returns
    -------
    Decomposition

    Raises
    ------
    DataError
        If there are fewer than 56 days.

    References
    ----------
    Bandara, K., Hyndman, R. J. & Bergmeir, C. (2025). MSTL: a seasonal-trend decomposition
    algorithm for time series with multiple seasonal patterns. International Journal of Operational
    Research 52, 79-98. https://doi.org/10.1504/IJOR.2025.143957

    Wang, X., Smith, K. & Hyndman, R. (2006). Characteristic-based clustering for time series data.
    Data Mining and Knowledge Discovery 13, 335-364. https://doi.org/10.1007/s10618-005-0039-x
    """
    y = np.asarray(counts, dtype=np.float64)
    if len(y) < _FEWEST_DAYS:
        raise DataError("A decomposition needs at least 56 days.", found=f"{len(y)} days")
    scaled = 2.0 * np.sqrt(y + 0.375)
    periods = (7, 365) if len(y) > 2 * 365 + 1 else (7,)
    trend, seasonal, remainder = _mstl(scaled, periods)
    fixed = scaled - remainder
    variance, carried = autoregression(remainder)
    again = [
        _mstl(fixed + _noise(len(y), variance, carried, rng), periods) for _ in range(replicates)
    ]
    # The remainder is less than the noise, as trend and seasons follow some of it: how much less,
    # the noise that was put in tells.
    kept = float(np.mean([autoregression(one[2])[0] for one in again])) / max(variance, _NO_NOISE)
    error = np.std([one[0] for one in again], axis=0, ddof=1) / np.sqrt(kept if kept > 0 else 1.0)
    reach = 1.96 * error
    strength = {}
    for place, period in enumerate(periods):
        drawn = [_strength(one[1][place], one[2]) for one in again]
        ends = np.quantile(drawn, (0.025, 0.975))
        strength[period] = (_strength(seasonal[place], remainder), float(ends[0]), float(ends[1]))
    return Decomposition(
        _counts(trend),
        _counts(trend - reach),
        _counts(trend + reach),
        dict(zip(periods, seasonal, strict=True)),
        remainder,
        strength,
    )


def _mstl(scaled: Floats, periods: tuple[int, ...]) -> tuple[Floats, Floats, Floats]:
    from statsmodels.tsa.seasonal import MSTL

    # A year's season brings its own, longer window.
    window = {"trend": _TREND_DAYS} if periods == (7,) else {}
    found = MSTL(scaled, periods=periods, iterate=1, stl_kwargs=window).fit()
    seasonal = np.asarray(found.seasonal).reshape(len(scaled), len(periods)).T
    return np.asarray(found.trend), seasonal, np.asarray(found.resid)


def _noise(days: int, variance: float, carried: float, rng: np.random.Generator) -> Floats:
    fresh = rng.normal(0.0, np.sqrt(variance * (1.0 - carried**2)), size=days)
    fresh[0] = rng.normal(0.0, np.sqrt(variance))
    return np.asarray(signal.lfilter([1.0], [1.0, -carried], fresh))


def _counts(scaled: Floats) -> Floats:
    return np.maximum((np.maximum(scaled, 0.0) / 2.0) ** 2 - 0.375, 0.0)


def _strength(season: Floats, remainder: Floats) -> float:
    whole = float(np.var(season + remainder))
    return max(0.0, 1.0 - float(np.var(remainder)) / whole) if whole > 0 else 0.0
