"""What single sections of study.toml must hold, whatever stands in the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from veedor.audits.places.devices import Assumed
from veedor.errors import StudyError, phrase
from veedor.forecasters import DEFAULT_FORECASTERS_OF_COUNTS
from veedor.forecasters.covariates import refuse_other_roles
from veedor.languages import languages, translations
from veedor.spacetime import Length
from veedor.study.sections import (
    BenchmarkSection,
    CovariatesSection,
    ExposureSection,
    ForecastersSection,
    HolidaysSection,
)
from veedor.suggestions import did_you_mean
from veedor.tables.personal import refuse_personal_text

FILE_NAME = "study.toml"
#: What `veedor init` writes where a person must decide, in English.
UNSET = "SET THIS"
_LONGEST_LEAD_HOURS = 366 * 24


def in_section(name: str) -> str:
    """Say which section of study.toml an error is about.

    >>> in_section("cells")
    'study.toml, [cells]'
    """
    return f"{FILE_NAME}, [{name}]"


def refuse_unset(document: dict[str, Any]) -> None:
    """Refuse a study.toml in which settings wait to be set, all of them at once.

    Raises
    ------
    StudyError
        If a text begins with `UNSET`, as any language has it: a study may be written in one and
        run in another.
    """
    marks = tuple(translations(one).gettext(UNSET) for one in languages())
    unset = list(_unset(document, "", marks))
    if unset:
        raise StudyError(
            "Every setting that `veedor init` could not find must be set.",
            found=phrase("{n} to set: {unset}", n=len(unset), unset=", ".join(unset)),
            where=FILE_NAME,
            remedy=phrase(
                "write each in place of {mark}; the comment beside it says what it is",
                mark=phrase("'SET THIS'"),
            ),
        )


def _unset(value: Any, name: str, marks: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _unset(part, f"{name}.{key}" if name else key, marks)
        if (
            name == "incidents"
            and "layout" not in value
            and any(mark in value.values() for mark in marks)
        ):
            held = set(value.get("columns", {}))
            if not held & {"time", "start", "date", "year"}:
                yield "incidents.columns.time"
            if not held & {"latitude", "x", "point", "zone"}:
                yield "incidents.columns.latitude and longitude (or x and y, point, or zone)"
    elif isinstance(value, list):
        for part in value:
            yield from _unset(part, name, marks)
    elif isinstance(value, str) and value.startswith(marks):
        yield name


def check_language(name: str | None) -> None:
    """Refuse what is no language of veedor.

    Raises
    ------
    StudyError
    """
    if name is not None and name not in languages():
        raise StudyError(
            phrase("The language must be one of: {languages}.", languages=", ".join(languages())),
            found=repr(name),
            where=in_section("study"),
        )


def check_time_zone(name: str, section: str) -> None:
    """Refuse what is no IANA name, in a section."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise StudyError(
            "The time zone must be an IANA name.",
            found=repr(name),
            where=in_section(section),
            remedy="use a name such as America/Argentina/Buenos_Aires or America/Chicago",
        ) from error


def check_holidays(section: HolidaysSection) -> None:
    """Refuse a country or a subdivision whose holidays are not known."""
    known = holidays.list_supported_countries(include_aliases=False)
    if section.country not in known:
        raise StudyError(
            "The country of the holidays must be an ISO 3166 code whose holidays are known.",
            found=repr(section.country),
            where=in_section("holidays"),
            remedy="use a code such as AR or US, or leave [holidays] out",
        )
    if section.subdivision is not None and section.subdivision not in known[section.country]:
        raise StudyError(
            phrase(
                "The subdivision must be one of {country} whose holidays are known.",
                country=section.country,
            ),
            found=repr(section.subdivision),
            where=in_section("holidays"),
            remedy=phrase(
                "use one of {known}", known=", ".join(known[section.country]) or phrase("none")
            ),
        )


