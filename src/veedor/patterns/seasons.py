"""Seasons: weekdays, months, holidays and pay-days, and a smooth year."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import stats

from veedor.arrays import Bools, Floats, Ints
from veedor.errors import DataError, phrase
from veedor.patterns.departures import departures
from veedor.statistics.codes import Denominator, Hypothesis
from veedor.statistics.discoveries import false_discovery_q
from veedor.statistics.estimates import TestResult

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_FEWEST_DAYS = 56
_LONG_RUN_DAYS = 7
_A_YEAR = 0.98
_NO_INCIDENT = 1e-9
_SOURCE = (
    "Newey, W. K. & West, K. D. (1987). A simple, positive semi-definite, heteroskedasticity and "
    "autocorrelation consistent covariance matrix. Econometrica 55, 703-708. "
    "https://doi.org/10.2307/1913610"
)


class Effect(msgspec.Struct, frozen=True):
    """How many more incidents a kind of day has, all else alike.

    Parameters
    ----------
    kind, name : str
        Codes, such as ``"weekday"``, ``"monday"``.
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

    A Poisson regression of the daily counts on weekday, month (only where the record is longer than
    a year), a straight trend, holidays, pay-days and the first of the month. What has a weekday, a
    month or a kind of day without a single incident is left out: its logarithm has no bound.
    Its standard errors are those of a Poisson count times the long-run dispersion: variance by mean
    of the residuals, times one plus twice their autocorrelations over 7 days (Bartlett's weights).
    For months it is that of whole weeks, of which departures may last into the next, if it is more,
    and tests and intervals are by Student's t and by F for what is known of it.

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
        Does the weekday, does the month make a difference to the daily count, all else alike?
        (Wald tests with the long-run dispersion.)

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

    y = np.asarray(counts, dtype=np.float64)
    if len(y) < _FEWEST_DAYS or y.sum() == 0:
        raise DataError(
            "Effects of the calendar need at least 56 days, and incidents.",
            found=phrase("{n} days with {y} incidents", n=len(y), y=int(y.sum())),
        )
    weekday = np.array([day.weekday() for day in days])
    month = np.array([day.month - 1 for day in days])
    paid = _paid(days, pay_days)
    flags = {
        ("holiday", "public_holiday"): np.isin(
            np.array(days), np.array(list(holidays), dtype=object)
        ),
        ("pay_day", "pay_day"): paid,
        ("recording", "first_of_the_month"): np.array([day.day == 1 for day in days]) & ~paid,
    }
    flags = {name: flag for name, flag in flags.items() if y[flag].any() and y[~flag].any()}
    levels: list[tuple[str, tuple[str, ...], Ints]] = []
    if np.bincount(weekday, y, 7).all():
        levels.append(("weekday", WEEKDAYS, weekday))
    if len(y) > 366 and np.bincount(month, y, 12).all():
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
    if not contrasts:
        return (), {}
    model = sm.GLM(y, np.column_stack(columns), family=sm.families.Poisson())
    with _perfect_fits():
        plain = model.fit()
        scale = _long_run_dispersion(np.asarray(plain.resid_pearson), width)
        fitted = model.fit(scale=scale)
    weekly, known = _weekly_dispersion(y, np.asarray(plain.fittedvalues))
    # What whole weeks say of their dispersion is itself known from few weeks: Student's t, and F.
    slow = max(1.0, weekly / scale), known
    wider = {kind: slow if kind == "month" else (1.0, np.inf) for kind, _, _, _ in contrasts}
    found = fitted.t_test(np.array([row for _, _, row, _ in contrasts]))
    joint = {
        kind: fitted.wald_test(np.eye(width)[list(at)], scalar=True) for kind, at in where.items()
    }
    value = np.asarray(found.effect)
    factor, freedom = np.array([wider[kind] for kind, _, _, _ in contrasts]).T
    error = np.asarray(found.sd) * np.sqrt(factor)
    reach = stats.t.ppf(0.975, freedom) * error
    p_value = 2.0 * stats.t.sf(np.abs(value / error), freedom)
    q_value = false_discovery_q(p_value)
    effects = tuple(
        Effect(
            kind=kind,
            name=name,
            ratio=float(np.exp(value[place])),
            low=float(np.exp(value[place] - reach[place])),
            high=float(np.exp(value[place] + reach[place])),
            p_value=float(p_value[place]),
            q_value=float(q_value[place]),
            days=many,
        )
        for place, (kind, name, _, many) in enumerate(contrasts)
    )
    tests = {
        kind: TestResult(
            test=Hypothesis("effects_of_calendar", {"kind": kind}),
            statistic=float(test.statistic) / wider[kind][0],
            p_value=_joint(
                float(test.statistic) / wider[kind][0], len(where[kind]), wider[kind][1]
            ),
            n=len(y),
            unit=Denominator("days"),
            seed=None,
            source=_SOURCE,
        )
        for kind, test in joint.items()
    }
    return effects, tests


@contextmanager
def _perfect_fits() -> Iterator[None]:
    """A series that is the same every day is fitted without a residual, which is no fault."""
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        yield


def _long_run_dispersion(residuals: Floats, parameters: int) -> float:
    """Variance by mean, times what autocorrelation adds to sums; each at least 1."""
    dispersion = float(np.sum(residuals**2)) / max(len(residuals) - parameters, 1)
    square = float(np.sum(residuals**2))
    factor = 1.0
    for days in range(1, _LONG_RUN_DAYS + 1):
        together = float(np.sum(residuals[days:] * residuals[:-days])) / square if square else 0.0
        factor += 2.0 * (1.0 - days / (_LONG_RUN_DAYS + 1)) * together
    return max(1.0, dispersion) * max(1.0, factor)


def _weekly_dispersion(y: Floats, fitted: Floats) -> tuple[float, float]:
    """Long-run dispersion of whole weeks about what is fitted, and its degrees of freedom."""
    weeks = len(y) // 7
    counted, usual = (part[: 7 * weeks].reshape(weeks, 7).sum(axis=1) for part in (y, fitted))
    found = departures(counted[None], usual)
    fitted_away = weeks / max(weeks - len(MONTHS), 1)
    return float(found.long_run[0]) * fitted_away, float(found.freedom(weeks)[0])


def _joint(statistic: float, parameters: int, freedom: float) -> float:
    if np.isinf(freedom):
        return float(stats.chi2.sf(statistic, parameters))
    return float(stats.f.sf(statistic / parameters, parameters, freedom))


def _paid(days: Sequence[date], pay_days: Sequence[int]) -> Bools:
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

    def variance(self, years: npt.ArrayLike) -> Floats:
        """Variance of the logarithm of each expected count, were the counts Poisson's."""
        design = self._design(years)
        return np.asarray(np.sum(design @ self.covariance * design, axis=1))

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
    with _perfect_fits():
        fitted = sm.GLM(y, season._design(when), family=sm.families.Poisson()).fit()
    return Season(np.asarray(fitted.params), np.asarray(fitted.cov_params()))
