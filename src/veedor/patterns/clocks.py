"""Clocks: when in the week incidents are recorded, with what is known of their time."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import numpy as np
from scipy import special

from veedor.arrays import Floats, Instants, Ints
from veedor.errors import DataError, phrase
from veedor.incidents import Incidents
from veedor.spacetime import Periods, spread
from veedor.spacetime.periods import local_time
from veedor.statistics.discoveries import false_discovery_q
from veedor.statistics.resampling import jackknife_variance

HOURS = 168
_FEWEST_WEEKS = 6
#: Least variance by mean: weights that are the same every week have none.
_REGULAR = 0.01


class Clock(msgspec.Struct, frozen=True, eq=False):
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
    The interval is Garwood's for a Poisson count, of :math:`y_h / \phi_h`: exact where hours are
    few, and near the normal one where they are many. The dispersion :math:`\phi_h` is that of a
    delete-one-week jackknife, as nights of one week rise and fall together, widened by Student's t
    for the number of weeks; no hour has less than all together, as few incidents tell little of
    their own. O(incidents + hours of the record).

    References
    ----------
    Ratcliffe, J. H. (2002). Aoristic signatures and the spatio-temporal analysis of high volume
    crime patterns. Journal of Quantitative Criminology 18, 23-43.
    https://doi.org/10.1023/A:1013240828824

    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
    https://doi.org/10.1093/biomet/28.3-4.437
    """
    first = begins.astype("datetime64[us]")
    hours = int((until - begins) / np.timedelta64(1, "h"))
    edges = first + np.arange(hours + 1) * np.timedelta64(1, "h")
    if len(edges) < 25:
        raise DataError(
            "A clock needs a record of at least a day.",
            found=phrase("{begins} to {until}", begins=begins, until=until),
        )
    periods = Periods(edges, incidents.time_zone)
    nowhere = np.zeros(len(incidents), dtype=np.int32)
    weight = spread(incidents, nowhere, 1, category, periods).values[:, 0]
    local = [local_time(edge, incidents.time_zone) for edge in edges[:-1]]
    hour = np.array([24 * at.weekday() + at.hour for at in local])
    monday = local[0].date() - timedelta(days=local[0].weekday())
    week = np.array([(at.date() - monday).days // 7 for at in local])
    weeks = int(week[-1]) + 1
    summed = np.bincount(week * HOURS + hour, weight, weeks * HOURS)
    recorded = np.asarray(summed, dtype=np.float64).reshape(weeks, HOURS)
    exposed = np.bincount(week * HOURS + hour, minlength=weeks * HOURS).reshape(weeks, HOURS)
    relative = _relative(recorded.sum(axis=0), exposed.sum(axis=0))
    low = high = p_value = np.full(HOURS, np.nan)
    if weeks >= _FEWEST_WEEKS and recorded.sum() > 0:
        dispersion = _dispersion(recorded, exposed)
        usual = exposed.sum(axis=0) * recorded.sum() / exposed.sum() / dispersion
        low, high, p_value = _against_one(recorded.sum(axis=0) / dispersion, usual)
    return Clock(
        relative,
        low,
        high,
        p_value,
        false_discovery_q(p_value),
        *_quality(incidents, category, begins, until),
        weeks,
    )


def _relative(recorded: Floats, exposed: Ints) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = recorded.sum(axis=-1, keepdims=True) / exposed.sum(axis=-1, keepdims=True)
        return np.asarray(recorded / exposed / np.where(mean > 0, mean, np.nan))


def _dispersion(recorded: Floats, exposed: Ints) -> Floats:
    """Variance by mean of each hour's weight: of its own weeks, at least that of all hours."""
    weeks, y = len(recorded), recorded.sum(axis=0)
    without = _relative(y - recorded, exposed.sum(axis=0) - exposed)
    # On the scale of the hour's weight: its variance, with that of the mean it is held against.
    of_hour = without * exposed.sum(axis=0) * float(y.sum()) / float(exposed.sum())
    variance = jackknife_variance(of_hour)
    together = float(variance.sum() / y.sum())
    own = variance / np.where(y > 0, y, np.inf)
    student = special.stdtrit(weeks - 1, 0.975) / special.ndtri(0.975)
    return np.asarray(np.maximum(np.maximum(own, together), _REGULAR) * student**2)


def _against_one(y: Floats, usual: Floats) -> tuple[Floats, Floats, Floats]:
    """Interval of y by what is usual, and p-value against 1, where y has variance its mean."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(y > 0, special.gammaincinv(y, 0.025), 0.0) / usual
        high = special.gammaincinv(y + 1.0, 0.975) / usual
    # As many or more, as many or fewer.
    tails = np.where(y > 0, special.gammainc(y, usual), 1.0), special.gammaincc(y + 1.0, usual)
    return low, high, np.where(usual > 0, np.minimum(1.0, 2.0 * np.minimum(*tails)), np.nan)


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


def _heaped(exact: Instants, time_zone: str) -> tuple[float, float]:
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
