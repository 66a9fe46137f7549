"""From study.toml to counts by area: what was published, laid over the outlines of the areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from veedor.areas import AreaCounts, Populations, Unit
from veedor.areas.layouts import Choices
from veedor.areas.populations_file import read_populations
from veedor.areas.reading import AreaReading, Publication, read_areas
from veedor.arrays import Ints
from veedor.errors import StudyError, phrase
from veedor.forecasters import Task
from veedor.incidents import Category, refuse_discovered
from veedor.record import AreaRecord
from veedor.record.publication import edition_at
from veedor.spacetime import Cells, Outlines, Periods, read_polygons
from veedor.spacetime.periods import local_iso, local_time
from veedor.study.config import Study
from veedor.study.laying_out import base_of, covariates_of
from veedor.study.left_out import LeftOut, Why
from veedor.study.prepared import PreparedCounts
from veedor.study.section_checks import in_section
from veedor.study.sections import CountsSection
from veedor.study.zones import polygon_ids

_NAMED = 5


def read_counts(study: Study, folder: Path) -> AreaReading:
    """Read the editions that study.toml names.

    Raises
    ------
    StudyError
        If the study is of single incidents.
    DataError
        As `read_areas`.
    """
    section = _section(study)
    return read_areas(
        [
            Publication(
                folder / name,
                date.fromisoformat(section.published[name]) if name in section.published else None,
            )
            for name in section.files
        ],
        section.layout,
        Choices(
            unit=None if section.unit is None else Unit(section.unit),
            columns=section.columns,
            blank=section.blank,
            time_zone=section.time_zone,
            sheets=section.sheets,
        ),
    )


def _section(study: Study) -> CountsSection:
    if study.counts is None:
        raise StudyError(
            "What is asked needs counts by area.",
            found=phrase("single incidents"),
            where=in_section("incidents"),
        )
    return study.counts


def area_record(study: Study, areas: AreaCounts) -> AreaRecord:
    """Take the categories of a study out of counts.

    Raises
    ------
    DataError
        If a code is none of the counts', or those of a category hold one another.
    DiscoveredCategoryRefusal
        If the publisher counts one that is to be forecast by police activity.
    """
    record = AreaRecord.of(
        areas,
        [
            Category(category.name, category.known_by, tuple(category.values))
            for category in study.categories
        ],
    )
    for category in record.categories:
        if category.name in study.forecast_categories:
            refuse_discovered(category)
    return record


def lay_out_counts(
    study: Study, folder: Path, reading: AreaReading, periods: Periods
) -> PreparedCounts:
    """Lay the outlines of areas under what was published.

    Parameters
    ----------
    study : Study
    folder : Path
    reading : AreaReading
        Of the study's editions.
    periods : Periods
        Of `study_periods`.

    Raises
    ------
    StudyError
        If the periods lie beyond the record, or no area that reported throughout has an outline.
    BrokenSeriesError
        If a category comes to mean something else between the first and the last day, or between
        the edition known at the first origin and the latest, which outcomes are taken from.
    DiscoveredCategoryRefusal
        If one to be forecast is known by police activity.
    """
    record = area_record(study, reading.record)
    _require_within_record(study, record)
    record = record.since(study.begins)
    for category in study.forecast_categories:
        record.require_unbroken(category, study.begins, study.until)
    cells, left_out = _cells(study, folder, record, periods)
    names = [reading.record.areas[at].name for at in _areas_of(reading.record, cells)]
    prepared = PreparedCounts(
        study=study,
        reading=reading,
        left_out=left_out,
        cells=cells,
        periods=periods,
        record=record,
        covariates=covariates_of(study, folder, cells),
        zones=Outlines(tuple(names), cells.lonlat_polygons()),
        base=base_of(study, folder),
        populations=populations_of(study, folder, reading),
    )
    _require_one_meaning(prepared)
    return prepared


def _require_one_meaning(prepared: PreparedCounts) -> None:
    """Refuse outcomes that mean something else than what forecasts were made from."""
    study, record = prepared.study, prepared.record
    known = edition_at(record.areas, prepared.cutoff_before(prepared.periods.edges[0]))
    end = np.datetime64(local_time(study.until, record.zone))
    for category in record.categories:
        if category.name in study.forecast_categories:
            for code in category.values:
                record.areas.require_published_alike(code, known, end)


def populations_of(study: Study, folder: Path, reading: AreaReading) -> Populations | None:
    """Return how many people live in the areas: of ``[counts.population]``, else of the files.

    Raises
    ------
    StudyError
        If no area of the counts has a population in the table that is named.
    DataError
        As `read_populations`.
    """
    section = _section(study).population
    if section is None:
        return reading.populations[-1] if reading.populations else None
    found = read_populations(
        folder / section.file, section.columns, section.source, section.vintage
    )
    codes = [one.code for one in reading.record.areas]
    found = replace(found, codes=tuple(padded(found.codes, codes)))
    if not set(found.codes) & set(codes):
        raise StudyError(
            "Populations must have the codes of the areas.",
            found=phrase(
                "{ids} in the populations, {codes} in the counts",
                ids=", ".join(found.codes[:_NAMED]),
                codes=", ".join(codes[:_NAMED]),
            ),
            where=section.file,
            remedy="set area under [counts.population] to the column that holds their codes",
        )
    return found


def _areas_of(areas: AreaCounts, cells: Cells) -> list[int]:
    return [areas.area_index[str(code)] for code in cells.cell_id]


def _require_within_record(study: Study, record: AreaRecord) -> None:
    """Refuse periods beyond what was published."""
    zone = study.recorded.time_zone
    begins, _, through = record.covered
    for setting, instant, missing in (
        ("until", study.until, study.until > through),
        ("history_from", study.begins, study.begins < begins),
    ):
        if missing:
            raise StudyError(
                "A study must lie within what was published: what was not is not 0.",
                found=phrase(
                    "{setting} {instant}, counts from {first} to before {last}",
                    setting=setting,
                    instant=local_iso(instant, zone),
                    first=local_iso(begins, zone),
                    last=local_iso(through, zone),
                ),
                where=in_section("periods"),
                remedy=phrase("set until to where the counts end")
                if setting == "until"
                else phrase("set history_from to where the counts begin"),
            )


def _cells(
    study: Study, folder: Path, record: AreaRecord, periods: Periods
) -> tuple[Cells, tuple[LeftOut, ...]]:
    """Make cells of the areas with an outline that reported throughout; say which did not."""
    areas, crs, section = record.areas, study.recorded.crs, study.cells
    path = folder / str(section.file)
    polygons, properties = read_polygons(path, crs)
    places = [areas.areas[at] for at in areas.places.tolist()]
    ids = padded(polygon_ids(properties, section.id, path.name), [one.code for one in places])
    outline = {code: at for at, code in enumerate(ids)}
    if len(outline) < len(ids):
        raise StudyError(
            "Each outline must have a code of its own.",
            found=", ".join(sorted({code for code in ids if ids.count(code) > 1})[:_NAMED]),
            where=path.name,
            remedy="join what was split into one feature with several parts",
        )
    there = [one for one in places if one.code in outline]
    if not there:
        raise StudyError(
            "Outlines must have the codes of the areas.",
            found=phrase(
                "{ids} in the outlines, {codes} in the counts",
                ids=", ".join(ids[:_NAMED]),
                codes=", ".join(one.code for one in places[:_NAMED]),
            ),
            where=path.name,
            remedy="set id under [cells] to the property that holds the codes of the areas",
        )

    def laid(codes: Sequence[str]) -> Cells:
        at = [outline[code] for code in codes]
        return Cells.from_polygons(
            polygons[at], list(codes), crs, source=phrase("polygons of {file}", file=path.name)
        )

    cells = laid([one.code for one in there])
    gaps = _gaps(study, record, periods, cells)
    missing = {
        code: [name for name, of in gaps.items() if of[at]]
        for at, code in enumerate(map(str, cells.cell_id))
    }
    kept = [code for code, names in missing.items() if not names]
    if not kept:
        raise StudyError(
            "An area must have been reported throughout the history to be forecast.",
            found=phrase("none of {n}", n=len(missing)),
            where=in_section("periods"),
            remedy="set history_from to a later day, or leave categories out that few areas report",
        )
    left_out = [
        LeftOut(code=one.code, name=one.name, why=Why.NO_OUTLINE)
        for one in places
        if one.code not in outline
    ]
    left_out += [
        LeftOut(
            code=one.code,
            name=one.name,
            why=Why.NOT_REPORTED,
            categories=tuple(missing[one.code]),
            gaps=sum(int(of[at]) for of in gaps.values()),
        )
        for at, one in enumerate(there)
        if missing[one.code]
    ]
    return (cells if len(kept) == len(cells) else laid(kept)), tuple(left_out)


def _gaps(study: Study, record: AreaRecord, periods: Periods, cells: Cells) -> dict[str, Ints]:
    """Spans that each cell did not report, the most as known at any cut-off, by category."""
    known = [
        record.until(study.cutoff(one))
        for one in periods.start[:: study.periods.periods_per_origin]
    ]
    found = {}
    for name in study.forecast_categories:
        most = np.zeros(len(cells), dtype=np.int64)
        for one in (*known, record):
            spans = Task(one, name, cells, one.grain or study.length).periods
            most = np.maximum(most, (~one.reported(name, spans, cells)).sum(axis=0))
        found[name] = most
    return found


def padded(ids: Sequence[str], codes: Sequence[str]) -> list[str]:
    """Give ids the leading zeros that their publisher's codes have, where all have one length.

    >>> padded(["2", "6", "14"], ["02", "06", "94"])
    ['02', '06', '14']
    >>> padded(["2", "6"], ["2", "10"])
    ['2', '6']
    """
    widths = {len(code) for code in codes}
    if len(widths) != 1 or not all(code.isdigit() for code in codes):
        return list(ids)
    return [one.zfill(next(iter(widths))) if one.isdigit() else one for one in ids]
