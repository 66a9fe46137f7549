"""`Periods`: consecutive half-open stretches of local time, and the `Length` that makes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import gcd
from zoneinfo import ZoneInfo

import numpy as np

from veedor.arrays import Floats, Instants, Ints
from veedor.errors import StudyError, phrase

_UNITS = ("hour", "day", "week", "month")
_WRITTEN = re.compile(r"\s*(\d+)\s+(hour|day|week|month)s?\s*")
# Every origin and category asks for the same wall-clock times; a history has at most 20,000 pieces.
_MOST_TIMES_KEPT = 32_768


@dataclass(frozen=True)
class Length:
    """Length of a period in local civil time, such as one week.

    Parameters
    ----------
    value : int
        How many units, at least 1.
    unit : str
        ``"hour"``, ``"day"``, ``"week"`` or ``"month"``.

    Examples
    --------
    >>> Length.parse("2 weeks")
    Length(value=2, unit='week')
    >>> Length(1, "month").step(datetime(2022, 1, 15), 2)
    datetime.datetime(2022, 3, 15, 0, 0)
    """

    value: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in _UNITS or self.value < 1:
            raise StudyError(
                "A period must be a whole number of hours, days, weeks or months.",
                found=f"{self.value} {self.unit}",
                remedy='write it as "1 week", "1 day", "8 hours" or "1 month"',
            )

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read a length written as ``"1 week"``.

        Raises
        ------
        StudyError
            If the text is not a whole number and a unit.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise StudyError(
                "A period must be a whole number of hours, days, weeks or months.",
                found=repr(text),
                remedy='write it as "1 week", "1 day", "8 hours" or "1 month"',
            )
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.value} {self.unit}" + ("s" if self.value > 1 else "")

    def step(self, local: datetime, count: int) -> datetime:
        """Wall-clock time `count` lengths after (before, if negative) the naive local time."""
        if self.unit == "month":
            if local.day > 28:
                raise StudyError(
                    "Monthly periods must begin on a day that every month has.",
                    found=phrase("day {day}", day=local.day),
                    remedy="begin them on the 1st",
                )
            month = local.year * 12 + local.month - 1 + count * self.value
            return local.replace(year=month // 12, month=month % 12 + 1)
        hours = {"hour": 1, "day": 24, "week": 168}[self.unit]
        return local + timedelta(hours=hours * self.value * count)

    @property
    def nominal_hours(self) -> float:
        """Hours of a usual such period, for rules of thumb only: months are 30.4 days."""
        return {"hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.5}[self.unit] * self.value

    @property
    def base(self) -> Length:
        """Longest length that is at most a day and of which this one is a multiple."""
        if self.unit == "hour":
            return Length(gcd(self.value, 24), "hour")
        return Length(1, "day")


@dataclass(frozen=True, eq=False)
class Periods:
    """n consecutive half-open periods [edge i, edge i+1).

    Parameters
    ----------
    edges : array of datetime64[us], shape (n + 1,)
        UTC instants, strictly increasing.
    time_zone : str
        IANA name; edges were set on the wall clock of this zone, so the hours of a period are
        computed and never assumed: a day that daylight saving shortens has 23.
    """

    edges: Instants
    time_zone: str

    def __post_init__(self) -> None:
        if len(self.edges) < 1 or bool(np.any(np.diff(self.edges) <= np.timedelta64(0, "us"))):
            raise StudyError(
                "The edges of periods must be at least one instant, and increase.",
                found=phrase("{n_edges} edges", n_edges=len(self.edges)),
            )
        self.edges.flags.writeable = False

    @classmethod
    def stepping(
        cls, anchor: np.datetime64, length: Length, first: int, last: int, time_zone: str
    ) -> Periods:
        """Periods number `first` to `last` (exclusive), where number 0 begins at `anchor`.

        Parameters
        ----------
        anchor : datetime64
            UTC instant; its wall-clock time is kept by every edge.
        length : Length
        first, last : int
            May be negative: -3, 0 are the three periods that end at the anchor.
        time_zone : str

        Notes
        -----
        An edge that daylight saving skips moves forward by the gap; edges that then coincide are
        one edge, so that no period is empty.
        """
        local = local_time(anchor, time_zone)
        steps = [utc_instant(length.step(local, k), time_zone) for k in range(first, last + 1)]
        return cls(np.unique(np.array(steps, dtype="datetime64[us]")), time_zone)

    def __len__(self) -> int:
        return len(self.edges) - 1

    @property
    def start(self) -> Instants:
        """UTC beginnings, shape (n,)."""
        return self.edges[:-1]

    @property
    def end(self) -> Instants:
        """UTC ends, shape (n,); each is the next one's beginning."""
        return self.edges[1:]

    @property
    def hours(self) -> Floats:
        """Hours of each period, shape (n,)."""
        hours: Floats = np.diff(self.edges) / np.timedelta64(1, "h")
        return hours

    def index_of(self, instants: Instants) -> Ints:
        """Number of the period that holds each instant, shape like `instants`; -1 for none.

        O(m log n) for m instants.
        """
        index: Ints = np.searchsorted(self.edges, instants, side="right") - 1
        index[(index == len(self)) | np.isnat(instants)] = -1
        return index

    def part(self, first: int, stop: int) -> Periods:
        """Periods from number `first` up to, not including, number `stop`."""
        return Periods(self.edges[first : stop + 1].copy(), self.time_zone)

    def local_starts(self) -> list[datetime]:
        """Beginnings on the wall clock, as naive local times."""
        return [local_time(edge, self.time_zone) for edge in self.start]

    def labels(self) -> tuple[list[str], list[str]]:
        """Beginnings and ends as local ISO 8601 texts with their offset."""
        texts = [local_iso(edge, self.time_zone) for edge in self.edges]
        return texts[:-1], texts[1:]

    def split(self, length: Length) -> tuple[Periods, Ints]:
        """Cut every period into pieces of `length`, counted from its own beginning.

        Returns
        -------
        pieces : Periods
        owner : array of int64, shape (len(pieces),)
            Number of the period each piece lies in.
        """
        edges: list[np.datetime64] = []
        owner: list[int] = []
        for number, (start, end) in enumerate(zip(self.start, self.end, strict=True)):
            local, step, edge = local_time(start, self.time_zone), 0, start
            while edge < end:
                if not edges or edge > edges[-1]:
                    edges.append(edge)
                    owner.append(number)
                step += 1
                edge = utc_instant(length.step(local, step), self.time_zone)
        edges.append(self.edges[-1])
        pieces = Periods(np.array(edges, dtype="datetime64[us]"), self.time_zone)
        return pieces, np.array(owner, dtype=np.int64)


