"""`LocalClock`: local civil time to UTC and back, whole arrays at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools

Micros = npt.NDArray[np.int64]

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_FIRST_YEAR, _LAST_YEAR = 1899, 2101
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Converted(NamedTuple):
    """UTC microseconds, and which local times did not exist or happened twice."""

    utc: Micros
    nonexistent: Bools
    ambiguous: Bools


class LocalClock:
    """The civil clock of one time zone, as a table of its changes from 1899 to 2101.

    Parameters
    ----------
    time_zone : str
        IANA name.

    Notes
    -----
    A local time that a change skips (spring) is moved forward by the gap; one that happens twice
    (autumn) is taken at its first occurrence. Both are reported. That is `fold=0` of PEP 495.

    Examples
    --------
    >>> clock = LocalClock("America/Chicago")
    >>> local = np.array(["2022-03-13T02:30"], dtype="datetime64[us]").astype(np.int64)
    >>> moved = clock.to_utc(local)
    >>> str(moved.utc.view("datetime64[us]")[0]), bool(moved.nonexistent[0])
    ('2022-03-13T08:30:00.000000', True)
    """

    def __init__(self, time_zone: str) -> None:
        self.time_zone = time_zone
        self._instants, self._offsets = _changes(time_zone)
        before, after = self._offsets[:-1], self._offsets[1:]
        self._switch = self._instants + np.maximum(before, after)
        self._doubt = self._instants + np.minimum(before, after)
        self._gains = after > before

    def to_utc(self, local: Micros) -> Converted:
        """Convert local microseconds since 1970, shape (n,), to UTC.

        Parameters
        ----------
        local : array of int64, shape (n,)
            Years 1900 to 2100.
        """
        n = len(local)
        none = np.zeros(n, dtype=bool)
        if n == 0:
            return Converted(local.copy(), none, none)
        # Only the changes that the values can meet: a batch rarely spans more than a few.
        first = int(np.searchsorted(self._switch, local.min(), side="right"))
        last = int(np.searchsorted(self._doubt, local.max(), side="right"))
        if last <= first:
            return Converted(local - self._offsets[first], none, none)
        switches = self._switch[first:last]
        period = np.searchsorted(switches, local, side="right") + first
        doubt = np.append(self._doubt, np.iinfo(np.int64).max)
        doubtful = local >= doubt[period]
        utc = local - self._offsets[period]
        if not doubtful.any():
            return Converted(utc, none, none)
        gains = np.append(self._gains, False)[period]
        return Converted(utc, doubtful & gains, doubtful & ~gains)

    def to_local(self, utc: Micros) -> Micros:
        """Convert UTC microseconds since 1970, shape (n,), to local ones."""
        if len(utc) == 0:
            return utc.copy()
        first = int(np.searchsorted(self._instants, utc.min(), side="right"))
        last = int(np.searchsorted(self._instants, utc.max(), side="right"))
        if first == last:
            shifted: Micros = utc + self._offsets[first]
            return shifted
        period = np.searchsorted(self._instants[first:last], utc, side="right") + first
        local: Micros = utc + self._offsets[period]
        return local


@lru_cache(maxsize=16)
def _changes(time_zone: str) -> tuple[Micros, Micros]:
    """Instants at which the offset changes, and the offsets before, between and after them."""
    zone = ZoneInfo(time_zone)

    def offset(instant: datetime) -> timedelta:
        found = instant.astimezone(zone).utcoffset()
        return found if found is not None else timedelta(0)

    step = timedelta(days=1)
    day = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC)
    stop = datetime(_LAST_YEAR, 1, 1, tzinfo=UTC)
    offsets = [offset(day)]
    instants: list[datetime] = []
    while day < stop:
        following = day + step
        after = offset(following)
        if after != offsets[-1]:
            low, high = day, following
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                if offset(middle) == offsets[-1]:
                    low = middle
                else:
                    high = middle
            instants.append(high)
            offsets.append(after)
        day = following
    micros = [(instant - _EPOCH) // timedelta(microseconds=1) for instant in instants]
    return (
        np.array(micros, dtype=np.int64),
        np.array([gap // timedelta(microseconds=1) for gap in offsets], dtype=np.int64),
    )
