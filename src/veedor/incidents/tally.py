"""`Tally`: what was counted while reading; `FileRows`: where in its file a row stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.errors import phrase
from veedor.incidents.unread import MOST_EXAMPLES, Unread
from veedor.tables.times import Style

#: Malformed rows, by what DuckDB calls them.
MALFORMED = {
    "MISSING COLUMNS": phrase("malformed row: too few columns"),
    "TOO MANY COLUMNS": phrase("malformed row: too many columns"),
    "UNQUOTED VALUE": phrase("malformed row: quotes that do not close"),
    "LINE SIZE OVER MAXIMUM": phrase("malformed row: line too long"),
    "INVALID ENCODING": phrase("malformed row: bytes of another encoding"),
}
MALFORMED_OTHERWISE = phrase("malformed row")
NO_CATEGORY = phrase("no category")
OTHER_CATEGORY = phrase("category not in the study")
NO_TIME = phrase("no time")
UNREADABLE_TIME = phrase("unreadable time")
OUT_OF_RANGE = phrase("date before 1900 or after 2100")
PLACEHOLDER = phrase("day that stands for no date (1900-01-01 or 2099-12-31)")
ENDS_BEFORE = phrase("interval ends before it starts")
NO_ID = phrase("no id")
BAD_ID = phrase("id longer than 128 bytes or with control characters")
DUPLICATE = phrase("exact duplicate row of the same id")
SAME_INCIDENT = phrase("another row of an incident already counted in this category")
NO_INCIDENTS = phrase("row that counts no incident")
BAD_COUNT = phrase("count of incidents that is no whole number from 1 to 1000")

_EXAMPLES = 5
#: Raw values are counted one by one up to this many different ones, the rest together.
MOST_VALUES = 50_000


@dataclass(frozen=True)
class FileRows:
    """Rows of one file.

    Parameters
    ----------
    name : str
    first : int
        Position, over all files, of its first well-formed row.
    well_formed : int
    malformed : array of int64
        Row numbers, from 1 and without the header, of its malformed rows, ascending.
    """

    name: str
    first: int
    well_formed: int
    malformed: npt.NDArray[np.int64]

    def row(self, position: int) -> int:
        """Row number, from 1 and without the header, of the well-formed row at `position`."""
        nth = position - self.first + 1
        before = self.malformed - np.arange(len(self.malformed))
        return nth + int(np.searchsorted(before, nth, side="right"))


@dataclass
class Tally:
    """Counts of one reading; every row in is kept or in `set_aside`.

    A row that stands for several incidents is kept as so many: those beyond the first are in
    `counted_more`.
    """

    files: list[FileRows] = field(default_factory=list)
    rows_in: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    unlocated: Counter[str] = field(default_factory=Counter)
    nonexistent_times: int = 0
    ambiguous_times: int = 0
    whole_days: int = 0
    whole_months: int = 0
    with_offset: int = 0
    unreadable_examples: dict[str, list[str]] = field(default_factory=dict)
    days_at_midnight: list[str] = field(default_factory=list)
    days_as_written: list[str] = field(default_factory=list)
    reported_missing: int = 0
    reported_unreadable: int = 0
    reported_before_start: int = 0
    swapped_suspected: int = 0
    cause: str = ""
    remedy: str = ""
    far: int = 0
    far_points: int = 0
    farthest_m: float | None = None
    far_rows: list[str] = field(default_factory=list)
    values: Counter[str] = field(default_factory=Counter)
    other_values: Counter[str] = field(default_factory=Counter)
    other_zones: Counter[str] = field(default_factory=Counter)
    unlocated_zones: Counter[str] = field(default_factory=Counter)
    known_by: Counter[tuple[int, str]] = field(default_factory=Counter)
    identical_rows: int | None = None
    counted_more: int = 0
    mended: Counter[str] = field(default_factory=Counter)
    persons: list[str] = field(default_factory=list)
    dropped: dict[str, list[str]] = field(default_factory=dict)
    _positions: dict[str, list[int]] = field(default_factory=dict)
    _named: dict[str, list[str]] = field(default_factory=dict)

    def put_aside(self, reason: str, positions: npt.NDArray[np.int64]) -> None:
        """Count rows set aside, and remember where the first stand."""
        if len(positions):
            self.set_aside[reason] += len(positions)
            kept = self._positions.setdefault(reason, [])
            kept.extend(int(position) for position in positions[: _EXAMPLES - len(kept)])

    def put_malformed(self, file: str, reason: str, rows: list[int]) -> None:
        """Count malformed rows of a file."""
        self.set_aside[reason] += len(rows)
        named = self._named.setdefault(reason, [])
        named.extend(f"{file}, row {row}" for row in rows[: _EXAMPLES - len(named)])

    def where(self, position: int) -> str:
        """Name the row at a position over all files."""
        for file in reversed(self.files):
            if position >= file.first:
                return f"{file.name}, row {file.row(position)}"
        return f"row {position + 1}"

    def first_rows(self, reason: str) -> list[str]:
        """Name the first rows set aside for a reason."""
        found = [self.where(position) for position in self._positions.get(reason, [])]
        return (self._named.get(reason, []) + found)[:_EXAMPLES]

    def note_times(self, unread: Unread, styles: Mapping[str, Style], file: str) -> None:
        """Keep what is to be said of the times of a file: see `QualityReport`."""
        for role, examples in unread.examples.items():
            known = self.unreadable_examples.setdefault(role, [])
            known.extend(examples[: MOST_EXAMPLES - len(known)])
        for role, style in styles.items():
            if style.days and role not in ("date", *self.days_at_midnight):
                self.days_at_midnight.append(role)
            if style.as_written:
                self.days_as_written.append(file)

    def count_value(self, counter: Counter[Any], value: Any, count: int) -> None:
        """Count a value, or, among too many different ones, the rest."""
        if value in counter or len(counter) < MOST_VALUES:
            counter[value] += count
