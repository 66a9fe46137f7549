"""study.toml, read and checked; every setting is documented in ``docs/study-file.md``."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from veedor.complaints import complaint
from veedor.errors import StudyError, phrase
from veedor.files.replacing import content
from veedor.files.toml_text import read_toml
from veedor.forecasters import DEFAULT_FORECASTERS_OF_COUNTS
from veedor.incidents import Category, Columns, Source, refuse_discovered, screen_categories
from veedor.incidents.layouts import Layout, find_layout
from veedor.spacetime import Length
from veedor.spacetime.periods import before, utc_instant
from veedor.study.ground_checks import check_area, check_cells
from veedor.study.misspelt import meant
from veedor.study.pattern_settings import PatternsSection
from veedor.study.record_checks import check_record
from veedor.study.resolution import refuse_finer
from veedor.study.section_checks import (
    FILE_NAME,
    check_audited,
    check_covariates,
    check_forecasters,
    check_holidays,
    check_language,
    check_lead,
    check_time_zone,
    in_section,
    refuse_unset,
)
from veedor.study.sections import (
    AreaSection,
    AuditsSection,
    CategorySection,
    CellsSection,
    CountsSection,
    CovariatesSection,
    ForecastersSection,
    HolidaysSection,
    IncidentsSection,
    MapSection,
    PeriodsSection,
    StudySection,
)
from veedor.study.zones import named_zones
from veedor.suggestions import did_you_mean_file
from veedor.tables.personal import refuse_personal_text

#: More is no study, and takes long to read.
MOST_BYTES = 1 << 20

_MOST_PERIODS = 20_000
_LONGEST_HOURS = 100 * 366 * 24


class Study(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of study.toml.

    Raises
    ------
    StudyError
        If settings contradict one another.
    Refusal
        If it asks for what veedor does not do.
    """

    study: StudySection
    categories: list[CategorySection]
    periods: PeriodsSection
    incidents: IncidentsSection | None = None
    counts: CountsSection | None = None
    area: AreaSection = AreaSection()
    map: MapSection = MapSection()
    cells: CellsSection = CellsSection()
    holidays: HolidaysSection | None = None
    covariates: CovariatesSection | None = None
    forecasters: ForecastersSection = ForecastersSection()
    audits: AuditsSection = AuditsSection()
    patterns: PatternsSection | None = None

    @property
    def length(self) -> Length:
        """Length of a period."""
        return Length.parse(self.periods.length)

    @property
    def lead(self) -> Length | None:
        """Time between the data cut-off of a forecast and its first period; None for none."""
        return None if self.periods.lead is None else Length.parse(self.periods.lead)

    def cutoff(self, first_edge: np.datetime64) -> np.datetime64:
        """Return the data cut-off (UTC) of a forecast whose first period begins at `first_edge`."""
        return before(first_edge, self.lead, self.recorded.time_zone)

    @property
    def begins(self) -> np.datetime64:
        """UTC instant from which the record is taken as complete."""
        return self._instant("history_from")

    @property
    def until(self) -> np.datetime64:
        """UTC instant at which the last forecast period ends."""
        return self._instant("until")

    @property
    def described(self) -> PatternsSection:
        """How the record is described: ``[patterns]``, or its defaults where that is not there."""
        return self.patterns or PatternsSection()

    @property
    def changed(self) -> np.datetime64 | None:
        """UTC instant of the change that ``[patterns]`` compares before and after, if any."""
        return None if self.described.changed is None else self._instant("changed", "patterns")

    def _instant(self, setting: str, section: str = "periods") -> np.datetime64:
        text = getattr(getattr(self, section), setting)
        try:
            local = datetime.fromisoformat(text)
            if local.tzinfo is not None or not 1900 <= local.year <= 2200:
                raise ValueError  # noqa: TRY301
        except ValueError as error:
            raise StudyError(
                phrase(
                    "{setting} must be a local date, or date and time without an offset, from 1900 "
                    "to 2200.",
                    setting=setting,
                ),
                found=repr(text),
                where=in_section(section),
                remedy=phrase("write it as {setting} = 2022-01-02", setting=setting),
            ) from error
        return utc_instant(local.replace(tzinfo=None), self.recorded.time_zone)

    @property
    def forecast_categories(self) -> tuple[str, ...]:
        """Categories to forecast, in the file's order."""
        return tuple(category.name for category in self.categories if category.forecast)

    @property
    def forecaster_names(self) -> tuple[str, ...]:
        """Forecasters in the file's order, after the reference."""
        return tuple(entry.name for entry in self.forecasters.entries)

    def source(self, folder: Path) -> Source:
        """Return the incident files, relative to the study's folder, and how to read them."""
        section = self._of_incidents
        unknown = sorted(set(section.columns) - set(Columns.__dataclass_fields__))
        if unknown:
            raise StudyError(
                phrase(
                    "A role must be one of: {roles}.",
                    roles=", ".join(Columns.__dataclass_fields__),
                ),
                found=", ".join(unknown),
                where=in_section("incidents.columns"),
                remedy="drop it: every column without a role is dropped at reading",
            )
        layout = self.layout
        columns = (
            Columns(**section.columns) if layout is None else layout.with_columns(section.columns)
        )
        return Source(
            paths=tuple(str(folder / name) for name in section.files),
            columns=columns,
            categories=tuple(
                Category(category.name, category.known_by, tuple(category.values))
                for category in self.categories
            ),
            time_zone=section.time_zone,
            crs=section.crs,
            input_crs=section.input_crs,
            delimiter=section.delimiter,
            encoding=section.encoding,
            decimal=section.decimal,
            time_format=section.time_format,
            most_misplaced=section.most_misplaced,
            skip_rows=section.skip_rows,
            header=section.header,
            sheets=section.sheets,
            offset=section.offset,
            point_first=section.point_first,
            clock_format=section.clock_format,
            day_parts=tuple(section.day_parts.items()),
            zones=named_zones(self.cells, section.crs, folder, FILE_NAME)
            if columns.zone is not None and not columns.measured
            else None,
            layout=layout,
        )

    @property
    def layout(self) -> Layout | None:
        """What is known of incident files, if study.toml names a layout."""
        name = None if self.incidents is None else self.incidents.layout
        return None if name is None else find_layout(name)

    @property
    def recorded(self) -> IncidentsSection | CountsSection:
        """What the study is of: single incidents, or counts by area."""
        section = self.incidents if self.counts is None else self.counts
        if section is None:
            raise AssertionError("a study that was checked is of something")
        return section

    @property
    def _of_incidents(self) -> IncidentsSection:
        if self.incidents is None:
            raise StudyError(
                "What is asked needs single incidents.",
                found=phrase("counts by area"),
                where=in_section("counts"),
                remedy="see docs/study-file.md for what counts by area are good for",
            )
        return self.incidents

    def check(self) -> None:
        """Test what can be tested before any data is read."""
        check_record(self.incidents, self.counts, self.cells, self.area, self.patterns)
        check_cells(self.cells, self.area)
        if self.layout is not None:
            refuse_finer(self.layout, self.length, self.cells.shape, self.cells.size_m)
        check_area(self.area)
        if self.periods.origins < 1 or self.periods.periods_per_origin < 1:
            raise StudyError(
                "A study must have at least one origin, with at least one period.",
                found=phrase(
                    "origins {origins}, periods_per_origin {periods_per_origin}",
                    origins=self.periods.origins,
                    periods_per_origin=self.periods.periods_per_origin,
                ),
                where=in_section("periods"),
            )
        if self.periods.origins * self.periods.periods_per_origin > _MOST_PERIODS:
            raise StudyError(
                phrase(
                    "A study must forecast at most {most_periods:,} periods.",
                    most_periods=_MOST_PERIODS,
                ),
                found=phrase(
                    "{origins:,} origins of {periods_per_origin:,}",
                    origins=self.periods.origins,
                    periods_per_origin=self.periods.periods_per_origin,
                ),
                where=in_section("periods"),
            )
        span = self.periods.origins * self.periods.periods_per_origin * self.length.nominal_hours
        if span > _LONGEST_HOURS:
            raise StudyError(
                "A study must forecast at most a hundred years.",
                found=phrase(
                    "{span:,.0f} years, in periods of {length}",
                    span=span / 8766.0,
                    length=self.length,
                ),
                where=in_section("periods"),
            )
        if self.lead is not None:
            check_lead(self.lead, self.length, by_spans=self.counts is not None)
        check_time_zone(self.recorded.time_zone, "incidents" if self.counts is None else "counts")
        if self.study.seed < 0:
            raise StudyError("The seed must be at least 0.", found=str(self.study.seed))
        check_language(self.study.language)
        if self.holidays is not None:
            check_holidays(self.holidays)
        if self.covariates is not None:
            check_covariates(self.covariates)
        for audited in (self.audits.exposure, self.audits.benchmark):
            if audited is not None:
                check_audited(audited, self.forecaster_names, self.forecast_categories)
        self.described.check()
        check_forecasters(self.forecasters, of_counts=self.counts is not None)
        categories = tuple(
            Category(category.name, category.known_by, tuple(category.values))
            for category in self.categories
        )
        names = [category.name.strip().casefold() for category in categories]
        if "" in names or len(set(names)) < len(names):
            raise StudyError(
                "Categories must have names, each its own, upper and lower case aside.",
                found=", ".join(repr(category.name) for category in categories[:20]),
                where=in_section("[categories]"),
            )
        refuse_personal_text(
            [self.study.title], what=phrase("the title of a study"), where=FILE_NAME
        )
        refuse_personal_text(
            [text for category in categories for text in (category.name, *category.values)],
            what=phrase("a category's name or value"),
            where=in_section("[categories]"),
        )
        screen_categories(categories)
        for category in categories:
            if category.name in self.forecast_categories:
                refuse_discovered(category)
        if not self.forecast_categories:
            raise StudyError(
                "A study must have a category to forecast.",
                found=phrase("none"),
                where=in_section("[categories]"),
            )
        _ = self.begins, self.until, self.changed


