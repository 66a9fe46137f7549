"""A weekly watch over many series, with a stated rate of false alarms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Ints
from veedor.errors import DataError, phrase
from veedor.patterns.departures import departures, draw_counts, draw_departures
from veedor.patterns.seasons import fit_season

_HALVINGS = 30
_TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Baseline:
    """What the weeks before say of the weeks ahead. Series are columns.

    Parameters
    ----------
    expected : array above 0, shape (weeks ahead, series)
    error : array, shape (series,)
        Relative standard error of the level expected ahead.
    dispersion, carried : array, shape (series,)
        Of the weeks before: see `departures`.
    weeks : int
        Weeks before.
    """

    expected: Floats
    error: Floats
    dispersion: Floats
    carried: Floats
    weeks: int


def baseline(
    counts: npt.ArrayLike, total: npt.ArrayLike, years: npt.ArrayLike, ahead: npt.ArrayLike
) -> Baseline:
    r"""Expect each series to keep its share of a total, and the total its season.

    With N of the total and n of a series before, long-run dispersions :math:`\Lambda` and
    :math:`\lambda`, and :math:`v` the variance that the season's fit would have for Poisson counts,
    of the logarithm of a week ahead: the level's relative variance is
    :math:`\lambda / n + \Lambda (v - 1 / N)`.

    Parameters
    ----------
    counts : array of int, shape (weeks, series)
    total : array of int, shape (weeks,)
        What has the season: all series together, say. It may be one of them.
    years : array, shape (weeks,)
        Middle of each week, in years.
    ahead : array, shape (weeks ahead,)
    """
    before, whole = np.asarray(counts, dtype=np.float64), np.asarray(total, dtype=np.float64)
    season = fit_season(whole, years)
    usual, expected = season.expected(years), season.expected(ahead)
    share = np.maximum(before.sum(axis=0), _TINY) / max(float(whole.sum()), _TINY)
    mine, all_of_them = departures(before.T, usual), departures(whole[None], usual)
    level = mine.long_run / np.maximum(before.sum(axis=0), 1.0)
    shape = max(float(season.variance(ahead).mean()) - 1.0 / max(float(whole.sum()), 1.0), 0.0)
    return Baseline(
        expected[:, None] * share,
        np.sqrt(level + all_of_them.long_run * shape),
        mine.dispersion,
        mine.carried,
        len(before),
    )


@dataclass(frozen=True, eq=False)
class WeeklyWatch:
    """A CUSUM of each series.

    Parameters
    ----------
    cusum : array, shape (weeks, series)
        Evidence for a rise by `ratio` since the chart last stood at 0, in nats.
    limit : array, shape (series,)
        An alarm is a cusum at or above it.
    run_weeks : array, shape (series,)
        Simulated weeks watched for one false alarm at that limit; infinite where there was none.
    alarm : array of bool, shape (weeks, series)
    false_alarms : float
        Expected over all series and weeks if nothing changed.
    by_chance : array of int, shape (simulations,)
        False alarms over all series and weeks of simulated ones without a change, each series by
        itself.
    ratio : float
    """

    cusum: Floats
    limit: Floats
    run_weeks: Floats
    alarm: Bools
    false_alarms: float
    by_chance: Ints
    ratio: float


def weekly_watch(
    counts: npt.ArrayLike,
    expected: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    dispersion: npt.ArrayLike = 1.0,
    carried: npt.ArrayLike = 0.0,
    error: npt.ArrayLike = 0.0,
    known_from: float = np.inf,
    ratio: float = 1.5,
    run_weeks: float = 520.0,
    simulations: int = 1000,
) -> WeeklyWatch:
    r"""Watch weekly counts for a lasting rise, at a rate of false alarms that is set.

    :math:`C_t = \max(0, C_{t-1} + [y_t \log r - (r - 1) e_t] / \phi)` for a rise by r, expected
    counts e and dispersion :math:`\phi`; at the limit it alarms and begins anew. The limit is where
    simulated series without a change, over the same weeks, alarm once in `run_weeks` weeks. Their
    true level, dispersion and autocorrelation are drawn about those given, as well as these are
    known.

    Parameters
    ----------
    counts : array of int, shape (weeks, series)
    expected : array, shape (weeks, series)
        Above 0: from earlier data only, see `baseline`.
    rng : numpy.random.Generator
    dispersion : array, shape (series,)
        Variance by mean, at least 1.
    carried : array, shape (series,)
        Autocorrelation from one week to the next, from 0 to below 1.
    error : array, shape (series,)
        Relative standard error of the expected level; by default it is taken as known.
    known_from : float
        Weeks from which dispersion and autocorrelation were estimated; by default these are taken
        as known.
    ratio : float
        Rise to be found soonest, above 1.
    run_weeks : float
        Weeks for one false alarm of one series: 520 is one in ten years.
    simulations : int
        Of each series.

    Raises
    ------
    DataError
        If an expected count is not above 0, or the ratio not above 1.

    Notes
    -----
    O(weeks x series x simulations). With S series the mean number of false alarms is about
    S weeks / run_weeks, however good the limit: `WeeklyWatch.false_alarms`.

    References
    ----------
    Lucas, J. M. (1985). Counted data CUSUM's. Technometrics 27, 129-144.
    https://doi.org/10.1080/00401706.1985.10488030

    Farrington, C. P., Andrews, N. J., Beale, A. D. & Catchpole, M. A. (1996). A statistical
    algorithm for the early detection of outbreaks of infectious disease. Journal of the Royal
    Statistical Society A 159, 547-563 (on expected counts from earlier data, and dispersion).
    https://doi.org/10.2307/2983331

    Examples
    --------
    >>> counts = np.array([[10], [11], [9], [30], [28], [31]])
    >>> found = weekly_watch(counts, np.full((6, 1), 10.0), np.random.default_rng(1))
    >>> found.alarm[:, 0].tolist()
    [False, False, False, True, True, True]
    """
    y, e = np.asarray(counts, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if y.shape != e.shape or not bool(np.all(e > 0)) or ratio <= 1.0:
        raise DataError(
            "A watch needs expected counts above 0, one for each count, and a ratio above 1.",
            found=phrase(
                "shapes {shape} and {other_shape}, smallest expected {lowest:g}, ratio {ratio:g}",
                shape=y.shape,
                other_shape=e.shape,
                lowest=e.min(initial=np.inf),
                ratio=ratio,
            ),
        )
    weeks, series = y.shape
    spread, lasting, unsure = (
        np.broadcast_to(np.asarray(one, dtype=np.float64), (series,))
        for one in (dispersion, carried, error)
    )
    limit, alarms = np.empty(series), np.empty(series)
    by_chance = np.zeros(simulations, dtype=np.int64)
    for one in range(series):
        true = draw_departures(spread[one], lasting[one], known_from, simulations, rng)
        level = np.ones(simulations)
        if unsure[one] > 0:
            # The level is as unsure as departures are large and lasting, which is unsure itself.
            given = spread[one] * (1.0 + lasting[one]) / (1.0 - lasting[one])
            variance = unsure[one] ** 2 * true.long_run / given
            level = rng.gamma(1.0 / variance, variance)
        drawn = draw_counts(level[:, None] * e[:, one], true.dispersion, rng, true.carried)
        paths = _steps(drawn.T, e[:, [one]], spread[one], ratio)
        limit[one], alarms[one] = _limit(paths, weeks / run_weeks)
        by_chance += _chart(paths, limit[one])[1].sum(axis=0)
    cusum, alarm = _chart(_steps(y, e, spread, ratio), limit)
    with np.errstate(divide="ignore"):
        return WeeklyWatch(
            cusum, limit, weeks / alarms, alarm, float(alarms.sum()), by_chance, ratio
        )


def _steps(y: Floats, e: Floats, dispersion: Floats | float, ratio: float) -> Floats:
    return np.asarray((y * np.log(ratio) - (ratio - 1.0) * e) / dispersion)


def _chart(steps: Floats, limit: Floats | float) -> tuple[Floats, Bools]:
    """CUSUM, and whether it alarms, both of the shape of the steps (weeks, series)."""
    cusum, alarm = np.empty(steps.shape), np.zeros(steps.shape, dtype=bool)
    now = np.zeros(steps.shape[1])
    for week, step in enumerate(steps):
        now = np.maximum(0.0, now + step)
        cusum[week], alarm[week] = now, now >= limit
        now = np.where(alarm[week], 0.0, now)
    return cusum, alarm


def _limit(steps: Floats, alarms: float) -> tuple[float, float]:
    """Smallest limit at which paths alarm no more than so often each, and how often they do."""
    low, high = 0.0, float(_chart(steps, np.inf)[0].max(initial=0.0)) + _TINY
    reached = 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        often = float(_chart(steps, middle)[1].sum()) / steps.shape[1]
        if often > alarms:
            low = middle
        else:
            high, reached = middle, often
        if high - low <= _TINY:
            break
    return high, reached
