"""From study.toml and its files to what was recorded, cells, periods and a record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from veedor.errors import StudyError, phrase
from veedor.incidents import Incidents, Reading, assess, read, require_places
from veedor.record import Points, known_by, last_known
from veedor.spacetime import (
    Cells,
    HexagonLattice,
    Outlines,
    Periods,
    RecordedSpan,
    SquareLattice,
    Streets,
    StudyArea,
    footprint,
    read_polygons,
)
from veedor.spacetime.periods import local_iso
from veedor.study.area_preparation import lay_out_counts, read_counts
from veedor.study.config import Study
from veedor.study.laying_out import base_of, covariates_of, study_periods
from veedor.study.prepared import Prepared, PreparedIncidents
from veedor.study.resolution import refuse_finer_cells
from veedor.study.section_checks import FILE_NAME, in_section
from veedor.study.zones import polygon_ids

#: Letters of a local day: what single incidents show of their time in a page that is shared.
_DAY = len("2024-01-31")


def prepare(
    study: Study,
    folder: Path,
    workspace: Path,
    progress: Callable[[int], None] | None = None,
) -> Prepared:
    """Read, screen and check what was recorded; build cells and periods.

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
    if study.counts is not None:
        return lay_out_counts(study, folder, read_counts(study, folder), periods)
    reading = read(study.source(folder), workspace=workspace, progress=progress)
    return lay_out(study, folder, reading, periods)


def lay_out(study: Study, folder: Path, reading: Reading, periods: Periods) -> PreparedIncidents:
    """Build the cells of a study of single incidents and put what was read into them.

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
    last = last_known(incidents)
    cutoff = periods.edges[-1] if last is None else max(last, periods.edges[-1])
    record = Points.of(incidents, cutoff=cutoff, begins=study.begins)
    # Located here, once for all: every process that forecasts is given the cells with the record.
    quality = assess(reading, inside=record.cell_of(cells) >= 0)
    lines = study.area.lines
    return PreparedIncidents(
        study=study,
        reading=reading,
        quality=quality,
        cells=cells,
        periods=periods,
        record=record,
        covariates=covariates_of(study, folder, cells),
        zones=_zones(study, folder),
        streets=None if lines is None else Streets.read(folder / lines, study.area.line_names),
        base=base_of(study, folder),
    )


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
        cells = Cells.from_polygons(
            polygons, ids, crs, source=phrase("polygons of {file}", file=path.name)
        )
        if study.layout is not None:
            refuse_finer_cells(study.layout, cells)
        return cells
    size_m = float(section.size_m or 0.0)
    lattice = SquareLattice(size_m) if section.shape == "square" else HexagonLattice(size_m)
    return Cells.on_lattice(_study_area(study, folder, reading, first_cutoff, size_m), lattice)


def _zones(study: Study, folder: Path) -> Outlines | None:
    """Read the zones that maps are found by; of a record that names zones, those."""
    if study.area.zones is not None:
        return Outlines.read(folder / study.area.zones, study.area.zone_names)
    if study.cells.file is not None and study.source(folder).zones is not None:
        return Outlines.read(folder / study.cells.file, study.cells.id)
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
    early = known_by(incidents, first_cutoff)
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
    return footprint(incidents.x_m, incidents.y_m, size_m, crs, among=early)
