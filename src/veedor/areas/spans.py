"""`Spans`: the consecutive days, weeks, months, quarters or years that counts are published by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from veedor.arrays import Instants, Ints
from veedor.errors import DataError, phrase

UNITS = ("day", "week", "month", "quarter", "year")
#: Units that begin on the first day of a month, and how many months they last.
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
#: More is no series of a publisher: twenty years of days.
_MOST = 10_000

Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Spans:
    """n consecutive spans of local civil time, all of one unit.

    Parameters
    ----------
    unit : str
        ``"day"``, ``"week"``, ``"month"``, ``"quarter"`` (from January, April, July or October)
        or ``"year"``.
    first : datetime64[D]
        First day of the first span.
    n : int

    Examples
    --------
    >>> spans = Spans("month", np.datetime64("2024-11-01"), 3)
    >>> spans.labels
    ('2024-11', '2024-12', '2025-01')
    >>> spans.index_of(np.array(["2025-01-31", "2025-02-01"], "datetime64[D]"))
    array([ 2, -1])
    """

    unit: str
    first: np.datetime64
    n: int

    def __post_init__(self) -> None:
        if self.unit not in UNITS or not 0 <= self.n <= _MOST:
            raise DataError(
                "Area counts must be by day, week, month, quarter or year.",
                found=phrase("{n:,} spans of a {unit}", n=self.n, unit=self.unit),
            )
        if _beginning(self.unit, self.first) != self.first:
            raise DataError(
                "A month, a quarter or a year of area counts must begin on its first day.",
                found=str(self.first),
            )

    @classmethod
    def covering(cls, unit: str, days: Days) -> Spans:
        """Make the spans from the one of the earliest day to the one of the latest.

        Weeks are counted from the earliest day.
        """
        low, high = days.min().astype("datetime64[D]"), days.max().astype("datetime64[D]")
        low = _beginning(unit, low)
        return cls(unit, low, int(_steps(unit, low, np.array([high]))[0]) + 1)

    def __len__(self) -> int:
        return self.n

    @cached_property
    def edges(self) -> Days:
        """First day of each span and the day after the last, shape (n + 1,), datetime64[D]."""
        step = np.arange(self.n + 1)
        days: Days = self.first + (7 if self.unit == "week" else 1) * step
        if self.unit in _MONTHS:
            months = self.first.astype("datetime64[M]") + _MONTHS[self.unit] * step
            days = months.astype("datetime64[D]")
        return days

    @property
    def starts(self) -> Days:
        """First day of each span, shape (n,)."""
        return self.edges[:-1]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """``2024``, ``2024-Q4``, ``2024-11``; the first day for weeks and days."""
        if self.unit == "quarter":
            months = self.starts.astype("datetime64[M]").astype(np.int64)
            return tuple(f"{1970 + at // 12}-Q{at % 12 // 3 + 1}" for at in months.tolist())
        length = {"year": 4, "month": 7}.get(self.unit, 10)
        return tuple(str(day)[:length] for day in self.starts)

    @cached_property
    def years(self) -> Ints:
        """Year in which each span begins, shape (n,)."""
        return self.starts.astype("datetime64[Y]").astype(np.int64) + 1970

    def index_of(self, days: Instants) -> Ints:
        """Span of each day, -1 outside of all, shape of `days`."""
        step = _steps(self.unit, self.first, days)
        return np.where((step >= 0) & (step < self.n), step, -1)

    def part(self, first: int, last: int) -> Spans:
        """Spans number `first` to `last`, exclusive."""
        return Spans(self.unit, self.edges[first], last - first)

    def joined(self, other: Spans) -> Spans:
        """Return the spans of both and between.

        Raises
        ------
        DataError
            If one is by month and the other by year, or weeks begin on other days.
        """
        if self.unit != other.unit or int(_remainder(self, other)) != 0:
            raise DataError(
                "Editions of one record must be by the same spans of time.",
                found=phrase(
                    "{unit} from {first} and {unit_2} from {first_2}",
                    unit=self.unit,
                    first=self.first,
                    unit_2=other.unit,
                    first_2=other.first,
                ),
            )
        ends = [spans.edges[-1] - np.timedelta64(1, "D") for spans in (self, other) if spans.n]
        starts = [spans.first for spans in (self, other) if spans.n]
        return Spans.covering(self.unit, np.array([*starts, *ends])) if starts else self


def _remainder(one: Spans, other: Spans) -> int:
    days = int((other.first - one.first).astype("timedelta64[D]").astype(np.int64))
    return days % 7 if one.unit == "week" else 0


def _beginning(unit: str, day: np.datetime64) -> np.datetime64:
    """Return the first day of the month, quarter or year that a day is of; else the day."""
    first: np.datetime64 = day.astype("datetime64[D]")
    if unit in _MONTHS:
        month = int(day.astype("datetime64[M]").astype(np.int64))
        first = np.datetime64(month - month % _MONTHS[unit], "M").astype("datetime64[D]")
    return first


def _steps(unit: str, first: np.datetime64, days: Days) -> Ints:
    """Whole spans from `first` to each day, negative before it."""
    kind = "datetime64[M]" if unit in _MONTHS else "datetime64[D]"
    between = days.astype(kind).astype(np.int64) - first.astype(kind).astype(np.int64)
    steps: Ints = between // _MONTHS.get(unit, 7 if unit == "week" else 1)
    return steps