def check_forecasters(section: ForecastersSection, *, of_counts: bool) -> None:
    """Make every forecaster once, and refuse settings of one that nobody uses.

    Of counts by area also those that look at single incidents.
    """
    used = {entry.name for entry in section.entries}
    of_incidents = []
    for entry in section.entries:
        if entry.make().looks_at_incidents:
            of_incidents.append(entry.name)
        used |= set(section.members(entry.name))
    if of_counts and of_incidents:
        raise StudyError(
            "Forecasters of counts by area must need counts only.",
            found=phrase(
                "{names}, which look at when and where each incident was",
                names=", ".join(of_incidents),
            ),
            where=in_section("forecasters"),
            remedy=phrase("use some of {names}", names=", ".join(DEFAULT_FORECASTERS_OF_COUNTS)),
        )
    unused = [name for name in section.parameters if name not in used]
    if unused:
        raise StudyError(
            "Parameters must be of a forecaster that the study uses, or of a member of one.",
            found=", ".join(unused),
            where=in_section("forecasters.parameters"),
            remedy=did_you_mean(unused[0], used) or phrase("add it to `use`, or take them out"),
        )
    refuse_personal_text(
        [*section.parameters],
        what=phrase("the name of a forecaster"),
        where=f"{FILE_NAME}, [forecasters]",
    )


def check_covariates(section: CovariatesSection) -> None:
    """Refuse covariates without columns, or of another role than a place's."""
    refuse_other_roles(section.columns)
    if not section.columns:
        raise StudyError(
            "A study with place covariates must say which columns, and what each is about.",
            found=phrase("none"),
            where=in_section("covariates.columns"),
            remedy='write a line such as bars = "business", or leave [covariates] out',
        )


def check_lead(lead: Length, length: Length, *, by_spans: bool) -> None:
    """Refuse a time between cut-off and first period that cannot be kept.

    What is counted `by_spans` ends with a whole one, wherever in a month the cut-off lies.
    """
    if lead.nominal_hours > _LONGEST_LEAD_HOURS:
        raise StudyError(
            "A lead must be at most a year.",
            found=str(lead),
            where=in_section("periods"),
            remedy='it is the time between data cut-off and first period, as lead = "1 day"',
        )
    if length.unit == "month" and lead.unit != "month" and not by_spans:
        raise StudyError(
            "The lead of forecasts by month must be in months: a cut-off on the 31st has no whole "
            "months before it.",
            found=str(lead),
            where=in_section("periods"),
            remedy='write it as lead = "1 month"',
        )


def check_audited(
    section: ExposureSection | BenchmarkSection, names: Sequence[str], categories: Sequence[str]
) -> None:
    """Refuse an audit of what is neither a forecaster of the study nor a file."""
    where = "exposure" if isinstance(section, ExposureSection) else "benchmark"
    if isinstance(section, ExposureSection):
        _check_devices(section)
        if section.devices is not None:
            return
    own = section.forecaster is not None
    if own == (section.predictions is not None):
        raise StudyError(
            "An audit of places must be of a forecaster of the study, or of a file of predictions.",
            found=phrase(
                "forecaster {forecaster}, predictions {predictions}",
                forecaster=repr(section.forecaster),
                predictions=repr(section.predictions),
            ),
            where=in_section(f"audits.{where}"),
        )
    wrong = own and (section.forecaster not in names or section.category not in categories)
    if wrong:
        raise StudyError(
            "An audit of the study's own forecasts must name one of its forecasters and one of "
            "the categories that it forecasts.",
            found=phrase(
                "forecaster {forecaster}, category {category}",
                forecaster=repr(section.forecaster),
                category=repr(section.category),
            ),
            where=in_section(f"audits.{where}"),
            remedy=phrase(
                "use one of {names}; and of {categories}",
                names=", ".join(names),
                categories=", ".join(categories),
            ),
        )


#: Settings of an audit of exposure that are of devices alone, and those that are of predictions.
_OF_DEVICES = ("range_m", "angle_deg", "device_counts", "routes")
_OF_PREDICTIONS = ("forecaster", "category", "predictions", "box_m", "stored_count")


def _check_devices(section: ExposureSection) -> None:
    """Refuse settings of devices without devices, of predictions beside them, and no numbers."""
    none = section.devices is None
    other = [
        name
        for name in (_OF_DEVICES if none else _OF_PREDICTIONS)
        if getattr(section, name) not in (None, [])
    ]
    if other:
        named = ", ".join(other)
        raise StudyError(
            "An audit of exposure must be of predictions or of devices.",
            found=phrase("{options}, and no devices", options=named)
            if none
            else phrase("{options} beside devices", options=named),
            where=in_section("audits.exposure"),
            remedy=phrase(
                "name the file of devices, or leave out what is said of them; a study audits "
                "one of the two, `veedor audit exposure` the other"
            ),
        )
    Assumed.of(tuple(section.range_m), section.angle_deg, in_section("audits.exposure"))
