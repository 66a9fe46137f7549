"""`Prepared`: all that a run starts from, of single incidents or of counts by area."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from veedor.areas import AreaQuality, Populations, assess_areas
from veedor.areas.reading import AreaReading
from veedor.files.replacing import HashedFile
from veedor.forecasters import Covariates, Region, Task
from veedor.forecasters.calendars import NO_HOLIDAYS
from veedor.incidents import QualityReport, Reading
from veedor.record import AreaRecord, Points, Record
from veedor.spacetime import Cells, Gazetteer, Outlines, Periods, Shapes, Streets
from veedor.study.config import Study
from veedor.study.left_out import LeftOut


@dataclass(frozen=True, eq=False, kw_only=True)
class Prepared:
    """What a study of either kind has.

    Parameters
    ----------
    study : Study
    cells : Cells
    periods : Periods
        The forecast periods of all origins.
    record : Record
        All that is known at the end of the data.
    covariates : Covariates or None
    zones : Outlines or None
        The study's zones, or else those of its audit of exposure, for maps; of counts the areas.
    streets : Streets or None
        By which cells are found.
    base : Shapes or None
        Lines and polygons that maps are drawn over.
    """

    study: Study
    cells: Cells
    periods: Periods
    record: Record
    covariates: Covariates | None = None
    zones: Outlines | None = None
    streets: Streets | None = None
    base: Shapes | None = None

    @property
    def files(self) -> tuple[HashedFile, ...]:
        """The files of the record."""
        raise NotImplementedError

    @property
    def checked(self) -> QualityReport | AreaQuality:
        """What the record is like."""
        raise NotImplementedError

    def ahead(self, n: int) -> Periods:
        """Return the next `n` periods that can be forecast: those after `until`."""
        study = self.study
        return Periods.stepping(self.periods.edges[-1], study.length, 0, n, self.record.zone)

    def cutoff_before(self, first_edge: np.datetime64) -> np.datetime64:
        """Return the data cut-off of a forecast whose first period begins at `first_edge`."""
        return self.study.cutoff(first_edge)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Where each cell is: its coordinates, zone and streets."""
        return Gazetteer.of(self.cells, self.zones, self.streets)

    @property
    def region(self) -> Region:
        """Whose public holidays apply."""
        holidays = self.study.holidays
        return NO_HOLIDAYS if holidays is None else Region(holidays.country, holidays.subdivision)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What is asked of the forecasters: a task for each category, not cut yet."""
        return tuple(
            Task(self.record, name, self.cells, self.study.length, self.region, self.covariates)
            for name in self.study.forecast_categories
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class PreparedIncidents(Prepared):
    """What a study of single incidents starts from.

    Parameters
    ----------
    record : Points
    reading : Reading
    quality : QualityReport
    """

    record: Points
    reading: Reading
    quality: QualityReport

    @property
    def files(self) -> tuple[HashedFile, ...]:
        """The files of the record."""
        return self.reading.incidents.provenance.files

    @property
    def checked(self) -> QualityReport:
        """What the incidents are like."""
        return self.quality


@dataclass(frozen=True, eq=False, kw_only=True)
class PreparedCounts(Prepared):
    """What a study of counts by area starts from.

    Parameters
    ----------
    record : AreaRecord
    reading : AreaReading
    left_out : tuple of LeftOut
        Areas that are no cell, and why.
    populations : Populations or None
        Denominators of rates.
    """

    record: AreaRecord
    reading: AreaReading
    left_out: tuple[LeftOut, ...] = ()
    populations: Populations | None = field(default=None)

    @property
    def files(self) -> tuple[HashedFile, ...]:
        """The files of the record."""
        return self.reading.record.provenance.files

    @cached_property
    def checked(self) -> AreaQuality:
        """What the counts are like, of the publication as a whole."""
        return assess_areas(self.reading.record, self.reading.noticed)

    def ahead(self, n: int) -> Periods:
        """Return the first `n` periods whose cut-off comes after the latest edition did."""
        study, last, known = self.study, self.periods.edges[-1], self.record.covered.cutoff
        first = 0
        while True:
            periods = Periods.stepping(last, study.length, first, first + n, self.record.zone)
            if study.cutoff(periods.edges[0]) >= known:
                return periods
            first += 1

    def cutoff_before(self, first_edge: np.datetime64) -> np.datetime64:
        """Return the data cut-off, at the latest the day on which the last edition came out."""
        return min(self.study.cutoff(first_edge), self.record.covered.cutoff)