@lru_cache(maxsize=_MOST_TIMES_KEPT)
def local_time(instant: np.datetime64, time_zone: str) -> datetime:
    """Naive wall-clock time of a UTC instant."""
    moment: datetime = instant.astype("datetime64[us]").item()
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)


def utc_instant(local: datetime, time_zone: str) -> np.datetime64:
    """UTC instant of a naive wall-clock time.

    The earlier one where the clock shows it twice; moved forward by the gap where it skips it.
    """
    moment = local.replace(tzinfo=ZoneInfo(time_zone), fold=0).astimezone(UTC)
    return np.datetime64(moment.replace(tzinfo=None), "us")


def before(instant: np.datetime64, length: Length | None, time_zone: str) -> np.datetime64:
    """Instant one length of local time before another (UTC); the same one for None.

    >>> before(np.datetime64("2024-03-11T05:00"), Length(1, "day"), "America/Chicago")  # 23 hours
    np.datetime64('2024-03-10T06:00:00.000000')
    """
    if length is None:
        return instant
    return utc_instant(length.step(local_time(instant, time_zone), -1), time_zone)


def local_iso(instant: np.datetime64, time_zone: str) -> str:
    """Local ISO 8601 text with its offset, to the minute.

    >>> local_iso(np.datetime64("2022-07-01T12:00"), "America/Chicago")
    '2022-07-01T07:00-05:00'
    """
    moment: datetime = instant.astype("datetime64[us]").item()
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone)).isoformat(timespec="minutes")


def week_blocks(periods: Periods) -> Ints:
    """Number of the week, counted from the first period, in which each period begins.

    Periods of a week or longer are a block each, shape (periods,).
    """
    weeks = np.floor((periods.start - periods.start[0]) / np.timedelta64(7, "D") + 1e-2)
    _, block = np.unique(weeks, return_inverse=True)
    return block.astype(np.int64)
