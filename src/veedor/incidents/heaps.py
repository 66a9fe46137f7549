"""`heaped_times`: minutes of the day at which times are written where the hour is not known."""

from __future__ import annotations

import numpy as np

from veedor.incidents.model import Incidents
from veedor.incidents.quality_report import HeapedTime
from veedor.tables.clocks import DAY, MINUTE, LocalClock

_CHUNK = 1_000_000
_MINUTES = DAY // MINUTE
#: A minute is a heap with at least so many times, this share of all, ...
FEWEST, LEAST_SHARE = 20, 0.05
#: ... and so many times what the same minute of the other hours usually holds.
TIMES_OTHERS = 4.0


def heaped_times(incidents: Incidents) -> list[HeapedTime]:
    """Find the minutes of the local day that hold far more exact times than others do.

    A minute is held against the same minute of the other 23 hours, since people round to whole and
    half hours at any time of the day. Times without a clock time are no exact ones.
    """
    clock = LocalClock(incidents.time_zone)
    counts = np.zeros(_MINUTES, dtype=np.int64)
    for first in range(0, len(incidents), _CHUNK):
        some = slice(first, first + _CHUNK)
        exact = incidents.start[some] == incidents.end[some]
        local = clock.to_local(incidents.start[some][exact].astype(np.int64))
        counts += np.bincount(local % DAY // MINUTE, minlength=_MINUTES)
    by_hour = counts.reshape(24, 60)
    usual = np.array([np.median(np.delete(by_hour, hour, axis=0), axis=0) for hour in range(24)])
    heap = (
        (by_hour >= FEWEST)
        & (by_hour >= LEAST_SHARE * counts.sum())
        & (by_hour >= TIMES_OTHERS * usual)
    )
    return [
        HeapedTime(f"{hour:02}:{minute:02}", int(by_hour[hour, minute]))
        for hour, minute in np.argwhere(heap).tolist()
    ]
