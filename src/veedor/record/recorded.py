"""`Recorded`: all of a record, to hold anyone's forecasts against, whatever it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from pyproj import Transformer

from veedor.arrays import Bools
from veedor.errors import BrokenSeriesError
from veedor.files.replacing import HashedFile
from veedor.incidents import Category, Incidents
from veedor.record.areas import AreaRecord
from veedor.record.known_rows import Indices
from veedor.record.points import Points
from veedor.record.protocol import Record
from veedor.spacetime import Cells, Counts, Periods, RecordedSpan, count


class Recorded(Protocol):
    """What was recorded, as it is known now."""

    @property
    def categories(self) -> tuple[Category, ...]:
        """Categories that it tells apart."""

    @property
    def zone(self) -> str:
        """IANA name of the local time zone."""

    @property
    def files(self) -> tuple[HashedFile, ...]:
        """What it was read from."""

    @property
    def first(self) -> np.datetime64:
        """Beginning of what was recorded."""

    @property
    def last(self) -> np.datetime64:
        """End of what was recorded."""

    def covers(self, category: str, periods: Periods, cells: Cells, since: np.datetime64) -> Bools:
        """Which periods it covers to their end, shape (periods,).

        A period in which a category means something else than it did at `since`, when it was
        forecast, is none of them.
        """

    def counts(self, category: str, periods: Periods, cells: Cells) -> Counts:
        """Count a category; of a period that was not recorded nothing is known: 0 stands there."""

    def known_at(self, cutoff: np.datetime64) -> Record:
        """Return what was known at an instant."""


@dataclass(frozen=True, eq=False)
class RecordedIncidents:
    """Single incidents.

    A record that ends before a period does is no record of it: a period must end no later than the
    last incident and ten times the mean gap between incidents.

    Parameters
    ----------
    incidents : Incidents
    """

    incidents: Incidents
    _cell: dict[str, Indices] = field(init=False, default_factory=dict, repr=False)

    @property
    def categories(self) -> tuple[Category, ...]:
        """Categories that it tells apart."""
        return self.incidents.categories

    @property
    def zone(self) -> str:
        """IANA name of the local time zone."""
        return self.incidents.time_zone

    @property
    def files(self) -> tuple[HashedFile, ...]:
        """What it was read from."""
        return self.incidents.provenance.files

    @property
    def first(self) -> np.datetime64:
        """Start of the first incident."""
        first: np.datetime64 = self.incidents.start.min()
        return first

    @property
    def last(self) -> np.datetime64:
        """Start of the last incident."""
        last: np.datetime64 = self.incidents.start.max()
        return last

    def covers(
        self,
        category: str,  # noqa: ARG002 - protocol
        periods: Periods,
        cells: Cells,  # noqa: ARG002
        since: np.datetime64,  # noqa: ARG002
    ) -> Bools:
        """Which periods the incidents, of whatever category, reach to the end of."""
        return RecordedSpan.of(self.incidents.start).covers(periods.start, periods.end)

    def counts(self, category: str, periods: Periods, cells: Cells) -> Counts:
        """Count the incidents of a category in the cells that hold them."""
        end = max(self.incidents.end.max(), periods.edges[-1])
        where = self._located(cells)
        return count(self.incidents, where, len(cells), category, periods, end)

    def known_at(self, cutoff: np.datetime64) -> Record:
        """Return the incidents that were known at an instant."""
        return Points.of(self.incidents, cutoff=cutoff)

    def _located(self, cells: Cells) -> Indices:
        if cells.digest not in self._cell:
            x, y = self.incidents.x_m, self.incidents.y_m
            if cells.crs != self.incidents.crs:
                there = Transformer.from_crs(self.incidents.crs, cells.crs, always_xy=True)
                x, y = there.transform(x, y)
            self._cell[cells.digest] = cells.locate(x, y)
        return self._cell[cells.digest]


@dataclass(frozen=True, eq=False)
class RecordedCounts:
    """Counts by area, as published last.

    Parameters
    ----------
    record : AreaRecord
    """

    record: AreaRecord

    @property
    def categories(self) -> tuple[Category, ...]:
        """Categories that it tells apart."""
        return self.record.categories

    @property
    def zone(self) -> str:
        """IANA name of the local time zone."""
        return self.record.zone

    @property
    def files(self) -> tuple[HashedFile, ...]:
        """What it was read from."""
        return self.record.areas.provenance.files

    @property
    def first(self) -> np.datetime64:
        """Beginning of the first span."""
        return self.record.covered.begins

    @property
    def last(self) -> np.datetime64:
        """End of the last span that was published."""
        return self.record.covered.through

    def covers(self, category: str, periods: Periods, cells: Cells, since: np.datetime64) -> Bools:
        """Which periods were reported in every cell, and mean what the category meant before."""
        there: Bools = np.all(self.record.reported(category, periods, cells), axis=1)
        for at in np.flatnonzero(there).tolist():
            try:
                self.record.require_unbroken(
                    category, min(since, periods.start[at]), periods.end[at]
                )
            except BrokenSeriesError:
                there[at] = False
        return there

    def counts(self, category: str, periods: Periods, cells: Cells) -> Counts:
        """Add up what was published; 0 stands in periods that not every cell reported."""
        shape = (len(periods), len(cells))
        values = np.zeros(shape, dtype=np.int64)
        unlocated, outside = np.zeros((2, len(periods)), dtype=np.int64)
        there = self.record.reported(category, periods, cells).all(axis=1)
        for at in np.flatnonzero(there).tolist():
            one = self.record.since(periods.edges[at]).counts(
                category, periods.part(at, at + 1), cells
            )
            values[at], unlocated[at], outside[at] = (
                one.values[0], one.unlocated[0], one.outside[0]
            )  # fmt: skip
        return Counts(values, unlocated, outside, category, self.record.covered.cutoff)

    def known_at(self, cutoff: np.datetime64) -> Record:
        """Return what had been published at an instant."""
        return self.record.until(min(cutoff, self.record.covered.cutoff))
