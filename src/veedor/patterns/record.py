"""A record as patterns are found in it: counts by day, week, month and cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from veedor.arrays import Bools, Floats, Ints
from veedor.incidents import Incidents
from veedor.spacetime import Cells, Length, Periods
from veedor.spacetime.periods import local_time

_YEAR = np.timedelta64(365 * 24 + 6, "h")


@dataclass(frozen=True, eq=False)
class Recorded:
    """Incidents on cells, from one instant to another.

    Parameters
    ----------
    incidents : Incidents
        All that was read.
    cells : Cells
    begins, until : datetime64
        UTC instants, starts of local days.
    area_m : float
        Side of the larger areas.
    whole_months : bool
        The record knows no more than the month of an incident.
    """

    incidents: Incidents
    cells: Cells
    begins: np.datetime64
    until: np.datetime64
    area_m: float = 5000.0
    whole_months: bool = False

    @cached_property
    def days(self) -> Periods:
        """Whole local days."""
        return self._every(Length(1, "day"))

    @cached_property
    def weeks(self) -> Periods:
        """Whole weeks from the first day on."""
        return self._every(Length(1, "week"))

    @cached_property
    def months(self) -> Periods:
        """Whole calendar months."""
        first = next(
            (
                start
                for start, local in zip(self.days.start, self.days.local_starts(), strict=True)
                if local.day == 1
            ),
            None,
        )
        if first is None:
            return Periods(self.days.edges[:1].copy(), self.days.time_zone)
        return self._every(Length(1, "month"), first)

    def _every(self, length: Length, first: np.datetime64 | None = None) -> Periods:
        begins = self.begins if first is None else first
        hours = float((self.until - begins) / np.timedelta64(1, "h"))
        most = int(hours / (length.nominal_hours * 0.9)) + 2
        every = Periods.stepping(begins, length, 0, most, self.incidents.time_zone)
        return Periods(every.edges[every.edges <= self.until].copy(), every.time_zone)

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Local date of each of `days`."""
        return tuple(local.date() for local in self.days.local_starts())

    @cached_property
    def day(self) -> Ints:
        """Number of the day of each incident, by its midpoint; -1 outside the record."""
        return self.days.index_of(self.incidents.midpoint)

    @cached_property
    def cell(self) -> Ints:
        """Cell of each incident; -1 for none."""
        return self.cells.locate(self.incidents.x_m, self.incidents.y_m).astype(np.int64)

    def rows(self, category: str) -> Ints:
        """Incidents of a category in the record, with or without a place."""
        mine = self.incidents.category == self.incidents.index_of(category)
        return np.flatnonzero(mine & (self.day >= 0))

    def dated(self, rows: Ints) -> Bools:
        """Whether the time of each of these incidents is known to a day."""
        known: Bools = (self.incidents.end - self.incidents.start)[rows] <= np.timedelta64(1, "D")
        return known

    def daily(self, category: str) -> Ints:
        """Count every incident of a category by day, shape (days,)."""
        return np.bincount(self.day[self.rows(category)], minlength=len(self.days))

    def weekly(self, category: str) -> Ints:
        """Count every incident of a category by week, shape (weeks,)."""
        week = self.weeks.index_of(self.incidents.midpoint_of(self.rows(category)))
        return np.bincount(week[week >= 0], minlength=len(self.weeks))

    def in_cells(self, category: str) -> Ints:
        """Count those in cells over the whole record, shape (cells,)."""
        cell = self.cell[self.rows(category)]
        return np.bincount(cell[cell >= 0], minlength=len(self.cells))

    def by_cell(self, category: str, periods: Periods) -> Ints:
        """Count those in cells, shape (periods, cells)."""
        rows = self.rows(category)
        rows = rows[self.cell[rows] >= 0]
        period = periods.index_of(self.incidents.midpoint_of(rows))
        rows, period = rows[period >= 0], period[period >= 0]
        n = len(self.cells)
        flat = np.bincount(period * n + self.cell[rows], minlength=len(periods) * n)
        return flat.reshape(len(periods), n)

    def runs(self, first: int, last: int, most: int) -> Periods:
        """Runs of consecutive days from day `first` to before `last`, like long: at most `most`.

        A week each, at least; one run where there is less than a week.
        """
        many = max(1, min(most, (last - first) // 7))
        ends = first + np.arange(many + 1) * (last - first) // many
        return Periods(self.days.edges[ends].copy(), self.days.time_zone)

    def years_of(self, periods: Periods) -> Floats:
        """Middle of each period in years, shape (periods,); a whole number is a new year."""
        middle = periods.start + (periods.end - periods.start) // 2
        return np.asarray((middle - np.datetime64("2000-01-01", "us")) / _YEAR)

    @cached_property
    def area(self) -> tuple[Ints, tuple[str, ...]]:
        """Larger area of each cell, and the names of the areas: ``r1c2`` is row 1, column 2."""
        side = self.area_m
        column = np.floor((self.cells.x_m - self.cells.x_m.min()) / side).astype(np.int64)
        row = np.floor((self.cells.y_m - self.cells.y_m.min()) / side).astype(np.int64)
        squares, owner = np.unique(row * (column.max() + 1) + column, return_inverse=True)
        width = int(column.max()) + 1
        names = tuple(f"r{square // width + 1}c{square % width + 1}" for square in squares)
        return owner.astype(np.int64), names

    def by_area(self, counts: Ints) -> Ints:
        """Sum counts of cells, shape (periods, cells), over the larger areas."""
        owner, names = self.area
        summed = np.zeros((len(counts), len(names)), dtype=np.int64)
        for row, values in enumerate(counts):
            summed[row] = np.bincount(owner, values, minlength=len(names))
        return summed

    def local_day(self, instant: np.datetime64) -> str:
        """Local date of an instant, as ISO text."""
        return local_time(instant, self.incidents.time_zone).date().isoformat()
