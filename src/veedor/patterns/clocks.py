"""Clocks: when in the week incidents are recorded, with what is known of their time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.errors import DataError
from veedor.incidents import Incidents
from veedor.patterns.discoveries import false_discovery_q
from veedor.spacetime import Periods, spread
from veedor.spacetime.periods import local_time

Floats = npt.NDArray[np.float64]

HOURS = 168
_FEWEST_WEEKS = 6


@dataclass(frozen=True, eq=False)
class Clock:
    """The week of one category. Arrays of shape (168,), from Monday 0:00 local time.

    Parameters
    ----------
    relative : array
        Incidents per hour in that hour of the week, by the mean over all hours; 1 is the mean.
    low, high : array
        95% interval, from leaving out weeks.
    p_value, q_value : array
        Against 1, two-sided; `false_discovery_q` over the 168 hours.
    incidents : int
        In the record's span, with or without a place.
    wide_share, day_share : float or None
        Share of them whose time is known to more than one hour, and to no better than half a day:
        these are spread evenly over their intervals, and flatten the clock.
    midnight_share, noon_share : float or None
        Share of the exactly timed ones at 0:00:00, and at 12:00:00, local: more than 1 in 1,440 is
        a habit of recording.
    weeks : int
    """

    relative: Floats
    low: Floats
    high: Floats
    p_value: Floats
    q_value: Floats
    incidents: int
    wide_share: float | None
    day_share: float | None
    midnight_share: float | None
    noon_share: float | None
    weeks: int


def hour_of_week(
    incidents: Incidents, category: str, begins: np.datetime64, until: np.datetime64
) -> Clock:
    r"""Share the incidents out over the 168 hours of the local week, aoristically.

    An incident whose interval spans hours gives each the share of its interval that lies in it
    (`veedor.spacetime.spread`). With :math:`y_h` weights and :math:`e_h` hours of the record in
    hour h of the week (daylight saving makes some fewer): :math:`(y_h / e_h) / (\sum y / \sum e)`.

    Parameters
    ----------
    incidents : Incidents
    category : str
    begins, until : datetime64
        UTC; a local midnight each, for weeks to be whole days.

    Returns
    -------
    Clock
        NaN where nothing was recorded; no interval with fewer than 6 weeks.

    Raises
    ------
    DataError
        If the span is shorter than a day.

    Notes
    -----
    The interval is a delete-one-week jackknife of the logarithm with Student's t: nights of one
    week rise and fall together. O(incidents + hours of the record).

    References
    ----------
    Ratcliffe, J. H. (2002). Aoristic signatures and the spatio-temporal analysis of high volume
    crime patterns. Journal of Quantitative Criminology 18, 23-43.
    https://doi.org/10.1023/A:1013240828824
    """
    first = begins.astype("datetime64[us]")
    hours = int((until - begins) / np.timedelta64(1, "h"))
    edges = first + np.arange(hours + 1) * np.timedelta64(1, "h")
    if len(edges) < 25:
        raise DataError("A clock needs a record of at least a day.", found=f"{begins} to {until}")
    periods = Periods(edges, incidents.time_zone)
    nowhere = np.zeros(len(incidents), dtype=np.int32)
    weight = spread(incidents, nowhere, 1, category, periods).values[:, 0]
    local = [local_time(edge, incidents.time_zone) for edge in edges[:-1]]
    hour = np.array([24 * at.weekday() + at.hour for at in local])
    monday = local[0].date() - timedelta(days=local[0].weekday())
    week = np.array([(at.date() - monday).days // 7 for at in local])
    weeks = int(week[-1]) + 1
    recorded = np.bincount(week * HOURS + hour, weight, weeks * HOURS).reshape(weeks, HOURS)
    exposed = np.bincount(week * HOURS + hour, minlength=weeks * HOURS).reshape(weeks, HOURS)
    relative = _relative(recorded.sum(axis=0), exposed.sum(axis=0))
    low = high = p_value = np.full(HOURS, np.nan)
    if weeks >= _FEWEST_WEEKS:
        without = _relative(recorded.sum(axis=0) - recorded, exposed.sum(axis=0) - exposed)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(without)
            square = np.sum((logs - logs.mean(axis=0)) ** 2, axis=0)
            error = np.sqrt((weeks - 1) / weeks * square)
            reach = special.stdtrit(weeks - 1, 0.975) * error
            p_value = 2.0 * special.stdtr(weeks - 1, -np.abs(np.log(relative) / error))
            low, high = relative * np.exp(-reach), relative * np.exp(reach)
    return Clock(
        relative,
        low,
        high,
        p_value,
        false_discovery_q(p_value),
        *_quality(incidents, category, begins, until),
        weeks,
    )


def _relative(recorded: Floats, exposed: npt.NDArray[np.int64]) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = recorded.sum(axis=-1, keepdims=True) / exposed.sum(axis=-1, keepdims=True)
        return np.asarray(recorded / exposed / np.where(mean > 0, mean, np.nan))


def _quality(
    incidents: Incidents, category: str, begins: np.datetime64, until: np.datetime64
) -> tuple[int, float | None, float | None, float | None, float | None]:
    middle = incidents.midpoint
    mine = (incidents.category == incidents.index_of(category)) & (middle >= begins)
    mine &= middle < until
    count = int(mine.sum())
    if count == 0:
        return 0, None, None, None, None
    width = (incidents.end - incidents.start)[mine]
    exact = incidents.start[mine][width == np.timedelta64(0, "us")]
    heaped = (None, None) if len(exact) == 0 else _heaped(exact, incidents.time_zone)
    wide = float(np.mean(width > np.timedelta64(1, "h")))
    return count, wide, float(np.mean(width >= np.timedelta64(12, "h"))), *heaped


def _heaped(exact: npt.NDArray[np.datetime64], time_zone: str) -> tuple[float, float]:
    """Share of instants at local midnight, and at local noon."""
    day = exact.astype("datetime64[D]")
    days, place = np.unique(day, return_inverse=True)
    # The offset at noon UTC is that of the day but for the night on which it changes.
    offset = np.array([
        np.datetime64(local_time(one + np.timedelta64(12, "h"), time_zone), "us")
        - (one.astype("datetime64[us]") + np.timedelta64(12, "h"))
        for one in days
    ])  # fmt: skip
    local = exact + offset[place]
    of_day = local - local.astype("datetime64[D]")
    return (
        float(np.mean(of_day == np.timedelta64(0, "us"))),
        float(np.mean(of_day == np.timedelta64(12, "h"))),
    )