def load_study(folder: Path) -> Study:
    """Read and check ``study.toml`` of a study's folder.

    Raises
    ------
    StudyError
        If it is absent, is not TOML, or holds an unknown or unfit setting.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise StudyError(
            phrase("A study must be a folder with {file_name}.", file_name=FILE_NAME),
            found=phrase("none"),
            where=str(folder),
            remedy=phrase(
                "{hint} Or make one with `veedor init {folder} --incidents FILE`",
                hint=near,
                folder=folder,
            )
            if (near := did_you_mean_file(folder))
            else phrase("make one with `veedor init {folder} --incidents FILE`", folder=folder),
        )
    return parse_study(content(path, MOST_BYTES, FILE_NAME))


def parse_study(text: bytes) -> Study:
    """Read and check the text of a study.toml; errors as in `load_study`."""
    try:
        document = _dates_as_text(read_toml(text.decode("utf-8-sig")))
        refuse_unset(document)
        study = msgspec.convert(_with_forecasters(document), Study)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StudyError(
            phrase("{file_name} must be TOML in UTF-8.", file_name=FILE_NAME),
            found=str(error),
            where=FILE_NAME,
        ) from error
    except msgspec.ValidationError as error:
        raise StudyError(
            phrase(
                "Every setting of {file_name} must be one that veedor knows, of its kind.",
                file_name=FILE_NAME,
            ),
            found=complaint(error),
            where=FILE_NAME,
            remedy=meant(error, Study) or phrase("see docs/study-file.md"),
        ) from error
    study.check()
    return study


def _with_forecasters(document: dict[str, Any]) -> dict[str, Any]:
    """Name the forecasters of a study of counts that names none: those that need counts only."""
    given = document.get("forecasters", {})
    if "counts" not in document or not isinstance(given, dict) or "use" in given:
        return document
    return document | {"forecasters": {"use": list(DEFAULT_FORECASTERS_OF_COUNTS)} | given}


def _dates_as_text(value: Any) -> Any:
    """Turn TOML's dates and times into ISO 8601 texts, at any depth."""
    if isinstance(value, dict):
        return {key: _dates_as_text(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
