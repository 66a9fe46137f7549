"""`Task`: what a forecaster is asked, and all that it ever sees."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from veedor.arrays import Floats
from veedor.errors import StudyError, phrase
from veedor.forecasters.calendars import NO_HOLIDAYS, Region
from veedor.forecasters.covariates import Covariates
from veedor.record import Points, Record, points_of
from veedor.spacetime import Cells, Counts, KernelSmoother, Length, Periods
from veedor.spacetime.periods import local_iso

Answer = TypeVar("Answer")

_MOST_PERIODS = 20_000


@dataclass(frozen=True, eq=False)
class Task:
    """To forecast one category in some cells, from a record that ends at its cut-off.

    Parameters
    ----------
    record : Record
        The other categories' past may be used.
    category : str
        The one to forecast.
    cells : Cells
    length : Length
        Of the periods.
    region : Region
        Whose public holidays apply.
    covariates : Covariates or None
        Of the places, for forecasters that take them.
    """

    record: Record
    category: str
    cells: Cells
    length: Length
    region: Region = NO_HOLIDAYS
    covariates: Covariates | None = None

    @property
    def begins(self) -> np.datetime64:
        """Instant from which the record is taken as complete."""
        return self.record.covered.begins

    @property
    def cutoff(self) -> np.datetime64:
        """Instant up to which the record was known."""
        return self.record.covered.cutoff

    @property
    def base(self) -> Length:
        """Pieces that periods are cut into to see the calendar: as short as the record counts."""
        grain = self.record.grain
        return self.length.base if grain is None else grain

    @property
    def points(self) -> Points:
        """The record's single incidents; a `TooLittleDataError` where it has none."""
        return points_of(self.record)

    def until(self, cutoff: np.datetime64) -> Task:
        """Return the same from what was known at an earlier instant; see `Record.until`."""
        return replace(self, record=self.record.until(cutoff))

    def ask(self, what: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return what follows from all of this task, made once; see `Memo`."""
        return self.record.memo.ask((what, *self.asked), make)

    def ask_cells(self, what: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return what follows from the cells alone, made once for whatever record."""
        return self.record.memo.ask((what, self.cells.digest), make)

    @cached_property
    def asked(self) -> tuple[Hashable, ...]:
        """All of this task by value: what a question to the memo must say."""
        places = None if self.covariates is None else self.covariates.digest
        cells = self.cells.digest
        return (self.category, cells, self.length, self.region, places, *self.record.covered)

    @property
    def smoother(self) -> KernelSmoother:
        """Kernel sums over the cells."""
        return self.ask_cells(KernelSmoother, lambda: KernelSmoother(self.cells))

    @cached_property
    def periods(self) -> Periods:
        """Whole periods that end where the record can be counted to, and begin no earlier than it.

        That is its cut-off for single incidents. What is published by months ends with the last
        month that was out at the cut-off: the publication lag is a lead.

        Raises
        ------
        StudyError
            If not even one fits, or more than 20,000 do.
        """
        return self.whole_periods(self.length)

    def whole_periods(self, length: Length) -> Periods:
        """Whole periods of any length that end where `periods` do."""
        asked = (Periods, length, *self.record.covered)
        return self.record.memo.ask(asked, lambda: self._whole_periods(length))

    def _whole_periods(self, length: Length) -> Periods:
        begins, _, through = self.record.covered
        hours = (through - begins) / np.timedelta64(1, "h")
        most = int(hours / length.nominal_hours) + 2
        if most > _MOST_PERIODS:
            raise StudyError(
                phrase(
                    "A history must have at most {most_periods:,} periods.",
                    most_periods=_MOST_PERIODS,
                ),
                found=phrase(
                    "about {most:,} of {length}, into which periods of {period} are cut, since "
                    "{begins}",
                    most=most,
                    length=length,
                    period=self.length,
                    begins=begins,
                ),
                remedy="set history_from in study.toml to where the record becomes complete",
            )
        if most > 1:
            periods = Periods.stepping(through, length, -most, 0, self.record.zone)
            first = int(np.searchsorted(periods.edges, begins))
            if first < len(periods):
                return periods.part(first, len(periods))
        raise StudyError(
            "A history must hold at least one whole period before the cut-off.",
            found=phrase("{hours:.0f} hours for periods of {length}", hours=hours, length=length),
            where=phrase("cut-off {cutoff}", cutoff=local_iso(self.cutoff, self.record.zone)),
            remedy="use a later first origin or shorter periods",
        )

    @property
    def counts(self) -> Counts:
        """Counts of the category in `periods`."""
        return self.ask(Counts, lambda: self.counts_in(self.periods))

    @property
    def amounts(self) -> Floats:
        """Incidents of the category in each cell, over all `periods`, shape (cells,)."""
        return self.ask("amounts", self._amounts)

    def _amounts(self) -> Floats:
        counts = self.counts if self.record.grain is not None else self.counts_in(self._span)
        amounts: Floats = counts.values.sum(axis=0).astype(np.float64)
        return amounts

    @property
    def _span(self) -> Periods:
        """All `periods` as one, by which single incidents are counted without a large table."""
        return Periods(self.periods.edges[[0, -1]], self.record.zone)

    def counts_in(self, periods: Periods) -> Counts:
        """Counts of the category in any past periods."""
        return self.record.counts(self.category, periods, self.cells)
