"""`Prepared`: all that a run starts from, of single incidents or of counts by area."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from veedor.areas import Populations
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
