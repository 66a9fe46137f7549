"""What single sections of study.toml must hold, whatever stands in the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from veedor.errors import StudyError, phrase
from veedor.forecasters.covariates import refuse_other_roles
from veedor.study.sections import CovariatesSection, ForecastersSection, HolidaysSection
from veedor.suggestions import did_you_mean
from veedor.tables.personal import refuse_personal_text

FILE_NAME = "study.toml"
#: What `veedor init` writes where a person must decide.
UNSET = "SET THIS"


def refuse_unset(document: dict[str, Any]) -> None:
    """Refuse a study.toml in which settings wait to be set, all of them at once.

    Raises
    ------
    StudyError
        If a text begins with `UNSET`.
    """
    unset = list(_unset(document, ""))
    if unset:
        raise StudyError(
            "Every setting that `veedor init` could not find must be set.",
            found=phrase("{n} to set: {unset}", n=len(unset), unset=", ".join(unset)),
            where=FILE_NAME,
            remedy=phrase(
                "write each in place of {mark}; the comment beside it says what it is",
                mark=repr(UNSET),
            ),
        )


def _unset(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _unset(part, f"{name}.{key}" if name else key)
        if name == "incidents" and "layout" not in value and UNSET in value.values():
            held = set(value.get("columns", {}))
            if not held & {"time", "start", "date", "year"}:
                yield "incidents.columns.time"
            if not held & {"latitude", "x", "point", "zone"}:
                yield "incidents.columns.latitude and longitude (or x and y, point, or zone)"
    elif isinstance(value, list):
        for part in value:
            yield from _unset(part, name)
    elif isinstance(value, str) and value.startswith(UNSET):
        yield name


def check_time_zone(name: str) -> None:
    """Refuse what is no IANA name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise StudyError(
            "The time zone must be an IANA name.",
            found=repr(name),
            where=phrase("{file_name}, [incidents]", file_name=FILE_NAME),
            remedy="use a name such as America/Argentina/Buenos_Aires or America/Chicago",
        ) from error


def check_holidays(section: HolidaysSection) -> None:
    """Refuse a country or a subdivision whose holidays are not known."""
    known = holidays.list_supported_countries(include_aliases=False)
    if section.country not in known:
        raise StudyError(
            "The country of the holidays must be an ISO 3166 code whose holidays are known.",
            found=repr(section.country),
            where=phrase("{file_name}, [holidays]", file_name=FILE_NAME),
            remedy="use a code such as AR or US, or leave [holidays] out",
        )
    if section.subdivision is not None and section.subdivision not in known[section.country]:
        raise StudyError(
            phrase(
                "The subdivision must be one of {country} whose holidays are known.",
                country=section.country,
            ),
            found=repr(section.subdivision),
            where=phrase("{file_name}, [holidays]", file_name=FILE_NAME),
            remedy=phrase("use one of {known}", known=", ".join(known[section.country]) or "none"),
        )


def check_forecasters(section: ForecastersSection) -> None:
    """Make every forecaster once, and refuse settings of one that nobody uses."""
    used = {entry.name for entry in section.entries}
    for entry in section.entries:
        entry.make()
        used |= set(section.members(entry.name))
    unused = [name for name in section.parameters if name not in used]
    if unused:
        raise StudyError(
            "Parameters must be of a forecaster that the study uses, or of a member of one.",
            found=", ".join(unused),
            where=phrase("{file_name}, [forecasters.parameters]", file_name=FILE_NAME),
            remedy=did_you_mean(unused[0], used) or "add it to `use`, or take them out",
        )
    refuse_personal_text(
        [*section.parameters], what="the name of a forecaster", where=f"{FILE_NAME}, [forecasters]"
    )


def check_covariates(section: CovariatesSection) -> None:
    """Refuse covariates without columns, or of another role than a place's."""
    refuse_other_roles(section.columns)
    if not section.columns:
        raise StudyError(
            "A study with place covariates must say which columns, and what each is about.",
            found="none",
            where=phrase("{file_name}, [covariates.columns]", file_name=FILE_NAME),
            remedy='write a line such as bars = "business", or leave [covariates] out',
        )
