"""When each row of a batch happened: written times, days and clocks to intervals in UTC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from veedor.arrays import Bools, Ints
from veedor.incidents import tally as reasons
from veedor.incidents.tally import Tally
from veedor.incidents.unread import Unread
from veedor.tables import times, written
from veedor.tables.clocks import DAY, LocalClock
from veedor.tables.database import NULL_WORDS
from veedor.tables.hours import ClockStyle

Codes = npt.NDArray[np.uint8]
Notes = npt.NDArray[np.uint16]

NOT_A_TIME = np.iinfo(np.int64).min
_FIRST = int(np.datetime64("1900-01-01", "us").astype(np.int64))
_LAST = int(np.datetime64("2101-01-01", "us").astype(np.int64))
#: Days that databases write for "no date".
_PLACEHOLDERS = tuple(
    int(np.datetime64(day, "us").astype(np.int64)) for day in ("1900-01-01", "2099-12-31")
)
#: Bits of a row's notes about its time; the lowest four are about its place.
DOUBTS = {
    "nonexistent_times": np.uint16(1 << 4),
    "ambiguous_times": np.uint16(1 << 5),
    "whole_days": np.uint16(1 << 6),
    "whole_months": np.uint16(1 << 7),
    "with_offset": np.uint16(1 << 8),
}
_REMEMBERED = 100_000


class Intervals:
    """Turns the times of batches into intervals; remembers which could not be read."""

    def __init__(self, time_zone: str, *, in_utc: bool = False) -> None:
        self.clock = LocalClock(time_zone)
        self._in_utc = in_utc
        self.unread = Unread()
        self._clocks = ClockStyle()
        self._days: set[str] = set()
        self._parsed: dict[str, tuple[int, int] | None] = {}

    def begin(self, clocks: ClockStyle, styles: Mapping[str, times.Style]) -> Unread:
        """Begin a file, whose times are written in their own way; give what counts the unread."""
        self._clocks, self._parsed, self.unread = clocks, {}, Unread()
        self._days = {role for role, style in styles.items() if style.days}
        return self.unread

    def of(
        self, batch: pa.RecordBatch, names: set[str], put: Callable[[Bools, str], None]
    ) -> tuple[Ints, Ints, Notes]:
        """Give the UTC interval of every row, and its notes; `put` aside those that have none."""
        role = next(role for role in ("time", "start", "date") if f"{role}_t" in names)
        local, kind, with_offset = self._times(batch, role)
        month = kind == written.MONTH_ONLY
        self._count_unread(role, kind)
        if role == "date":
            utc = kind == written.UTC
            if utc.any():
                local = np.where(utc, self.clock.to_local(local), local)
                kind = np.where(utc, np.uint8(written.INSTANT), kind)
            local, end, bad = self._in_day(batch, names, local, kind)
            whole_day = (end - local) == DAY
        else:
            bad = kind == written.UNREADABLE
            whole_day = kind == written.DAY_ONLY
            end = ends(local, kind)
        missing = kind == written.MISSING
        utc_end = None
        if "end_t" in names:
            last, last_kind, end_with_offset = self._times(batch, "end")
            self._count_unread("end", last_kind)
            bad = bad | (last_kind == written.UNREADABLE)
            given = last_kind != written.MISSING
            end = np.where(given, ends(last, last_kind), end)
            utc_end = np.where(given, last_kind == written.UTC, kind == written.UTC)
            with_offset = with_offset | end_with_offset
            whole_day, month = whole_day & ~given, month & ~given
        put(missing, reasons.NO_TIME)
        put(bad, reasons.UNREADABLE_TIME)
        put(_in_days(local, _PLACEHOLDERS), reasons.PLACEHOLDER)
        out = (local < _FIRST) | (local >= _LAST) | (end < _FIRST) | (end > _LAST)
        if out.any():
            put(out, reasons.OUT_OF_RANGE)
            local, end = np.where(out, 0, local), np.where(out, 0, end)
        start_utc, nonexistent, ambiguous = self._utc(local, kind == written.UTC)
        if end is local or (utc_end is None and not (end != local).any()):
            end_utc = start_utc
        else:
            end_utc, end_nonexistent, end_ambiguous = self._utc(
                end, kind == written.UTC if utc_end is None else utc_end
            )
            nonexistent, ambiguous = nonexistent | end_nonexistent, ambiguous | end_ambiguous
        put(end_utc < start_utc, reasons.ENDS_BEFORE)
        notes = np.zeros(len(batch), dtype=np.uint16)
        doubts = (nonexistent, ambiguous, whole_day, month, with_offset)
        for bit, rows in zip(DOUBTS.values(), doubts, strict=True):
            notes[rows] |= bit
        return start_utc, end_utc, notes

    def _times(self, batch: pa.RecordBatch, role: str) -> tuple[Ints, Codes, Bools]:
        """Give the times of a role, their kinds, and which of them carry an offset."""
        local, kind = numbers(batch, f"{role}_t"), numbers(batch, f"{role}_k")
        if self._in_utc and role not in self._days:
            kind = np.where(kind == written.INSTANT, np.uint8(written.UTC), kind)
        return *self._as_days(role, local, kind), kind == written.UTC

    def _as_days(self, role: str, local: Ints, kind: Codes) -> tuple[Ints, Codes]:
        """Give times at midnight as days, where the column holds days."""
        if role not in self._days:
            return local, kind
        utc = kind == written.UTC
        there = np.where(utc, self.clock.to_local(local), local)
        day = (utc | (kind == written.INSTANT)) & (there % DAY == 0)
        return np.where(day, there, local), np.where(day, np.uint8(written.DAY_ONLY), kind)

    def _in_day(
        self, batch: pa.RecordBatch, names: set[str], local: Ints, kind: Codes
    ) -> tuple[Ints, Ints, Bools]:
        """Give local start and end from a day and a clock time or an hour band."""
        day = local - local % DAY
        bad = kind == written.UNREADABLE
        role = next((role for role in ("clock", "hour_band") if role in names), None)
        month = kind == written.MONTH_ONLY
        if role is None:
            return day, np.where(month, ends(day, kind), day + DAY), bad
        texts = coded(batch[role])
        values = texts.dictionary.to_pylist()
        nothing = [not value.strip() or value in NULL_WORDS for value in values]
        spans = [
            (0, DAY) if absent else self._span(value)
            for value, absent in zip(values, nothing, strict=True)
        ]
        for value, span in zip(values, spans, strict=True):
            if span is None:
                self.unread.example(role, value)
        # After the last value: missing, which is the whole day.
        first = np.array([span[0] if span else 0 for span in spans] + [0], dtype=np.int64)
        last = np.array([span[1] if span else 0 for span in spans] + [DAY], dtype=np.int64)
        unread = np.array([span is None for span in spans] + [False], dtype=bool)
        codes = codes_of(texts)
        absent = np.array([*nothing, True], dtype=bool)[codes]
        self.unread.count(
            role, len(codes) - int(absent.sum()), int(np.count_nonzero(unread[codes]))
        )
        if month.any():
            end = np.where(month, ends(day, kind), day + last[codes])
            return np.where(month, day, day + first[codes]), end, bad | (unread[codes] & ~month)
        return day + first[codes], day + last[codes], bad | unread[codes]

    def _count_unread(self, role: str, kind: Codes) -> None:
        """Count the values of a column of times that are there, and those that are unreadable."""
        given = len(kind) - int(np.count_nonzero(kind == written.MISSING))
        self.unread.count(role, given, int(np.count_nonzero(kind == written.UNREADABLE)))

    def _span(self, value: str) -> tuple[int, int] | None:
        if value not in self._parsed:
            if len(self._parsed) > _REMEMBERED:
                self._parsed.clear()
            self._parsed[value] = self._clocks.span(value)
        return self._parsed[value]

    def _utc(self, local: Ints, utc: Bools) -> tuple[Ints, Bools, Bools]:
        converted = self.clock.to_utc(local)
        if not utc.any():
            return converted
        return (
            np.where(utc, local, converted.utc),
            converted.nonexistent & ~utc,
            converted.ambiguous & ~utc,
        )

    def reported(self, local: Ints, kind: Codes, start: Ints, tally: Tally) -> Ints:
        """Give UTC instants of the records; of a day alone, its end, when it was surely known."""
        local, kind = self._as_days("reported_at", local, kind)
        self._count_unread("reported_at", kind)
        local = ends(local, kind)
        absent = kind == written.MISSING
        unreadable = (kind == written.UNREADABLE) | (~absent & ((local < _FIRST) | (local > _LAST)))
        nothing = absent | unreadable
        if nothing.any():
            local = np.where(nothing, 0, local)
        reported, _, _ = self._utc(local, kind == written.UTC)
        tally.reported_missing += int(np.count_nonzero(absent))
        tally.reported_unreadable += int(np.count_nonzero(unreadable))
        tally.reported_before_start += int(np.count_nonzero((reported < start) & ~nothing))
        return np.where(nothing, NOT_A_TIME, reported) if nothing.any() else reported


def ends(local: Ints, kind: Codes) -> Ints:
    """Give the end of each time: of a day or a month alone, the end of that; else itself."""
    day, month = kind == written.DAY_ONLY, kind == written.MONTH_ONLY
    if day.any():
        local = np.where(day, local + DAY, local)
    if month.any():
        following = local.view("datetime64[us]").astype("datetime64[M]") + 1
        local = np.where(month, following.astype("datetime64[us]").astype(np.int64), local)
    return local


def _in_days(local: Ints, days: tuple[int, ...]) -> Bools:
    found = np.zeros(len(local), dtype=bool)
    for day in days:
        found |= (local >= day) & (local < day + DAY)
    return found


def numbers(batch: pa.RecordBatch, name: str) -> Any:
    """Give a column of a batch as an array."""
    return batch[name].to_numpy(zero_copy_only=False)


def coded(texts: pa.StringArray) -> pa.DictionaryArray:
    """Give texts as numbers of different ones."""
    return texts.dictionary_encode()


def codes_of(texts: pa.DictionaryArray) -> Ints:
    """Give the codes of the values, with one past the last for a missing one."""
    missing = len(texts.dictionary)
    indices = texts.indices
    if indices.null_count:
        indices = indices.fill_null(missing)
    codes: Ints = indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes
