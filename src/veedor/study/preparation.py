"""From study.toml and its files to incidents, cells, periods and a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from veedor.errors import StudyError, phrase
from veedor.forecasters import Covariates, Region, Task
from veedor.forecasters.calendars import NO_HOLIDAYS
from veedor.incidents import (
    Incidents,
    QualityReport,
    Reading,
    assess,
    read,
    require_places,
)
from veedor.record import Points, known_at
from veedor.spacetime import (
    Cells,
    Gazetteer,
    HexagonLattice,
    Outlines,
    Periods,
    RecordedSpan,
    Shapes,
    SquareLattice,
    Streets,
    StudyArea,
    footprint,
    read_polygons,
    read_shapes,
)
from veedor.spacetime.periods import local_iso, local_time
from veedor.study.config import Study
from veedor.study.resolution import refuse_finer_cells
from veedor.study.section_checks import FILE_NAME, in_section
from veedor.study.zones import polygon_ids

#: Letters of a local day: what single incidents show of their time in a page that is shared.
_DAY = len("2024-01-31")


@dataclass(frozen=True, eq=False)
class Prepared:
    """All that a run starts from.

    Parameters
    ----------
    study : Study
    reading : Reading
    quality : QualityReport
    cells : Cells
    periods : Periods
        The forecast periods of all origins.
    record : Points
        All that is known at the end of the data.
    covariates : Covariates or None
    zones : Outlines or None
        The study's zones, or else those of its audit of exposure, for maps.
    streets : Streets or None
        By which cells are found.
    base : Shapes or None
        Lines and polygons that maps are drawn over.
    """

    study: Study
    reading: Reading
    quality: QualityReport
    cells: Cells
    periods: Periods
    record: Points
    covariates: Covariates | None = None
    zones: Outlines | None = None
    streets: Streets | None = None
    base: Shapes | None = None

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


def prepare(
    study: Study,
    folder: Path,
    workspace: Path,
    progress: Callable[[int], None] | None = None,
) -> Prepared:
    """Read, screen and check the incidents; build cells and periods.

    Parameters
    ----------
    study : Study
    folder : Path
        Files of the study are relative to it.
    workspace : Path
        For temporary files of the reader.
    progress : callable, optional
        Gets the number of rows read so far.
    """
    periods = study_periods(study)
    reading = read(study.source(folder), workspace=workspace, progress=progress)
    return lay_out(study, folder, reading, periods)


def lay_out(study: Study, folder: Path, reading: Reading, periods: Periods) -> Prepared:
    """Build the cells of a study and put what was read into them.

    Parameters
    ----------
    study : Study
    folder : Path
    reading : Reading
        Of the study's incidents.
    periods : Periods
        Of `study_periods`.

    Raises
    ------
    StudyError
        If the periods lie beyond the record, or there is nothing to lay cells over.
    """
    incidents = reading.incidents
    require_places(reading)
    _require_within_record(study, incidents, periods)
    cells = build_cells(study, folder, reading, study.cutoff(periods.edges[0]))
    known = known_at(incidents)
    last = known.max() if len(known) else periods.edges[-1]
    record = Points.of(incidents, cutoff=max(last, periods.edges[-1]), begins=study.begins)
    # Located here, once for all: every process that forecasts is given the cells with the record.
    quality = assess(reading, inside=record.cell_of(cells) >= 0)
    covariates = _covariates(study, folder, cells)
    lines, base = study.area.lines, study.map.base
    return Prepared(
        study,
        reading,
        quality,
        cells,
        periods,
        record,
        covariates,
        _zones(study, folder),
        None if lines is None else Streets.read(folder / lines, study.area.line_names),
        None if base is None else read_shapes(folder / base),
    )


def study_periods(study: Study) -> Periods:
    """Return the periods of all origins, which must leave time for a history before them."""
    periods = forecast_periods(study)
    cutoff = study.cutoff(periods.edges[0])
    if study.begins >= cutoff:
        raise StudyError(
            "History must begin before the first origin, and its lead.",
            found=phrase(
                "history_from {history_from}, first cut-off {local_time}",
                history_from=study.periods.history_from,
                local_time=local_time(cutoff, periods.time_zone),
            ),
            where=in_section("periods"),
        )
    return periods


def forecast_periods(study: Study) -> Periods:
    """Return the periods of all origins; the last one ends at ``until``."""
    count = study.periods.origins * study.periods.periods_per_origin
    more = 0
    while True:
        periods = Periods.stepping(
            study.until, study.length, -count - more, 0, study.recorded.time_zone
        )
        if len(periods) >= count:
            return periods.part(len(periods) - count, len(periods))
        more += 1  # daylight saving skipped an hour, which is no period


def _require_within_record(study: Study, incidents: Incidents, periods: Periods) -> None:
    """Refuse to take time without a record for time without incidents.

    An end of the record may lie a period, or ten times the mean gap between incidents, within the
    study's span; so long a gap by chance is very rare.
    """
    span = RecordedSpan.of(incidents.start, np.max(np.diff(periods.edges)))
    zone = study.recorded.time_zone
    for setting, instant, missing in (
        ("until", study.until, span.ends < study.until),
        ("history_from", study.begins, study.begins < span.begins),
    ):
        if missing:
            raise StudyError(
                "A study must lie within its record: time without a record is not time without "
                "incidents.",
                found=phrase(
                    "{setting} {instant}, incidents from {first} to {last}",
                    setting=setting,
                    instant=local_iso(instant, zone),
                    first=local_iso(span.first, zone)[:_DAY],
                    last=local_iso(span.last, zone)[:_DAY],
                ),
                where=in_section("periods"),
                remedy=phrase("set until to where the record ends")
                if setting == "until"
                else phrase("set {setting} to where the record begins", setting=setting),
            )


def build_cells(study: Study, folder: Path, reading: Reading, first_cutoff: np.datetime64) -> Cells:
    """Lay the cells that study.toml asks for over its study area."""
    crs, section = study.recorded.crs, study.cells
    if section.shape == "polygon" and section.file is not None:
        path = folder / section.file
        polygons, properties = read_polygons(path, crs)
        ids = polygon_ids(properties, section.id, path.name)
        cells = Cells.from_polygons(polygons, ids, crs, source=f"polygons of {path.name}")
        if study.layout is not None:
            refuse_finer_cells(study.layout, cells)
        return cells
    size_m = float(section.size_m or 0.0)
    lattice = SquareLattice(size_m) if section.shape == "square" else HexagonLattice(size_m)
    return Cells.on_lattice(_study_area(study, folder, reading, first_cutoff, size_m), lattice)


def _covariates(study: Study, folder: Path, cells: Cells) -> Covariates | None:
    """Read the place covariates that study.toml names, if any."""
    section = study.covariates
    return (
        None if section is None else Covariates.read(folder / section.file, section.columns, cells)
    )


def _zones(study: Study, folder: Path) -> Outlines | None:
    """Read the zones that maps are found by."""
    if study.area.zones is not None:
        return Outlines.read(folder / study.area.zones, study.area.zone_names)
    exposure = study.audits.exposure
    return None if exposure is None else Outlines.read(folder / exposure.zones)


def _study_area(
    study: Study, folder: Path, reading: Reading, first_cutoff: np.datetime64, size_m: float
) -> StudyArea:
    crs = study.recorded.crs
    if study.area.file is not None:
        return StudyArea.outline(folder / study.area.file, crs)
    if study.area.zones is not None:
        return StudyArea.outline(folder / study.area.zones, crs, of_zones=True)
    incidents = reading.incidents
    early = known_at(incidents) <= first_cutoff
    if not bool(np.any(early & incidents.located)):
        without = reading.tally.unlocated
        told = ", ".join(f"{reason}: {count}" for reason, count in without.most_common())
        raise StudyError(
            "A footprint must have incidents with a place before the first cut-off.",
            found=phrase(
                "{early} incidents before it, none with a place{told}",
                early=int(early.sum()),
                told=phrase("; of all incidents without one, {told}", told=told) if told else "",
            ),
            where=phrase(
                "{file_name}, [incidents.columns], [periods] and [area]", file_name=FILE_NAME
            ),
            remedy=phrase(
                "check the columns of the coordinates, and input_crs where they are x and "
                "y{swapped}, use fewer origins or a later `until`, or name an area file",
                swapped=phrase(" (are latitude and longitude swapped?)")
                if reading.tally.swapped_suspected
                else "",
            ),
        )
    return footprint(incidents.x_m[early], incidents.y_m[early], size_m, crs)
