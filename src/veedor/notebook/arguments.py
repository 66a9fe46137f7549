"""What a caller may hand in: paths as text or as paths, and tables of pandas, polars or Arrow."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow.parquet as pq

from veedor.complaints import complaint
from veedor.errors import StudyError, phrase
from veedor.files.temporary import temporary_folder
from veedor.forecasters import Region
from veedor.forecasters.calendars import NO_HOLIDAYS
from veedor.notebook.frames import table_of
from veedor.spacetime.periods import utc_instant
from veedor.study.section_checks import check_holidays
from veedor.study.sections import HolidaysSection

Kind = TypeVar("Kind")
Settings = TypeVar("Settings", bound=msgspec.Struct)


def path_of(value: Any, argument: str) -> Path:
    """Return a path.

    >>> path_of("zones.geojson", "zones")
    PosixPath('zones.geojson')

    Raises
    ------
    StudyError
        If it is neither text nor a path.
    """
    if isinstance(value, str | os.PathLike):
        return Path(value)
    raise wrong(argument, "a path", value, "give the path of a file, as text or as a Path")


def of_kind(value: Any, kind: type[Kind], argument: str, maker: str) -> Kind:
    """Return a value that must come from one of our own calls.

    Raises
    ------
    StudyError
        If it does not.
    """
    if isinstance(value, kind):
        return value
    raise wrong(argument, f"what {maker} returns", value, f"call {maker} first")


def wrong(argument: str, must: str, value: Any, remedy: str) -> StudyError:
    """Make the error for an argument of another type."""
    return StudyError(
        phrase("`{argument}` must be {must}.", argument=argument, must=must),
        found=phrase(
            "a value of type {module}.{qualname}",
            module=type(value).__module__,
            qualname=type(value).__qualname__,
        ),
        remedy=remedy,
    )


@contextmanager
def files_of(source: Any, argument: str) -> Iterator[tuple[str, ...]]:
    """Give the paths of files, folders or globs; a table is written to a file for as long.

    Raises
    ------
    StudyError
        If it is neither.
    """
    table = table_of(source)
    if table is not None:
        with temporary_folder(None) as folder:
            path = folder / f"{argument}.parquet"
            pq.write_table(table, path)
            yield (str(path),)
        return
    several = isinstance(source, Sequence) and not isinstance(source, str)
    paths = source if several else [source]
    if not paths or not all(isinstance(one, str | os.PathLike) for one in paths):
        raise wrong(
            argument,
            "a path, several paths, or a table of pandas, polars or Arrow",
            source,
            "give the path of a file, as text or as a Path, or a table",
        )
    yield tuple(str(one) for one in paths)


def texts_of(value: Any, argument: str) -> list[str]:
    """Return a list of names of columns.

    >>> texts_of(("white", "black"), "groups")
    ['white', 'black']

    Raises
    ------
    StudyError
        If it is one text, whose letters would be taken for names, or holds anything else.
    """
    if isinstance(value, str):
        raise wrong(
            argument, "a list of columns", value, phrase('give it as ["{name}"]', name=value)
        )
    if not isinstance(value, Iterable) or not all(isinstance(one, str) for one in value):
        raise wrong(argument, "a list of columns", value, "name the columns, each as text")
    return list(value)


def metres_of(value: Any, argument: str) -> float:
    """Return a length in metres.

    >>> metres_of(500, "size_m")
    500.0

    Raises
    ------
    StudyError
        If it is not a number above 0.
    """
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not 0.0 < value < math.inf:
        raise StudyError(
            phrase("`{argument}` must be a number of metres above 0.", argument=argument),
            found=repr(value),
        )
    return float(value)


def region_of(country: str | None, subdivision: str | None) -> Region:
    """Return whose public holidays apply.

    Raises
    ------
    StudyError
        If they are not known.
    """
    if country is None:
        return NO_HOLIDAYS
    check_holidays(HolidaysSection(country=country, subdivision=subdivision))
    return Region(country, subdivision)


def settings_of(kind: type[Settings], given: Mapping[str, Any]) -> Settings:
    """Make settings of keyword arguments.

    Raises
    ------
    StudyError
        If one has another name, or a value of another type.
    """
    known = [one.name for one in msgspec.structs.fields(kind)]
    unknown = sorted(given.keys() - set(known))
    if unknown:
        raise StudyError(
            "A setting must be one of those that are known.",
            found=", ".join(unknown),
            remedy=phrase("use one of {settings}", settings=", ".join(known)),
        )
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise StudyError(
            "A setting must have a value of its type.",
            found=complaint(error),
            remedy="see the reference of its settings",
        ) from error


def instant_of(value: Any, time_zone: str, argument: str) -> np.datetime64:
    """Return the UTC instant of a local day or time.

    >>> str(instant_of("2022-07-01", "America/Chicago", "until"))
    '2022-07-01T05:00:00.000000'

    Raises
    ------
    StudyError
        If it is not one, or has an offset.
    """
    try:
        local = datetime.fromisoformat(str(value))
    except ValueError:
        local = None
    if not isinstance(value, str | date) or local is None or local.tzinfo is not None:
        raise StudyError(
            phrase(
                "`{argument}` must be a local day, or a local time without an offset.",
                argument=argument,
            ),
            found=repr(value),
            remedy='give it as "2022-01-02" or as a datetime.date',
        )
    return utc_instant(local, time_zone)
