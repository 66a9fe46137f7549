"""When look-ups are made: outside hours, at regular intervals as machines do, and days without."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Bools, Floats
from veedor.audits.access.explained import between, in_shift
from veedor.audits.access.ground import Ground, micros, ordered_by
from veedor.audits.access.results import Days
from veedor.audits.audit import Statement
from veedor.statistics.codes import Denominator
from veedor.statistics.discoveries import FALSE_DISCOVERY_RATE, false_discovery_q

_SECOND = 1_000_000
_BATCH = 1 << 20
#: Gaps of fewer ticks of the log's clock are within one visit.
_SHORTEST = 10
#: Gaps that a user must have, and the share of them that must be alike, for a machine.
_GAPS, _ALIKE = 20, 0.5
#: Weeks on each side that a day without rows is compared with, and days a log must have.
_WEEKS, _FEWEST_DAYS = 4, 28


def off_hours(ground: Ground) -> list[Statement]:
    """State the share of look-ups outside their user's shift, and outside the hours given."""
    made = []
    if (shift := in_shift(ground)) is not None and (shift >= 0).any():
        of = Denominator("lookups_with_shift")
        made.append(ground.share("off_shift_share", shift == 0, shift >= 0, of))
    hours = ground.settings.working_hours
    if hours is not None and ground.days:
        begins, ends = (round(hour * 60.0) for hour in hours)
        timed = ground.minute >= 0
        working = np.isin(ground.weekday, ground.settings.working_days)
        inside = between(ground.minute, begins, ends) == 1
        off = timed & ~(inside & np.append(working, False)[ground.day])
        made.append(ground.share("off_hours_share", off, timed, Denominator("lookups_with_time")))
    return made


def machines(ground: Ground) -> list[Statement]:
    """Count users whose look-ups come at one regular interval, and state the share of these.

    Of a user's gaps of 10 ticks of the log's clock or more (a tick is a second, or a minute where
    it shows no more), 20 at least, half or more are the same give or take a tick.
    """
    from veedor.audits.access.compiled import most_repeated_gap

    if not ground.users or not ground.days:
        return []
    timed = ground.log.timed
    at = micros(ground.log.at[:timed])
    finer = any(
        (at[begin : begin + _BATCH] % (60 * _SECOND)).any() for begin in range(0, timed, _BATCH)
    )
    tick = _SECOND if finer else 60 * _SECOND
    order = ordered_by(ground.user[:timed], ground.users)
    gaps, most = np.zeros(ground.users, np.int64), np.zeros(ground.users, np.int64)
    scratch = np.zeros(int(ground.lookups_of_user.max()), np.int64)
    most_repeated_gap(order, ground.user, at, tick, _SHORTEST, gaps, most, scratch)
    regular = (gaps >= _GAPS) & (most >= _ALIKE * gaps)
    made = [ground.people("regular_users", int(regular.sum()), Denominator("users"))]
    of = Denominator("lookups_with_user")
    if ground.shown(int(regular.sum())) is None:
        made.append(ground.hidden("regular_lookups_share", of))
    else:
        theirs = np.append(regular, False)[ground.user]
        made.append(ground.share("regular_lookups_share", theirs, ground.user < ground.users, of))
    return made


def hours(ground: Ground) -> tuple[tuple[int | None, ...], ...]:
    """Count look-ups by weekday, Monday first, and local hour; None from 1 to one below k."""
    if not ground.days:
        return ()
    timed = ground.minute >= 0
    hour_of_day = (ground.weekday * 24).astype(np.int16)
    place = hour_of_day[ground.day[timed]] + ground.minute[timed] // 60
    counts = np.bincount(place, minlength=7 * 24).reshape(7, 24)
    return tuple(tuple(ground.shown(int(one)) for one in row) for row in counts)


def missing(ground: Ground) -> Days | None:
    """Count days without rows, and those of them that chance does not give.

    A day's mean is that of the same weekday in the four weeks on both sides. With dispersion a by
    moments, a day of mean m is without rows with chance (1 + a m)^(-1/a) (negative binomial).
    """
    if not ground.days:
        return None
    counts = ground.lookups_of_day
    empty = counts == 0
    # Days of the log by UTC: what it holds is of these where it was cut by them.
    at = ground.log.at[: ground.log.timed]
    edges = np.arange(at[0].astype("datetime64[D]"), at[-1].astype("datetime64[D]") + 2)
    without_utc = int(np.count_nonzero(np.diff(np.searchsorted(at, edges)) == 0))
    chance = chance_of_none(counts.astype(np.float64))
    expected = surprising = None
    if chance is not None:
        expected = float(chance.sum())
        q = false_discovery_q(np.where(empty, chance, 1.0))
        surprising = int((empty & (q <= FALSE_DISCOVERY_RATE)).sum())
    return Days(ground.days, int(empty.sum()), without_utc, expected, surprising, _longest(empty))


def chance_of_none(counts: Floats) -> Floats | None:
    """Chance that each day has no row, by its weekday; None for fewer than 28 days.

    Parameters
    ----------
    counts : array, shape (days,)
    """
    days = len(counts)
    if days < _FEWEST_DAYS:
        return None
    near = np.zeros(days)
    many = np.zeros(days)
    for week in range(1, _WEEKS + 1):
        gap = 7 * week
        if gap < days:
            near[gap:] += counts[:-gap]
            near[:-gap] += counts[gap:]
            many[gap:] += 1.0
            many[:-gap] += 1.0
    mean = near / many
    # The mean is itself of so many days: its variance is that much of theirs.
    wide = 1.0 + 1.0 / many
    excess = float(((counts - mean) ** 2 / wide - mean).sum() / np.maximum((mean**2).sum(), 1e-300))
    if excess <= 1e-9:
        return np.exp(-mean)
    chance: Floats = np.exp(-np.log1p(excess * mean) / excess)
    return chance


def _longest(empty: Bools) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0
